/**
 * Feeds that no department of the starter catalogue sends, brought in by documents alone: the standards and adapters
 * of test/elsewhere.
 */
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { HubError } from '../src/errors.ts'
import { compileAdapter, type Adapter } from '../src/map/adapter.ts'
import { readStandard } from '../src/standard.ts'
import { checkStandardDocument } from '../src/validate/standard-document.ts'
import { outcomeOf, readJson, type Outcome } from './outcome.ts'

const shared = new URL('../../shared/data/', import.meta.url)

type Feed = {
  readonly adapter: string
  readonly file: string
  readonly records: number
  /** What is rejected: the record's place, where it is wrong, and why. */
  readonly rejects?: { readonly [ordinal: number]: readonly string[] }
  /** What the first record says, among other things. */
  readonly first?: object
}

const feeds: Feed[] = [
  {
    adapter: 'bikes/capital-bikeshare',
    file: 'bikes/dc-capital-bikeshare-2013.xml',
    records: 199,
    first: { name: '20th & Bell St', isOpen: true, installedAt: '2011-09-15T04:00:00Z' },
  },
  {
    adapter: 'bikes/tfl',
    file: 'bikes/london-tfl-2014.xml',
    records: 734,
    first: { docks: 19, location: { latitude: 51.52916347 }, updatedAt: '2014-04-15T13:33:01.383Z' },
  },
  {
    adapter: 'bikes/youbike',
    file: 'bikes/taipei-youbike-2013.json',
    records: 109,
    first: { stationId: '0000', location: { longitude: 121.56828 }, updatedAt: '2013-09-26T09:22:17+08:00' },
  },
  {
    adapter: 'fx/cbr',
    file: 'fx/cbr-2022-03-15.xml',
    records: 34,
    first: { currency: 'AUD', number: '036', name: 'Австралийский доллар', day: '2022-03-15', rate: '83.5173' },
  },
  { adapter: 'fx/ecb', file: 'fx/ecb-2017-03-08.xml', records: 31, first: { day: '2017-03-08', rate: '1.0556' } },
  { adapter: 'fx/ecb', file: 'fx/ecb-2025-05-09.xml', records: 30, first: { currency: 'USD', rate: '1.1252' } },
  {
    adapter: 'niem/crash-driver',
    file: 'niem/crashdriver/iep2.xml',
    records: 1,
    first: {
      driver: { middle: ['Death', 'Bredon'], licence: 'A1234567' },
      injuries: [{ person: '#P01', severity: '3', privacy: ['PII', 'MEDICAL'] }],
      charges: [{ text: 'Furious Driving', isFelony: false, isCriminalInformation: true }],
    },
  },
  {
    adapter: 'niem/crash-driver-json',
    file: 'niem/crashdriver/CrashDriver.json',
    records: 1,
    first: {
      driver: { middle: ['Death', 'Bredon'], licence: 'A1234567' },
      injuries: [{ person: '#P01', severity: '3' }],
      charges: [{ text: 'Furious Driving', isFelony: false, isJuvenileAsAdult: false }],
    },
  },
  ...Object.entries({
    'BresciaMobilita+OPEN-DATA': 3,
    'Comune-Civitavecchia+open-data': 10,
    'ComuneFoggia+OpenData-Comune-di-Foggia': 7,
    'ComuneMolinella+opendata': 3,
    'RTDLIZZANO+Comune_di_Lizzano': 1,
    'edihdtopendata+comune-giovinazzo': 2,
    'sicomta+OpenData': 3,
  }).map(([name, records]) => ({
    adapter: 'dcat/dcat-ap-it',
    file: `catalogue-dcat/it-dcat-ap/${name}.rdf`,
    records,
    first: {
      publisher: /\S/,
      modified: /^20/,
      licence: 'https://creativecommons.org/licenses/by/4.0/',
      isPublic: true,
    },
  })),
  ...Object.entries({ dcatus: 7, dcatus_2: 3, dcatus_single_record: 1 }).map(([name, records]) => ({
    adapter: 'dcat/dcat-us',
    file: `catalogue-dcat/us-dcat-us/${name}.json`,
    records,
    first: { uri: 'cftc-dc1', updateCycle: 'weekly', keywords: ['commitment of traders', 'cot', 'open interest'] },
  })),
  {
    adapter: 'dcat/dcat-us',
    file: 'catalogue-dcat/us-dcat-us/dcatus3_0.json',
    records: 3,
    // Its identifier is an object that has no @id.
    rejects: { 4: ['/uri source-nested'] },
  },
  {
    adapter: 'dcat/dcat-us',
    file: 'catalogue-dcat/us-dcat-us/dcatus_no_identifier.json',
    records: 0,
    rejects: { 1: ['/uri required'] },
  },
  {
    adapter: 'dcat/dcat-us',
    file: 'catalogue-dcat/us-dcat-us/missing_title.json',
    records: 0,
    rejects: { 1: ['/title required'] },
  },
  {
    adapter: 'dcat/dcat-us',
    file: 'catalogue-dcat/us-dcat-us/dcatus_bad_license_uri.json',
    records: 1,
    first: { description: /^BY USING THIS WEBSITE .* TO THE TERMS OF USE\. Oakland/, modified: '2016-11-15' },
  },
  { adapter: 'dcat/dcat-us', file: 'catalogue-dcat/us-dcat-us/dcatus_long_description.json', records: 1 },
]

for (const { adapter, file, records, rejects = {}, first = {} } of feeds) {
  t.test(`${adapter} takes ${records} records of ${file}`, needs(file), async t => {
    const outcome = await outcomeOf(adapterOf(adapter), urlOf(file))
    t.equal(outcome.records.length, records)
    t.same(reasons(outcome), rejects)
    t.equal(new Set(outcome.records.map(({ key }) => key)).size, records, 'each under a key of its own')
    if (records > 0) t.match(outcome.records[0]?.data, first)
  })
}

/** Pairs of which the two files do not say the same, and what they say. */
const unequal: { readonly [name: string]: string } = {
  'r5/unicode-problem': 'XML has a reference to a character that XML has not; JSON has the character itself',
  'validator/unicode-problem': 'as that of r5',
  'validator/xml-bad-entities': 'XML has entities that are not declared',
  'validator/group-choice-empty': 'JSON lacks a value',
  'validator/med-dispense': 'JSON goes on after its end',
  'validator/obs-unit-profile': 'XML goes on, in JSON, after its end',
  'validator/list-contained-bad': 'the contained patient is pat1 in XML, pat2 in JSON',
  'r4b/snapshot-generation/eob-nested': 'they are two profiles',
  'r5/snapshot-generation/eob-nested': 'they are two profiles',
  'fhir.js/r4/medicationStatement': 'the categories are of two code systems',
  'fhir.js/stu3/condition-example2': 'the categories are of two code systems',
}

t.test('XML and JSON of the same FHIR resource give equal records', needs('fhir-xml-json/'), async t => {
  const [xml, json] = [adapterOf('fhir/xml'), adapterOf('fhir/json')]
  const pairs = fhirPairs()
  t.equal(pairs.length, 64)
  for (const pair of pairs) {
    const fromXml = await said(xml, `fhir-xml-json/${pair}.xml`)
    const fromJson = await said(json, `fhir-xml-json/${pair}.json`)
    const why = unequal[pair.replace('fhir-test-cases/', '')]
    if (why === undefined) t.same(fromXml, fromJson, pair)
    else t.notSame(fromXml, fromJson, `${pair}: ${why}`)
  }
})

/** Records, and why others are none; or what the input as a whole is refused for. */
async function said(adapter: Adapter, file: string): Promise<object | string> {
  try {
    const outcome = await outcomeOf(adapter, urlOf(file))
    return { records: outcome.records, rejects: reasons(outcome) }
  } catch (error) {
    if (error instanceof HubError) return error.message
    throw error
  }
}

function fhirPairs(): string[] {
  const folder = fileURLToPath(urlOf('fhir-xml-json/'))
  const files = new Set(readdirSync(folder, { recursive: true, encoding: 'utf8' }))
  const names = [...files].filter(file => file.endsWith('.xml')).map(file => file.slice(0, -'.xml'.length))
  return names.filter(name => files.has(`${name}.json`)).toSorted()
}

function reasons({ rejects }: Outcome): Feed['rejects'] {
  return Object.fromEntries(
    rejects.map(({ ordinal, issues }) => [ordinal, issues.map(({ pointer, code }) => `${pointer} ${code}`)]),
  )
}

function adapterOf(id: string): Adapter {
  const [folder, name] = id.split('/')
  const standard = readStandard(checkStandardDocument(readJson(`test/elsewhere/${folder}/standard.json`)))
  return compileAdapter(readJson(`test/elsewhere/${folder}/${name}.json`), {
    standard: () => standard,
    codeList: () => undefined,
  })
}

function urlOf(file: string): URL {
  return new URL(encodeURI(file), shared)
}

function needs(file: string): { skip: string | false } {
  return { skip: existsSync(urlOf(file)) ? false : `${file} is not there` }
}
