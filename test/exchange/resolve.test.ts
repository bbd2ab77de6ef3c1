import t, { type Test } from 'tap'
import BetterSqlite from 'better-sqlite3'
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { revokeAgreement } from '../../src/exchange/agreement-acts.ts'
import { createAgreement } from '../../src/exchange/agreements.ts'
import { deliver } from '../../src/exchange/deliver.ts'
import { DeliveryFailure } from '../../src/exchange/delivery-request.ts'
import { home, publishFiles } from '../../src/exchange/documents.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import type { Entry } from '../../src/log/entry.ts'
import type { Operation, Receipt } from '../../src/record.ts'
import { recordPseudonym, subjectPseudonym } from '../../src/seal/pseudonym.ts'
import { listRejects } from '../../src/store/quarantine.ts'
import { documentWith } from '../standards.ts'
import { chunks, folder, openTestHub, tester, type TestHub } from '../helper.ts'

const titles = { 'zh-CN': '测试', en: 'Test' }
const matter = '331199-SI-01'
const source = { format: 'ndjson', records: '' }

/** What social security's own adapters look up: whose number a unit's is, and how it is called. */
const ofUnit = (field: string) => ({
  resolve: { standard: 'social-insurance-unit', major: 1, matter, key: { from: 'unit' }, field },
})

const units = {
  adapter: { department: 'social-security', name: 'test-units', version: '1.0.0', titles },
  standard: { id: 'social-insurance-unit', major: 1 },
  source,
  mode: 'snapshot',
  fields: { unitNumber: { from: 'unit' }, unifiedSocialCreditCode: { from: 'code' }, name: { from: 'name' } },
}

const registrations = {
  adapter: { department: 'social-security', name: 'test-registrations', version: '1.0.0', titles },
  standard: { id: 'social-insurance-registration', major: 1 },
  source,
  mode: 'delta',
  fields: {
    unitNumber: { from: 'unit' },
    unifiedSocialCreditCode: ofUnit('unifiedSocialCreditCode'),
    name: ofUnit('name'),
    insuranceType: { value: '110' },
    registeredOn: { value: '2020-01-01' },
    insuredCount: { value: 1 },
    paymentStatus: { value: 'normal' },
    period: { value: '2026-01' },
  },
}

const firm = { unit: 'U1', code: '91331199MAXT000111', name: 'Sample Trading' }
const other = { unit: 'U2', code: '12331199MBXT00031A', name: 'Sample School' }

const published = join(folder(t), 'published')

t.test('a hub with the standards and adapters of these tests', async t => {
  const hub = await openTestHub(t, published)
  const standards = ['social-insurance-unit', 'social-insurance-registration', 'person-basic']
  const needed = ['departments.json', 'code-lists', ...standards.map(id => `standards/${id}`)]
  await publishFiles(hub, tester, needed.map(path => join(home, 'schemas', path))) // prettier-ignore
  for (const adapter of [units, registrations]) await publishAdapter(hub, tester, adapter)
})

t.test('what is resolved is disclosed to the department of the adapter, and stands in the record', async t => {
  const hub = await openHub(t)
  await deliverTo(hub, units, [firm, other])
  const agreement = await agree(hub, {})
  const receipt = await deliverTo(hub, registrations, [{ unit: 'U1' }, { unit: 'U2' }, { unit: 'U1' }])
  t.match(receipt, { accepted: 2, unchanged: 1, rejected: 0 })
  t.match(await bodies(hub, registrations.standard.id), [
    { unitNumber: 'U1', unifiedSocialCreditCode: firm.code, name: firm.name },
    { unitNumber: 'U2', unifiedSocialCreditCode: other.code, name: other.name },
  ])
  const entries = await entriesOf(hub, 'lookup')
  t.same(
    entries.map(({ fields }) => fields),
    [['unifiedSocialCreditCode'], ['name']],
    'an entry for each field, once for all records',
  )
  const key = hub.keys.pseudonym
  for (const entry of entries) {
    t.match(entry, {
      actor: { kind: 'operator', id: 'tester' },
      department: 'social-security',
      standard: 'social-insurance-unit',
      outcome: 'disclosed',
      agreement,
      matter,
      count: 2,
      records: ['U1', 'U2'].map(unit => recordPseudonym(key, 'social-insurance-unit', unit)),
      subjects: [firm.code, 'U1', other.code, 'U2'].map(identifier => subjectPseudonym(key, identifier)),
      detail: { adapter: 'social-security/test-registrations', delivery: receipt.delivery },
    })
  }
})

t.test('with the log unwritable nothing is resolved, and nothing of the batch is kept', async t => {
  const hub = await openHub(t)
  await deliverTo(hub, units, [firm])
  await agree(hub, {})
  const raw = new BetterSqlite(join(hub.config.dataDirectory, 'log.sqlite'))
  t.teardown(() => raw.close())
  raw.exec(`CREATE TRIGGER broken BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'no space'); END`)
  await t.rejects(deliverTo(hub, registrations, [{ unit: 'U1' }]), { code: 'log-unavailable' })
  t.same(await bodies(hub, registrations.standard.id), [])
  raw.exec('DROP TRIGGER broken')
  t.match(await deliverTo(hub, registrations, [{ unit: 'U1' }]), { accepted: 1 })
})

t.test('without an agreement that covers it, nothing of the batch is kept, and the refusal is entered', async t => {
  const refusals: [why: string, terms: Parameters<typeof agree>[1] | undefined, code: string, detail: RegExp][] = [
    ['no agreement', undefined, 'agreement-missing', /social-security, has no agreement on this standard/],
    ['another matter', { matters: ['331199-XX-01'] }, 'agreement-missing', /no agreement that covers this matter/],
    ['another operation', { operations: ['read'] }, 'agreement-missing', /does not allow to look up/],
    ['over', { until: new Date('2026-02-01') }, 'agreement-missing', /term has ended/],
    ['a field is not granted', { fields: ['unitNumber', 'unifiedSocialCreditCode'] }, 'field-not-granted', /look.* up name of/],
  ] // prettier-ignore
  for (const [why, terms, code, detail] of refusals) {
    const hub = await openHub(t)
    await deliverTo(hub, units, [firm])
    if (terms !== undefined) await agree(hub, terms)
    const failure = await deliverTo(hub, registrations, [{ unit: 'U1' }]).catch((error: unknown) => error)
    if (!(failure instanceof DeliveryFailure)) return t.fail(`${why}: it fails`)
    t.match(failure, { code, message: detail, receipt: { accepted: 0, rejected: 0 } }, why)
    t.same(await bodies(hub, registrations.standard.id), [])
    const last = (await entriesOf(hub, 'lookup')).at(-1)
    t.match(last, {
      outcome: 'refused',
      problem: code,
      count: 0,
      matter,
      detail: { delivery: failure.receipt.delivery },
    })
  }
})

t.test('an agreement that is revoked while a delivery goes on ends it at the next batch', async t => {
  const hub = await openHub(t)
  await deliverTo(hub, units, [firm])
  const agreement = await agree(hub, {})
  let batches = 0
  const failure = await deliver(hub, {
    adapter: 'social-security/test-registrations',
    body: ndjson(Array.from({ length: 1001 }, () => ({ unit: 'U1' }))),
    by: tester,
    admit: async () => {
      if (++batches === 2) await revokeAgreement(hub, tester, agreement)
    },
  }).catch((error: unknown) => error)
  t.match(failure, { code: 'agreement-missing', receipt: { accepted: 1, unchanged: 999 } })
})

t.test('a record that is not there, or is withdrawn, rejects who asks for it, and is entered as asked for', async t => {
  const hub = await openHub(t)
  await agree(hub, {})
  await deliverTo(hub, units, [firm, other])
  await deliverTo(hub, units, [firm])
  t.match(await deliverTo(hub, registrations, [{ unit: 'U1' }, { unit: 'U2' }, { unit: 'U3' }]), {
    accepted: 1,
    rejected: 2,
  })
  const rejects = await listRejects(hub.store.read, { adapter: 'social-security/test-registrations', limit: 10 })
  for (const { issues } of rejects) t.ok(issues.some(({ code }) => code === 'resolve-missed'))
  const missed = (await entriesOf(hub, 'lookup')).filter(({ outcome }) => outcome === 'refused')
  const pseudonyms = ['U2', 'U3'].map(unit => recordPseudonym(hub.keys.pseudonym, 'social-insurance-unit', unit))
  t.match(missed[0], { problem: 'record-unknown', count: 0, records: pseudonyms, matter })
})

t.test('a record of a newer major gives what it becomes in the major that the adapter names', async t => {
  const hub = await openHub(t)
  const file = join(home, 'schemas/standards/social-insurance-unit/v1.json')
  const first = JSON.parse(readFileSync(file, 'utf8')) as { $id: string; standard: object; properties: object }
  const second = {
    ...first,
    $id: first.$id.replace('v1.json', 'v2.json'),
    standard: { ...first.standard, version: '2.0.0' },
    conversion: {
      to: 1,
      fields: Object.fromEntries(Object.keys(first.properties).map(name => [name, { from: name }])),
    },
  }
  await publishStandard(hub, tester, second)
  const later = {
    ...units,
    adapter: { ...units.adapter, version: '2.0.0' },
    standard: { id: 'social-insurance-unit', major: 2 },
  }
  await publishAdapter(hub, tester, later)
  await deliverTo(hub, later, [firm])
  await agree(hub, {})
  t.match(await deliverTo(hub, registrations, [{ unit: 'U1' }]), { accepted: 1, rejected: 0 })
  t.match(await entriesOf(hub, 'lookup'), [{ outcome: 'disclosed' }, { outcome: 'disclosed' }])
})

t.test('delivered again, resolving gives the same, under entries of its own', async t => {
  const hub = await openHub(t)
  await deliverTo(hub, units, [firm])
  await agree(hub, {})
  t.match(await deliverTo(hub, registrations, [{ unit: 'U1' }]), { accepted: 1 })
  t.match(await deliverTo(hub, registrations, [{ unit: 'U1' }]), { accepted: 0, unchanged: 1 })
  t.equal((await entriesOf(hub, 'lookup')).length, 4)
})

t.test('a sealed field that is resolved stands nowhere in the open', async t => {
  const hub = await openHub(t)
  const person = { id: '331199190101010019', name: 'Zhang Sampleperson', gender: '1', born: '1901-01-01' }
  const persons = {
    adapter: { department: 'public-security', name: 'test-persons', version: '1.0.0', titles },
    standard: { id: 'person-basic', major: 1 },
    source,
    mode: 'delta',
    fields: {
      idNumber: { from: 'id' },
      name: { from: 'name' },
      gender: { from: 'gender', codes: { '1': '1' } },
      birthDate: { from: 'born', via: [{ date: { formats: ['YYYY-MM-DD'] } }] },
      domicileDivision: { value: '331199' },
      alive: { value: true },
    },
  }
  const sealed = { ...text, level: 'L3' }
  await publishStandard(
    hub,
    tester,
    documentWith({
      id: 'resident',
      key: ['number'],
      subjects: ['number'],
      properties: { number: text, person: sealed, name: sealed },
    }),
  )
  const residents = {
    adapter: { department: 'data-bureau', name: 'test-residents', version: '1.0.0', titles },
    standard: { id: 'resident', major: 1 },
    source,
    mode: 'delta',
    fields: {
      number: { from: 'number' },
      person: { from: 'person' },
      name: { resolve: { standard: 'person-basic', major: 1, matter, key: { from: 'person' }, field: 'name' } },
    },
  }
  await publishAdapter(hub, tester, persons)
  await publishAdapter(hub, tester, residents)
  await agree(hub, { department: 'data-bureau', standard: 'person-basic', fields: ['idNumber', 'name'] })
  await deliverTo(hub, persons, [person])
  t.match(await deliverTo(hub, residents, [{ number: '1', person: person.id }]), { accepted: 1 })
  t.match(
    await deliverTo(hub, residents, [{ number: '1', person: person.id }]),
    { unchanged: 1 },
    'it is the same name',
  )
  t.match(await entriesOf(hub, 'lookup'), [{ fields: ['name'], outcome: 'disclosed' }, { fields: ['name'] }])
  await hub.log.keepCheckpoint()
  const directory = hub.config.dataDirectory
  const files = readdirSync(directory).filter(name => name.includes('sqlite'))
  t.ok(files.length >= 2)
  for (const file of files) {
    const bytes = readFileSync(join(directory, file))
    for (const secret of [person.name, person.id]) t.equal(bytes.indexOf(secret), -1, file)
  }
})

const text = { type: 'string' }

/** A hub with what the first test has published. */
async function openHub(t: Test): Promise<TestHub> {
  const directory = join(folder(t), 'hub')
  cpSync(published, directory, { recursive: true })
  return openTestHub(t, directory)
}

/** An agreement of social security to look units up, or one that differs; its id. */
async function agree(
  hub: TestHub,
  terms: {
    readonly department?: string
    readonly standard?: string
    readonly fields?: readonly string[]
    readonly operations?: readonly Operation[]
    readonly matters?: readonly string[]
    readonly until?: Date
  },
): Promise<string> {
  const { id } = await createAgreement(hub, tester, {
    department: 'social-security',
    standard: 'social-insurance-unit',
    major: 1,
    fields: ['unitNumber', 'unifiedSocialCreditCode', 'name'],
    operations: ['lookup'],
    matters: [matter],
    from: new Date('2026-01-01'),
    until: new Date('2027-01-01'),
    ...terms,
  })
  return id
}

type Document = { readonly adapter: { readonly department: string; readonly name: string } }

function deliverTo(hub: TestHub, { adapter }: Document, lines: readonly object[]): Promise<Receipt> {
  return deliver(hub, { adapter: `${adapter.department}/${adapter.name}`, body: ndjson(lines), by: tester })
}

function ndjson(lines: readonly object[]): AsyncIterable<Uint8Array> {
  return chunks(lines.map(line => JSON.stringify(line)).join('\n'))
}

async function bodies(hub: TestHub, standard: string): Promise<unknown[]> {
  const rows = await hub.store.read.all<{ body: string }>(
    `SELECT r.body FROM records c JOIN revisions r ON r.standard = c.standard AND r.seq = c.seq
      WHERE c.standard = ? AND c.withdrawn = 0 ORDER BY c.record_key`,
    [standard],
  )
  return rows.map(({ body }) => JSON.parse(body) as unknown)
}

async function entriesOf(hub: TestHub, operation: string): Promise<Entry[]> {
  const entries = await hub.log.entries({ from: 0, limit: 1000 })
  return entries.map(({ entry }) => JSON.parse(entry) as Entry).filter(entry => entry.operation === operation)
}
