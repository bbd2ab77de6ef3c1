import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { inputFiles } from '../src/exchange/case-files.ts'
import { deliver } from '../src/exchange/deliver.ts'
import { fillWithSamples } from '../src/exchange/samples.ts'
import { compileAdapter, type Adapter, type Resolve } from '../src/map/adapter.ts'
import type { JsonObject } from '../src/record.ts'
import { fixture, openTestHub, tester, type TestHub } from './helper.ts'
import { catalogue, outcomeOf, readJson, type Outcome } from './outcome.ts'

const root = new URL('../', import.meta.url)
const shared = new URL('../shared/data/', root)

for (const folder of adapterFolders()) {
  const adapter = adapterOf(folder)
  const cases = inputFiles(fixture(folder)).map(path => basename(path))

  t.test(`${folder} has good and bad cases, and gives for each what stands beside it`, async t => {
    t.equal(adapter.id, folder)
    t.ok(cases.length >= 3)
    for (const file of cases) {
      const path = `fixtures/${folder}/${file}`
      const outcome = await outcomeOf(adapter, new URL(path, root), resolveFromKnown(folder))
      t.same(outcome, readJson(path.replace(/\.\w+$/, '.expected.json')), file)
      t.equal(outcome.rejects.length > 0, file.startsWith('bad-'), `${file} is named after its rejects`)
    }
  })
}

t.test('what the units’ adapter gives is what the cases of the insurances know', t => {
  const { records }: Outcome = readJson('fixtures/social-security/units/units.expected.json')
  const given = Object.fromEntries(records.map(({ key, data }) => [key, data]))
  t.same(readJson('fixtures/social-security/insurances/known.json'), { 'social-insurance-unit': given })
  t.end()
})

t.test('the fixtures of real estate are encoded in GBK', async t => {
  const bytes = readFileSync(new URL('fixtures/natural-resources/titles/titles.xml', root))
  t.ok(bytes.includes(Buffer.from([0xca, 0xbe, 0xc0, 0xfd, 0xcf, 0xd8])), '示例县')
})

/** Real inputs, with the number of their records. Every one of them is accepted. */
const real: [adapter: string, file: string, records: number][] = [
  ...Object.entries({ 105: 1005, 151: 809, 205: 434, 214: 487, 263: 815, 323: 462, 336: 115, 529: 1113 }),
  ...Object.entries({ 551: 720, 562: 946, 874: 944, 879: 430 }),
].map(([authority, records]) => ['food-standards-agency/premises', `food-fhrs/FHRS${authority}en-GB.xml`, records])
real.push(['nyc-health/inspections', 'food-nyc-dohmh/rows.json', 114])
real.push(['tpex/companies', 'listed-tw/tpex_mopsfin_t187ap03_O.json', 891])
real.push(['twse/companies', 'listed-tw/twse_t187ap03_L.json', 1089])

for (const [id, file, expected] of real) {
  const url = new URL(file, shared)
  const skip = existsSync(url) ? false : `${file} is not there`
  t.test(`${id} accounts for all ${expected} records of ${file} and accepts them`, { skip }, async t => {
    const { records, rejects } = await outcomeOf(adapterOf(id), url)
    t.equal(records.length + rejects.length, expected)
    t.same(rejects, [])
    t.equal(new Set(records.map(({ key }) => key)).size, expected, 'each under a key of its own')
    t.match(records[0]?.asOf, /^20\d\d-\d\d-\d\d$/)
  })
}

const nyc = new URL('food-nyc-dohmh/rows.json', shared)
const skipNyc = existsSync(nyc) ? false : 'food-nyc-dohmh/rows.json is not there'
t.test('New York’s 2,014 rows are 741 inspections, of which five have not taken place', { skip: skipNyc }, async t => {
  const { records } = await outcomeOf(adapterOf('nyc-health/inspections'), nyc)
  const inspections = records.flatMap(({ data }) => inspectionsOf(data))
  const neverInspected = records.filter(({ data }) => data['inspections'] === undefined)
  t.equal(inspections.length + neverInspected.length, 741)
  t.equal(neverInspected.length, 5)
  t.same(new Set(neverInspected.map(({ data }) => data['ratingNormalised'])), new Set(['pending']))
  // The rating is that of the first inspection with a grade: it has to be the last one.
  for (const { data } of records) {
    const dates = inspectionsOf(data).map(({ date }) => date)
    t.same(dates, dates.toSorted().toReversed())
  }
  // 38 rows say that nothing was found: they have no code.
  t.equal(inspections.flatMap(({ violations = [] }) => violations).length, 2014 - 38)
})

t.test('the good cases together fill a hub: units are looked up, the newest month stands', async t => {
  const hub = await openTestHub(t)
  await fillWithSamples(hub, tester, () => {})
  const [rejected] = await hub.store.read.all<{ count: number }>('SELECT count(*) AS count FROM quarantine', [])
  t.equal(rejected?.count, 0)

  const insured = {
    unitNumber: '3311990001',
    unifiedSocialCreditCode: '91331199MAXT000111',
    insuredCount: 2,
    period: '2023-12',
  }
  t.match(await pension(hub), insured)
  const months = fixture('social-security/insurances/two-months.xml')
  const adapter = 'social-security/insurances'
  t.match(await deliver(hub, { adapter, body: createReadStream(months), by: tester }), { accepted: 0, rejected: 0 })
  t.match(await pension(hub), insured)
})

function inspectionsOf(data: JsonObject): { date: string; violations?: object[] }[] {
  return (data['inspections'] ?? []) as { date: string; violations?: object[] }[]
}

/** The pension insurance of the first unit, as it stands. */
async function pension(hub: TestHub): Promise<JsonObject> {
  const [record] = await hub.store.read.all<{ body: string }>(
    `SELECT r.body FROM records c JOIN revisions r ON r.standard = c.standard AND r.seq = c.seq
      WHERE c.standard = 'social-insurance-registration' AND c.record_key = '3311990001~1110'`,
    [],
  )
  return JSON.parse(record?.body ?? '{}')
}

/** Looks up what the folder says that other standards' records hold, as a hub would look records up. */
function resolveFromKnown(adapter: string): Resolve {
  const path = `fixtures/${adapter}/known.json`
  const known = existsSync(new URL(path, root)) ? readJson(path) : {}
  return ({ standard, key, field }) => known[standard]?.[key]?.[field]
}

function adapterOf(id: string): Adapter {
  return compileAdapter(readJson(`adapters/${id}.json`), catalogue)
}

function adapterFolders(): string[] {
  const folder = fileURLToPath(new URL('adapters/', root))
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.json'))
    .map(file => file.replace(/\.json$/, ''))
}
