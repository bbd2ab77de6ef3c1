import t from 'tap'
import assert from 'node:assert/strict'
import fc from '../properties.ts'
import { compileProjection } from '../../src/agreement/project.ts'
import { textWriter } from '../../src/record-text.ts'
import { decodeUtf8 } from '../../src/utf8-text.ts'
import { standardWith } from '../standards.ts'

const standard = standardWith({
  key: ['id'],
  properties: {
    id: { type: 'string' },
    name: { type: 'string' },
    secret: { type: 'string', level: 'L4' },
    people: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: { type: 'string', level: 'L1' },
          age: { type: 'integer', level: 'L1' },
          idNumber: { type: 'string', level: 'L3' },
        },
      },
    },
  },
})
const record = {
  id: '1',
  name: 'N',
  secret: 'S',
  people: [
    { name: 'A', age: 3, idNumber: 'X' },
    { age: 4, idNumber: 'Y' },
  ],
}
const { open, sealed } = textWriter(standard)(record)
const unsealed = (field: string): string | undefined => sealed.find(one => one.field === field)?.text

const cases: [what: string, granted: string[], asked: string[] | undefined, data: object, withheld: string[]][] = [
  ['nothing', [], undefined, {}, ['id', 'name', 'secret', 'people.name', 'people.age', 'people.idNumber']],
  ['a field', ['name'], undefined, { name: 'N' }, ['id', 'secret', 'people.name', 'people.age', 'people.idNumber']],
  ['a sealed field', ['id', 'secret'], ['id', 'secret'], { id: '1', secret: 'S' }, []],
  ['a nested field', ['people.age'], ['people.age'], { people: [{ age: 3 }, { age: 4 }] }, []],
  [
    'a nested sealed field alone',
    ['people.idNumber'],
    ['people.idNumber'],
    { people: [{ idNumber: 'X' }, { idNumber: 'Y' }] },
    [],
  ],
  [
    'an array but for its sealed field',
    ['people.name', 'people.age'],
    ['people.name', 'people.age', 'people.idNumber'],
    { people: [{ name: 'A', age: 3 }, { age: 4 }] },
    ['people.idNumber'],
  ],
  ['fewer fields than are granted', ['id', 'name'], ['name'], { name: 'N' }, []],
  ['a field that is not granted', ['id'], ['id', 'name'], { id: '1' }, ['name']],
]

for (const [what, granted, asked, data, withheld] of cases) {
  t.test(`shows ${what}, and names what is held back`, async t => {
    const projection = compileProjection(standard, new Set(granted), asked && new Set(asked))
    t.same(JSON.parse(projection.project(open, unsealed)), data)
    t.same(projection.withheld, withheld)
  })
}

t.test('a record from before a level was raised: what is held back is not in its line, what is granted is', async t => {
  const person = (level: string): object => ({
    type: 'array',
    items: { type: 'object', properties: { name: { type: 'string', level: 'L1' }, phone: { type: 'string', level } } },
  })
  const properties = (level: string): object => ({
    id: { type: 'string' },
    mail: { type: 'string', level },
    people: person(level),
  })
  const before = textWriter(standardWith({ key: ['id'], properties: properties('L1') }))
  const raised = standardWith({ key: ['id'], version: '1.1.0', properties: properties('L3') })
  const old = { id: '1', mail: 'MAIL', people: [{ name: 'A', phone: 'PHONE' }, { name: '"phone":' }] }
  const { open: stored, sealed: none } = before(old)
  t.same(none, [])
  const show = (...granted: string[]): unknown =>
    JSON.parse(decodeUtf8(compileProjection(raised, new Set(granted)).project(stored, () => undefined)))
  t.same(show('id', 'people.name'), { id: '1', people: [{ name: 'A' }, { name: '"phone":' }] })
  t.same(show('id', 'mail', 'people.name', 'people.phone'), old)
  const { withheld } = compileProjection(raised, new Set(['id', 'people.name']))
  t.same(withheld, ['mail', 'people.phone'])
})

t.test('what is not shown is never unsealed', async t => {
  const asked: string[] = []
  const projection = compileProjection(standard, new Set(['id', 'people.name', 'people.age']))
  projection.project(open, field => void asked.push(field))
  t.same(asked, [])
  t.same(projection.sealed, [])
})

t.test('shown and held back are together what was asked for; projecting twice is projecting once', async () => {
  const leaves = standard.fields.map(field => field.path)
  fc.assert(
    fc.property(fc.subarray(leaves), fc.subarray(leaves), (granted, asked) => {
      const once = compileProjection(standard, new Set(granted), new Set(asked))
      assert.deepEqual([...once.fields, ...once.withheld].sort(), [...asked].sort())
      const data = once.project(open, unsealed)
      const again = textWriter(standard)(JSON.parse(data) as typeof record)
      assert.equal(
        once.project(again.open, field => again.sealed.find(one => one.field === field)?.text),
        data,
      )
    }),
  )
})
