import t from 'tap'
import { coverageOf } from '../../src/catalogue/coverage.ts'
import { compileAdapter } from '../../src/map/adapter.ts'
import { catalogue, readJson } from '../outcome.ts'
import { standardWith } from '../standards.ts'

const text = { type: 'string' }
const standard = standardWith({
  id: 'thing',
  key: ['id'],
  properties: {
    id: text,
    name: text,
    kind: text,
    note: text,
    more: { type: 'object', properties: { a: text, b: text } },
  },
})

const adapter = (department: string, fields: object) =>
  compileAdapter(
    {
      adapter: { department, name: 'things', version: '1.0.0', titles: { 'zh-CN': '测试', en: 'Test' } },
      standard: { id: 'thing', major: 1 },
      source: { format: 'json', records: '' },
      mode: 'delta',
      fields,
    },
    { ...catalogue, standard: () => standard },
  )

t.test('a field is filled always, sometimes, by a constant, or by nobody', t => {
  const first = adapter('b', {
    id: { from: 'id' },
    name: { from: 'name' },
    kind: { value: 'shop' },
    note: { firstOf: [{ from: 'note' }, { value: 'none' }] },
  })
  const second = adapter('a', {
    id: { from: 'no' },
    kind: { value: 'shop', when: { path: 'x', present: true } },
    note: { firstOf: [{ from: 'note' }, { value: 'none', when: { path: 'x', present: true } }] },
    more: { fields: { a: { from: 'a' } } },
  })
  const covered = coverageOf(standard, [first, second])
  t.same(Object.fromEntries(covered.fields.map(({ field, filledBy }) => [field, filledBy])), {
    id: { 'a/things': 'always', 'b/things': 'always' },
    name: { 'b/things': 'sometimes' },
    kind: { 'a/things': 'constant', 'b/things': 'constant' },
    note: { 'a/things': 'sometimes', 'b/things': 'always' },
    'more.a': { 'a/things': 'sometimes' },
    'more.b': {},
  })
  t.same(covered.unfilled, ['more.b'])
  t.same(
    covered.adapters.map(each => each.adapter),
    ['a/things', 'b/things'],
    'by name, whatever the order in which they come',
  )
  t.match(covered, { standard: 'thing', major: 1, version: '1.0.0' })
  t.end()
})

t.test('a standard that nobody maps to has no field that is filled', t => {
  const { unfilled, fields } = coverageOf(standard, [])
  t.same(
    unfilled,
    fields.map(({ field }) => field),
  )
  t.end()
})

t.test('two departments of the starter catalogue fill the same standard, each in its way', t => {
  const ids = ['food-standards-agency/premises', 'nyc-health/inspections']
  const adapters = ids.map(id => compileAdapter(readJson(`adapters/${id}.json`), catalogue))
  const covered = coverageOf(catalogue.standard('food-premises-inspection', 1), adapters)
  const filled = new Map(covered.fields.map(({ field, filledBy }) => [field, filledBy]))
  t.same(filled.get('premisesId'), { [ids[0] ?? '']: 'always', [ids[1] ?? '']: 'always' })
  t.match(filled.get('phone'), { 'nyc-health/inspections': 'sometimes' })
  t.notOk(Object.hasOwn(filled.get('phone') ?? {}, 'food-standards-agency/premises'))
  t.end()
}) // prettier-ignore
