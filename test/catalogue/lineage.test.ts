import { readFileSync } from 'node:fs'
import t from 'tap'
import { coverage, lineage } from '../../src/catalogue/lineage.ts'
import { compileAdapter } from '../../src/map/adapter.ts'
import { readStandard } from '../../src/standard.ts'

const adapter = (id: string) =>
  compileAdapter(read(`adapters/${id}.json`), {
    standard: (standard, major) => readStandard(read(`schemas/standards/${standard}/v${major}.json`)),
    codeList: list => read(`schemas/code-lists/${list}.json`),
  })

t.test('the lineage of a leaf names the paths that feed it, those that decide, and the transforms', async t => {
  const leaves = new Map(lineage(adapter('market-regulation/enterprises')).map(leaf => [leaf.field, leaf]))
  t.match(leaves.get('registeredCapital'), {
    required: false,
    level: 'L1',
    rules: [{ sources: ['regcap'], isConstant: false, decidedBy: [], via: ['decimal'] }],
  })
  t.match(leaves.get('legalRepresentativeName')?.rules, [
    { sources: ['name'], decidedBy: [], via: ['trim', 'dots'] },
    { sources: ['e_pri_person/name'], decidedBy: ['e_pri_person/lerepsign'], via: ['trim', 'dots'] },
  ])
  t.match(leaves.get('investors.idType')?.rules, [
    { sources: ['e_inv/certype'], isConstant: false, via: ['trim', 'codes'] },
    { sources: [], isConstant: true, decidedBy: ['e_inv/blicno'], via: [] },
  ])
})

t.test('leaves come in the order of the standard, and each of them', async t => {
  const premises = adapter('food-standards-agency/premises')
  t.same(
    lineage(premises).map(({ field }) => field),
    premises.standard.fields.map(({ path }) => path),
  )
})

t.test('a leaf with open names has the rules of all its names, and a joined list those of its parts', async t => {
  const companies = new Map(lineage(adapter('twse/companies')).map(leaf => [leaf.field, leaf.rules]))
  t.match(companies.get('legalName'), [{ field: 'legalName.zh-Hant', sources: ['公司名稱'] }])
  t.match(companies.get('authority'), [{ isConstant: true, sources: [] }])
  const premises = new Map(lineage(adapter('food-standards-agency/premises')).map(leaf => [leaf.field, leaf.rules]))
  t.same(
    premises.get('address.line')?.flatMap(({ sources }) => sources),
    ['AddressLine1', 'AddressLine2', 'AddressLine3', 'AddressLine4'],
  )
})

t.test('rules over many texts say what they make of them, and by what', async t => {
  const given = JSON.parse(JSON.stringify(read('adapters/food-standards-agency/premises.json')))
  const unit = { standard: 'social-insurance-unit', major: 1, matter: 'm', field: 'name' }
  Object.assign(given.fields, {
    premisesId: { digestOf: [{ from: 'a', via: ['trim'] }, { value: 'b' }] },
    name: { resolve: { ...unit, key: { from: 'no', via: ['trim'] } } },
    phone: { max: 'rows/phone', where: { path: '../kind', is: 'main' }, via: ['trim'] },
    category: {
      from: 'kind',
      codes: { a: 'restaurant' },
      translate: { list: 'food-premises-category', by: 'title', on: { from: 'day', via: ['date'] } },
    },
  })
  given.fields.address.fields.city = { listOf: [{ from: 'c' }, { from: 'd' }], complete: true, via: [{ join: ' ' }] }
  const compiled = compileAdapter(given, {
    standard: (standard, major) => readStandard(read(`schemas/standards/${standard}/v${major}.json`)),
    codeList: list => read(`schemas/code-lists/${list}.json`),
  })
  const rules = new Map(lineage(compiled).map(leaf => [leaf.field, leaf.rules]))
  t.match(rules.get('premisesId'), [
    { sources: ['a'], isConstant: false, via: ['trim', 'digest'] },
    { sources: [], isConstant: true, via: ['digest'] },
  ])
  t.match(rules.get('name'), [{ sources: ['no'], via: ['trim', 'resolve'] }])
  t.match(rules.get('phone'), [{ sources: ['rows/phone'], decidedBy: ['rows/kind'], via: ['trim', 'max'] }])
  t.match(rules.get('category'), [{ sources: ['kind'], decidedBy: ['day'], via: ['codes', 'translate'] }])
  t.match(rules.get('address.city'), [
    { sources: ['c'], via: ['join'] },
    { sources: ['d'], via: ['join'] },
  ])
})

t.test('coverage tells what is mapped from what is not, and no required leaf is among the latter', async t => {
  const { mapped, unmapped } = coverage(adapter('food-standards-agency/premises'))
  t.same(
    unmapped.map(({ field }) => field),
    [
      'address.city',
      'phone',
      'inspections.type',
      'inspections.closed',
      'inspections.violations.code',
      'inspections.violations.text',
      'inspections.violations.severity',
      'inspections.violations.points',
    ],
  )
  t.notOk(unmapped.some(({ required }) => required))
  t.equal(mapped.length, 14)
})

function read(path: string) {
  return JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'))
}
