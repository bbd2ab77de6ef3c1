import t from 'tap'
import { readdirSync, readFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { deliver } from '../../src/exchange/deliver.ts'
import { DeliveryFailure } from '../../src/exchange/delivery-request.ts'
import { deliverOnce } from '../../src/exchange/idempotency.ts'
import { revertDelivery } from '../../src/exchange/revert.ts'
import type { Entry } from '../../src/log/entry.ts'
import { readDelivery } from '../../src/store/deliveries.ts'
import { listRejects, readReject } from '../../src/store/quarantine.ts'
import { chunks, fixture, openStarterHub, tester, type TestHub } from '../helper.ts'
import { premisesXml } from './premises.ts'

const adapter = 'food-standards-agency/premises'
const standard = 'food-premises-inspection'

const say = (hub: TestHub, xml: string) => deliver(hub, { adapter, body: chunks(xml), by: tester })

const keys = async (hub: TestHub): Promise<string[]> => {
  const rows = await hub.store.read.all<{ record_key: string }>(
    'SELECT record_key FROM records WHERE standard = ? AND withdrawn = 0 ORDER BY record_key',
    [standard],
  )
  return rows.map(row => row.record_key)
}

t.test('a delivery accounts for every source record, and the same again changes nothing', async t => {
  const hub = await openStarterHub(t)
  const xml = premisesXml({ count: 20, deviations: { 7: 'bad' } })
  t.match(await say(hub, xml), { accepted: 19, unchanged: 0, withdrawn: 0, rejected: 1 })
  const before = await contents(hub)
  t.match(await say(hub, xml), { accepted: 0, unchanged: 19, withdrawn: 0, rejected: 1 })
  t.same(await contents(hub), before)
})

t.test('a snapshot withdraws what it lacks, and a later one brings it back', async t => {
  const hub = await openStarterHub(t)
  await say(hub, premisesXml({ count: 5 }))
  t.match(await say(hub, premisesXml({ count: 5, deviations: { 2: 'missing' } })), { unchanged: 4, withdrawn: 1 })
  t.same(await keys(hub), ['901~11', '901~13', '901~14', '901~15'])
  t.match(await say(hub, premisesXml({ count: 5 })), { accepted: 1, unchanged: 4, withdrawn: 0 })
})

t.test('a snapshot speaks of its own scope only', async t => {
  const hub = await openStarterHub(t)
  await say(hub, premisesXml({ count: 3, authority: '901' }))
  t.match(await say(hub, premisesXml({ count: 2, authority: '902' })), { accepted: 2, withdrawn: 0 })
  t.equal((await keys(hub)).length, 5)
})

t.test('a record that is there but rejected is not missing', async t => {
  const hub = await openStarterHub(t)
  await say(hub, premisesXml({ count: 3 }))
  t.match(await say(hub, premisesXml({ count: 3, deviations: { 2: 'bad' } })), {
    unchanged: 2,
    rejected: 1,
    withdrawn: 0,
  })
  t.equal((await keys(hub)).length, 3)
})

t.test('an input that ends early keeps what was good, withdraws nothing and says where it ended', async t => {
  const hub = await openStarterHub(t)
  await say(hub, premisesXml({ count: 9 }))
  const failure = await say(hub, premisesXml({ count: 9, breakAfter: 4, deviations: { 3: 'changed' } })).catch(
    (error: unknown) => error,
  )
  if (!(failure instanceof DeliveryFailure)) return t.fail('it fails')
  t.match(failure, { code: 'input-malformed', receipt: { accepted: 1, unchanged: 3, withdrawn: 0 } })
  t.equal((await keys(hub)).length, 9)
  t.match(await readDelivery(hub.store.read, failure.receipt.delivery), {
    state: 'failed',
    problem: 'input-malformed',
    accepted: 1,
  })
  t.match(await say(hub, premisesXml({ count: 9 })), { accepted: 1, unchanged: 8 }, 'the lease was given back')
})

t.test('a snapshot with a record whose key cannot be read withdraws nothing', async t => {
  const hub = await openStarterHub(t)
  await say(hub, premisesXml({ count: 3 }))
  const xml = premisesXml({ count: 3, deviations: { 2: 'missing' } }).replace('<FHRSID>3</FHRSID>', '')
  t.match(await say(hub, xml), { unchanged: 1, rejected: 1, withdrawn: 0 })
})

t.test('rejects wait in quarantine once, sealed, with reasons; a later acceptance closes them', async t => {
  const hub = await openStarterHub(t)
  const bad = premisesXml({ count: 2, deviations: { 1: 'bad' } })
  await say(hub, bad)
  await say(hub, bad)
  const [reject, ...others] = await listRejects(hub.store.read, { adapter, limit: 10 })
  t.same(others, [])
  t.match(reject, { state: 'open', issues: [{ pointer: /^\/inspections|^\/rating/, source: /RatingValue|RatingKey/ }] })
  t.notMatch(JSON.stringify(reject), /Excellent/, 'a reason holds no value')
  t.notMatch(JSON.stringify(await hub.store.read.all('SELECT * FROM quarantine')), /Excellent/, 'the source is sealed')
  t.match(await readReject(hub.store.read, hub.keys.master, reject?.id ?? ''), /Excellent/)
  await say(hub, premisesXml({ count: 2 }))
  t.match(await listRejects(hub.store.read, { adapter, limit: 10 }), [{ state: 'closed' }])
})

t.test('a reject keeps the key by which it is known now: what is there is never withdrawn', async t => {
  const hub = await openStarterHub(t)
  await say(hub, premisesXml({ count: 3 }))
  const bad = premisesXml({ count: 3, deviations: { 2: 'bad' } })
  await say(hub, bad)
  // As if an earlier version of the adapter could not read the key.
  await hub.store.transact(tx => tx.run('UPDATE quarantine SET record_key = NULL'))
  t.match(await say(hub, bad), { unchanged: 2, withdrawn: 0, rejected: 1 })
  t.equal((await keys(hub)).length, 3)
})

t.test('a snapshot in which no record was met withdraws nothing', async t => {
  const hub = await openStarterHub(t)
  const list = (text: string) => deliver(hub, { adapter: 'twse/companies', body: chunks(text), by: tester })
  const { accepted } = await list(readFileSync(fixture('twse/companies/companies.json'), 'utf8'))
  t.ok(accepted > 0)
  t.match(await list('[]'), { accepted: 0, withdrawn: 0 })
})

t.test('two records under one key: the same is taken once, a differing one is rejected', async t => {
  const hub = await openStarterHub(t)
  const [first, changed] = [premisesXml({ count: 1 }), premisesXml({ count: 1, deviations: { 1: 'changed' } })]
  const detail = (xml: string): string => /<EstablishmentDetail>.*<\/EstablishmentDetail>/.exec(xml)?.[0] ?? ''
  const xml = first.replace(detail(first), detail(first) + detail(first) + detail(changed))
  t.match(await say(hub, xml), { accepted: 1, unchanged: 1, rejected: 1 })
  t.match(await listRejects(hub.store.read, { adapter, limit: 10 }), [{ issues: [{ code: 'key-duplicate' }] }])
})

t.test('one delivery of an adapter at a time; one that lost its lease keeps nothing more', async t => {
  const hub = await openStarterHub(t)
  const xml = premisesXml({ count: 4 })
  let release = (): void => {}
  const gate = new Promise<void>(resolve => (release = resolve))
  async function* slow(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(xml.slice(0, 900))
    await gate
    yield Buffer.from(xml.slice(900))
  }
  const first = deliver(hub, { adapter, body: slow(), by: tester })
  await until(async () => (await hub.store.read.get(`SELECT 1 FROM deliveries WHERE state = 'running'`)) !== undefined)
  await t.rejects(say(hub, xml), { code: 'delivery-busy' })
  await hub.store.transact(tx => tx.run('UPDATE leases SET expires_at = 0'))
  t.match(await say(hub, xml), { accepted: 4 })
  release()
  await t.rejects(first, { code: 'delivery-superseded' })
  t.match(await entriesOf(hub, 'deliver'), [
    { outcome: 'failed', problem: 'delivery-superseded' },
    { outcome: 'done', count: 4 },
  ])
})

t.test('an idempotency key gives the first receipt back, and refuses another input', async t => {
  const hub = await openStarterHub(t)
  const once = (xml: string, idempotencyKey = 'k') =>
    deliverOnce(hub, { adapter, body: chunks(xml), by: tester }, { client: 'c', idempotencyKey })
  const first = await once(premisesXml({ count: 2 }))
  t.same(await once(premisesXml({ count: 2 })), first)
  await t.rejects(once(premisesXml({ count: 3 })), { code: 'idempotency-key-reused' })
  t.match(await once(premisesXml({ count: 3 }), 'l'), { accepted: 1, unchanged: 2 })
})

t.test('an idempotency key whose delivery was reverted delivers again', async t => {
  const hub = await openStarterHub(t)
  const once = () =>
    deliverOnce(
      hub,
      { adapter, body: chunks(premisesXml({ count: 2 })), by: tester },
      { client: 'c', idempotencyKey: 'k' },
    )
  const { delivery } = await once()
  await revertDelivery(hub, { delivery, by: tester })
  const second = await once()
  t.match(second, { accepted: 2 })
  t.equal((await keys(hub)).length, 2)
  t.same(await once(), second)
})

t.test('every delivery is an entry, with its counts and who did it', async t => {
  const hub = await openStarterHub(t)
  const receipt = await say(hub, premisesXml({ count: 2 }))
  const { delivery, ...counts } = receipt
  t.match(await entriesOf(hub, 'deliver'), [
    {
      actor: { kind: 'operator', id: 'tester' },
      standard,
      outcome: 'done',
      count: 2,
      detail: { adapter, delivery, ...counts },
    },
  ])
})

const shared = new URL('../../../shared/data/', import.meta.url).pathname
const skip = existsSync(shared) ? false : 'the real data is not beside the project'

t.test(
  'the real ratings of twelve authorities: all accounted for, 99 % accepted, each snapshot leaves the others alone',
  { skip },
  async t => {
    const hub = await openStarterHub(t)
    const folder = join(shared, 'food-fhrs')
    let total = 0
    let accepted = 0
    for (const file of readdirSync(folder).filter(name => name.endsWith('.xml'))) {
      const xml = readFileSync(join(folder, file))
      const items = Number(/<ItemCount>(\d+)</.exec(xml.toString('utf8'))?.[1])
      const receipt = await deliver(hub, { adapter, body: chunks(xml), by: tester })
      t.equal(receipt.accepted + receipt.rejected, items, `${file} holds ${items}`)
      t.match(receipt, { unchanged: 0, withdrawn: 0 })
      total += items
      accepted += receipt.accepted
    }
    t.equal(total, 8280)
    t.ok(accepted >= 0.99 * total, `${accepted} accepted`)
    const again = await deliver(hub, {
      adapter,
      body: chunks(readFileSync(join(folder, 'FHRS529en-GB.xml'))),
      by: tester,
    })
    t.match(again, { accepted: 0, withdrawn: 0 })
  },
)

t.test(
  'the real list of the Taiwan Stock Exchange: all accounted for, 99 % accepted, unchanged when it comes again',
  { skip },
  async t => {
    const hub = await openStarterHub(t)
    const file = readFileSync(join(shared, 'listed-tw/twse_t187ap03_L.json'))
    const list = () => deliver(hub, { adapter: 'twse/companies', body: chunks(file), by: tester })
    const first = await list()
    t.equal(first.accepted + first.rejected, 1089)
    t.ok(first.accepted >= 0.99 * 1089, `${first.accepted} accepted`)
    t.match(await list(), { accepted: 0, unchanged: first.accepted, withdrawn: 0, rejected: first.rejected })
  },
)

/** Everything that deliveries make, save when and by which delivery. */
async function contents(hub: TestHub): Promise<unknown> {
  return {
    revisions: await hub.store.read.all(
      'SELECT standard, seq, record_key, revision, body, digest FROM revisions ORDER BY seq',
    ),
    quarantine: await hub.store.read.all(
      'SELECT fingerprint, record_key, state, issues FROM quarantine ORDER BY fingerprint',
    ),
  }
}

async function entriesOf(hub: TestHub, operation: string): Promise<Entry[]> {
  const entries = await hub.log.entries({ from: 0, limit: 1000 })
  return entries.map(({ entry }) => JSON.parse(entry) as Entry).filter(entry => entry.operation === operation)
}

/** Waits for an event: up to ten seconds, far more than it takes. */
async function until(happened: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 1000 && !(await happened()); turn++) await new Promise(resolve => setTimeout(resolve, 10))
}
