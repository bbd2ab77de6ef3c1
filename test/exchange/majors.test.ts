import t, { type Test } from 'tap'
import { approveAgreement } from '../../src/exchange/agreement-acts.ts'
import { requestAgreement } from '../../src/exchange/agreements.ts'
import { discloseRecord } from '../../src/exchange/disclose.ts'
import { checkConverted } from '../../src/exchange/check-converted.ts'
import { explainAgreement } from '../../src/exchange/explain.ts'
import { listAgreements, showAgreement } from '../../src/exchange/find-agreement.ts'
import type { By } from '../../src/exchange/hub.ts'
import { deprecateMajor, restoreMajor, retireMajor, showMajor, tryDeprecation } from '../../src/exchange/majors.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { readUses, usesOf } from '../../src/exchange/uses.ts'
import type { Entry } from '../../src/log/entry.ts'
import { readHead } from '../../src/store/heads.ts'
import { readNotices } from '../../src/store/notices.ts'
import { folder, openTestHub, tester, type TestHub } from '../helper.ts'
import { callFor } from './consumer.ts'
import { deprecateThing, grantThing, moveAdapters, publishThing2, thing1 } from './thing-majors.ts'
import { deliverThings, publishThings, thingAdapter } from './things.ts'

const dayMs = 86_400_000
const steward: By = { actor: { kind: 'user', id: 'owner' }, department: 'data-bureau', request: 'r' }

async function openThings(t: Test, directory = folder(t)): Promise<TestHub> {
  const hub = await openTestHub(t, directory)
  await publishThings(hub)
  return hub
}

const callOf = (matter = 'm') => callFor('archives', 'thing', matter)

const read = (hub: TestHub, matter = 'm') => discloseRecord(hub, callOf(matter), { key: '1', knownTags: [] })

async function entriesOf(hub: TestHub): Promise<Entry[]> {
  const entries = await hub.log.entries({ from: 0, limit: await hub.log.size() })
  return entries.map(({ entry }) => JSON.parse(entry) as Entry)
}

const lastEntry = async (hub: TestHub): Promise<Entry | undefined> => (await entriesOf(hub)).at(-1)

const noticesOf = (hub: TestHub) => readNotices(hub.store.read, 'thing', { after: 0, upTo: 1e9 })

t.test(
  'uses are the agreements that are not over, the adapters in use, and the calls of 30 days by department',
  async t => {
    const hub = await openThings(t)
    await deliverThings(hub, 'data-bureau/input', [{ id: '1', name: 'x' }])
    await grantThing(hub, 'now')
    await grantThing(hub, 'past', { matters: ['past'], until: new Date('2026-01-01') })
    await grantThing(hub, 'other', { matters: ['other'], until: new Date('2026-04-01') })
    await read(hub)
    hub.pass(2 * dayMs)
    await read(hub, 'other')
    await read(hub)
    await t.rejects(
      read(hub, 'none'),
      { code: 'agreement-missing' },
      'a call that comes to no agreement is no use of a major',
    )
    const resolving = thingAdapter('archives', 'plain', {
      standard: { id: 'thing', major: 1 },
      fields: {
        id: { from: 'id' },
        note: { resolve: { standard: 'thing', major: 1, key: { from: 'id' }, field: 'name', matter: 'm' } },
      },
    }) as { adapter: object }
    await publishAdapter(hub, tester, { ...resolving, adapter: { ...resolving.adapter, version: '1.1.0' } })

    const uses = await usesOf(hub, 'thing', 1)
    const until = '2100-01-01T00:00:00.000Z'
    t.match(uses, { standard: 'thing', major: 1, status: 'published', sunset: null, since: '2026-02-02' })
    t.strictSame(uses.agreements, [
      { id: 'now', department: 'archives', until, matters: ['m'], state: 'active' },
      { id: 'other', department: 'archives', until: '2026-04-01T00:00:00.000Z', matters: ['other'], state: 'active' },
    ])
    t.equal(uses.adapters.length, 10)
    const plain = { adapter: 'archives/plain', version: '1.1.0', delivers: true, resolves: true }
    t.strictSame(
      uses.adapters.filter(({ adapter, resolves }) => resolves || adapter === 'archives/plain'),
      [plain],
    )
    t.strictSame(uses.calls, [{ department: 'archives', calls: 3, records: 3, refusals: 0, lastDay: '2026-03-03' }])

    hub.pass(31 * dayMs)
    t.strictSame((await usesOf(hub, 'thing', 1)).calls, [], 'older calls are not counted')
    t.strictSame(
      (await usesOf(hub, 'thing', 1)).agreements.map(({ id }) => id),
      ['now'],
    )
  },
)

t.test('the digest of uses stands for who uses it, not for how often', async t => {
  const hub = await openThings(t)
  await deliverThings(hub, 'data-bureau/input', [{ id: '1', name: 'x' }])
  await grantThing(hub, 'a')
  await read(hub)
  const digests = [(await usesOf(hub, 'thing', 1)).digest]
  const isNew = async (): Promise<boolean> => {
    const { digest } = await usesOf(hub, 'thing', 1)
    const was = digests.includes(digest)
    digests.push(digest)
    return !was
  }
  await read(hub)
  t.notOk(await isNew(), 'a further call')
  await grantThing(hub, 'b', { matters: ['b'] })
  t.ok(await isNew(), 'a further agreement')
  const adapter = thingAdapter('archives', 'input') as { adapter: object }
  await publishAdapter(hub, tester, { ...adapter, adapter: { ...adapter.adapter, version: '1.0.1' } })
  t.ok(await isNew(), 'another version of an adapter')
  await deprecateThing(hub)
  t.ok(await isNew(), 'the major is deprecated')
  await deprecateThing(hub, '2026-07-01')
  t.ok(await isNew(), 'with another sunset')
})

t.test('the owner of the standard and who audits the hub look at uses, and nobody else; it is an entry', async t => {
  const hub = await openThings(t)
  const archives: By = { ...steward, department: 'archives' }
  const auditor: By = { actor: { kind: 'user', id: 'auditor' }, request: 'r' }
  await t.rejects(readUses(hub, archives, thing1, { isAll: false }), { code: 'owner-only' })
  await t.rejects(readUses(hub, steward, { standard: 'thing', major: 7 }, { isAll: false }), {
    code: 'standard-unknown',
  })
  for (const [by, isAll] of [
    [steward, false],
    [auditor, true],
  ] as const) {
    const { adapters } = await readUses(hub, by, thing1, { isAll })
    t.equal(adapters.length, 10)
    const filters = { standard: 'thing', major: 1 }
    t.match(await lastEntry(hub), {
      actor: by.actor,
      operation: 'audit',
      count: 10,
      detail: { act: 'read-uses', filters },
    })
  }
})

t.test('nobody deprecates without the uses as they are, on short notice, or for another department', async t => {
  const hub = await openThings(t)
  const asked = { ...thing1, sunset: new Date('2026-06-01'), reason: 'r' }
  const { digest } = await tryDeprecation(hub, steward, asked)
  t.match(await lastEntry(hub), { operation: 'audit', detail: { act: 'read-uses' } })
  await grantThing(hub, 'a')
  const refused: [why: string, by: By, changes: object, code: string][] = [
    ['no uses were confirmed', steward, { uses: undefined }, 'uses-changed'],
    ['those of before', steward, {}, 'uses-changed'],
    ['29 days ahead', steward, { sunset: new Date('2026-03-30T08:00:00Z') }, 'request-invalid'],
    ['a major that there is not', steward, { major: 2 }, 'standard-unknown'],
    ['another department', { ...steward, department: 'archives' }, {}, 'owner-only'],
    ['nobody’s user', { actor: steward.actor, request: 'r' }, {}, 'owner-only'],
  ]
  for (const [why, by, changes, code] of refused) {
    await t.rejects(deprecateMajor(hub, by, { ...asked, uses: digest, ...changes }), { code }, why)
  }
  t.match(await showMajor(hub, thing1), { status: 'published', deprecatedAt: null })
  t.same(await noticesOf(hub), [])
  const error = await deprecateMajor(hub, steward, { ...asked, uses: digest }).catch((thrown: unknown) => thrown)
  t.match(error, { members: { uses: { agreements: [{ id: 'a' }] } } }, 'the refusal shows the present ones')

  const soon = { ...asked, sunset: new Date('2026-03-31T08:00:00Z') }
  const { digest: uses } = await tryDeprecation(hub, steward, soon)
  t.match(await deprecateMajor(hub, steward, { ...soon, uses }), { status: 'deprecated' }, 'thirty days are enough')
})

t.test(
  'deprecated, its sunset changed, restored, deprecated again: each an entry, a notice and what the catalogue says',
  async t => {
    const hub = await openThings(t)
    await grantThing(hub, 'a')
    await publishThing2(hub)
    const since = hub.clock().toISOString()
    const first = await deprecateThing(hub, '2026-06-01', steward)
    t.strictSame(first, {
      ...thing1,
      status: 'deprecated',
      deprecatedAt: since,
      sunset: '2026-06-01T00:00:00.000Z',
      retiredAt: null,
      reason: 'Major 2 has colours.',
      successor: { major: 2, version: '2.0.0' },
    })
    const detail = { major: 1, sunset: '2026-06-01T00:00:00.000Z', agreements: 1, adapters: 10 }
    const entry = {
      actor: steward.actor,
      department: 'data-bureau',
      operation: 'deprecate',
      outcome: 'done',
      standard: 'thing',
    }
    t.match(await lastEntry(hub), { ...entry, detail })
    t.notOk(JSON.stringify(await entriesOf(hub)).includes('colours'), 'why stands in no entry')

    hub.pass(dayMs)
    t.match(await deprecateThing(hub, '2026-07-01'), { deprecatedAt: since, sunset: '2026-07-01T00:00:00.000Z' })
    t.match(await restoreMajor(hub, steward, thing1), {
      status: 'published',
      deprecatedAt: null,
      sunset: null,
      successor: null,
    })
    t.match(await lastEntry(hub), { ...entry, operation: 'restore', detail: { major: 1 } })
    await t.rejects(restoreMajor(hub, steward, thing1), { code: 'major-state' })
    await t.rejects(retireMajor(hub, steward, { ...thing1, reason: 'r' }), { code: 'major-state' })
    t.match(await deprecateThing(hub), { deprecatedAt: hub.clock().toISOString() }, 'it is deprecated since then')
    t.same(
      (await noticesOf(hub)).map(({ kind, version, sunset }) => [kind, version ?? sunset]),
      [
        ['published', '2.0.0'],
        ['deprecated', '2026-06-01T00:00:00.000Z'],
        ['deprecated', '2026-07-01T00:00:00.000Z'],
        ['restored', null],
        ['deprecated', '2026-06-01T00:00:00.000Z'],
      ],
    )
  },
)

t.test('what is in use is retired after its sunset only, what is not at once', async t => {
  const hub = await openThings(t)
  await publishThing2(hub)
  await grantThing(hub, 'a')
  await deprecateThing(hub)
  const retire = () => retireMajor(hub, steward, { ...thing1, reason: 'nobody is left' })
  await t.rejects(retire(), { code: 'major-state', message: /sunset is at 2026-06-01/ }, 'adapters and an agreement')
  await moveAdapters(hub)
  await t.rejects(retire(), { code: 'major-state' }, 'an agreement')
  hub.pass(Date.parse('2026-06-01') - hub.clock().getTime() - 1)
  await t.rejects(retire(), { code: 'major-state' }, 'a millisecond before')
  hub.pass(1)
  t.match(await retire(), { status: 'retired', retiredAt: '2026-06-01T00:00:00.000Z' })
  t.match(await lastEntry(hub), { operation: 'retire', detail: { major: 1, agreements: 1, adapters: 0 } })
  await t.rejects(retire(), { code: 'major-state' })
  await t.rejects(restoreMajor(hub, steward, thing1), { code: 'major-state' }, 'for good')
  await t.rejects(deprecateThing(hub, '2027-01-01'), { code: 'major-state' })

  const unused = await openThings(t)
  await publishThing2(unused)
  await moveAdapters(unused)
  await deprecateThing(unused)
  t.match(await retireMajor(unused, steward, { ...thing1, reason: 'nobody was there' }), { status: 'retired' })
})

t.test('records that stand in a major only are counted, and left behind by who says so', async t => {
  const hub = await openThings(t)
  await publishThing2(hub)
  await deliverThings(hub, 'data-bureau/input', [{ id: '1' }, { id: '2' }, { id: '3' }])
  const stands = async () => (await usesOf(hub, 'thing', 1)).records
  const before = await stands()
  t.equal(before, 3)
  await deprecateThing(hub)
  await moveAdapters(hub)
  await deliverThings(hub, 'data-bureau/input', [{ id: '1', name: 'n' }])
  t.equal(await stands(), before - 1, 'one has gone over')
  t.equal((await usesOf(hub, 'thing', 2)).records, 1)
  t.match(await checkConverted(hub, tester, { standard: 'thing' }), [
    { from: 2, to: 1, records: 1, onlyOlder: before - 1, unconvertible: 0 },
  ])
  const asked = { ...thing1, reason: 'over' }
  const message = new RegExp(`${before - 1} records stand in it only`)
  await t.rejects(retireMajor(hub, steward, asked), { code: 'major-state', message })
  await t.rejects(retireMajor(hub, steward, { ...asked, leaveRecords: false }), { code: 'major-state' })
  t.match(await retireMajor(hub, steward, { ...asked, leaveRecords: true }), { status: 'retired' })
  t.match(await lastEntry(hub), { operation: 'retire', detail: { major: 1, records: before - 1 } })
})

t.test(
  'a retired major serves nobody, takes no delivery and no agreement; who goes over to the next one goes on',
  async t => {
    const hub = await openThings(t)
    await publishThing2(hub)
    await deliverThings(hub, 'data-bureau/input', [{ id: '1', name: 'x' }])
    await grantThing(hub, 'old')
    await t.rejects(grantThing(hub, 'new', { major: 2 }), { code: 'agreement-ambiguous' })
    const terms = {
      department: 'archives',
      standard: 'thing',
      fields: ['id'],
      matters: ['n'],
      until: new Date('2100-01-01'),
    }
    const asking: By = { ...steward, department: 'archives' }
    const pending = await requestAgreement(hub, asking, { ...terms, major: 1, legalBasis: 'law' })
    await deprecateThing(hub)
    t.match(
      await requestAgreement(hub, asking, { ...terms, matters: ['o'], major: 1 }),
      { status: 'requested' },
      'while it is deprecated',
    )
    hub.pass(100 * dayMs)
    const before = hub.clock()
    hub.pass(1)
    await retireMajor(hub, steward, { ...thing1, reason: 'over', leaveRecords: true })

    const retired = { code: 'major-retired', message: /retired at 2026-06-09.*on major 2\.$/ }
    await t.rejects(read(hub), retired)
    t.match(await lastEntry(hub), { operation: 'read', outcome: 'refused', problem: 'major-retired', agreement: 'old' })
    const delivery = { code: 'major-retired', message: /a version of the adapter that delivers to major 2\.$/ }
    await t.rejects(deliverThings(hub, 'data-bureau/input', [{ id: '2' }]), delivery)
    await t.rejects(requestAgreement(hub, asking, { ...terms, major: 1 }), retired)
    await t.rejects(approveAgreement(hub, tester, pending.id), retired)

    const supposed = { operation: 'read', matter: 'm' } as const
    const told = await explainAgreement(hub, tester, { id: 'old', reach: {}, supposed })
    t.match(told, { allowed: false, refusal: 'major-retired', decidedBy: 'old' })
    t.match(await showAgreement(hub, tester, { id: 'old', reach: {} }), { state: 'retired', status: 'active' })
    const listed = async (state: 'retired' | 'active') =>
      (await listAgreements(hub, tester, { reach: {}, standard: 'thing', state })).map(({ id }) => id)
    t.ok((await listed('retired')).includes('old'))
    t.notOk((await listed('active')).includes('old'))
    const then = await explainAgreement(hub, tester, { id: 'old', reach: {}, supposed: { ...supposed, at: before } })
    t.match(then, { allowed: true, refusal: null })

    await grantThing(hub, 'new', { major: 2 })
    await moveAdapters(hub)
    await deliverThings(hub, 'data-bureau/input', [{ id: '1', name: 'y' }])
    const { body } = await read(hub)
    t.match(JSON.parse(String(body)), { version: '2.0.0', data: { id: '1', name: 'y' } }, 'for the same matter')
  },
)

t.test('of two processes that deprecate at once one does, and the other is shown what it did', async t => {
  const directory = folder(t)
  const hub = await openThings(t, directory)
  const other = await openTestHub(t, directory)
  const asked = { ...thing1, sunset: new Date('2026-06-01'), reason: 'r' }
  const { digest: uses } = await tryDeprecation(hub, tester, asked)
  const done = await Promise.allSettled([hub, other].map(each => deprecateMajor(each, tester, { ...asked, uses })))
  t.same(done.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  const lost = done.find(each => each.status === 'rejected')
  t.match(lost?.reason, { code: 'uses-changed', members: { uses: { status: 'deprecated' } } })
  t.equal((await noticesOf(hub)).length, 1)
  t.equal((await entriesOf(hub)).filter(({ operation }) => operation === 'deprecate').length, 1)
})

t.test('where the entry of an act cannot be written there is no act, no notice and no number of one', async t => {
  const hub = await openThings(t)
  const asked = { ...thing1, sunset: new Date('2026-06-01'), reason: 'r' }
  const { digest: uses } = await tryDeprecation(hub, tester, asked)
  await hub.store.knex.raw(`CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'full'); END`)
  await t.rejects(deprecateMajor(hub, tester, { ...asked, uses }), /full/)
  await hub.store.knex.raw('DROP TRIGGER full')
  t.match(await showMajor(hub, thing1), { status: 'published' })
  t.same([await noticesOf(hub), await readHead(hub.store.read, 'thing')], [[], 0])
  t.match(await deprecateMajor(hub, tester, { ...asked, uses }), { status: 'deprecated' })
})
