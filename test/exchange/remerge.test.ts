/** When whose word counts changes, and when departments speak by different majors. */
import t, { type Test } from 'tap'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import { remerge } from '../../src/exchange/remerge.ts'
import { revertDelivery } from '../../src/exchange/revert.ts'
import { listDiscrepancies } from '../../src/store/discrepancies.ts'
import { readRecord } from '../../src/store/records.ts'
import { beginRemerge } from '../../src/store/remerges.ts'
import { openTestHub, tester, type TestHub } from '../helper.ts'
import { entriesSince } from './reading.ts'
import { authorities, publishShops, say, shopAdapter, shopDocument, shopOf } from './voices.ts'

async function openShops(t: Test): Promise<TestHub> {
  const hub = await openTestHub(t)
  await publishShops(hub)
  return hub
}

const versionOf = async (hub: TestHub, id: string) => (await readRecord(hub.store.read, 'shop', id))?.version

t.test('a change of authority counts for a record with its next delivery, and for all with a remerge', async t => {
  const hub = await openShops(t)
  const ids = Array.from({ length: 1_203 }, (_, index) => `s${String(index).padStart(4, '0')}`)
  for (const department of ['archives', 'health']) {
    await say(hub, department, ...ids.map(id => ({ id, name: department, note: 'the same' })))
  }
  await say(hub, 'archives', { id: 'alone', name: 'archives' })
  await publishStandard(hub, tester, shopDocument({ ...authorities, name: 'health' }, '1.1.0'))
  t.match(await shopOf(hub, 's0000'), { name: 'archives' }, 'nothing has changed yet')
  await say(hub, 'archives', { id: 's0000', name: 'archives', note: 'another' })
  t.match(await shopOf(hub, 's0000'), { name: 'health' }, 'its next delivery takes it up')

  const from = await hub.log.size()
  let seen = 0
  const stopped = remerge(hub, tester, 'shop', {
    onProgress(records) {
      seen += records
      throw new Error('killed')
    },
  })
  await t.rejects(stopped, /killed/)
  t.ok(seen > 0 && seen < ids.length, 'in the middle')
  t.same(await remerge(hub, tester, 'shop'), { standard: 'shop', merged: 1_203, changed: 1_202 })
  const names = await Promise.all(ids.map(async id => (await shopOf(hub, id))?.['name']))
  t.same([...new Set(names)], ['health'])
  t.match(await shopOf(hub, 'alone'), { name: 'archives' })
  t.match(await entriesSince(hub, from), [
    { operation: 'settle', standard: 'shop', detail: { act: 'begin-remerge', versions: '1.1.0' } },
    { operation: 'settle', standard: 'shop', detail: { act: 'resume-remerge' } },
    { operation: 'settle', standard: 'shop', count: 1_203, detail: { act: 'remerge', changed: 1_202 } },
  ])
  const found = await listDiscrepancies(hub.store.read, { standard: 'shop', limit: 10_000 })
  t.same(new Set(found.filter(({ field }) => field === 'name').map(({ stands }) => stands)), new Set(['health']))
  t.same(await remerge(hub, tester, 'shop'), { standard: 'shop', merged: 1_203, changed: 0 }, 'once more: nothing')
  await t.rejects(remerge(hub, tester, 'shap'), { code: 'standard-unknown' })
})

t.test('a run that another has taken the place of, or that another has ended, ends nothing itself', async t => {
  const hub = await openShops(t)
  const ids = Array.from({ length: 501 }, (_, index) => `s${index}`)
  for (const department of ['archives', 'health'])
    await say(hub, department, ...ids.map(id => ({ id, name: department })))
  let other: Promise<unknown> | undefined
  const first = remerge(hub, tester, 'shop', {
    onProgress() {
      // Begun by other versions, and stopped: the row is not the first one's any more.
      other ??= hub.store.transact(tx => beginRemerge(tx, 'shop', { of: '1.1.0', begunAt: hub.clock().toISOString() }))
    },
  })
  await t.rejects(first, { code: 'conflict' })
  await other
  await publishStandard(hub, tester, shopDocument({ ...authorities, name: 'health' }, '1.1.0'))
  t.match(await remerge(hub, tester, 'shop'), { merged: 501, changed: 501 }, 'the other goes on from its own beginning')
  const names = await Promise.all(ids.map(async id => (await shopOf(hub, id))?.['name']))
  t.same([...new Set(names)], ['health'])
})

t.test('what a remerge has written does not disturb the undoing of a delivery', async t => {
  const hub = await openShops(t)
  const { delivery: first } = await say(hub, 'archives', { id: '1', name: 'archives' })
  const { delivery } = await say(hub, 'health', { id: '1', name: 'health' })
  await publishStandard(hub, tester, shopDocument({ ...authorities, name: 'health' }, '1.1.0'))
  await remerge(hub, tester, 'shop')
  t.match(await readRecord(hub.store.read, 'shop', '1'), { adapter: 'archives/shops', delivery: first })
  await revertDelivery(hub, { delivery, by: tester })
  t.match(await shopOf(hub, '1'), { name: 'archives' })
  await revertDelivery(hub, { delivery: first, by: tester })
  t.equal(await shopOf(hub, '1'), undefined)
})

t.test('contributions of two majors are not merged: the higher stands until it is withdrawn, in any order', async t => {
  const text = { type: 'string', maxLength: 40 }
  for (const order of [
    ['archives', 'health'],
    ['health', 'archives'],
  ]) {
    const hub = await openShops(t)
    await say(hub, 'archives', { id: 'before', name: 'archives' })
    const first = shopDocument()
    const { note: _, ...properties } = first.properties as Record<string, object>
    await publishStandard(hub, tester, {
      ...first,
      $id: first.$id.replace('v1', 'v2'),
      standard: { ...first.standard, version: '2.0.0' },
      properties: { ...properties, remark: { ...text, titles: first.standard.titles, level: 'L1' } },
      conversion: {
        to: 1,
        fields: {
          id: { from: 'id' }, name: { from: 'name' }, area: { from: 'area' }, secret: { from: 'secret' },
          people: { each: 'people', fields: { name: { from: 'name' }, number: { from: 'number' } } },
        },
      }, // prettier-ignore
    } as typeof first)
    const second = shopAdapter('health', { standard: { id: 'shop', major: 2 } }) as { adapter: object; fields: object }
    const { note: __, ...fields } = second.fields as Record<string, unknown>
    await publishAdapter(hub, tester, {
      ...second,
      adapter: { ...second.adapter, version: '2.0.0' },
      fields: { ...fields, remark: { from: 'note' } },
    })
    for (const department of order) {
      await say(hub, department, { id: '1', name: department, note: department, secret: department })
    }
    t.same(await shopOf(hub, '1'), { id: '1', name: 'health', remark: 'health', secret: 'health' })
    t.equal(await versionOf(hub, '1'), '2.0.0')
    t.same(await listDiscrepancies(hub.store.read, { limit: 10 }), [], 'what is kept aside differs in nothing')

    await say(hub, 'archives', { id: '1', name: 'archives', note: 'anew', secret: 'archives' })
    t.match(await shopOf(hub, '1'), { name: 'health' }, 'the lower may be said anew')
    const { delivery } = await say(hub, 'health', { id: '1', gone: 'yes' })
    t.same(await shopOf(hub, '1'), { id: '1', name: 'archives', note: 'anew', secret: 'archives' })
    t.equal(await versionOf(hub, '1'), '1.0.0')
    await revertDelivery(hub, { delivery, by: tester })
    t.same(await shopOf(hub, '1'), { id: '1', name: 'health', remark: 'health', secret: 'health' }, 'back, as it was')
    t.equal(await versionOf(hub, '1'), '2.0.0')

    await say(hub, 'health', { id: 'before' })
    t.same([await shopOf(hub, 'before'), await versionOf(hub, 'before')], [{ id: 'before' }, '2.0.0'])
  }
})

t.test('what names nobody as its authority is refused, with the place', async t => {
  const hub = await openShops(t)
  await t.rejects(publishStandard(hub, tester, shopDocument({ name: 'nobody', '': 'none' }, '1.1.0')), {
    code: 'department-unknown',
    issues: [{ pointer: '/standard/authority' }, { pointer: '/properties/name/authority' }],
  })
})
