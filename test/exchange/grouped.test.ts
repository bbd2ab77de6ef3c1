import t from 'tap'
import { join } from 'node:path'
import { deliver } from '../../src/exchange/deliver.ts'
import { home, publishFiles } from '../../src/exchange/documents.ts'
import { batches, sourceRecords } from '../../src/exchange/grouped.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { defaultLimits } from '../../src/parse/limits.ts'
import type { SourceRecord, UnreadableRecord } from '../../src/record.ts'
import { readDelivery } from '../../src/store/deliveries.ts'
import { chunks, openTestHub, tester } from '../helper.ts'
import { deliverThings, publishThings, thingAdapter, thingsOf } from './things.ts'

type Item = SourceRecord | UnreadableRecord
const source = { format: 'ndjson', records: '' } as const

t.test('an input is parsed, and grouped where the adapter says so', async t => {
  const rows = [{ id: 'a' }, { id: 'b' }, { id: 'a' }]
  const nodes = async (group: { readonly by: readonly string[] } | undefined): Promise<unknown> => {
    const found: unknown[] = []
    for await (const items of sourceRecords(
      ndjson(rows),
      { source, context: [], admits: undefined, group },
      defaultLimits,
    )) {
      found.push(...items.map(item => ('node' in item ? item.node : item.unreadable)))
    }
    return JSON.parse(JSON.stringify(found))
  }
  t.same(await nodes(undefined), rows)
  t.same(await nodes({ by: ['id'] }), [
    { id: 'a', rows: [{ id: 'a' }, { id: 'a' }] },
    { id: 'b', rows: [{ id: 'b' }] },
  ])
})

t.test(
  'batches have so many items, or fewer where they are large; what came before an error comes before it',
  async t => {
    const sizes = async (lengths: readonly number[], error?: Error): Promise<(number | string)[]> => {
      const found: (number | string)[] = []
      try {
        for await (const batch of batches(itemsOf(lengths, error), 3)) found.push(batch.length)
      } catch (thrown) {
        found.push(String(thrown))
      }
      return found
    }
    const mib = 1024 * 1024
    t.same(await sizes([1, 1, 1, 1, 1, 1, 1]), [3, 3, 1])
    t.same(await sizes([]), [])
    t.same(await sizes([9 * mib, 9 * mib, 1, 1, 1]), [2, 3])
    t.same(await sizes([1, 1, 1, 1], new Error('refused')), [3, 1, 'Error: refused'])
  },
)

t.test('rows that are delivered in any order become the same records', async t => {
  const hub = await openTestHub(t)
  const needed = ['departments.json', 'code-lists', 'standards/social-insurance-registration']
  await publishFiles(hub, tester, needed.map(path => join(home, 'schemas', path))) // prettier-ignore
  const titles = { 'zh-CN': '测试', en: 'Test' }
  await publishAdapter(hub, tester, {
    adapter: { department: 'social-security', name: 'test-registrations', version: '1.0.0', titles },
    standard: { id: 'social-insurance-registration', major: 1 },
    source,
    group: { by: ['unit', 'insurance'], as: 'months' },
    mode: 'snapshot',
    fields: {
      unitNumber: { from: 'unit' },
      unifiedSocialCreditCode: { from: 'code' },
      name: { from: 'name' },
      insuranceType: { from: 'insurance' },
      registeredOn: { value: '2020-01-01' },
      insuredCount: { countDistinct: 'months/person' },
      paymentStatus: { value: 'normal' },
      period: { max: 'months/month' },
    },
  })
  const firm = { unit: 'U1', code: '91331199MAXT000111', name: 'Sample Trading' }
  const rows = ['110', '210'].flatMap(insurance =>
    ['A', 'B', 'C'].flatMap(person => ['2026-01', '2026-02'].map(month => ({ ...firm, insurance, person, month }))),
  )
  const say = (lines: readonly object[]) =>
    deliver(hub, { adapter: 'social-security/test-registrations', body: ndjson(lines), by: tester })
  t.match(await say(rows), { accepted: 2, rejected: 0 })
  t.match(await say(rows.toReversed()), { accepted: 0, unchanged: 2 })
  const stored = await hub.store.read.all<{ body: string }>('SELECT body FROM revisions ORDER BY record_key')
  t.match(stored.map(({ body }) => JSON.parse(body) as unknown), [
    { insuranceType: '110', insuredCount: 3, period: '2026-02' },
    { insuranceType: '210', insuredCount: 3, period: '2026-02' },
  ]) // prettier-ignore
  const disagreeing = rows.map((row, at) => (at === 0 ? { ...row, name: 'Sample Traders' } : row))
  t.match(
    await say(disagreeing),
    { unchanged: 1, rejected: 1, withdrawn: 0 },
    'the first name is not taken for the only one',
  )
})

function ndjson(lines: readonly object[]): AsyncIterable<Uint8Array> {
  return chunks(lines.map(line => JSON.stringify(line)).join('\n'))
}

async function* itemsOf(lengths: readonly number[], error: Error | undefined): AsyncGenerator<Item[]> {
  for (const [index, length] of lengths.entries()) {
    yield [{ node: { text: 'x'.repeat(length) }, position: { ordinal: index + 1, line: 1, column: 1 }, context: {} }]
  }
  if (error !== undefined) throw error
}

t.test(
  'rows that do not count are passed over: no rejects, and a snapshot withdraws what it lacks all the same',
  async t => {
    const hub = await openTestHub(t)
    await publishThings(hub)
    const where = { not: { path: 'id', is: ['Total', ''] } }
    const adapter = { department: 'archives', name: 'list', version: '1.1.0', titles: { 'zh-CN': '测试', en: 'Test' } }
    await publishAdapter(hub, tester, thingAdapter('archives', 'list', { adapter, source: { ...source, where } }))
    const give = async (...ids: string[]) => {
      const receipt = await deliverThings(
        hub,
        'archives/list',
        ids.map(id => ({ id, name: 'n' })),
      )
      return { ...receipt, ...(await readDelivery(hub.store.read, receipt.delivery)) }
    }
    t.match(await give('a', 'b', 'Total'), { accepted: 2, rejected: 0, passedOver: 1 })
    t.match(await give('b', 'Total', ''), { unchanged: 1, withdrawn: 1, rejected: 0, passedOver: 2 })
    t.match(await give('Total'), { withdrawn: 0, passedOver: 1 }, 'where nothing counts, nothing is said to be gone')
    t.same(Object.keys(await thingsOf(hub)), ['b'])
  },
)
