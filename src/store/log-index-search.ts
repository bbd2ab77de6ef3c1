/** Finds entries in the log's index: a selection becomes leaves. */
import type BetterSqlite from 'better-sqlite3'
import type { Selection } from '../log/selection.ts'
import { dayMs, markOf, segmentEntries, type MarkKind } from './log-index-mark.ts'

export type Order = 'newest' | 'oldest'

export type Page = {
  readonly order: Order
  readonly limit: number
  /** Where the page before ended: a leaf. */
  readonly after?: number
  /** Only entries below this leaf. */
  readonly size: number
}

type Value = number | string | Buffer
export type Condition = { readonly sql: string; readonly values: readonly Value[] }

/** The leaves of a page. A mark is a hash: whoever reads the entries compares them with the selection. */
export function find(db: BetterSqlite.Database, selection: Selection, page: Page): number[] {
  const range = rangeOf(db, selection, page)
  const condition = conditionOf(db, selection)
  if (range === undefined || condition === undefined) return []
  const marks = marksOf(selection)
  const [first, ...others] = marks
  const direction = page.order === 'newest' ? 'DESC' : 'ASC'
  if (first === undefined) {
    const sql = `SELECT leaf FROM entries WHERE leaf BETWEEN ? AND ?${condition.sql} ORDER BY leaf ${direction} LIMIT ?`
    return leavesOf(db, sql, [range.low, range.high, ...condition.values, page.limit])
  }
  const also = others.map(
    () => ' AND EXISTS (SELECT 1 FROM mentions o WHERE o.segment = m.segment AND o.mark = ? AND o.leaf = m.leaf)',
  )
  const sql = `SELECT m.leaf FROM mentions m CROSS JOIN entries ON entries.leaf = m.leaf
                 WHERE m.segment = ? AND m.mark = ? AND m.leaf BETWEEN ? AND ?${also.join('')}${condition.sql}
                 ORDER BY m.leaf ${direction} LIMIT ?`
  const found: number[] = []
  for (const segment of segmentsOf(range, page.order)) {
    const left = page.limit - found.length
    if (left === 0) break
    found.push(...leavesOf(db, sql, [segment, first, range.low, range.high, ...others, ...condition.values, left]))
  }
  return found
}

/** How many entries below `size` a selection has. */
export function count(db: BetterSqlite.Database, selection: Selection, size: number): number {
  const range = rangeOf(db, selection, { size, order: 'oldest' })
  const condition = conditionOf(db, selection)
  if (range === undefined || condition === undefined) return 0
  // A selection by marks has few entries; any other is counted without naming its leaves.
  if (marksOf(selection).length > 0) return find(db, selection, { size, order: 'oldest', limit: size }).length
  const row = db
    .prepare(`SELECT COUNT(*) AS entries FROM entries WHERE leaf BETWEEN ? AND ?${condition.sql}`)
    .get(range.low, range.high, ...condition.values) as { entries: number }
  return row.entries
}

/** What entries must fulfil beside their marks; undefined where a word of the selection stands in no entry. */
export function conditionOf(db: BetterSqlite.Database, selection: Selection): Condition | undefined {
  const { from, to, actor, department, standard, agreement, operation, matter, outcome, problem } = selection
  const words = {
    actor: actor && `${actor.kind}:${actor.id}`,
    department,
    standard,
    agreement,
    operation,
    matter,
    outcome,
    problem,
  }
  let sql = ''
  const values: Value[] = []
  const add = (condition: string, value: Value): void => {
    sql += ` AND ${condition}`
    values.push(value)
  }
  if (from !== undefined) add('time >= ?', from)
  if (to !== undefined) add('time < ?', to)
  for (const [column, word] of Object.entries(words)) {
    if (word === undefined) continue
    const id = wordId(db, word)
    if (id === undefined) return undefined
    add(`${column} = ?`, id)
  }
  return { sql, values }
}

export function wordId(db: BetterSqlite.Database, word: string): number | undefined {
  return (db.prepare('SELECT id FROM words WHERE word = ?').get(word) as { id: number } | undefined)?.id
}

type Range = { readonly low: number; readonly high: number }

/** The leaves between which a selection's entries stand, by its time; undefined where there is none. */
export function rangeOf(
  db: BetterSqlite.Database,
  { from, to }: Selection,
  { after, order, size }: Pick<Page, 'after' | 'order' | 'size'>,
): Range | undefined {
  let low = order === 'oldest' && after !== undefined ? after + 1 : 0
  let high = Math.min(size, order === 'newest' && after !== undefined ? after : size) - 1
  if (from !== undefined || to !== undefined) {
    const { first, last } = db
      .prepare('SELECT min(first) AS first, max(last) AS last FROM days WHERE day BETWEEN ? AND ?')
      .get(dayOf(from ?? -8.64e15), dayOf(to ?? 8.64e15)) as { first: number | null; last: number | null }
    low = Math.max(low, first ?? Infinity)
    high = Math.min(high, last ?? -1)
  }
  return low > high ? undefined : { low, high }
}

function dayOf(time: number): number {
  return Math.floor(time / dayMs)
}

/** Records and subjects first: what they name, hardly anything else does. */
function marksOf(selection: Selection): Buffer[] {
  const kinds: readonly MarkKind[] = ['record', 'subject', 'request', 'case']
  return kinds.flatMap(kind => (selection[kind] === undefined ? [] : [markOf(kind, selection[kind])]))
}

function segmentsOf({ low, high }: Range, order: Order): number[] {
  const [first, last] = [Math.floor(low / segmentEntries), Math.floor(high / segmentEntries)]
  const segments = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  return order === 'newest' ? segments.reverse() : segments
}

function leavesOf(db: BetterSqlite.Database, sql: string, values: readonly Value[]): number[] {
  return db
    .prepare(sql)
    .pluck()
    .all(...values) as number[]
}
