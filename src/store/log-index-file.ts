/**
 * The log index's file: takes in what the log has gained, and finds and counts in it.
 *
 * Synchronous on connections of its own, like the log's file: it runs where blocking harms nobody. Several processes may
 * work on one file: one transaction takes the next entries in, whoever runs it, and none is taken in twice.
 */
import BetterSqlite from 'better-sqlite3'
import { HubError } from '../errors.ts'
import { decodeEntry, type Entry } from '../log/entry.ts'
import type { Selection } from '../log/selection.ts'
import { leafHash } from '../log/tree.ts'
import { IndexWriter } from './log-index-writer.ts'
import { count, find, type Page } from './log-index-search.ts'
import { countUsage, type Counted, type UsageQuery } from './log-index-usage.ts'

/** How far the log is indexed. */
export type Progress = { readonly indexed: number; readonly size: number }

/** Finds and counts, in this thread or in one of its own. What is asked of entries below `size` misses none of them. */
export type LogIndexEngine = {
  /** Takes the next entries in, at most so many. */
  advance(limit: number): Promise<Progress>
  /** Leaves of a selection, in the order asked for. */
  find(selection: Selection, page: Page): Promise<number[]>
  count(selection: Selection, size: number): Promise<number>
  usage(query: UsageQuery, size: number): Promise<Counted>
  /** Forgets everything; {@link advance} begins anew. */
  clear(): Promise<void>
  close(): Promise<void>
}

/** How many entries a query takes in at a time where it finds the index behind. */
const batchEntries = 5_000

export class LogIndexFile implements LogIndexEngine {
  readonly #db: BetterSqlite.Database
  readonly #log: BetterSqlite.Database
  readonly #writer: IndexWriter
  readonly #statements: ReturnType<typeof prepare>
  readonly #take: (limit: number) => void

  /** Opens a file that has been migrated, and the log that it is of. */
  constructor(file: string, logFile: string) {
    this.#db = new BetterSqlite(file, { fileMustExist: true, timeout: 10_000 })
    // What a power cut takes from a derived file is derived again.
    for (const pragma of ['synchronous = NORMAL', 'cache_size = -32768', 'wal_autocheckpoint = 10000'])
      this.#db.pragma(pragma)
    this.#log = new BetterSqlite(logFile, { readonly: true, timeout: 10_000 })
    this.#writer = new IndexWriter(this.#db)
    this.#statements = prepare(this.#db, this.#log)
    this.#take = this.#db.transaction((limit: number) => this.#takeIn(limit)).immediate
  }

  async advance(limit: number): Promise<Progress> {
    this.#take(limit)
    return { indexed: this.#indexed(), size: this.#size() }
  }

  async find(selection: Selection, page: Page): Promise<number[]> {
    return this.#read(page.size, () => find(this.#db, selection, page))
  }

  async count(selection: Selection, size: number): Promise<number> {
    return this.#read(size, () => count(this.#db, selection, size))
  }

  async usage(query: UsageQuery, size: number): Promise<Counted> {
    return this.#read(size, () => countUsage(this.#db, query, size))
  }

  async clear(): Promise<void> {
    this.#db.transaction(() => this.#writer.clear()).immediate()
  }

  async close(): Promise<void> {
    this.#db.close()
    this.#log.close()
  }

  /** Reads in one state of the index: of this log, and with all entries below `size`, whoever else clears or fills it. */
  #read<Result>(size: number, work: () => Result): Result {
    for (;;) {
      const read = this.#db.transaction(() => (this.#holds(size) ? { result: work() } : undefined))()
      if (read !== undefined) return read.result
      if (this.#size() < size) throw new Error('bug: asked for entries that the log lacks')
      this.#take(batchEntries)
    }
  }

  #holds(size: number): boolean {
    return this.#indexed() >= size && this.#isOfThisLog()
  }

  /** Inside a transaction that writes: what it reads is what the next one goes on from. */
  #takeIn(limit: number): void {
    // Else the transaction would begin by reading.
    this.#statements.touch.run()
    this.#writer.begin()
    if (!this.#isOfThisLog()) this.#writer.clear()
    const rows = this.#statements.entries.all(this.#indexed(), limit) as { leaf: number; entry: string }[]
    const last = rows.at(-1)
    if (last === undefined) return
    for (const { leaf, entry } of rows) this.#writer.add(leaf, readEntry(leaf, entry))
    this.#writer.noteProgress(last.leaf + 1, leafHash(last.entry))
  }

  /** A log that was put back from a backup, or another one, has another entry where this index ends, or none. */
  #isOfThisLog(): boolean {
    const { next, last } = this.#statements.progress.get() as { next: number; last: Buffer | null }
    if (next === 0) return true
    const entry = this.#statements.entry.get(next - 1) as { entry: string } | undefined
    return entry !== undefined && last !== null && last.equals(leafHash(entry.entry))
  }

  #indexed(): number {
    return (this.#statements.progress.get() as { next: number }).next
  }

  #size(): number {
    const last = this.#statements.lastLeaf.get() as { leaf: number } | undefined
    return last === undefined ? 0 : last.leaf + 1
  }
}

function prepare(db: BetterSqlite.Database, log: BetterSqlite.Database) {
  return {
    touch: db.prepare('UPDATE progress SET next = next'),
    progress: db.prepare('SELECT next, last FROM progress'),
    entries: log.prepare('SELECT leaf, entry FROM entries WHERE leaf >= ? ORDER BY leaf LIMIT ?'),
    entry: log.prepare('SELECT entry FROM entries WHERE leaf = ?'),
    lastLeaf: log.prepare('SELECT leaf FROM entries ORDER BY leaf DESC LIMIT 1'),
  }
}

/** @throws {HubError} `log-invalid` */
function readEntry(leaf: number, text: string): Entry {
  try {
    const entry = decodeEntry(text)
    if (!Number.isNaN(Date.parse(entry.time))) return entry
  } catch {
    // Said below.
  }
  throw new HubError(
    'log-invalid',
    `Entry ${leaf} of the access log cannot be read, so that it cannot be searched; \`concord log verify\` says more.`,
  )
}
