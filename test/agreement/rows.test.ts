import t from 'tap'
import { compileRows } from '../../src/agreement/rows.ts'
import { encodeUtf8 } from '../../src/utf8-text.ts'

const open = encodeUtf8(
  '{"city":"杭州",\n"count":3,\n"parts":[{"kind":"a"},{"kind":"b"}],\n"tags":["x","y"],\n"none":null}',
)

const cases: [what: string, rows: Record<string, string[]> | undefined, expected: boolean][] = [
  ['no filter', undefined, true],
  ['a value of the first field', { city: ['杭州'] }, true],
  ['another value', { city: ['宁波'] }, false],
  ['one of several values', { city: ['宁波', '杭州'] }, true],
  ['a part of a value', { city: ['杭'] }, false],
  ['a number as text', { count: ['3'] }, true],
  ['an element of an array', { tags: ['y'] }, true],
  ['a field within an array of objects', { 'parts.kind': ['b'] }, true],
  ['a field that no element has', { 'parts.name': ['b'] }, false],
  ['null', { none: ['null'] }, false],
  ['a field that the record lacks', { absent: ['x'] }, false],
  ['two fields, both fitting', { city: ['杭州'], tags: ['x'] }, true],
  ['two fields, one of them not fitting', { city: ['杭州'], tags: ['z'] }, false],
  ['a name that only ends like a field', { ity: ['杭州'] }, false],
]

for (const [what, rows, expected] of cases) {
  t.test(`rows by ${what}: ${expected ? 'reached' : 'not reached'}`, async t => {
    t.equal(compileRows(rows)(open), expected)
  })
}

t.test('the text of a field in the value of another is not taken for it', async t => {
  t.equal(compileRows({ b: ['1'] })(encodeUtf8('{"a":"\\n\\"b\\":1",\n"c":{"b":1}}')), false)
})
