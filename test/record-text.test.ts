import t from 'tap'
import assert from 'node:assert/strict'
import fc from './properties.ts'
import { compileProjection } from '../src/agreement/project.ts'
import type { JsonObject } from '../src/record.ts'
import { readText, textWriter } from '../src/record-text.ts'
import { decodeUtf8, encodeUtf8 } from '../src/utf8-text.ts'
import { standardWith } from './standards.ts'

const leaf = (level: 'L1' | 'L3') => ({ type: 'string', level })

const standard = standardWith({
  key: ['id'],
  properties: {
    id: leaf('L1'),
    name: leaf('L1'),
    secret: leaf('L3'),
    people: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: leaf('L1'),
          idNumber: leaf('L3'),
          papers: { type: 'array', items: { type: 'object', properties: { number: leaf('L3') } } },
        },
      },
    },
    builder: { type: 'object', properties: { name: leaf('L1'), code: leaf('L1'), phone: leaf('L3') } },
  },
})

const text = fc.string({ unit: 'grapheme' })
const records: fc.Arbitrary<JsonObject> = fc.record(
  {
    id: text,
    name: text,
    secret: text,
    people: fc.array(
      fc.record(
        {
          name: text,
          idNumber: text,
          papers: fc.array(fc.record({ number: text }, { requiredKeys: [], noNullPrototype: true })),
        },
        { requiredKeys: [], noNullPrototype: true },
      ),
    ),
    builder: fc.record({ name: text, code: text, phone: text }, { requiredKeys: [], noNullPrototype: true }),
  },
  { requiredKeys: ['id'], noNullPrototype: true },
) as fc.Arbitrary<JsonObject>

t.test('a text is a line for each top-level field, and what is sealed stands apart', async t => {
  const written = textWriter(standard)({
    id: '1',
    secret: 'hidden',
    people: [{ name: 'A', idNumber: 'hidden too' }, { name: 'B' }],
  })
  t.equal(written.open, '{"id":"1",\n"people":[{"name":"A"},{"name":"B"}]}')
  t.same(written.sealed, [
    { field: 'secret', text: '"hidden"' },
    { field: 'people.idNumber', text: '{"/0/idNumber":"hidden too"}' },
  ])
})

t.test('reading is the inverse of writing, whatever is sealed and however deep', async () => {
  const write = textWriter(standard)
  fc.assert(fc.property(records, record => assert.deepEqual(readText(write(record)), record)))
})

t.test('projecting onto all fields gives the record back', async () => {
  const write = textWriter(standard)
  const all = compileProjection(standard, new Set(standard.fields.map(field => field.path)))
  fc.assert(
    fc.property(records, record => {
      const { open, sealed } = write(record)
      const data = decodeUtf8(all.project(encodeUtf8(open), field => sealed.find(one => one.field === field)?.text))
      assert.deepEqual(JSON.parse(data), record)
    }),
  )
})
