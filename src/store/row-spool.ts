/**
 * A temporary table of rows that wait for the rest of their groups, when they are too many for memory.
 *
 * A file of SQLite's own in its folder for temporary files (`SQLITE_TMPDIR`, `TMPDIR` or /var/tmp), which has no name
 * from the moment it is opened: it is gone in every ending of the process. Rows are sealed (AES-256-GCM) and groups
 * known by keyed hashes, under keys that are in memory only.
 */
import BetterSqlite from 'better-sqlite3'
import { createHmac } from 'node:crypto'
import { HubError } from '../errors.ts'
import type { RowStore, WaitingRow } from '../parse/held-rows.ts'
import { newDataKey, seal, unseal, type Place } from '../seal/seal.ts'
import { asUnavailable } from './session.ts'

/** So much sealed text is read at a time: as trees it takes some five times as much. */
const pageText = 1024 * 1024

const pragmas = [
  // Not in memory, whatever the engine was built with.
  'temp_store = FILE',
  // In KiB: enough for the index of a million rows, whose pages are touched in no order.
  'cache_size = -16384',
  // Nobody else has the file, and nobody has it after a crash.
  'locking_mode = EXCLUSIVE',
  'journal_mode = MEMORY',
  'synchronous = OFF',
]

// Rows are written one behind the other and found by an index: a table in the order of groups would write a whole page,
// anywhere, for each row, which took twice as long.
const tables = `
  CREATE TABLE met (hash TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE waiting (seq INTEGER PRIMARY KEY, number INTEGER NOT NULL, sealed TEXT NOT NULL);
  CREATE INDEX by_group ON waiting (number);`

/** Rows cost their text once and a third again on disk, and in memory a cache of a fixed size. */
export function openRowSpool(): RowStore {
  const [sealKey, hashKey] = [newDataKey(), newDataKey()]
  const db = attempt(() => {
    const raw = new BetterSqlite('')
    for (const pragma of pragmas) raw.pragma(pragma)
    raw.exec(tables)
    return raw
  })
  const findGroup = db.prepare('SELECT number FROM met WHERE hash = ?').pluck()
  const addGroup = db.prepare('INSERT INTO met (hash, number) VALUES (?, ?)')
  const addRow = db.prepare('INSERT INTO waiting (number, seq, sealed) VALUES (?, ?, ?)')
  const readRows = db.prepare<[], Stored>('SELECT number, seq, sealed FROM waiting ORDER BY number, seq')
  let groups = 0
  let rows = 0

  const numberOf = (group: string): number => {
    const hash = createHmac('sha256', hashKey).update(group).digest('base64')
    const known = findGroup.get(hash) as number | undefined
    if (known !== undefined) return known
    addGroup.run(hash, ++groups)
    return groups
  }
  const addAll = db.transaction((more: readonly WaitingRow[]) => {
    for (const { group, text } of more) {
      const number = numberOf(group)
      const seq = ++rows
      addRow.run(number, seq, seal(sealKey, placeOf(number, seq), text))
    }
  })

  return {
    async add(more) {
      attempt(() => addAll(more))
      await turn()
    },
    async *rows() {
      let page: WaitingRow[] = []
      let length = 0
      try {
        for (const { number, seq, sealed } of readRows.iterate()) {
          page.push({ group: String(number), text: unseal(sealKey, placeOf(number, seq), sealed) })
          length += sealed.length
          if (length < pageText) continue
          yield page
          await turn()
          page = []
          length = 0
        }
      } catch (error) {
        throw unavailable(error)
      }
      if (page.length > 0) yield page
    },
    close: () => void db.close(),
  }
}

type Stored = { readonly number: number; readonly seq: number; readonly sealed: string }

/** A row that is moved to another group, or another place in it, does not open. */
function placeOf(number: number, seq: number): Place {
  return { standard: 'waiting rows', key: String(number), revision: seq, field: 'row' }
}

function attempt<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw unavailable(error)
  }
}

function unavailable(error: unknown): unknown {
  const known = asUnavailable(error)
  if (!(known instanceof HubError)) return known
  const detail = 'Rows that wait for the rest of their groups cannot be kept: is the folder for temporary files full?'
  return new HubError('store-unavailable', detail, { cause: error })
}

/** Others get their turn: what is written and read here waits for nothing. */
function turn(): Promise<void> {
  return new Promise(resolve => void setImmediate(resolve))
}
