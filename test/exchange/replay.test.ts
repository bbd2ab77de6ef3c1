import t from 'tap'
import { deliver } from '../../src/exchange/deliver.ts'
import { dismissRejects, selectionsOf } from '../../src/exchange/quarantine.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { replay, tryReplay } from '../../src/exchange/replay.ts'
import { revertDelivery } from '../../src/exchange/revert.ts'
import type { Entry } from '../../src/log/entry.ts'
import { listRejects, type QuarantineRow } from '../../src/store/quarantine.ts'
import { chunks, openTestHub, tester, type TestHub } from '../helper.ts'
import { deliverThings, publishThings, thingAdapter, thingsOf, type Kind, type Thing } from './things.ts'

const long = 'a name that is too long'

/** Names that are too long are cut where the adapter is mended. */
const mended = {
  fields: { id: { from: 'id' }, name: { from: 'name', via: [{ extract: '^.{1,10}' }] }, note: { from: 'note' } },
}

async function openThings(t: Parameters<typeof openTestHub>[0], kind: Kind = 'plain') {
  const hub = await openTestHub(t)
  await publishThings(hub)
  const adapter = `data-bureau/${kind}`
  const say = async (...things: Thing[]): Promise<string> => {
    hub.pass(1000)
    return (await deliverThings(hub, adapter, things)).delivery
  }
  const states = async () => (await rejectsOf(hub)).map(({ state }) => state)
  let version = 1
  return {
    hub,
    adapter,
    say,
    states,
    mend: async (changes: object = mended) => {
      const document = thingAdapter('data-bureau', kind, changes) as { adapter: object }
      await publishAdapter(hub, tester, { ...document, adapter: { ...document.adapter, version: `1.${version++}.0` } })
    },
    again: () => replay(hub, { selection: { adapter }, by: tester }),
    try: () => tryReplay(hub, { selection: { adapter }, by: tester }),
  }
}

/** In the order in which they came. */
async function rejectsOf(hub: TestHub): Promise<QuarantineRow[]> {
  const rejects = await listRejects(hub.store.read, { limit: 100 })
  return rejects.toSorted((a, b) =>
    a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : a.ordinal - b.ordinal,
  )
}

async function entriesOf(hub: TestHub, operation: Entry['operation']): Promise<Entry[]> {
  const entries = await hub.log.entries({ from: 0, limit: 1000 })
  return entries.map(({ entry }) => JSON.parse(entry) as Entry).filter(entry => entry.operation === operation)
}

t.test(
  'what an adapter that was mended accepts is released, what it still rejects stays with the reasons of now',
  async t => {
    const things = await openThings(t)
    const { hub, adapter, say, mend, again, states } = things
    await say({ id: '1', name: long, secret: 's' }, { id: '2', note: 'x'.repeat(50) }, { id: '3' })
    t.match(await again(), { accepted: 0, rejected: 2 }, 'nothing was mended yet')
    await mend()
    const tried = await things.try()
    t.match(tried, [
      { fate: 'accepted', issues: [] },
      { fate: 'rejected', issues: [{ pointer: '/note' }] },
    ])
    t.same(await states(), ['open', 'open'], 'a dry run changes nothing')
    t.same(Object.keys(await thingsOf(hub)), ['3'])
    t.match(await entriesOf(hub, 'preview'), [
      { count: 2, actor: { id: 'tester' }, detail: { adapter, version: '1.1.0' } },
    ])
    const receipt = await again()
    t.match(receipt, { accepted: 1, unchanged: 0, withdrawn: 0, rejected: 1 })
    t.same(await thingsOf(hub), { 1: { name: 'a name tha' }, 3: {} })
    t.match(await rejectsOf(hub), [
      { state: 'released', decidedBy: 'operator:tester', adapterVersion: '1.0.0' },
      { state: 'open', adapterVersion: '1.1.0' },
    ])
    t.match((await entriesOf(hub, 'release')).at(-1), {
      outcome: 'done',
      count: 1,
      detail: { delivery: receipt.delivery },
    })
    t.match(await again(), { accepted: 0, rejected: 1 }, 'once more, nothing is left to release')
  },
)

t.test('a release never overwrites what a newer delivery has said', async t => {
  for (const [what, later] of [
    ['a record', { id: '1', name: 'new' }],
    ['a withdrawal', { id: '1', gone: 'yes' }],
  ] as const) {
    const { hub, say, mend, again, states } = await openThings(t)
    await say({ id: '1', name: 'old' })
    await say({ id: '1', name: long })
    // As if the key had not been readable when it was rejected: else the later word had closed it.
    await hub.store.transact(tx => tx.run('UPDATE quarantine SET record_key = NULL'))
    await say(later)
    const before = await thingsOf(hub)
    await mend()
    t.match(await again(), { accepted: 0, unchanged: 1, withdrawn: 0, rejected: 0 }, what)
    t.same(await thingsOf(hub), before, what)
    t.same(await states(), ['closed'], what)
  }
})

t.test('a later acceptance or withdrawal of its key closes a reject', async t => {
  const { say, states } = await openThings(t)
  await say({ id: '1', name: long }, { id: '2', name: long }, { id: '3', name: long })
  await say({ id: '1' }, { id: '2', gone: 'yes' })
  t.same(await states(), ['closed', 'closed', 'open'])
})

t.test('in one delivery, the later word on a key counts', async t => {
  const { say, states } = await openThings(t)
  await say({ id: '1', name: long }, { id: '1', name: 'x' }, { id: '2', name: 'x' }, { id: '2', name: long })
  t.same(await states(), ['closed', 'open'])
})

t.test(
  'of several rejects of a key the newest stands, and what is released can be overtaken by a newer reject',
  async t => {
    const { hub, say, mend, again, states } = await openThings(t)
    await say({ id: '1', name: `1 ${long}` })
    await say({ id: '1', name: `2 ${long}`, note: 'x'.repeat(50) })
    await say({ id: '1', name: `3 ${long}`, note: 'x'.repeat(50) })
    await mend()
    t.match(await again(), { accepted: 1, rejected: 2 })
    t.match(await thingsOf(hub), { 1: { name: /^1/ } })
    await mend({ fields: { ...mended.fields, note: { value: 'mended' } } })
    t.match(await again(), { accepted: 1, unchanged: 1, rejected: 0 })
    t.match(await thingsOf(hub), { 1: { name: /^3/ } })
    t.same(await states(), ['released', 'closed', 'released'])
  },
)

t.test('a record that its own delivery has contradicted stays rejected, unless an order decides', async t => {
  const { hub, say, mend, again, states } = await openThings(t)
  await say({ id: '1', name: 'a' }, { id: '1', name: 'b' })
  t.match(await again(), { accepted: 0, rejected: 1 })
  await mend({ order: 'input' })
  t.match(await again(), { accepted: 1, rejected: 0 })
  t.same(await thingsOf(hub), { 1: { name: 'b' } })
  t.same(await states(), ['released'])
})

t.test('with marks, the mark decides and not which delivery came later', async t => {
  const { hub, say, mend, again } = await openThings(t, 'marked')
  await say({ id: '1', name: `9 ${long}`, v: '9' }, { id: '2', name: `9 ${long}`, v: '9' })
  await say({ id: '1', name: 'older', v: '5' }, { id: '2', name: 'newer', v: '10' })
  await mend()
  await again()
  t.match(await thingsOf(hub), { 1: { name: /^9/ }, 2: { name: 'newer' } })
})

t.test('a replay never withdraws what it lacks; what a newer snapshot has not met is gone', async t => {
  const { hub, say, mend, again, states } = await openThings(t, 'list')
  await say({ id: '1' }, { id: '2', name: long })
  await mend()
  t.match(await again(), { accepted: 1, withdrawn: 0 })
  t.same(Object.keys(await thingsOf(hub)), ['1', '2'])
  await say({ id: '1' }, { id: '2' }, { id: '3', note: 'x'.repeat(50) })
  await say({ id: '1' }, { id: '2' })
  t.match(await again(), { accepted: 0, unchanged: 1, rejected: 0 })
  t.same(await states(), ['released', 'closed'])
})

t.test('a snapshot that was reverted is as if it had not come', async t => {
  const { hub, say, mend, again, states } = await openThings(t, 'list')
  await say({ id: '1' }, { id: '2', name: long })
  const wrong = await say({ id: '1' })
  await revertDelivery(hub, { delivery: wrong, by: tester })
  await mend()
  t.match(await again(), { accepted: 1 })
  t.same(await states(), ['released'])
})

t.test('a replay is reverted like any delivery: what it released is open again', async t => {
  const { hub, say, mend, again, states } = await openThings(t)
  await say({ id: '1', name: long })
  await mend()
  const { delivery } = await again()
  await revertDelivery(hub, { delivery, by: tester })
  t.same(await thingsOf(hub), {})
  t.same(await states(), ['open'])
  t.match(await again(), { accepted: 1 })
})

t.test('identical rejects count once, and what was dismissed stays so when it comes again', async t => {
  const { hub, say, mend, again, states } = await openThings(t)
  await say({ id: '1', name: long })
  await say({ id: '1', name: long })
  t.same(await states(), ['open'])
  const [reject] = await rejectsOf(hub)
  const ids = [reject?.id ?? '']
  await dismissRejects(hub, tester, { ids, reason: 'a test record' })
  t.match(await rejectsOf(hub), [{ state: 'dismissed', reason: 'a test record', decidedBy: 'operator:tester' }])
  t.match(await entriesOf(hub, 'dismiss'), [{ count: 1, detail: { quarantine: reject?.id } }])
  t.notMatch(JSON.stringify(await entriesOf(hub, 'dismiss')), /a test record/, 'what a person writes is not in the log')
  await say({ id: '1', name: long })
  t.same(await states(), ['dismissed'])
  await mend()
  t.match(await again(), { accepted: 0, rejected: 0 })
  await t.rejects(dismissRejects(hub, tester, { ids, reason: 'again' }), { code: 'reject-decided' })
  await t.rejects(selectionsOf(hub, { ids: [ids[0] ?? ''] }), { code: 'reject-decided' })
  await t.rejects(selectionsOf(hub, { ids: ['nothing'] }), { code: 'reject-unknown' })
})

t.test('text that was no record is not guessed at: it stays, with the reason it was rejected for', async t => {
  const things = await openThings(t)
  const { hub, adapter, again } = things
  await deliverThings(hub, adapter, [{ id: '1' }])
  const body = chunks('{"id":"1"}\n{"id":"2",}\n')
  await deliver(hub, { adapter, body, by: tester })
  t.match(await things.try(), [{ fate: 'rejected', issues: [{ code: 'reject-unreadable' }] }])
  const before = await rejectsOf(hub)
  t.match(await again(), { rejected: 1 })
  t.same(await rejectsOf(hub), before)
})

t.test(
  'a source record is kept whole: what was read from around it, and names that mean something elsewhere',
  async t => {
    const hub = await openTestHub(t)
    await publishThings(hub)
    const source = { format: 'json', records: 'rows' }
    const fields = { id: { from: 'record/id' }, name: { from: '/head/name' }, note: { from: '__proto__/x' } }
    const adapter = 'data-bureau/plain'
    const publish = (version: string, changes: object) => {
      const document = thingAdapter('data-bureau', 'plain', changes) as { adapter: object }
      return publishAdapter(hub, tester, { ...document, adapter: { ...document.adapter, version } })
    }
    await publish('1.1.0', {
      source,
      fields: { ...fields, secret: { from: 'record/constructor', default: 'x'.repeat(50) } },
    })
    const text =
      '{"head":{"name":"head"},"rows":[{"record":{"id":"1"},"context":{},"__proto__":{"x":"proto"}},{"record":{"id":"2"},"context":"c"}]}'
    t.match(await deliver(hub, { adapter, body: chunks(text), by: tester }), { rejected: 2 })
    await publish('1.2.0', { source, fields })
    t.match(await replay(hub, { selection: { adapter }, by: tester }), { accepted: 2 })
    t.same(await thingsOf(hub), { 1: { name: 'head', note: 'proto' }, 2: { name: 'head' } })
  },
)

t.test('text that was no record, kept before that was noted, holds up nothing else and is quoted nowhere', async t => {
  const things = await openThings(t)
  const { hub, adapter, mend, again } = things
  const body = chunks(`{"id":"1","name":"${long}"}\n{"id":"2", SECRETTEXT}\n`)
  await deliver(hub, { adapter, body, by: tester })
  await hub.store.transact(tx => tx.run('UPDATE quarantine SET unreadable = 0'))
  await mend()
  t.match(await things.try(), [{ fate: 'accepted' }, { fate: 'rejected', issues: [{ code: 'reject-unreadable' }] }])
  const before = (await rejectsOf(hub))[1]
  t.match(await again(), { accepted: 1, rejected: 1 })
  t.same((await rejectsOf(hub))[1], before, 'the reason that was found then stays')
  const entries = await hub.log.entries({ from: 0, limit: 1000 })
  t.notMatch(JSON.stringify(entries), /SECRETTEXT/)
})

t.test('what a newer snapshot lacks is gone, also where all that it has was rejected', async t => {
  const { hub, say, mend, again, states } = await openThings(t, 'list')
  await say({ id: '1', name: 'a' }, { id: '2', name: long })
  await say({ id: '3', note: 'x'.repeat(50) })
  await mend()
  t.match(await again(), { accepted: 0, unchanged: 1, rejected: 1 })
  t.same(await thingsOf(hub), {})
  t.same(await states(), ['closed', 'open'])
})

t.test('of newer snapshots, those that are not reverted count', async t => {
  const { hub, say, mend, again, states } = await openThings(t, 'list')
  await say({ id: '1', name: 'a' }, { id: '2', name: long })
  await say({ id: '1', name: 'a' })
  const third = await say({ id: '1', name: 'a' })
  await revertDelivery(hub, { delivery: third, by: tester })
  await mend()
  t.match(await again(), { accepted: 0, unchanged: 1 })
  t.same(await thingsOf(hub), { 1: { name: 'a' } })
  t.same(await states(), ['closed'])
})

t.test('a withdrawal that is released is no newer than the delivery that brought it', async t => {
  const { hub, say, mend, again } = await openThings(t)
  await say({ id: '1', name: 'zero' })
  await mend({ withdraw: undefined })
  await say({ id: '1', name: long, gone: 'yes' })
  await say({ id: '1', name: long, note: 'x'.repeat(50) })
  await mend({})
  t.match(await again(), { withdrawn: 1, rejected: 1 })
  await mend({ fields: { ...mended.fields, note: { value: 'mended' } } })
  const { delivery } = await again()
  t.same(await thingsOf(hub), { 1: { name: 'a name tha', note: 'mended' } })
  await revertDelivery(hub, { delivery, by: tester })
  t.same(await thingsOf(hub), {})
})

t.test('a confirmation that was reverted leaves a newer reject newer', async t => {
  const { hub, say, mend, again } = await openThings(t)
  await say({ id: '1', name: long })
  await say({ id: '1', name: long, note: 'x'.repeat(50) })
  await mend()
  await again()
  const confirming = await say({ id: '1', name: 'a name tha' })
  await revertDelivery(hub, { delivery: confirming, by: tester })
  await mend({ fields: { ...mended.fields, note: { value: 'mended' } } })
  t.match(await again(), { accepted: 1 })
  t.match(await thingsOf(hub), { 1: { note: 'mended' } })
})

t.test('a reject that is overtaken by what the same batch releases is not counted as rejected', async t => {
  const { say, mend, again, states } = await openThings(t)
  await say({ id: '1', note: 'x'.repeat(50) })
  await say({ id: '1', name: long })
  await mend()
  t.match(await again(), { accepted: 1, unchanged: 1, rejected: 0 })
  t.same(await states(), ['closed', 'released'])
})

t.test('large rejects are replayed some at a time', async t => {
  const { hub, adapter, say, mend } = await openThings(t)
  for (const id of '123456789') await say({ id, name: 'x'.repeat(2_000_000) })
  await mend({ fields: { id: { from: 'id' }, name: { value: 'mended' } } })
  const progress: number[] = []
  await replay(hub, { selection: { adapter }, by: tester, onProgress: ({ accepted }) => void progress.push(accepted) })
  t.same(progress, [6, 9])
})
