import t, { type Test } from 'tap'
import type { RowFilter } from '../../src/agreement/agreement.ts'
import { createAgreement } from '../../src/exchange/agreements.ts'
import { revokeAgreement } from '../../src/exchange/agreement-acts.ts'
import { exportFormats } from '../../src/exchange/export-writer.ts'
import { exportRecords } from '../../src/exchange/export.ts'
import type { Entry } from '../../src/log/entry.ts'
import { recordPseudonym } from '../../src/seal/pseudonym.ts'
import { openTestHub, tester, type TestHub } from '../helper.ts'
import { callFor, Consumer, exportText, follow, type Served } from './consumer.ts'
import { deliverThings, publishThings, type Thing } from './things.ts'

async function openThings(t: Test): Promise<TestHub> {
  const hub = await openTestHub(t)
  await publishThings(hub)
  return hub
}

function grant(hub: TestHub, fields: readonly string[], more: { rows?: RowFilter; dailyQuota?: number } = {}) {
  return createAgreement(hub, tester, {
    department: 'archives',
    standard: 'thing',
    major: 1,
    fields,
    operations: ['export', 'changes'],
    matters: ['m'],
    ...more,
    from: new Date(0),
    until: new Date('2100-01-01'),
  })
}

const call = callFor('archives', 'thing', 'm')

const many = (count: number, more: Partial<Thing> = {}): Thing[] =>
  Array.from({ length: count }, (_, index) => ({ id: `k${String(index).padStart(5, '0')}`, ...more }))

const entriesOf = async (hub: TestHub): Promise<Entry[]> =>
  (await hub.log.entries({ from: 0, limit: 10_000 }))
    .map(({ entry }) => JSON.parse(entry) as Entry)
    .filter(({ operation }) => operation === 'export')

t.test(
  'an export holds everything that is granted, once, in the order of the keys, and ends with a cursor',
  async t => {
    const hub = await openThings(t)
    await grant(hub, ['id', 'note'], { rows: { name: ['x', 'z'] } })
    await deliverThings(hub, 'data-bureau/input', many(2500, { name: 'x', note: 'n' }))
    await deliverThings(hub, 'data-bureau/input', [
      { id: 'k00007', name: 'y' },
      { id: 'k00008', gone: 'yes' },
      { id: 'k00009', name: 'z', note: 'm' },
    ])
    const lines = (await exportText(hub, call)).split('\n')
    t.equal(lines.pop(), '', 'every line ends')
    t.match(JSON.parse(lines.pop() as string), { cursor: String })
    const keys = lines.map(line => (JSON.parse(line) as Served).key)
    t.same(
      keys,
      many(2500)
        .map(({ id }) => id)
        .filter(id => id !== 'k00007' && id !== 'k00008'),
    )
    t.match(JSON.parse(lines[7] as string), {
      key: 'k00009',
      data: { id: 'k00009', note: 'm' },
      withheld: ['name', 'secret'],
    })
  },
)

t.test('each page has its entries before it is given; they name every record, and are numbered through', async t => {
  const hub = await openThings(t)
  await grant(hub, ['id', 'note'])
  await deliverThings(hub, 'data-bureau/input', many(2500))
  const { entry, chunks } = await exportRecords(hub, call, { writerOf: exportFormats.ndjson.writerOf })
  let given = 0
  for await (const chunk of chunks) {
    given += String(chunk).match(/"key"/g)?.length ?? 0
    const entered = (await entriesOf(hub)).reduce((sum, { count }) => sum + count, 0)
    t.ok(entered >= given, `${given} given, ${entered} entered`)
    t.ok(entered <= given + 500, 'and no more than the next page')
  }
  const entries = await entriesOf(hub)
  t.same(
    entries.map(({ part }) => part),
    entries.map((_, index) => index + 1),
  )
  t.equal(entries.length, 5)
  const named = entries.flatMap(({ records = [] }) => records)
  t.same(
    named,
    many(2500).map(({ id }) => recordPseudonym(hub.keys.pseudonym, 'thing', id)),
  )
  const [first] = await hub.log.entries({ from: entry, limit: 1 })
  t.match(JSON.parse(first?.entry ?? ''), { operation: 'export', part: 1, matter: 'm', fields: ['id', 'note'] })
})

t.test('an export of nothing is an entry, and has a cursor to go on from', async t => {
  const hub = await openThings(t)
  await grant(hub, ['id'])
  const consumer = new Consumer()
  consumer.begin(await exportText(hub, call))
  t.match(await entriesOf(hub), [{ outcome: 'disclosed', count: 0 }])
  await deliverThings(hub, 'data-bureau/input', [{ id: '1' }])
  await follow(hub, call, consumer)
  t.same(consumer.state, [['1', { id: '1' }]])
})

t.test('what changes while an export goes on is sent by its cursor', async t => {
  const hub = await openThings(t)
  await grant(hub, ['id', 'note'])
  await deliverThings(hub, 'data-bureau/input', many(2500, { note: 'n' }))
  const { chunks } = await exportRecords(hub, call, { writerOf: exportFormats.ndjson.writerOf })
  let whole = ''
  for await (const chunk of chunks) {
    if (chunk.length > 0 && whole === '') {
      // Behind the first page: a record that has been given, and others that have not.
      await deliverThings(hub, 'data-bureau/input', [
        { id: 'k00000', note: 'later' },
        { id: 'k00001', gone: 'yes' },
        { id: 'k02400', note: 'later' },
        { id: 'k02401', gone: 'yes' },
        { id: 'a', note: 'new' },
        { id: 'z', note: 'new' },
      ])
    }
    whole += String(chunk)
  }
  const consumer = new Consumer()
  consumer.begin(whole)
  await follow(hub, call, consumer)
  const late = new Consumer()
  late.begin(await exportText(hub, call))
  t.same(consumer.state, late.state)
  t.equal(consumer.state.length, 2500)
})

t.test('an export stops where its rights end: what came is not whole, and the refusal is an entry', async t => {
  const cases: Record<string, { end: (hub: TestHub, id: string) => Promise<unknown>; code: string }> = {
    'the agreement is revoked': { end: (hub, id) => revokeAgreement(hub, tester, id), code: 'agreement-missing' },
    'its term ends': { end: async hub => hub.pass(80 * 365 * 86_400_000), code: 'agreement-missing' },
    'another one has taken its place': {
      async end(hub, id) {
        await revokeAgreement(hub, tester, id)
        await grant(hub, ['id'])
      },
      code: 'cursor-expired',
    },
  }
  for (const [why, { end, code }] of Object.entries(cases)) {
    const hub = await openThings(t)
    const { id } = await grant(hub, ['id', 'note'])
    await deliverThings(hub, 'data-bureau/input', many(2500))
    const { chunks } = await exportRecords(hub, call, { writerOf: exportFormats.ndjson.writerOf })
    const given: string[] = []
    const taken = (async () => {
      for await (const chunk of chunks) {
        given.push(String(chunk))
        if (given.length === 2) await end(hub, id)
      }
    })()
    await t.rejects(taken, { code }, why)
    t.equal(given.join('').trim().split('\n').length, 500, 'the first page came')
    t.match((await entriesOf(hub)).at(-1), { outcome: 'refused', problem: code })
  }
})

t.test('an export that takes the daily quota to its last record is whole', async t => {
  const hub = await openThings(t)
  await grant(hub, ['id'], { dailyQuota: 1000 })
  await deliverThings(hub, 'data-bureau/input', many(1000))
  const lines = (await exportText(hub, call)).trimEnd().split('\n')
  t.equal(lines.length, 1001)
  t.match(JSON.parse(lines.at(-1) as string), { cursor: String })
})

t.test('an export that goes beyond the daily quota stops before the page that would', async t => {
  const hub = await openThings(t)
  await grant(hub, ['id'], { dailyQuota: 1700 })
  await deliverThings(hub, 'data-bureau/input', many(2500))
  await t.rejects(exportText(hub, call), { code: 'quota-exceeded' })
  const disclosed = (await entriesOf(hub)).filter(({ outcome }) => outcome === 'disclosed')
  t.equal(
    disclosed.reduce((sum, { count }) => sum + count, 0),
    1500,
  )
})
