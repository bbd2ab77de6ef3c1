import t, { type Test } from 'tap'
import assert from 'node:assert/strict'
import fc from '../properties.ts'
import { historyAt } from '../../src/exchange/change-cursor.ts'
import { discloseChanges } from '../../src/exchange/changes.ts'
import { HeadWatch } from '../../src/exchange/head-watch.ts'
import { restoreMajor, retireMajor } from '../../src/exchange/majors.ts'
import { noticeMajor, noticePublished } from '../../src/exchange/notices.ts'
import { revertDelivery } from '../../src/exchange/revert.ts'
import type { Entry } from '../../src/log/entry.ts'
import { readHead } from '../../src/store/heads.ts'
import { readNotices } from '../../src/store/notices.ts'
import { dayOf } from '../../src/agreement/quota.ts'
import { readQuotaUse } from '../../src/store/quotas.ts'
import { folder, openTestHub, tester, type TestHub } from '../helper.ts'
import { callFor, changesPage, Consumer, exportText, follow, type Change, type ChangesPage } from './consumer.ts'
import { deprecateThing, grantThing, moveAdapters, publishThing2, thing1 } from './thing-majors.ts'
import { deliverThings, publishThings, thingsOf } from './things.ts'

async function openThings(t: Test, directory = folder(t)): Promise<TestHub> {
  const hub = await openTestHub(t, directory)
  await publishThings(hub)
  return hub
}

const callOf = (matter = 'm') => callFor('archives', 'thing', matter)

const deliverOne = (hub: TestHub, id: string, name = 'x') => deliverThings(hub, 'data-bureau/input', [{ id, name }])

const lastEntry = async (hub: TestHub): Promise<Entry> => {
  const [last] = await hub.log.entries({ from: (await hub.log.size()) - 1, limit: 1 })
  return JSON.parse(last?.entry ?? '') as Entry
}

/** What was sent, in a word each. */
const told = (changes: readonly Change[]): string[] =>
  changes.map(change => {
    if (change.kind !== 'notice') return change.kind === 'record' ? change.record.key : `-${change.key}`
    const { kind, version, sunset, major } = change.notice
    return `${String(kind)} ${String(version ?? sunset ?? major)}`
  })

const sunset = '2026-06-01T00:00:00.000Z'

t.test('a notice stands where it was given, between the records, for those whom it concerns', async t => {
  const hub = await openThings(t)
  await grantThing(hub, 'one')
  await deliverOne(hub, '1')
  await publishThing2(hub)
  await grantThing(hub, 'two', { major: 2, matters: ['two'] })
  await deliverOne(hub, '2')
  await deprecateThing(hub)
  await deliverOne(hub, '3')
  await restoreMajor(hub, tester, thing1)
  await deprecateThing(hub)
  const one = (await changesPage(hub, callOf(), undefined)).changes
  const ending = [`deprecated ${sunset}`, '3', 'restored 1', `deprecated ${sunset}`]
  t.same(told(one), ['1', 'published 2.0.0', '2', ...ending])
  const at = '2026-03-01T08:00:00.000Z'
  t.strictSame(one.flatMap(change => (change.kind === 'notice' ? [change.notice] : [])).slice(0, 2), [
    { kind: 'published', standard: 'thing', major: 2, version: '2.0.0', at },
    { kind: 'deprecated', standard: 'thing', major: 1, sunset, at },
  ])
  for (const limit of [1, 2, 3, 6]) {
    t.same(await follow(hub, callOf(), new Consumer(), limit), one, `${limit} a page`)
  }
  const two = new Consumer()
  t.same(told(await follow(hub, callOf('two'), two)), ['published 2.0.0'], 'nothing of another major')

  await moveAdapters(hub)
  hub.pass(100 * 86_400_000)
  await retireMajor(hub, tester, { ...thing1, reason: 'r', leaveRecords: true })
  t.same(told(await follow(hub, callOf('two'), two)), ['retired 1'], 'but that nobody delivers to it any more')
})

t.test('of a standard that nobody has an agreement on, a version is no news', async t => {
  const hub = await openThings(t)
  await publishThing2(hub)
  t.equal(await readHead(hub.store.read, 'thing'), 0)
})

t.test('a notice is no record: its page has an entry of none, and the quota is as it was', async t => {
  const hub = await openThings(t)
  const { id } = await grantThing(hub, 'one', { dailyQuota: 1 })
  await deliverOne(hub, '1')
  const { cursor } = await changesPage(hub, callOf(), undefined, 1)
  await t.rejects(changesPage(hub, callOf(), cursor), { code: 'quota-exceeded' })
  hub.pass(86_400_000)
  await deprecateThing(hub)
  const page = await changesPage(hub, callOf(), cursor)
  t.same(told(page.changes), [`deprecated ${sunset}`])
  const entry = await lastEntry(hub)
  t.match(entry, { operation: 'changes', outcome: 'disclosed', agreement: id, count: 0 })
  t.notOk('records' in entry)
  const { used } = await readQuotaUse(hub.store.read, id, dayOf(hub.clock().toISOString()))
  t.equal(used, 0)
})

t.test('who waits is told of a notice at once, and not of one that is for others', async t => {
  const directory = folder(t)
  const hub = await openThings(t, directory)
  await grantThing(hub, 'one')
  const other = await openTestHub(t, directory)
  const heads = new HeadWatch(hub.store.read)
  const waiting = discloseChanges(hub, heads, callOf(), { after: undefined, limit: 10, waitMs: 30_000 })
  const isWaiting = async (): Promise<void> => {
    while (heads.waiting === 0) await new Promise(resolve => setTimeout(resolve, 5))
  }
  await isWaiting()
  const notice = { standard: 'thing', at: hub.clock().toISOString() }
  // Twice over, so that whoever took them for news would have come back with them.
  for (const major of [7, 8]) {
    await other.store.transact(async tx => noticeMajor(tx, { ...notice, kind: 'restored', major }))
  }
  await isWaiting()
  await deprecateThing(other)
  const page = JSON.parse(String((await waiting)?.body)) as ChangesPage
  t.same(told(page.changes), [`deprecated ${sunset}`])
})

t.test(
  'a cursor behind a notice holds, an export ends at one, and a store without it takes no such cursor',
  async t => {
    const hub = await openThings(t)
    await grantThing(hub, 'one')
    await deliverOne(hub, '1')
    await deprecateThing(hub)
    t.equal(await readHead(hub.store.read, 'thing'), 2)
    const consumer = new Consumer()
    consumer.begin(await exportText(hub, callOf()))
    t.same(await follow(hub, callOf(), consumer), [], 'an export begins behind it')
    await deliverOne(hub, '2')
    t.same(told(await follow(hub, callOf(), consumer)), ['2'])
    const own = await historyAt(hub, 'thing', 2)
    t.ok(own)
    const another = await openThings(t)
    await grantThing(another, 'one')
    await deliverOne(another, '1')
    await deprecateThing(another, '2026-07-01')
    t.not(await historyAt(another, 'thing', 2), own)
  },
)

t.test('a delivery beside whose numbers a notice stands is reverted as it would be', async t => {
  const hub = await openThings(t)
  await grantThing(hub, 'one')
  await deliverOne(hub, '1', 'x')
  await deprecateThing(hub)
  const { delivery } = await deliverOne(hub, '1', 'y')
  await restoreMajor(hub, tester, thing1)
  t.match(await revertDelivery(hub, { delivery, by: tester }), { accepted: 1, withdrawn: 0 })
  t.same(await thingsOf(hub), { 1: { name: 'x' } })
  const consumer = new Consumer()
  await follow(hub, callOf(), consumer)
  t.same(consumer.state, [['1', { id: '1', name: 'x' }]])
})

t.test('what was told is not told otherwise later', async t => {
  const hub = await openThings(t)
  await grantThing(hub, 'one')
  await deprecateThing(hub)
  for (const statement of ['DELETE FROM notices', `UPDATE notices SET kind = 'restored'`]) {
    await t.rejects(
      hub.store.transact(tx => tx.run(statement)),
      /append-only/,
    )
  }
})

type Step = { readonly deliver: string } | { readonly tell: number } | { readonly publish: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ deliver: fc.constantFrom('1', '2', '3') }),
  fc.record({ tell: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ publish: fc.integer({ min: 1, max: 3 }) }),
)

t.test(
  'law: whatever happens, in pages of any size, each notice that concerns comes once and in its place',
  async t => {
    const hub = await openThings(t)
    await grantThing(hub, 'one')
    let name = 0
    const property = fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      async (steps, limit) => {
        const consumer = new Consumer()
        consumer.begin(await exportText(hub, callOf()))
        const expected: string[] = []
        const standard = 'thing'
        const at = hub.clock().toISOString()
        for (const each of steps) {
          if ('deliver' in each) {
            await deliverOne(hub, each.deliver, `n${++name}`)
            expected.push(each.deliver)
          } else if ('tell' in each) {
            await hub.store.transact(tx => noticeMajor(tx, { kind: 'restored', standard, major: each.tell, at }))
            if (each.tell === 1) expected.push('restored 1')
          } else {
            const version = `${each.publish}.${++name}.0`
            await hub.store.transact(tx => noticePublished(tx, { standard, version, at }))
            expected.push(`published ${version}`)
          }
        }
        assert.deepEqual(told(await follow(hub, callOf(), consumer, limit)), expected)
        const head = await readHead(hub.store.read, standard)
        const notices = await readNotices(hub.store.read, standard, { after: 0, upTo: head })
        const revisions = await hub.store.read.get<{ count: number }>('SELECT count(*) AS count FROM revisions')
        assert.equal(notices.length + (revisions?.count ?? 0), head, 'every number is of one revision or one notice')
      },
    )
    await fc.assert(property, { numRuns: 40 })
  },
)
