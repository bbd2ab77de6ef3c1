/** Several departments speak of one record: whose word stands, what is kept of the others, and where they differ. */
import t from 'tap'
import assert from 'node:assert/strict'
import fc from '../properties.ts'
import { revertDelivery } from '../../src/exchange/revert.ts'
import type { JsonObject } from '../../src/record.ts'
import { listDiscrepancies, type Discrepancy } from '../../src/store/discrepancies.ts'
import { openTestHub, tester } from '../helper.ts'
import {
  authorities,
  departments,
  publishShops,
  say,
  shopDocument,
  shopOf,
  type Department,
  type Shop,
} from './voices.ts'

const hub = await openTestHub(t)
await publishShops(hub)

let runs = 0
const newId = (): string => `s${++runs}`

const order: Record<string, readonly Department[]> = {
  name: ['archives', 'data-bureau', 'health'],
  area: ['health', 'data-bureau', 'archives'],
}
const otherwise: readonly Department[] = ['data-bureau', 'archives', 'health']

type Words = Partial<Record<Department, Omit<Shop, 'id'>>>

/** What the record must be, told in one line a field: the first in the field's own order that has it. */
function expected(id: string, words: Words): JsonObject | undefined {
  if (Object.keys(words).length === 0) return undefined
  const record: JsonObject = { id }
  for (const field of ['name', 'note', 'area', 'secret', 'people'] as const) {
    const first = (order[field] ?? otherwise).find(department => words[department]?.[field] !== undefined)
    if (first !== undefined) record[field] = words[first]?.[field] as string
  }
  return record
}

const maybe = (...values: string[]) => fc.option(fc.constantFrom(...values), { nil: undefined })
const words: fc.Arbitrary<Omit<Shop, 'id'>> = fc
  .record({
    name: maybe('a', 'b'),
    note: maybe('x', 'y'),
    area: maybe('1.5', '1.50', '2'),
    secret: maybe('s', 't'),
    people: fc.option(
      fc.constantFrom([{ name: 'p', number: '1' }], [{ name: 'p', number: '2' }], [{ name: 'p' }, { number: '1' }]),
      { nil: undefined },
    ),
  })
  .map(said => JSON.parse(JSON.stringify(said)) as Omit<Shop, 'id'>)

const voices = fc.record({ archives: words, 'data-bureau': words, health: words }, { requiredKeys: [] })
const inAnyOrder = fc.shuffledSubarray([...departments], { minLength: 3 })

async function sayAll(id: string, said: Words, inOrder: readonly Department[] = departments): Promise<string[]> {
  const deliveries: string[] = []
  for (const department of inOrder) {
    const own = said[department]
    if (own !== undefined) deliveries.push((await say(hub, department, { id, ...own })).delivery)
  }
  return deliveries
}

/** Discrepancies of a record, without what is made anew each time. */
async function differences(id: string): Promise<string[]> {
  const all = await listDiscrepancies(hub.store.read, { standard: 'shop', limit: 100_000 })
  return all
    .filter(({ key, state }) => key === id && state !== 'gone')
    .map(summary)
    .sort()
}

function summary({ field, leaves, sides, stands, state }: Discrepancy): string {
  const [one, other] = sides
  return `${field} [${leaves.join(' ')}] ${one.department}/${other.department}, ${stands} stands, ${state}`
}

/** Told without the code: pairs of departments that both have a field and differ in it. */
function expectedDifferences(said: Words): string[] {
  const plain = (value: unknown): string => JSON.stringify(value).replace('1.50', '1.5')
  const found: string[] = []
  for (const field of ['name', 'note', 'area', 'secret', 'people'] as const) {
    const having = departments.filter(department => said[department]?.[field] !== undefined)
    for (const [index, one] of having.entries()) {
      for (const other of having.slice(index + 1)) {
        if (plain(said[one]?.[field]) === plain(said[other]?.[field])) continue
        const stands = (order[field] ?? otherwise).find(department => having.includes(department))
        found.push(`${field} ${one}/${other}, ${stands} stands, open`)
      }
    }
  }
  return found.sort()
}

const withoutLeaves = (found: readonly string[]): string[] => found.map(line => line.replace(/ \[.*\]/, '')).sort()

async function holds<Values extends [unknown, ...unknown[]]>(property: fc.IAsyncProperty<Values>): Promise<void> {
  await fc.assert(property, { numRuns: 20 })
}

t.test('whatever the order in which departments deliver, each field is the word of its authority, or of the next', () =>
  holds(
    fc.asyncProperty(voices, inAnyOrder, async (said, inOrder) => {
      const id = newId()
      await sayAll(id, said, inOrder)
      assert.deepEqual(await shopOf(hub, id), expected(id, said))
      assert.deepEqual(withoutLeaves(await differences(id)), expectedDifferences(said))
    }),
  ),
)

t.test('what one department withdraws, says anew or has reverted leaves exactly what the others say', () =>
  holds(
    fc.asyncProperty(voices, inAnyOrder, fc.constantFrom(...departments), words, async (said, inOrder, who, anew) => {
      const id = newId()
      await sayAll(id, said, inOrder)
      if (said[who] !== undefined) await say(hub, who, { id, gone: 'yes' })
      const { [who]: _, ...others } = said
      assert.deepEqual(await shopOf(hub, id), expected(id, others))
      assert.deepEqual(withoutLeaves(await differences(id)), expectedDifferences(others))

      const { delivery } = await say(hub, who, { id, ...anew })
      assert.deepEqual(await shopOf(hub, id), expected(id, { ...others, [who]: anew }))
      assert.deepEqual(withoutLeaves(await differences(id)), expectedDifferences({ ...others, [who]: anew }))

      await revertDelivery(hub, { delivery, by: tester })
      assert.deepEqual(await shopOf(hub, id), expected(id, others))
      assert.deepEqual(withoutLeaves(await differences(id)), expectedDifferences(others))
    }),
  ),
)

t.test('a difference names the leaves that differ; values that mean the same are none', async t => {
  const cases: [what: string, one: Omit<Shop, 'id'>, other: Omit<Shop, 'id'>, ...found: string[]][] = [
    ['a decimal written otherwise', { area: '12.50' }, { area: '12.5' }],
    ['what only one of them says', { name: 'a' }, { note: 'x' }],
    [
      'a sealed field',
      { secret: 's' },
      { secret: 't' },
      'secret [secret] archives/data-bureau, data-bureau stands, open',
    ],
    [
      'one leaf of several',
      { people: [{ name: 'p', number: '1' }] },
      { people: [{ name: 'p', number: '2' }] },
      'people [people.number] archives/data-bureau, data-bureau stands, open',
    ],
    [
      'the same leaves in other elements',
      { people: [{ name: 'p' }, { number: '1' }] },
      { people: [{ name: 'p', number: '1' }] },
      'people [people] archives/data-bureau, data-bureau stands, open',
    ],
  ]
  for (const [what, one, other, ...found] of cases) {
    const id = newId()
    await sayAll(id, { archives: one, 'data-bureau': other })
    t.same(await differences(id), found, what)
  }
})

t.test('the authority of the standard goes before its owner, and that of a field before both', async t => {
  const own = await openTestHub(t)
  await publishShops(own, shopDocument({ ...authorities, '': 'health' }))
  for (const department of departments) {
    await say(own, department, { id: '1', name: department, note: department, area: '1' })
  }
  t.match(await shopOf(own, '1'), { name: 'archives', note: 'health' })
})

t.test(
  'law: nothing of what anybody said is lost, and the store holds no value where it notes a difference',
  async t => {
    const id = newId()
    await sayAll(id, { archives: { secret: 'MARKER-1' }, 'data-bureau': { secret: 'MARKER-2' } })
    await say(hub, 'data-bureau', { id, gone: 'yes' })
    t.match(await shopOf(hub, id), { secret: 'MARKER-1' })
    await say(hub, 'data-bureau', { id, secret: 'MARKER-2' })
    t.match(await shopOf(hub, id), { secret: 'MARKER-2' })
    const rows = await hub.store.read.all('SELECT * FROM discrepancies WHERE record_key = ?', [id])
    t.equal(rows.length, 1)
    t.notMatch(JSON.stringify(rows), /MARKER/)
  },
)
