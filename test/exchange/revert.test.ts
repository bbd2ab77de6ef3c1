import t from 'tap'
import { deliver } from '../../src/exchange/deliver.ts'
import { batchRecords } from '../../src/exchange/delivery-run.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import { previewRevert, revertDelivery } from '../../src/exchange/revert.ts'
import type { Entry } from '../../src/log/entry.ts'
import type { StandardDocument } from '../../src/standard.ts'
import { readDelivery } from '../../src/store/deliveries.ts'
import { listRejects } from '../../src/store/quarantine.ts'
import { chunks, openTestHub, tester, type TestHub } from '../helper.ts'
import { deliverThings, publishThings, thingAdapter, thingsOf, type Thing } from './things.ts'

async function openThings(t: Parameters<typeof openTestHub>[0]) {
  const hub = await openTestHub(t)
  await publishThings(hub)
  const say = async (adapter: string, ...things: Thing[]): Promise<string> => {
    hub.pass(1000)
    return (await deliverThings(hub, adapter, things)).delivery
  }
  return { hub, say, revert: (delivery: string) => revertDelivery(hub, { delivery, by: tester }) }
}

const adapter = 'data-bureau/plain'
const bad = 'a name that is too long'

t.test('what a delivery made is withdrawn, what it changed is as before, what it withdrew is back', async t => {
  const { hub, say, revert } = await openThings(t)
  await say(adapter, { id: '1', name: 'a', secret: 's' }, { id: '2', name: 'a' }, { id: '3' })
  const before = await thingsOf(hub)
  const id = await say(adapter, { id: '1', name: 'b' }, { id: '2', gone: 'yes' }, { id: '3' }, { id: '4' })
  const expected = { accepted: 2, withdrawn: 1, unchanged: 0, kept: 0 }
  t.match(await previewRevert(hub, id), expected)
  t.notSame(await thingsOf(hub), before, 'a preview changes nothing')
  const receipt = await revert(id)
  t.match(receipt, { ...expected, of: id })
  t.same(await thingsOf(hub), before)
  t.match(await readDelivery(hub.store.read, id), { state: 'reverted' })
  t.match(await readDelivery(hub.store.read, receipt.delivery), { kind: 'revert', of: id, state: 'done', accepted: 2 })
  t.match((await entriesOf(hub)).at(-1), {
    operation: 'revert',
    outcome: 'done',
    count: 3,
    actor: { kind: 'operator', id: 'tester' },
    detail: { adapter, of: id, kept: 0 },
  })
  await revert(receipt.delivery)
  t.match(await readDelivery(hub.store.read, id), { state: 'done' }, 'a revert that is reverted counts no more')
  t.match(await readDelivery(hub.store.read, receipt.delivery), { state: 'reverted' })
})

t.test('history stays: a revert adds revisions, and whose word a record is tells where it came from', async t => {
  const { hub, say, revert } = await openThings(t)
  await say(adapter, { id: '1', name: 'a' })
  const id = await say(adapter, { id: '1', name: 'b' })
  const { delivery } = await revert(id)
  t.match(await hub.store.read.all('SELECT revision, withdrawn, delivery FROM revisions ORDER BY seq'), [
    { revision: 1 },
    { revision: 2, delivery: id },
    { revision: 3, delivery, withdrawn: 0 },
  ])
})

t.test('what a later delivery has changed since is left and counted', async t => {
  const { hub, say, revert } = await openThings(t)
  const id = await say(adapter, { id: '1', name: 'a' }, { id: '2', name: 'a' }, { id: '3', name: 'a' })
  await say(adapter, { id: '1', name: 'b' }, { id: '2', gone: 'yes' })
  t.match(await revert(id), { withdrawn: 1, kept: 2 })
  t.same(await thingsOf(hub), { 1: { name: 'b' } })
})

t.test('where several adapters make a record, only the word of the delivery’s own is undone', async t => {
  const { hub, say, revert } = await openThings(t)
  const other = 'archives/plain'
  await say(other, { id: '1', note: 'of archives', secret: 'of archives' })
  const first = await say(adapter, { id: '1', name: 'a', secret: 's' })
  t.same(await thingsOf(hub), { 1: { name: 'a', note: 'of archives', secret: 's' } })
  const second = await say(adapter, { id: '1', name: 'b', secret: 'r' })
  const third = await say(other, { id: '1', note: 'again', secret: 'again' })
  await revert(second)
  t.same(await thingsOf(hub), { 1: { name: 'a', note: 'again', secret: 's' } })
  await revert(first)
  t.same(await thingsOf(hub), { 1: { note: 'again', secret: 'again' } })
  await revert(third)
  t.same(await thingsOf(hub), { 1: { note: 'of archives', secret: 'of archives' } })
})

t.test('what a snapshot withdrew is back, and the next snapshot is taken as usual', async t => {
  const { hub, say, revert } = await openThings(t)
  await say('data-bureau/list', { id: '1' }, { id: '2' }, { id: '3' })
  const id = await say('data-bureau/list', { id: '1', name: 'b' })
  t.match(await revert(id), { accepted: 3, withdrawn: 0 })
  t.same(Object.keys(await thingsOf(hub)), ['1', '2', '3'])
  t.match(await deliverThings(hub, 'data-bureau/list', [{ id: '1' }, { id: '2' }]), { unchanged: 2, withdrawn: 1 })
})

t.test('a mark that a reverted delivery raised counts no more: the record, mended, is not taken for old', async t => {
  const { hub, say, revert } = await openThings(t)
  const marked = 'data-bureau/marked'
  await say(marked, { id: '1', name: 'a', v: '1' })
  const id = await say(marked, { id: '1', name: 'b', v: '99' }, { id: '2', gone: 'yes', v: '99' })
  const { delivery } = await revert(id)
  await say(marked, { id: '1', name: 'c', v: '2' }, { id: '2', name: 'c', v: '2' })
  t.same(await thingsOf(hub), { 1: { name: 'c' }, 2: { name: 'c' } })
  t.match(await revert(delivery), { accepted: 0, kept: 2 }, 'what was said since stays')
  await say(marked, { id: '2', name: 'd', v: '3' })
  t.same(await thingsOf(hub), { 1: { name: 'c' }, 2: { name: 'd' } })
})

t.test('rejects go back to where they were before the delivery', async t => {
  const { hub, say, revert } = await openThings(t)
  const states = async () => {
    const rejects = await listRejects(hub.store.read, { limit: 10 })
    return Object.fromEntries(rejects.map(({ ordinal, state, delivery }) => [ordinal, [state, delivery]]))
  }
  const first = await say(adapter, { id: '1', name: bad }, { id: '2', name: bad })
  const before = await states()
  t.same(before, { 1: ['open', first], 2: ['open', first] })
  const id = await say(adapter, { id: '1', name: 'b' }, { id: '2', name: bad }, { id: '3', name: bad })
  t.same(await states(), { 1: ['closed', first], 2: ['open', id], 3: ['open', id] })
  const { delivery } = await revert(id)
  t.same(await states(), { 1: ['open', first], 2: ['open', first], 3: ['closed', id] }, 'what came with it is closed')
  await revert(delivery)
  t.same(await states(), { 1: ['closed', first], 2: ['open', id], 3: ['open', id] })
})

t.test('what an adapter said by an earlier major is restored by that major', async t => {
  const { hub, say, revert } = await openThings(t)
  await say('archives/plain', { id: '2', name: 'of archives' })
  const words = ['1', '2'].map(id => ({ id, name: 'a', note: 'only major 1 has notes', secret: 's' }))
  await say(adapter, ...words)
  const before = await thingsOf(hub)
  const { standard } = await hub.published.standard('thing')
  const { note: _, ...properties } = standard.document.properties ?? {}
  const next = {
    ...standard.document,
    $id: standard.document.$id.replace('v1', 'v2'),
    standard: { ...standard.document.standard, version: '2.0.0' },
    properties,
    conversion: { to: 1, fields: Object.fromEntries(Object.keys(properties).map(name => [name, { from: name }])) },
  } as StandardDocument
  await publishStandard(hub, tester, next)
  const changes = { standard: { id: 'thing', major: 2 }, fields: { id: { from: 'id' }, name: { from: 'note' } } }
  const document = thingAdapter('data-bureau', 'plain', changes) as { adapter: object }
  await publishAdapter(hub, tester, { ...document, adapter: { ...document.adapter, version: '2.0.0' } })
  const id = await say(adapter, { id: '1', note: 'wrong' }, { id: '2', note: 'wrong' })
  t.same(await thingsOf(hub), { 1: { name: 'wrong' }, 2: { name: 'wrong' } })
  await revert(id)
  t.same(await thingsOf(hub), before, 'also where it is one of several contributions')
  t.match(await hub.store.read.all(`SELECT version FROM revisions WHERE record_key = '1' ORDER BY seq`), ['1.0.0', '2.0.0', '1.0.0'].map(version => ({ version }))) // prettier-ignore
})

t.test('what a later delivery has said again stays, unless that one is reverted as well', async t => {
  const { hub, say, revert } = await openThings(t)
  const list = 'data-bureau/list'
  const first = await say(list, { id: '1', name: 'a' }, { id: '2', name: 'a' })
  const second = await say(list, { id: '1', name: 'a' }, { id: '2', name: 'a' })
  const third = await say(list, { id: '1', name: 'a' }, { id: '2', name: 'a' })
  await revert(third)
  t.match(await previewRevert(hub, first), { withdrawn: 0, kept: 2 })
  const { delivery } = await revert(first)
  t.same(await thingsOf(hub), { 1: { name: 'a' }, 2: { name: 'a' } }, 'the second says so still')
  await revert(delivery)
  await revert(second)
  t.match(await deliverThings(hub, list, [{ id: '1', name: 'a' }]), { unchanged: 1, withdrawn: 1 })
})

t.test('a delivery that was confirmed by none that counts is undone', async t => {
  const { hub, say, revert } = await openThings(t)
  const first = await say(adapter, { id: '1', name: 'a' })
  const second = await say(adapter, { id: '1', name: 'a' })
  await revert(second)
  t.match(await revert(first), { withdrawn: 1, kept: 0 })
  t.same(await thingsOf(hub), {})
})

t.test('what is reverted already is refused, also in a preview', async t => {
  const { hub, say, revert } = await openThings(t)
  const id = await say(adapter, { id: '1', name: 'a' })
  const { delivery } = await revert(id)
  await t.rejects(revert(id), { code: 'delivery-reverted' })
  await t.rejects(previewRevert(hub, id), { code: 'delivery-reverted' })
  await revert(delivery)
  t.same(await thingsOf(hub), { 1: { name: 'a' } })
})

t.test('a delivery whose changes were not noted is refused, and stays as it was', async t => {
  const { hub, say, revert } = await openThings(t)
  const id = await say(adapter, { id: '1', name: 'a' })
  await hub.store.transact(tx => tx.run('UPDATE deliveries SET first_seq = NULL, last_seq = NULL'))
  await t.rejects(revert(id), { code: 'delivery-unnoted' })
  await t.rejects(previewRevert(hub, id), { code: 'delivery-unnoted' })
  t.match(await readDelivery(hub.store.read, id), { state: 'done' })
  t.same(await thingsOf(hub), { 1: { name: 'a' } })
  t.match(await revert(await say(adapter, { id: '1', name: 'a' })), { accepted: 0 }, 'one that changed nothing')
})

t.test('a record of which another adapter spoke within the delivery is undone once', async t => {
  const { hub, say, revert } = await openThings(t)
  const input = 'data-bureau/input'
  const lines = Array.from({ length: batchRecords }, (_, index) => JSON.stringify({ id: `u${index}` }))
  const body = chunks(
    [JSON.stringify({ id: 'k', name: 'a' }), ...lines, JSON.stringify({ id: 'k', name: 'b' })].join('\n'),
  )
  let batches = 0
  const admit = async () => {
    if (++batches === 2) await say('archives/input', { id: 'k', note: 'other' })
  }
  const { delivery } = await deliver(hub, { adapter: input, body, by: tester, admit })
  t.match(await revert(delivery), { withdrawn: batchRecords + 1, unchanged: 0 })
  const revisions = await hub.store.read.all<{ revision: number }>(
    `SELECT revision FROM revisions WHERE record_key = 'k' ORDER BY seq`,
  )
  t.same(
    revisions.map(({ revision }) => revision),
    [1, 2, 3, 4],
  )
  t.same(await thingsOf(hub), { k: { note: 'other' } })
})

t.test(
  'an older word stays older where the delivery of an equal mark, or of the mark confirmed, is reverted',
  async t => {
    for (const name of ['b', 'c']) {
      const { hub, say, revert } = await openThings(t)
      const marked = 'data-bureau/marked'
      await say(marked, { id: '1', name: 'a', v: '5' })
      const id = await say(marked, { id: '1', name: 'b', v: '7' })
      await say(marked, { id: '1', name, v: '7' })
      t.match(await revert(id), { kept: 1 })
      await say(marked, { id: '1', name: 'old', v: '6' })
      t.same(await thingsOf(hub), { 1: { name } })
    }
  },
)

t.test('marks count again or not with every revert of a revert', async t => {
  const { hub, say, revert } = await openThings(t)
  const marked = 'data-bureau/marked'
  await say(marked, { id: '1', name: 'a', v: '1' })
  const id = await say(marked, { id: '1', name: 'b', v: '99' })
  const first = await revert(id)
  const second = await revert(first.delivery)
  await say(marked, { id: '1', name: 'old', v: '2' })
  t.same(await thingsOf(hub), { 1: { name: 'b' } }, 'the delivery counts')
  await revert(second.delivery)
  await say(marked, { id: '1', name: 'c', v: '2' })
  t.same(await thingsOf(hub), { 1: { name: 'c' } }, 'it counts no more')
})

t.test('there is nothing to revert of a delivery that is not there, or that runs', async t => {
  const { hub, say, revert } = await openThings(t)
  await t.rejects(revert('nothing'), { code: 'delivery-unknown' })
  const id = await say(adapter, { id: '1' })
  await hub.store.transact(tx => tx.run('UPDATE leases SET expires_at = 9e15'))
  await t.rejects(revert(id), { code: 'delivery-busy' })
})

async function entriesOf(hub: TestHub): Promise<Entry[]> {
  const entries = await hub.log.entries({ from: 0, limit: 1000 })
  return entries.map(({ entry }) => JSON.parse(entry) as Entry)
}
