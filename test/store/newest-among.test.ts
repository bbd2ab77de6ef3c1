/** Pages of several branches of one question, against what a plain search through all rows gives. */
import t from 'tap'
import {
  discrepancyStates,
  listDiscrepancies,
  type Discrepancy,
  type DiscrepancyFilter,
} from '../../src/store/discrepancies.ts'
import { listCorrections } from '../../src/store/corrections.ts'
import { openTestHub, type TestHub } from '../helper.ts'

const departments = ['a', 'b', 'c', 'd']
const standards = ['s1', 's2', 's3']

/** Each pair differs on each standard, in each state, some at the same time. */
async function fill({ store }: TestHub): Promise<void> {
  let number = 0
  const rows = standards.flatMap(standard =>
    departments.flatMap(department =>
      departments
        .filter(other => department < other)
        .flatMap(other => discrepancyStates.map(state => ({ standard, department, other, state, number: number++ }))),
    ),
  )
  await store.transact(tx =>
    tx.runEach(
      `INSERT INTO discrepancies (standard, record_key, field, department, other, id, adapter, other_adapter, mark,
                                  other_mark, leaves, stands, pseudonym, subject, state, since)
       VALUES (?, 'k', ?, ?, ?, ?, 'x/y', 'x/y', '', '', '[]', 'a', 'p', 's', ?, ?)`,
      rows.map(row => [
        row.standard, `f${row.number}`, row.department, row.other, `id-${(row.number * 37) % 1000}`, row.state,
        `2026-03-01T08:00:${String(row.number % 7).padStart(2, '0')}.000Z`,
      ]), // prettier-ignore
    ),
  )
}

t.test('pages hold each row once, newest first, and no other than a search through all rows', async t => {
  const hub = await openTestHub(t)
  await fill(hub)
  const all = await listDiscrepancies(hub.store.read, { limit: 1000 })
  t.equal(all.length, 54)
  t.same(
    all,
    all.toSorted((one, other) => (`${one.since} ${one.id}` < `${other.since} ${other.id}` ? 1 : -1)),
  )
  const seers = [undefined, { department: 'b', owned: [] }, { department: 'b', owned: ['s1', 's3'] }]
  for (const seenBy of seers) {
    for (const standard of [undefined, 's1', 's2']) {
      for (const department of [undefined, 'b', 'd']) {
        for (const state of [undefined, 'gone'] as const) {
          const filter = { seenBy, standard, department, state }
          const expected = all.filter(row => fits(row, filter)).map(({ id }) => id)
          t.same(await paged(hub, filter), expected, JSON.stringify(filter))
        }
      }
    }
  }
})

t.test('no branch reads the table from end to end', async t => {
  const hub = await openTestHub(t)
  const plans: string[] = []
  const read = {
    ...hub.store.read,
    all: async <Row>(sql: string, parameters: readonly (string | number)[] = []): Promise<Row[]> => {
      const plan = await hub.store.read.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, parameters)
      plans.push(...plan.map(({ detail }) => detail))
      return []
    },
  }
  await listDiscrepancies(read as typeof hub.store.read, { limit: 1, seenBy: { department: 'b', owned: ['s1'] } })
  await listDiscrepancies(read as typeof hub.store.read, { limit: 1 })
  const department = 'b'
  await listCorrections(read as typeof hub.store.read, { limit: 1, of: { department, role: undefined } })
  await listCorrections(read as typeof hub.store.read, { limit: 1 })
  t.ok(plans.length >= 17)
  t.same(
    plans.filter(plan => /^SCAN|TEMP B-TREE FOR ORDER/.test(plan)),
    [],
  )
})

function fits(row: Discrepancy, { seenBy, standard, department, state }: Omit<DiscrepancyFilter, 'limit'>): boolean {
  const sides = row.sides.map(side => side.department)
  if (standard !== undefined && row.standard !== standard) return false
  if (department !== undefined && !sides.includes(department)) return false
  if (state !== undefined && row.state !== state) return false
  return seenBy === undefined || sides.includes(seenBy.department) || seenBy.owned.includes(row.standard)
}

async function paged(hub: TestHub, filter: Omit<DiscrepancyFilter, 'limit'>): Promise<string[]> {
  const found: string[] = []
  for (let after: Discrepancy | undefined; ;) {
    const page = await listDiscrepancies(hub.store.read, { ...filter, after, limit: 5 })
    found.push(...page.map(({ id }) => id))
    after = page.at(-1)
    if (after === undefined) return found
  }
}
