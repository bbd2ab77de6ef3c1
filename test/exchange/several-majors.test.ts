/** Several majors of one standard served at once: what consumers of the older one see of the newer one's records. */
import t, { type Test } from 'tap'
import assert from 'node:assert/strict'
import BetterSqlite from 'better-sqlite3'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { draftConversion } from '../../src/catalogue/draft-conversion.ts'
import { approveAgreement } from '../../src/exchange/agreement-acts.ts'
import { viewOf } from '../../src/exchange/find-agreement.ts'
import { explainAgreement } from '../../src/exchange/explain.ts'
import { requestAgreement } from '../../src/exchange/agreements.ts'
import { operations as everything } from '../../src/record.ts'
import { disclosePage } from '../../src/exchange/disclose-page.ts'
import { discloseRecord } from '../../src/exchange/disclose.ts'
import { lookUp } from '../../src/exchange/lookup.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import { verify } from '../../src/exchange/verify.ts'
import type { JsonObject } from '../../src/record.ts'
import { readStandard } from '../../src/standard.ts'
import { folder, openTestHub, tester, type TestHub } from '../helper.ts'
import { Consumer, exportText, follow } from './consumer.ts'
import {
  asItIs,
  deliverTo,
  fields,
  first,
  generated,
  publishFirst,
  publishSecond,
  second,
  standard,
} from './enterprise-majors.ts'
import { entriesSince, granted, jsonOf, type Served } from './reading.ts'

const leaves = readStandard(first).fields.map(({ path }) => path)
const key = (record: JsonObject): string => record['unifiedSocialCreditCode'] as string

/** What is left of a record for who may not see the domicile. */
function withoutDomicile({ domicile: _, ...rest }: JsonObject): JsonObject {
  return rest
}

async function convertedBy(hub: TestHub, records: readonly JsonObject[]): Promise<JsonObject[]> {
  const { newer } = await hub.published.standard(standard, 1)
  return records.map(record => newer[0]?.convert(record).record as JsonObject)
}

/** Published once: to prove a conversion takes a while. */
const published = { first: folder(t), both: folder(t) }

t.test('hubs with one major and with two', async t => {
  const one = await openTestHub(t, published.first)
  await publishFirst(one)
  await one.close()
  const both = await openCopy(t, 'first', published.both)
  await publishSecond(both)
  await both.close()
})

function openCopy(t: Test, of: keyof typeof published, directory = folder(t)): Promise<TestHub> {
  cpSync(published[of], directory, { recursive: true })
  return openTestHub(t, directory)
}

const openBoth = (t: Test): Promise<TestHub> => openCopy(t, 'both')

const first2 = generated(second(), 25, 7)

t.test('a consumer of the older major sees of a record what it would see had the record come converted', async t => {
  const [hub, old] = [await openBoth(t), await openCopy(t, 'first')]
  t.match(await deliverTo(hub, 'second', first2), { accepted: first2.length, rejected: 0 })
  t.match(await deliverTo(old, 'first', await convertedBy(hub, first2)), { accepted: first2.length, rejected: 0 })
  const grants = [
    { fields: leaves },
    { fields: leaves.filter(path => !path.includes('dNumber')) },
    { fields: ['unifiedSocialCreditCode', 'name', 'status'], rows: { status: ['1', '4'] } },
    { fields: ['unifiedSocialCreditCode', 'name'], rows: { divisionCode: [...new Set(first2.map(one => one['divisionCode'] as string))].slice(0, 5) } },
  ] // prettier-ignore
  for (const [index, terms] of grants.entries()) {
    const both = [hub, old].map(one =>
      granted(one, `m${index}`, { standard, major: 1, operations: everything, ...terms }),
    )
    const [call, expected] = [(await both[0])?.(), (await both[1])?.()]
    assert(call && expected)
    const shown = async (one: TestHub, from: typeof call) => {
      const lines = (await exportText(one, from)).trimEnd().split('\n').slice(0, -1)
      return lines.map(line => JSON.parse(line) as Served)
    }
    const [ours, theirs] = [await shown(hub, call), await shown(old, expected)]
    t.same(
      ours.map(({ key: own, version, data }) => [own, version, data]),
      theirs.map(({ key: own, version, data }) => [own, version, withoutDomicile(data)]),
      `export under ${JSON.stringify(terms.fields.length)} fields`,
    )
    t.ok(theirs.length > 0)
    t.ok(ours.every(({ withheld }) => withheld.includes('domicile') || !terms.fields.includes('domicile')))

    const consumer = new Consumer()
    await follow(hub, call, consumer, 10)
    t.same(
      consumer.state,
      theirs.map(({ key: own, data }) => [own, withoutDomicile(data)]),
      'changes',
    )
    const looked = jsonOf<{ records: Served[] }>(await lookUp(hub, call, first2.map(key)))
    t.same(new Set(looked.records.map(one => one.key)), new Set(theirs.map(one => one.key)), 'lookup')
    const one = theirs[0] as Served
    const record = jsonOf<Served>(await discloseRecord(hub, call, { key: one.key, knownTags: [] }))
    t.same(record.data, withoutDomicile(one.data), 'read')
  }
})

t.test('filters on the older major’s fields find the newer one’s records: copied, coded and renamed', async t => {
  const [hub, old] = [await openBoth(t), await openCopy(t, 'first')]
  const records = await convertedBy(hub, first2)
  await deliverTo(hub, 'second', first2.slice(0, 20))
  await deliverTo(hub, 'first', records.slice(20))
  await deliverTo(old, 'first', records)
  const [call, expected] = await Promise.all(
    [hub, old].map(one => granted(one, 'm', { standard, major: 1, fields: leaves })),
  )
  assert(call && expected)
  const page = async (one: TestHub, from: typeof call, filters: ReadonlyMap<string, string>): Promise<string[]> => {
    const found: string[] = []
    for (let cursor: string | undefined; ;) {
      const next = await disclosePage(one, from(), { filters, limit: 3, cursor, knownTags: [] })
      const { records: own, cursor: after } = jsonOf<{ records: Served[]; cursor: string | null }>(next)
      t.ok(own.length <= 3)
      found.push(...own.map(record => record.key))
      if (after === null) return found
      cursor = after
    }
  }
  const wanted = [
    ...records.slice(0, 6).map(record => new Map([['name', record['name'] as string]])),
    ...['1', '2', '3', '4', '9'].map(status => new Map([['status', status]])),
    ...records.slice(18, 22).map(record => new Map([['divisionCode', record['divisionCode'] as string], ['status', record['status'] as string]])),
    new Map(),
  ] // prettier-ignore
  for (const filters of wanted) {
    t.same(await page(hub, call, filters), await page(old, expected, filters), JSON.stringify([...filters]))
  }
  const newer = page(hub, call, new Map([['status', 'active']]))
  await t.rejects(newer, { code: 'request-invalid' }, 'a code of the newer major is none of the older')
})

t.test('who has the newer major does not see records that are of the older one only', async t => {
  const hub = await openBoth(t)
  const [record] = await convertedBy(hub, first2)
  assert(record)
  await deliverTo(hub, 'first', [record])
  const own = await granted(hub, 'two', { standard, major: 2, fields: ['unifiedSocialCreditCode', 'enterpriseName'] })
  await t.rejects(discloseRecord(hub, own(), { key: key(record), knownTags: [] }), { code: 'record-unknown' })
})

t.test('a record that goes over to the newer major is sent where it looks otherwise, and else not', async t => {
  const hub = await openBoth(t)
  const [a, b] = first2.filter(record => record['shareholders'] !== undefined)
  assert(a && b)
  const [oldA, oldB] = await convertedBy(hub, [a, b])
  assert(oldA && oldB)
  const call = await granted(hub, 'm', {
    standard,
    major: 1,
    operations: everything,
    fields: ['unifiedSocialCreditCode', 'name', 'investors.name'],
  })
  await deliverTo(hub, 'first', [oldA, oldB])
  const consumer = new Consumer()
  await follow(hub, call(), consumer)
  const tagOf = async (): Promise<string> => (await discloseRecord(hub, call(), { key: key(a), knownTags: [] })).etag
  const tag = await tagOf()
  await deliverTo(hub, 'second', [a, { ...b, enterpriseName: 'another name' }])
  const changes = await follow(hub, call(), consumer)
  t.match(changes, [{ kind: 'record', record: { key: key(b), version: first.standard.version } }])
  t.equal(changes.length, 1)
  t.equal(await tagOf(), tag, 'the tag is that of what is shown')
  await deliverTo(hub, 'second', [{ ...a, status: a['status'] === 'active' ? 'other' : 'active' }])
  t.same(await follow(hub, call(), consumer), [], 'a change that this client does not see')
  await deliverTo(hub, 'second', [{ ...b, gone: 'yes' }])
  const stands = [{ kind: 'record', record: { key: key(b), data: { name: oldB['name'] } } }]
  t.match(
    await follow(hub, call(), consumer),
    stands,
    'what the older adapter says, which was kept aside, stands again',
  )
})

t.test('claims are compared with the converted record, and the entry names its subjects', async t => {
  const hub = await openBoth(t)
  const record = first2.find(one => 'idNumber' in (one['representative'] as JsonObject))
  assert(record)
  await deliverTo(hub, 'second', [record])
  const [converted] = await convertedBy(hub, [record])
  assert(converted)
  const call = await granted(hub, 'm', { standard, major: 1, fields: leaves })
  const from = await hub.log.size()
  const claims = {
    name: converted['name'] as string,
    legalRepresentativeName: 'nobody',
    legalRepresentativeIdNumber: converted['legalRepresentativeIdNumber'] as string,
    domicile: record['domicile'] as string,
  }
  const { results } = jsonOf<{ results: JsonObject }>(await verify(hub, call(), { key: key(record), claims }))
  t.same(results, {
    name: 'match',
    legalRepresentativeName: 'mismatch',
    legalRepresentativeIdNumber: 'match',
    domicile: 'unknown',
  })
  const [entry] = await entriesSince(hub, from)
  t.notOk(entry?.fields?.includes('domicile'), 'what is held back was not disclosed')
  t.ok((entry?.subjects?.length ?? 0) >= 1)
})

t.test('a conversion is demanded, compiled and proved before a major is published', async t => {
  const hub = await openCopy(t, 'first')
  const { name: _, ...unnamed } = fields
  const cases: [what: string, conversion: unknown, issue: object][] = [
    ['none', null, { pointer: '/conversion', code: 'conversion-missing' }],
    ['to no older major', { to: 3, fields }, { pointer: '/conversion/to', code: 'conversion-target' }],
    ['a required field has no rule', { to: 1, fields: unnamed }, { pointer: '/conversion/fields', code: 'required-unmapped' }],
    ['a field that the older major lacks', { to: 1, fields: { ...fields, colour: { from: 'x' } } }, { pointer: '/conversion/fields/colour', code: 'target-unknown' }],
    ['a path that the newer major lacks', { to: 1, fields: { ...fields, name: { from: 'name' } } }, { pointer: '/conversion/fields/name/from', code: 'source-unknown' }],
    ['a rule that is none', { to: 1, fields: { ...fields, name: { form: 'name' } } }, { pointer: '/conversion/fields/name' }],
    ['codes that leave one out', { to: 1, fields: { ...fields, status: { from: 'status', codes: { active: '1' } } } }, { pointer: '/conversion/fields/status', code: 'code-unmapped' }],
    ['another key', { to: 1, fields: { ...fields, unifiedSocialCreditCode: { value: '91331199MAXT000111' } } }, { pointer: '/conversion/fields/unifiedSocialCreditCode', code: 'key-changed' }],
  ] // prettier-ignore
  for (const [what, conversion, issue] of cases) {
    const refused = publishStandard(hub, tester, second(conversion))
    await t.rejects(refused, { code: 'standard-invalid', issues: [issue] }, what)
  }
  const proved = await publishStandard(hub, tester, second({ to: 1, fields: { ...fields, status: { from: 'status', codes: { active: '1' } } } })).catch((error: unknown) => error) // prettier-ignore
  t.match(proved, {
    members: { witness: { record: { status: /./ }, issues: [{ pointer: '/status', code: 'code-unmapped' }] } },
  })
})

t.test('what is sealed is unsealed only where a field that is shown is made of it', async t => {
  const directory = folder(t)
  const hub = await openCopy(t, 'both', directory)
  const own = first2.filter(
    one =>
      'idNumber' in (one['representative'] as JsonObject) && (one['shareholders'] as JsonObject[] | undefined)?.length,
  )
  await deliverTo(hub, 'second', own.slice(0, 1))
  const [record] = own
  assert(record)
  const raw = new BetterSqlite(join(directory, 'concord.sqlite'))
  t.teardown(() => raw.close())
  raw.exec('DROP TRIGGER revisions_no_update')
  const { sealed } = raw.prepare('SELECT sealed FROM revisions').get() as { sealed: string }
  const texts = {
    ...(JSON.parse(sealed) as Record<string, string>),
    'shareholders.idNumber': Buffer.alloc(80).toString('base64'),
  }
  raw.prepare('UPDATE revisions SET sealed = ?').run(JSON.stringify(texts))
  const call = await granted(hub, 'm', { standard, major: 1, operations: everything, fields: leaves })
  const read = (names: readonly string[]) => discloseRecord(hub, call(names), { key: key(record), knownTags: [] })
  const shown = jsonOf<Served>(await read(['unifiedSocialCreditCode', 'investors.name', 'legalRepresentativeIdNumber']))
  t.equal(shown.data['legalRepresentativeIdNumber'], (record['representative'] as JsonObject)['idNumber'])
  t.ok(shown.data['investors'], 'beside a sealed field that does not open')
  await t.rejects(read(['investors.idNumber']), /does not open/)
  await t.rejects(exportText(hub, call()), /does not open/)
})

t.test('a mended conversion ends the cursor of who has records by the one before; a first one does not', async t => {
  const hub = await openCopy(t, 'first')
  const call = await granted(hub, 'm', {
    standard,
    major: 1,
    operations: everything,
    fields: ['unifiedSocialCreditCode', 'name'],
  })
  const consumer = new Consumer()
  await follow(hub, call(), consumer)
  await publishSecond(hub)
  await deliverTo(hub, 'second', first2.slice(0, 2))
  await follow(hub, call(), consumer)
  t.equal(consumer.records.size, 2, 'the cursor of before the newer major goes on')
  const mended = { ...fields, name: { from: 'enterpriseName', via: ['upper'] } }
  await publishStandard(hub, tester, second({ to: 1, fields: mended }, '2.0.1'))
  await t.rejects(follow(hub, call(), consumer), { code: 'cursor-expired' })
  consumer.records.clear()
  consumer.begin(await exportText(hub, call()))
  const names = first2.slice(0, 2).map(one => (one['enterpriseName'] as string).toUpperCase())
  t.same(new Set([...consumer.records.values()].map(one => one['name'])), new Set(names))
  t.same(await follow(hub, call(), consumer), [])
})

t.test('a third major leads to the first by way of the second', async t => {
  const hub = await openBoth(t)
  const two = second()
  const three = {
    ...two,
    $id: two.$id.replace('v2', 'v3'),
    standard: { ...two.standard, version: '3.0.0' },
    conversion: draftConversion(two, two).conversion,
  }
  await publishStandard(hub, tester, three)
  await publishAdapter(hub, tester, asItIs('third', three))
  const [record] = first2
  assert(record)
  await deliverTo(hub, 'third', [record])
  const [converted] = await convertedBy(hub, [record])
  for (const [major, expected, fieldsOf] of [
    [1, converted, leaves],
    [2, record, readStandard(two).fields.map(({ path }) => path)],
  ] as const) {
    const call = await granted(hub, `m${major}`, { standard, major, fields: fieldsOf })
    const shown = jsonOf<Served>(await discloseRecord(hub, call(), { key: key(record), knownTags: [] }))
    t.same(shown.data, major === 1 ? withoutDomicile(expected as JsonObject) : expected, `major ${major}`)
    t.equal(shown.version.startsWith(`${major}.`), true)
  }
})

t.test(
  'a level that the newer major raises is said when it is published, and of the agreements it concerns',
  async t => {
    const old = await openCopy(t, 'first')
    const publication = await publishStandard(old, tester, second(), { isDryRun: true })
    t.equal(publication.outcome, 'would publish')
    const said =
      /^consumers of 1\.\d+\.\d+ get no domicile \(L1\) of records of 2\.0\.0: .* domicile, which is L2 there/
    t.equal(publication.notes?.filter(note => said.test(note)).length, 1)
    const hub = await openBoth(t)
    await granted(hub, 'm', { standard, major: 1, fields: ['unifiedSocialCreditCode', 'name', 'domicile'] })
    const agreement = (await hub.published.configuration()).agreements.get('archives')?.[0]
    assert(agreement)
    t.match(await viewOf(hub, agreement), { heldBack: [], heldBackOf: [{ major: 2, fields: ['domicile'] }] })
    const supposed = { operation: 'read', matter: 'm', fields: ['name', 'domicile'] } as const
    const explain = (at?: Date) =>
      explainAgreement(hub, tester, { id: agreement.id, reach: {}, supposed: { ...supposed, at } })
    const now = await explain()
    t.match(now, { allowed: true, detail: /Of records of major 2, 1 of them are held back too/ })
    const made = { major: 2, madeOf: [{ field: 'domicile', level: 'L2' }] }
    t.match(
      now.fields.map(({ field, heldBackOf }) => [field, heldBackOf]),
      [
        ['name', undefined],
        ['domicile', [made]],
      ],
    )
    t.notMatch(await explain(new Date('2000-01-01')), { detail: /major 2/ }, 'before it was published')
  },
)

t.test('approving an agreement on the newer major ends the one that it replaces, in one act', async t => {
  const hub = await openBoth(t)
  await granted(hub, 'm', { standard, major: 1, fields: ['unifiedSocialCreditCode', 'name'] })
  const { agreements } = await hub.published.configuration()
  const old = agreements.get('archives')?.[0]
  assert(old)
  const asked = await requestAgreement(hub, tester, {
    department: 'archives',
    standard,
    major: 2,
    fields: ['unifiedSocialCreditCode', 'representative.idNumber'],
    matters: ['m'],
    legalBasis: 'a law',
    until: new Date('2027-01-01'),
  })
  t.equal(asked.status, 'requested')
  const owner = { ...tester, actor: { kind: 'operator', id: 'the owner' } } as const
  await t.rejects(approveAgreement(hub, owner, asked.id), { code: 'agreement-ambiguous', message: /`replaces`/ })
  const from = await hub.log.size()
  t.match(await approveAgreement(hub, owner, asked.id, { replaces: old.id }), { status: 'active' })
  t.match(await entriesSince(hub, from), [
    { operation: 'revoke', agreement: old.id, detail: { replacedBy: asked.id } },
    { operation: 'approve', agreement: asked.id, detail: { replaces: old.id } },
  ])
  await t.rejects(approveAgreement(hub, owner, asked.id, { replaces: old.id }), { code: 'agreement-state' })
})
