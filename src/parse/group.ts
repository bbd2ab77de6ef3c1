/**
 * Rows → source records: where an adapter asks for it, rows that belong together become one record.
 *
 * A record has the place of its first row, and what was read from around its rows, which must be the same for all.
 * Nothing is half a record: where an input ends early, groups to which more rows may have belonged are not given out. A
 * row that cannot be read, or has no key, is an unreadable record of its own, and its group is made of the others.
 */
import { HubError } from '../errors.ts'
import type { Position, SourceRecord, UnreadableRecord } from '../record.ts'
import { keyReader, KeysMet, type ReadKey } from './group-key.ts'
import { groupedNode, type GroupLevel } from './grouped-node.ts'
import { HeldRows, type HeldRowsLimits, type RowStore, type WaitingRow } from './held-rows.ts'
import type { Limits } from './limits.ts'
import { RECORD_NAME } from './outer-texts.ts'
import type { Batch } from './parse.ts'
import { refusalAt } from './window.ts'

export type Grouping = GroupLevel & {
  /** True where the rows of a group follow one another: groups are given out as they end. */
  readonly contiguous?: boolean
}

export type GroupOptions = {
  readonly limits: Limits
  /** How much may wait in memory where rows of a group do not follow one another. */
  readonly held: HeldRowsLimits
  /** Opens where rows wait beyond that. */
  readonly openSpool: () => RowStore
}

/**
 * Groups the records that {@link parse} gives.
 *
 * Contiguous rows take the memory of one group, and some 30 bytes for each group that has ended. Others wait in memory,
 * and beyond `held` in a spool, until the input has ended.
 *
 * @throws {HubError} what `items` throw, with what it means for groups; input-refused, after the groups before, where
 *   rows are not contiguous that should be
 */
export function group(items: AsyncIterable<Batch>, grouping: Grouping, options: GroupOptions): AsyncGenerator<Batch> {
  return grouping.contiguous === true
    ? groupContiguous(items, grouping, options.limits)
    : groupScattered(items, grouping, options)
}

async function* groupContiguous(
  items: AsyncIterable<Batch>,
  grouping: Grouping,
  limits: Limits,
): AsyncGenerator<Batch> {
  const readKey = keyReader(grouping.by)
  const runs = new Runs(grouping, limits)
  const met = new KeysMet()
  let last: string | undefined
  for await (const batch of explaining(items, 'More rows may have followed of the last group: it is not taken.')) {
    const { rows, others } = rowsOf(batch, readKey)
    const found: Batch = others
    let split: WaitingRow | undefined
    for (const row of rows) {
      found.push(...runs.add(row))
      if (row.group !== last && !met.add(row.group)) split = row
      if (split !== undefined) break
      last = row.group
    }
    if (found.length > 0) yield found
    if (split !== undefined) throw comesBack(split)
  }
  yield runs.end()
}

function comesBack({ text }: WaitingRow): HubError {
  const what = 'rows of the group of this row came before, and others since, though the adapter says that groups are'
  const advice = 'contiguous; take contiguous out of its group, or sort the input.'
  return refusalAt((JSON.parse(text) as SourceRecord).position, 'input-refused', `${what} ${advice}`)
}

async function* groupScattered(
  items: AsyncIterable<Batch>,
  grouping: Grouping,
  { limits, held, openSpool }: GroupOptions,
): AsyncGenerator<Batch> {
  const readKey = keyReader(grouping.by)
  const heldRows = new HeldRows(held)
  let waiting: RowStore = heldRows
  try {
    for await (const batch of explaining(items, 'More rows may have followed of each group: none is taken.')) {
      const { rows, others } = rowsOf(batch, readKey)
      if (others.length > 0) yield others
      await waiting.add(rows)
      if (waiting !== heldRows || !heldRows.isFull) continue
      waiting = openSpool()
      for await (const page of heldRows.rows()) await waiting.add(page)
      heldRows.close()
    }
    const runs = new Runs(grouping, limits)
    for await (const page of waiting.rows()) {
      const found = page.flatMap(row => runs.add(row))
      if (found.length > 0) yield found
    }
    yield runs.end()
  } finally {
    waiting.close()
  }
}

/** The rows that have a key, and what is given on as it is: rows that cannot be read, or not be grouped. */
function rowsOf(batch: Batch, readKey: ReadKey): { rows: WaitingRow[]; others: UnreadableRecord[] } {
  const rows: WaitingRow[] = []
  const others: UnreadableRecord[] = []
  for (const item of batch) {
    if ('unreadable' in item) {
      others.push(item)
      continue
    }
    const texts = readKey(item.node)
    if (texts.includes(undefined))
      others.push(unreadable('group-key-missing', item.position, JSON.stringify(item.node)))
    else rows.push({ group: JSON.stringify(texts), text: JSON.stringify(item) })
  }
  return { rows, others }
}

/** Makes a record of each run of rows that have their group in common. */
class Runs {
  readonly #grouping: Grouping
  readonly #limits: Limits
  readonly #readKey: ReadKey
  #group: string | undefined
  #texts: string[] = []
  #length = 0

  constructor(grouping: Grouping, limits: Limits) {
    this.#grouping = grouping
    this.#limits = limits
    this.#readKey = keyReader(grouping.by)
  }

  /** The record of the run that the row ends, if it begins another. */
  add({ group: key, text }: WaitingRow): Batch {
    const ended = key === this.#group ? [] : this.end()
    this.#group = key
    this.#length += text.length
    // Of a group that is too large the first row says where it begins; the others need not be held.
    if (this.#length > this.#limits.recordBytes) this.#texts.length = Math.min(this.#texts.length, 1)
    if (this.#texts.length === 0 || this.#length <= this.#limits.recordBytes) this.#texts.push(text)
    return ended
  }

  end(): Batch {
    if (this.#group === undefined) return []
    const [texts, length] = [this.#texts, this.#length]
    this.#group = undefined
    this.#texts = []
    this.#length = 0
    const rows = texts.map(text => JSON.parse(text) as SourceRecord)
    const first = rows[0] as SourceRecord
    const { position } = first
    if (length > this.#limits.recordBytes) {
      return [unreadable('group-too-large', position, JSON.stringify(this.#readKey(first.node)))]
    }
    const node = groupedNode(rows.map(row => row.node), this.#grouping) // prettier-ignore
    const context = contextOf(rows)
    if (context === undefined) return [unreadable('group-context-differs', position, JSON.stringify(node))]
    return [{ node, position, context }]
  }
}

/** What stands around all of the rows; undefined where it differs. The name that a row stands under is its own. */
function contextOf(rows: readonly SourceRecord[]): SourceRecord['context'] | undefined {
  const [first = {}, ...others] = rows.map(row => row.context)
  const differing = new Set<string>()
  for (const other of others) {
    for (const path of Object.keys({ ...first, ...other })) if (first[path] !== other[path]) differing.add(path)
  }
  if (!differing.delete(RECORD_NAME)) return differing.size === 0 ? first : undefined
  const { [RECORD_NAME]: _, ...shared } = first
  return differing.size === 0 ? shared : undefined
}

const messages = {
  'group-key-missing': 'the row has no text at a path by which rows are grouped',
  'group-too-large': 'the rows of the group together are larger than a record may be',
  'group-context-differs':
    'the texts from outside the records that the adapter reads are not the same for all rows of the group; keep them out of the rules, or deliver what has others by itself',
}

function unreadable(code: keyof typeof messages, position: Position, text: string): UnreadableRecord {
  return { unreadable: { pointer: '', code, message: messages[code] }, position, text }
}

async function* explaining<T>(items: AsyncIterable<T>, what: string): AsyncGenerator<T> {
  try {
    yield* items
  } catch (error) {
    if (!(error instanceof HubError)) throw error
    throw new HubError(error.code, `${error.message} ${what}`, { issues: error.issues, cause: error })
  }
}
