/** An adapter that moves to a new major, and records that say the same in both. */
import t from 'tap'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import { revertDelivery } from '../../src/exchange/revert.ts'
import type { StandardDocument } from '../../src/standard.ts'
import { readRecord } from '../../src/store/records.ts'
import { openTestHub, tester } from '../helper.ts'
import { publishShops, say, shopAdapter, shopDocument } from './voices.ts'

const first = shopDocument()
const second = {
  ...first,
  $id: first.$id.replace('v1', 'v2'),
  standard: { ...first.standard, version: '2.0.0' },
  properties: {
    ...first.properties,
    note: { ...first.properties?.['note'], maxLength: 10 },
  },
  conversion: {
    to: 1,
    fields: {
      id: { from: 'id' }, name: { from: 'name' }, note: { from: 'note' }, area: { from: 'area' }, secret: { from: 'secret' },
      people: { each: 'people', fields: { name: { from: 'name' }, number: { from: 'number' } } },
    },
  }, // prettier-ignore
} as StandardDocument

t.test('the same input by an adapter of a new major makes revisions of it; once more, and it is unchanged', async t => {
  const hub = await openTestHub(t)
  await publishShops(hub)
  const versions = () =>
    Promise.all(['1', '2', '3'].map(async id => (await readRecord(hub.store.read, 'shop', id))?.version))
  const input = ['1', '2', '3'].map(id => ({ id, name: 'n', secret: `s${id}` }))
  await say(hub, 'health', ...input)
  await say(hub, 'archives', { id: '2', name: 'a' })
  // As it was kept before versions were noted of contributions that stand alone.
  await hub.store.transact(tx => tx.run(`UPDATE contributions SET version = NULL WHERE record_key = '3'`))
  t.match(await say(hub, 'health', ...input.slice(0, 2)), { accepted: 0, unchanged: 2 })
  await publishStandard(hub, tester, second)
  const adapter = shopAdapter('health', { standard: { id: 'shop', major: 2 } }) as { adapter: object }
  await publishAdapter(hub, tester, { ...adapter, adapter: { ...adapter.adapter, version: '2.0.0' } })
  const moved = await say(hub, 'health', ...input)
  t.match(moved, { accepted: 3, unchanged: 0 })
  t.same(await versions(), ['2.0.0', '2.0.0', '2.0.0'])
  t.match(await say(hub, 'health', ...input), { accepted: 0, unchanged: 3 }, 'the same input once more')

  const snapshot = {
    ...adapter,
    adapter: { ...adapter.adapter, version: '2.0.1' },
    mode: 'snapshot',
    withdraw: undefined,
  }
  const { withdraw: _, ...plain } = snapshot
  await publishAdapter(hub, tester, plain)
  t.match(await say(hub, 'health', ...input.slice(0, 1)), { accepted: 0, unchanged: 1, withdrawn: 2 })
  t.same(
    await versions(),
    ['2.0.0', '1.0.0', undefined],
    'of what the other department says it is the first major again',
  )
})

t.test('reverting the delivery that moved them brings the old major back', async t => {
  const hub = await openTestHub(t)
  await publishShops(hub)
  await say(hub, 'health', { id: '1', name: 'n' })
  await publishStandard(hub, tester, second)
  const adapter = shopAdapter('health', { standard: { id: 'shop', major: 2 } }) as { adapter: object }
  await publishAdapter(hub, tester, { ...adapter, adapter: { ...adapter.adapter, version: '2.0.0' } })
  const { delivery } = await say(hub, 'health', { id: '1', name: 'n' })
  await revertDelivery(hub, { delivery, by: tester })
  t.equal((await readRecord(hub.store.read, 'shop', '1'))?.version, '1.0.0')
})
