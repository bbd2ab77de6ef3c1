/** What holds of every delivery, whatever it brings: tried on small inputs in which much is contradicted and withdrawn. */
import t from 'tap'
import assert from 'node:assert/strict'
import fc from '../properties.ts'
import { revertDelivery } from '../../src/exchange/revert.ts'
import { openTestHub, tester } from '../helper.ts'
import { deliverThings, publishThings, thingsOf, type Kind, type Thing } from './things.ts'

const hub = await openTestHub(t)
await publishThings(hub)

/** Every run of a property has keys of its own, so that one hub does for all. */
let runs = 0
const newPrefix = (): string => `${++runs}-`
const under = (prefix: string, things: readonly Thing[]): Thing[] =>
  things.map(thing => ({ ...thing, id: prefix + thing.id }))

const id = fc.constantFrom('1', '2', '3')
const said = fc.record({
  id,
  name: fc.constantFrom('x', 'y'),
  secret: fc.constantFrom('s', undefined),
  gone: fc.constantFrom('yes', undefined),
}) as fc.Arbitrary<Thing>
const all = fc.array(said, { maxLength: 8 })
const cuts = fc.array(fc.nat(8), { maxLength: 4 })

/** The marks of a key differ: among equal ones, the order does decide. */
const marked = all.map(things => things.map((thing, index) => ({ ...thing, v: String(index + 8) })))

function split<Item>(items: readonly Item[], at: readonly number[]): Item[][] {
  const ends = [...new Set([...at.filter(cut => cut < items.length), items.length])].sort((a, b) => a - b)
  return ends.map((end, index) => items.slice(ends[index - 1] ?? 0, end))
}

async function revisionsOf(prefix: string): Promise<number> {
  const rows = await hub.store.read.all('SELECT 1 FROM revisions WHERE substr(record_key, 1, ?) = ?', [
    prefix.length,
    prefix,
  ])
  return rows.length
}

async function holds<Values extends [unknown, ...unknown[]]>(property: fc.IAsyncProperty<Values>): Promise<void> {
  await fc.assert(property, { numRuns: 15 })
}

t.test('delivering is idempotent: the same input again makes no revision', async () => {
  const kind = fc.constantFrom<Kind>('plain', 'input', 'marked')
  const property = fc.asyncProperty(kind, marked, async (name, things) => {
    const prefix = newPrefix()
    const input = under(prefix, things)
    const first = await deliverThings(hub, `data-bureau/${name}`, input)
    const [before, revisions] = [await thingsOf(hub, prefix), await revisionsOf(prefix)]
    const second = await deliverThings(hub, `data-bureau/${name}`, input)
    assert.deepEqual(await thingsOf(hub, prefix), before)
    assert.equal(await revisionsOf(prefix), revisions)
    assert.equal(second.accepted + second.withdrawn, 0)
    for (const { accepted, unchanged, withdrawn, rejected } of [first, second]) {
      assert.equal(accepted + unchanged + withdrawn + rejected, things.length, 'every source record is accounted for')
    }
  })
  await holds(property)
})

t.test('splitting a delta into any number of deliveries gives the same records', async () => {
  const kind = fc.constantFrom<Kind>('input', 'marked')
  const property = fc.asyncProperty(kind, marked, cuts, async (name, things, at) => {
    const [whole, parts] = [newPrefix(), newPrefix()]
    await deliverThings(hub, `data-bureau/${name}`, under(whole, things))
    for (const part of split(things, at)) await deliverThings(hub, `data-bureau/${name}`, under(parts, part))
    assert.deepEqual(await thingsOf(hub, parts), await thingsOf(hub, whole))
  })
  await holds(property)
})

t.test('with marks, a delta’s records may come in any order and in any deliveries', async () => {
  const shuffled = marked.chain(things =>
    fc.tuple(fc.constant(things), fc.shuffledSubarray(things, { minLength: things.length })),
  )
  const property = fc.asyncProperty(shuffled, cuts, async ([things, others], at) => {
    const [inOrder, anyhow] = [newPrefix(), newPrefix()]
    await deliverThings(hub, 'data-bureau/marked', under(inOrder, things))
    for (const part of split(others, at)) await deliverThings(hub, 'data-bureau/marked', under(anyhow, part))
    assert.deepEqual(await thingsOf(hub, anyhow), await thingsOf(hub, inOrder))
  })
  await holds(property)
})

t.test('the order of independent records does not matter', async () => {
  const independent = fc.uniqueArray(said, { selector: ({ id: own }) => own })
  const shuffled = independent.chain(things =>
    fc.tuple(fc.constant(things), fc.shuffledSubarray(things, { minLength: things.length })),
  )
  const property = fc.asyncProperty(shuffled, async ([things, others]) => {
    const [one, other] = [newPrefix(), newPrefix()]
    await deliverThings(hub, 'data-bureau/plain', under(one, things))
    await deliverThings(hub, 'data-bureau/plain', under(other, others))
    assert.deepEqual(await thingsOf(hub, other), await thingsOf(hub, one))
  })
  await holds(property)
})

/** Deliveries one after the other, by adapters that speak of the same records. */
const voices = ['data-bureau/plain', 'archives/plain', 'data-bureau/marked', 'archives/input'] as const
const deliveries = fc.array(fc.tuple(fc.constantFrom(...voices), all), { minLength: 1, maxLength: 5 })

async function deliverAll(prefix: string, inputs: readonly (readonly [string, readonly Thing[]])[]) {
  const states = [await thingsOf(hub, prefix)]
  const ids: string[] = []
  for (const [adapter, things] of inputs) {
    // Marks grow from one delivery to the next.
    const input = under(prefix, things).map((thing, index) => ({ ...thing, v: String(ids.length * 10 + index) }))
    ids.push((await deliverThings(hub, adapter, input)).delivery)
    states.push(await thingsOf(hub, prefix))
  }
  return { ids, states }
}

const revert = (delivery: string) => revertDelivery(hub, { delivery, by: tester })

t.test('reverting deliveries, the last first, leads back through every state, to nothing at all', async () => {
  const property = fc.asyncProperty(deliveries, async inputs => {
    const prefix = newPrefix()
    const { ids, states } = await deliverAll(prefix, inputs)
    for (const [index, delivery] of [...ids.entries()].toReversed()) {
      const { kept } = await revert(delivery)
      assert.equal(kept, 0, 'nothing is in its way')
      assert.deepEqual(await thingsOf(hub, prefix), states[index])
    }
    assert.deepEqual(await thingsOf(hub, prefix), {})
  })
  await holds(property)
})

t.test('what is reverted is not reverted once more, and a revert is reverted like any delivery', async () => {
  const property = fc.asyncProperty(deliveries, async inputs => {
    const prefix = newPrefix()
    const { ids, states } = await deliverAll(prefix, inputs)
    const last = ids.at(-1) as string
    const first = await revert(last)
    const revisions = await revisionsOf(prefix)
    await assert.rejects(revert(last), { code: 'delivery-reverted' })
    assert.equal(await revisionsOf(prefix), revisions)
    await revert(first.delivery)
    assert.deepEqual(await thingsOf(hub, prefix), states.at(-1))
    await revert(last)
    assert.deepEqual(await thingsOf(hub, prefix), states.at(-2), 'and again')
  })
  await holds(property)
})

t.test('what a later delivery has said stays when an earlier one is reverted', async () => {
  const property = fc.asyncProperty(all, all, async (earlier, later) => {
    const prefix = newPrefix()
    const { ids, states } = await deliverAll(prefix, [
      ['data-bureau/input', earlier],
      ['data-bureau/input', later],
    ])
    await revert(ids[0] as string)
    const now = await thingsOf(hub, prefix)
    for (const key of ['1', '2', '3']) {
      const isSaid = later.some(thing => thing.id === key)
      assert.deepEqual(now[key], isSaid ? states[2]?.[key] : undefined, key)
    }
  })
  await holds(property)
})
