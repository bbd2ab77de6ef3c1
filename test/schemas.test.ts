import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { identifiers } from '../src/identifiers/identifiers.ts'
import { uscc } from '../src/identifiers/uscc.ts'
import type { Json, JsonObject } from '../src/record.ts'
import type { CodeList, Crosswalk } from '../src/code-list.ts'
import { majorOf, readStandard, type StandardDocument } from '../src/standard.ts'
import { checkCodeList } from '../src/validate/code-list.ts'
import { checkCrosswalk } from '../src/validate/crosswalk.ts'
import { formats } from '../src/validate/formats.ts'
import { metaSchema } from '../src/validate/meta-schema.ts'
import { checkStandardDocument } from '../src/validate/standard-document.ts'
import { visitSchemas } from '../src/validate/subschemas.ts'
import { compileValidator } from '../src/validate/validator.ts'
import { sampleRecords } from './catalogue/sample-records.ts'

type Department = {
  readonly id: string
  readonly titles: { readonly [language: string]: string }
  readonly unifiedSocialCreditCode?: string
}

const schemas = new URL('../schemas/', import.meta.url)
const standards = readFolder<StandardDocument>('standards/')
const codeLists = readFolder<CodeList>('code-lists/')
const crosswalks = readFolder<Crosswalk>('crosswalks/')
const listOf = (id: string): CodeList | undefined => codeLists.get(`code-lists/${id}.json`)
const departments = read<{ departments: Department[] }>('departments.json').departments

t.test('every standard, code list and crosswalk passes the checks of publishing', async t => {
  for (const [path, document] of standards) t.doesNotThrow(() => checkStandardDocument(document), path)
  for (const [path, document] of codeLists) t.doesNotThrow(() => checkCodeList(document), path)
  for (const [path, document] of crosswalks) t.doesNotThrow(() => checkCrosswalk(document, listOf), path)
})

t.test('the meta-schema of standards refuses', async t => {
  const isStandard = metaSchema('standard')
  const unit = JSON.stringify(standards.get('standards/social-insurance-unit/v1.json'))
  const wrong: [what: string, from: string, to: string][] = [
    ['an unknown keyword of the document', '"type":"object"', '"type":"object","nullable":true'],
    ['an unknown keyword of a field', '"format":"uscc"', '"format":"uscc","secret":true'],
    ['an unknown keyword of the entry', '"openness":"closed"', '"openness":"closed","hidden":true'],
    ['an unknown format', '"format":"uscc"', '"format":"uccs"'],
    ['an unknown level', '"level":"L2"', '"level":"L5"'],
    ['a field without a level', '"level":"L2",', ''],
    ['a field without English titles', '"单位编号","en":"Unit number"', '"单位编号"'],
    ['a word for sharing that is none', '"sharing":"conditional"', '"sharing":"some"'],
    ['an update cycle that is none', '"updateCycle":"monthly"', '"updateCycle":"often"'],
    ['a resource code of another form', '"303001331199/000002"', '"403001331199/000002"'],
    ['a version without a patch', '"version":"1.0.0"', '"version":"1.0"'],
    ['a record with fields that are not described', '"additionalProperties":false', '"additionalProperties":true'],
    ['a reference to another document', '"format":"uscc"', '"$ref":"https://example.com/x.json"'],
    ['codes of what is no string', '"type":"string","format":"uscc"', '"type":"integer","codes":"currency"'],
    ['an object whose members are open', '"type":"string","format":"uscc"', '"type":"object","properties":{}'],
    ['a check digit of no format', '"format":"uscc"', '"checkDigit":"warn"'],
  ]
  t.ok(isStandard(JSON.parse(unit)))
  for (const [what, from, to] of wrong) {
    t.ok(unit.includes(from), `${what}: ${from} is there`)
    t.notOk(isStandard(JSON.parse(unit.replace(from, to))), what)
  }
})

t.test('the meta-schema of standards takes the formats that the validator knows, and no other', async t => {
  const meta = read<{ $defs: { keywords: { properties: { format: { enum: string[] } } } } }>('meta/standard.json')
  // Only the meta-schema itself has patterns in it.
  const others = Object.keys(formats).filter(name => name !== 'regex')
  const known = [...others, ...identifiers.map(({ name }) => name)]
  t.same(meta.$defs.keywords.properties.format.enum.toSorted(), known.toSorted())
})

t.test('a file stands where its id says', async t => {
  for (const [path, { $id, standard }] of standards) {
    t.equal(path, `standards/${standard.id}/v${majorOf(standard.version)}.json`)
    t.equal($id, `https://concord.example/schemas/${path}`)
  }
  for (const [path, { id }] of codeLists) t.equal(path, `code-lists/${id}.json`)
  for (const [path, { id }] of crosswalks) t.equal(path, `crosswalks/${id}.json`)
})

t.test('every owner is a department, and resource codes are unique', async t => {
  const ids = departments.map(({ id }) => id)
  const entries = [...standards.values()].map(({ standard }) => standard)
  for (const { owner } of entries) t.ok(ids.includes(owner), owner)
  t.equal(new Set(entries.map(({ resourceCode }) => resourceCode)).size, entries.length)
})

t.test('departments have unique ids, titles in both languages and valid, synthetic codes', async t => {
  t.equal(new Set(departments.map(({ id }) => id)).size, departments.length)
  for (const { id, titles, unifiedSocialCreditCode: code } of departments) {
    t.match(id, /^[a-z][a-z0-9-]*$/)
    t.ok(titles['zh-CN'] && titles['en'], id)
    if (code === undefined) continue
    t.equal(uscc.check(code), undefined, code)
    t.match(code, /^11331199MAXT/)
  }
})

t.test('every code list that a field or a crosswalk names exists, and every list is used', async t => {
  const used = new Set<string>()
  for (const document of standards.values()) {
    visitSchemas(document, ({ codes }) => codes !== undefined && used.add(codes))
  }
  for (const { from, to } of crosswalks.values()) used.add(from.list).add(to.list)
  t.same([...used].toSorted(), [...codeLists.values()].map(({ id }) => id).toSorted())
})

t.test('the codes of the starter lists are translated', async t => {
  for (const [path, { codes }] of codeLists)
    t.ok(
      codes.every(({ titles }) => titles.en !== undefined),
      path,
    )
})

t.test('divisions are the synthetic overlay, and say so', async t => {
  for (const { code, titles } of codeLists.get('code-lists/division.json')?.codes ?? []) {
    t.match(code, /^331199(\d{3}(\d{3})?)?$/)
    t.match(titles, { 'zh-CN': /虚构/, en: /synthetic/ }, code)
  }
})

t.test('a sealed field is never shared unconditionally', async t => {
  for (const [path, document] of standards) {
    const open = readStandard(document).fields.filter(field => field.sealed && field.sharing === 'unconditional')
    t.same(
      open.map(field => field.path),
      [],
      path,
    )
  }
})

t.test('every standard compiles, and takes its sample record', async t => {
  t.same(Object.keys(sampleRecords).toSorted(), [...standards.values()].map(({ standard }) => standard.id).toSorted())
  for (const id of sampleIds()) t.same(faultsOf(id, {}), [], id)
})

t.test('conditions hold', async t => {
  const cases: [id: SampleId, change: Change, faults: string[]][] = [
    ['enterprise-registration', { registeredCapital: undefined }, ['/registeredCapital']],
    ['enterprise-registration', { registeredCapital: undefined, enterpriseType: '175' }, []],
    ['enterprise-registration', { currency: undefined, enterpriseType: '175' }, ['/currency']],
    ['enterprise-registration', { registeredCapital: '2.5E7' }, ['/registeredCapital']],
    ['enterprise-registration', { legalRepresentativeIdType: undefined }, ['/legalRepresentativeIdType']],
    [
      'enterprise-registration',
      { legalRepresentativeIdNumber: '331199190101010018' },
      ['/legalRepresentativeIdNumber'],
    ],
    ['enterprise-registration', { legalRepresentativeIdType: '414', legalRepresentativeIdNumber: 'E00000000' }, []],
    ['tax-registration', { unifiedSocialCreditCode: undefined }, ['/unifiedSocialCreditCode']],
    ['tax-registration', { unifiedSocialCreditCode: undefined, taxpayerId: '331199190101010019' }, []],
    ['construction-permit', { area: undefined }, ['/length']],
    ['construction-permit', { area: undefined, length: '1200' }, []],
    ['real-estate-title', { houseUse: undefined, buildingArea: undefined }, ['/buildingArea', '/houseUse']],
    ['real-estate-title', { houseUse: undefined, buildingArea: undefined, rightType: '3' }, []],
    ['real-estate-title', { owners: [owner], coOwnership: '2' }, ['/owners/0/share']],
    ['real-estate-title', { owners: [owner], coOwnership: '0' }, []],
    ['environmental-approval', { projectCode: undefined }, ['/projectCode']],
    ['environmental-approval', { projectCode: undefined, acceptedOn: '2016-05-01' }, []],
    ['food-business-licence', { unifiedSocialCreditCode: undefined }, ['/operatorIdNumber']],
    ['food-business-licence', { unifiedSocialCreditCode: undefined, operatorIdNumber: owner.idNumber }, []],
    ['licence-index', { holderId: '9133****11' }, ['/holderId']],
    ['listed-company', { registrationNumber: { scheme: 'TW-UBN', value: '12345678' } }, ['/registrationNumber/value']],
    ['listed-company', { parValue: 'none' }, []],
    ['listed-company', { legalName: { Chinese: '範例' } }, ['/legalName/Chinese']],
  ]
  for (const [id, change, faults] of cases) t.same(faultsOf(id, change), faults, `${id} ${JSON.stringify(change)}`)
})

const owner = { name: '张一', idType: '111', idNumber: '331199190101010019' }

type SampleId = keyof typeof sampleRecords

/** New values of fields; undefined takes a field away. */
type Change = { readonly [name: string]: Json | undefined }

/** Where a sample record is wrong after a change. */
function faultsOf(id: SampleId, change: Change): string[] {
  const document = checkStandardDocument(standards.get(`standards/${id}/v1.json`))
  const { validate } = compileValidator(readStandard(document), listOf)
  const record: JsonObject = JSON.parse(JSON.stringify({ ...sampleRecords[id], ...change }))
  return [...new Set(validate(record).issues.map(({ pointer }) => pointer))].toSorted()
}

function sampleIds(): SampleId[] {
  return Object.keys(sampleRecords) as SampleId[]
}

function readFolder<Document>(folder: string): Map<string, Document> {
  const names = readdirSync(new URL(folder, schemas), { recursive: true, encoding: 'utf8' })
  const paths = names.filter(name => name.endsWith('.json')).map(name => folder + name)
  return new Map(paths.map(path => [path, read<Document>(path)]))
}

function read<Document>(path: string): Document {
  return JSON.parse(readFileSync(new URL(path, schemas), 'utf8')) as Document
}
