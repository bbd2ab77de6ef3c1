/** Counts use in the log's index: the laws stand at `UsageCounts`. */
import type BetterSqlite from 'better-sqlite3'
import type { Selection } from '../log/selection.ts'
import { type UsageCounts, type UsageDimension, type UsageRow } from '../log/usage.ts'
import { dayMs } from './log-index-mark.ts'
import { conditionOf, rangeOf, wordId, type Condition } from './log-index-search.ts'

/** By what entries about records are chosen for counting: not by records, subjects, cases or requests. */
export type UsageSelection = Omit<Selection, 'record' | 'subject' | 'case' | 'request'>

export type UsageQuery = {
  readonly selection: UsageSelection
  readonly by: readonly UsageDimension[]
  /** Only the use that a department makes, or that is made of these standards, which it owns. */
  readonly visible?: { readonly department: string; readonly standards: readonly string[] }
  /** At most so many groups. */
  readonly limit: number
}

/** The groups, in the order of their dimensions; the counts over all; whether there were more groups than asked for. */
export type Counted = { readonly rows: UsageRow[]; readonly total: UsageCounts; readonly isCut: boolean }

const nothing: UsageCounts = { calls: 0, records: 0, subjects: 0, refusals: 0 }

export function countUsage(db: BetterSqlite.Database, query: UsageQuery, size: number): Counted {
  const { selection, by, limit } = query
  const range = rangeOf(db, selection, { size, order: 'oldest' })
  const condition = conditionOf(db, selection)
  const visible = visibleTo(db, query)
  if (range === undefined || condition === undefined || visible === undefined)
    return { rows: [], total: nothing, isCut: false }
  const where: Condition = {
    sql: `is_access = 1 AND leaf BETWEEN ? AND ?${condition.sql}${visible.sql}`,
    values: [range.low, range.high, ...condition.values, ...visible.values],
  }
  const [total = nothing] = groups(db, [], where, 1)
  const rows = by.length === 0 ? [] : groups(db, by, where, limit + 1)
  return { rows: rows.slice(0, limit).sort(inOrderOf(by)), total, isCut: rows.length > limit }
}

function groups(db: BetterSqlite.Database, by: readonly UsageDimension[], where: Condition, limit: number): UsageRow[] {
  const columns = by.map(dimension => `${columnOf(dimension)} AS "${dimension}", `).join('')
  const groupBy = by.length === 0 ? '' : ` GROUP BY ${by.map((_, index) => index + 1).join(', ')} LIMIT ${limit}`
  const [disclosed, refused] = [wordId(db, 'disclosed') ?? -1, wordId(db, 'refused') ?? -1]
  const calls = db.prepare(
    `SELECT ${columns}COUNT(DISTINCT request) AS calls,
       COALESCE(SUM(count) FILTER (WHERE outcome = ${disclosed}), 0) AS records,
       COUNT(DISTINCT CASE WHEN outcome = ${refused} THEN request END) AS refusals
     FROM entries WHERE ${where.sql}${groupBy}`,
  )
  const subjects = db.prepare(
    `SELECT ${columns}COUNT(DISTINCT mark) AS subjects
     FROM entries JOIN subjects USING (leaf) WHERE ${where.sql}${groupBy}`,
  )
  type Row = Record<UsageDimension, number | null> & UsageCounts
  const nameOf = (row: Row): string => by.map(dimension => row[dimension]).join()
  const subjectsByName = new Map((subjects.all(...where.values) as Row[]).map(row => [nameOf(row), row.subjects]))
  const words = db.prepare('SELECT word FROM words WHERE id = ?').pluck()
  return (calls.all(...where.values) as Row[]).map(row => ({
    ...Object.fromEntries(by.map(dimension => [dimension, textOf(dimension, row[dimension], words)])),
    calls: row.calls,
    records: row.records,
    subjects: subjectsByName.get(nameOf(row)) ?? 0,
    refusals: row.refusals,
  }))
}

function columnOf(dimension: UsageDimension): string {
  return dimension === 'day' ? `CAST(floor(time / ${dayMs}.0) AS INTEGER)` : dimension
}

function textOf(dimension: UsageDimension, value: number | null, words: BetterSqlite.Statement): string | null {
  if (value === null) return null
  if (dimension !== 'day') return words.get(value) as string
  return new Date(value * dayMs).toISOString().replace(/T.*/, '')
}

/** undefined where neither the department nor a standard of its own stands in any entry. */
function visibleTo(db: BetterSqlite.Database, { visible }: UsageQuery): Condition | undefined {
  if (visible === undefined) return { sql: '', values: [] }
  const standards = visible.standards.map(standard => wordId(db, standard)).filter(id => id !== undefined)
  const department = wordId(db, visible.department)
  if (department === undefined && standards.length === 0) return undefined
  const holes = standards.map(() => '?').join(', ')
  return { sql: ` AND (department = ? OR standard IN (${holes}))`, values: [department ?? -1, ...standards] }
}

/** By the dimensions as they were asked for; what lacks one comes first. */
function inOrderOf(by: readonly UsageDimension[]): (one: UsageRow, other: UsageRow) => number {
  return (one, other) => {
    for (const dimension of by) {
      const [left, right] = [one[dimension] ?? '', other[dimension] ?? '']
      if (left !== right) return left < right ? -1 : 1
    }
    return 0
  }
}
