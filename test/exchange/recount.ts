/** Use as a plain reading of all entries counts it: written apart from the index, whose oracle it is. */
import type { Entry } from '../../src/log/entry.ts'
import type { UsageDimension, UsageRow } from '../../src/log/usage.ts'

type Question = {
  readonly by: readonly UsageDimension[]
  readonly filters: Readonly<Record<string, string>>
  readonly reach?: { readonly department: string }
}

const operations = ['read', 'list', 'lookup', 'export', 'changes', 'history', 'verify']

export function recount(
  log: readonly Entry[],
  { by, filters: { from, to, client, user, ...same }, reach }: Question,
  owners: Readonly<Record<string, string>> = {},
): { usage: UsageRow[]; total: UsageRow } {
  const counted = log.filter(entry => {
    if (!operations.includes(entry.operation) || entry.standard === undefined || entry.detail?.['quarantine'])
      return false
    if (from !== undefined && entry.time < new Date(from).toISOString()) return false
    if (to !== undefined && entry.time >= endOf(to)) return false
    if (client !== undefined && `${entry.actor.kind} ${entry.actor.id}` !== `client ${client}`) return false
    if (user !== undefined && `${entry.actor.kind} ${entry.actor.id}` !== `user ${user}`) return false
    if (reach && entry.department !== reach.department && owners[entry.standard] !== reach.department) return false
    return Object.entries(same).every(([name, text]) => (entry as unknown as Record<string, unknown>)[name] === text)
  })
  const groups = groupBy(counted, by)
  const usage = [...groups].map(([name, entries]) => {
    const values = JSON.parse(name) as (string | null)[]
    return { ...Object.fromEntries(by.map((dimension, at) => [dimension, values[at]])), ...countsOf(entries) }
  })
  const key = (row: UsageRow): string => by.map(dimension => row[dimension] ?? '').join('\0')
  const total = countsOf(counted)
  return {
    usage: by.length === 0 ? [] : usage.toSorted((one, other) => (key(one) < key(other) ? -1 : 1)),
    total,
  }
}

function countsOf(entries: readonly Entry[]) {
  const disclosed = entries.filter(({ outcome }) => outcome === 'disclosed')
  return {
    calls: new Set(entries.map(({ request }) => request)).size,
    records: disclosed.reduce((sum, { count }) => sum + count, 0),
    subjects: new Set(disclosed.flatMap(({ subjects = [] }) => subjects)).size,
    refusals: new Set(entries.filter(({ outcome }) => outcome === 'refused').map(({ request }) => request)).size,
  }
}

function groupBy(entries: readonly Entry[], by: readonly UsageDimension[]): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>()
  for (const entry of entries) {
    const name = nameOf(entry, by)
    groups.set(name, [...(groups.get(name) ?? []), entry])
  }
  return groups
}

function nameOf(entry: Entry, by: readonly UsageDimension[]): string {
  return JSON.stringify(
    by.map(dimension => (dimension === 'day' ? entry.time.slice(0, 'YYYY-MM-DD'.length) : (entry[dimension] ?? null))),
  )
}

/** The beginning of the next day, or the instant itself. */
function endOf(text: string): string {
  const date = new Date(text)
  if (text.length === 'YYYY-MM-DD'.length) date.setUTCDate(date.getUTCDate() + 1)
  return date.toISOString()
}
