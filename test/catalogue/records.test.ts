import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import type { Side } from '../../src/catalogue/compare/side.ts'
import { formatText } from '../../src/catalogue/records/format-texts.ts'
import { identifierTexts } from '../../src/catalogue/records/identifier-texts.ts'
import { patternText } from '../../src/catalogue/records/pattern-text.ts'
import { between, seededRandom } from '../../src/catalogue/records/random.ts'
import { recordGenerator } from '../../src/catalogue/records/record-generator.ts'
import { identifierOf, identifiers } from '../../src/identifiers/identifiers.ts'
import type { JsonObject } from '../../src/record.ts'
import type { CodeList } from '../../src/code-list.ts'
import { readStandard, type SchemaNode } from '../../src/standard.ts'
import { compileValidator } from '../../src/validate/validator.ts'
import { codeListOf, documentOf, titles } from '../validate/fixture.ts'

const schemas = new URL('../../schemas/', import.meta.url)
const lists = new Map<string, CodeList>()

function codeList(id: string): CodeList {
  const list = lists.get(id) ?? JSON.parse(readFileSync(new URL(`code-lists/${id}.json`, schemas), 'utf8'))
  lists.set(id, list)
  return list
}

t.test('every standard of the starter catalogue gives 200 records, valid and hardly two the same', async t => {
  for (const id of readdirSync(new URL('standards/', schemas))) {
    const document = JSON.parse(readFileSync(new URL(`standards/${id}/v1.json`, schemas), 'utf8'))
    const records = recordsOf({ document, codeList }, 200)
    const { validate } = compileValidator(readStandard(document), codeList)
    t.ok(
      records.every(record => validate(record).issues.length === 0),
      `${id}: valid`,
    )
    t.ok(new Set(records.map(record => JSON.stringify(record))).size >= 190, `${id}: distinct`)
    const names = new Set(records.flatMap(record => Object.keys(record)))
    t.strictSame([...names].sort(), Object.keys(document.properties).sort(), `${id}: every field is seen`)
    const optional = Object.keys(document.properties).filter(name => !document.required.includes(name))
    t.ok(
      optional.every(name => records.some(record => !(name in record))),
      `${id}: and every optional one is missed`,
    )
  }
})

t.test('the same chances give the same records', async t => {
  const document = JSON.parse(readFileSync(new URL('standards/enterprise-registration/v1.json', schemas), 'utf8'))
  t.strictSame(recordsOf({ document, codeList }, 20), recordsOf({ document, codeList }, 20))
})

/** What a field's schema asks for, and what must be seen among the values that are grown for it. */
const wanted: readonly [why: string, schema: SchemaNode, seen: readonly ((value: unknown) => boolean)[]][] = [
  ['limits', { type: 'integer', minimum: 3, exclusiveMaximum: 40 }, [is(3), is(39)]],
  ['steps', { type: 'number', multipleOf: 0.1, minimum: 0.25, maximum: 0.65 }, [is(0.4), is(0.5)]],
  ['null', { type: ['string', 'null'], format: 'date' }, [is(null), value => typeof value === 'string']],
  ['lengths', { type: 'string', minLength: 2, maxLength: 5 }, [hasLength(2), hasLength(5)]],
  ['characters of two units', { type: 'string', minLength: 1, maxLength: 3 }, [value => String(value).includes('𠮷')]],
  ['a pattern with a length', { type: 'string', pattern: '^[a-z]+$', minLength: 9 }, [hasLength(9)]],
  ['a pattern without anchors', { type: 'string', pattern: '\\d{3}' }, [hasLength(3), value => hasLength(5)(value)]],
  ['codes', { type: 'string', codes: 'colours' }, [is('01'), is('02')]],
  ['codes of which one is not allowed', { type: 'string', codes: 'colours', not: { const: '01' } }, [is('02')]],
  ['an enum that something else cuts', { type: 'string', enum: ['a', 'bb', 'cc'], minLength: 2 }, [is('bb'), is('cc')]],
  ['every type, where none is said', {}, [is(true), is(null), Array.isArray, value => typeof value === 'string']],
  [
    'items without a second',
    { type: 'array', items: { type: 'boolean' }, uniqueItems: true, minItems: 1 },
    [hasSize(1), hasSize(2)],
  ],
  [
    'one of several',
    { oneOf: [{ type: 'integer', minimum: 0 }, { const: 'none' }] },
    [is('none'), value => typeof value === 'number'],
  ],
  [
    'free names',
    {
      type: 'object',
      minProperties: 1,
      maxProperties: 2,
      propertyNames: { pattern: '^[a-z]{2}$' },
      additionalProperties: { type: 'boolean' },
    },
    [value => Object.keys(Object(value)).length === 1, value => Object.keys(Object(value)).length === 2],
  ],
  [
    'a member that another asks for, and a condition met and not met',
    {
      type: 'object',
      properties: {
        kind: { type: 'string', enum: ['id', 'name'], titles, level: 'L1' },
        number: { type: 'string', minLength: 1, titles, level: 'L1' },
        note: { type: 'string', titles, level: 'L1' },
      },
      additionalProperties: false,
      dependentRequired: { note: ['kind', 'number'] },
      if: { properties: { kind: { const: 'id' } }, required: ['kind'] },
      then: { required: ['number'], properties: { number: { type: 'string', format: 'resident-id' } } },
    },
    [
      value => identifierOf('resident-id')?.check(member(value, 'number')) === undefined,
      value => member(value, 'kind') === 'name' && !('number' in Object(value)),
      value => Object.keys(Object(value)).length === 3,
      value => Object.keys(Object(value)).length === 0,
    ],
  ],
]

for (const [why, schema, seen] of wanted) {
  t.test(`records of a field with ${why}`, async t => {
    const document = documentOf({
      properties: { value: { ...schema, titles, level: 'L1' } },
      required: ['id', 'value'],
    })
    const values = recordsOf({ document, codeList: codeListOf }, 120).map(record => record['value'])
    t.equal(values.length, 120)
    for (const [i, test] of seen.entries()) t.ok(values.some(test), `${why}: what is to be seen, number ${i + 1}`)
  })
}

t.test('a value that cannot be is given up', async t => {
  const document = documentOf({
    properties: { value: { type: 'string', maxLength: 1, pattern: '^aa$', titles, level: 'L1' } },
    required: ['id', 'value'],
  })
  t.equal(recordGenerator({ document, codeList: codeListOf })(seededRandom(1)), undefined)
})

t.test('records stand around the limits of the other version too', async t => {
  const version = (schema: SchemaNode): Side => ({
    document: documentOf({ properties: { value: { ...schema, titles, level: 'L1' } }, required: ['id', 'value'] }),
    codeList: codeListOf,
  })
  const before = version({ type: 'string' })
  const random = seededRandom(3)
  const generate = recordGenerator(before, version({ type: 'string', maxLength: 77, not: { const: '示例' } }))
  const values = Array.from({ length: 300 }, () => generate(random)?.['value'])
  t.ok(values.includes('示例'))
  t.ok(values.some(hasLength(78)))
})

t.test('identifiers are valid, and of nobody', async t => {
  const random = seededRandom(5)
  for (const { name, check } of identifiers) {
    const texts = Array.from({ length: 200 }, () => formatText(name, random) ?? '')
    t.ok(
      texts.every(text => check(text) === undefined),
      name,
    )
    if (name.startsWith('resident-id')) t.ok(texts.every(text => /^331199(19)?0[1-8]/.test(text)))
    if (/uscc|organisation/.test(name)) t.ok(texts.every(text => text.includes('MAXT')))
  }
  t.strictSame(Object.keys(identifierTexts).sort(), identifiers.map(({ name }) => name).sort())
})

t.test('texts for a pattern match it', async t => {
  const patterns = [
    '^20(1[89]|[2-9])', '^9[123][0-9A-HJ-NP-RTUWXY]{16}$', '^(0|[1-9]\\d{0,13})(\\.\\d{1,6})?$', '^[^*＊#＃●•×\\s]{2,40}$',
    '^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\\d{3}))?$', 'a|b|^c+?$', '^(?:x{2}|y{2,}|z{1,3})*$', '^\\u4e2d[\\u{20000}-\\u{20010}]\\.$',
    '^\\p{Script=Han}+$', '^[\\w-]+@[\\w.]+$', '^\\S\\D\\W$', '^(?<year>\\d{4})$', '^.{3}$', '^[\\]\\-\\^]$', '',
  ] // prettier-ignore
  const random = seededRandom(9)
  for (const pattern of patterns) {
    const write = patternText(pattern)
    const texts = Array.from({ length: 200 }, () => write?.(random, between(random, 0, 6)) ?? '?')
    t.ok(
      texts.every(text => new RegExp(pattern, 'u').test(text)),
      pattern,
    )
  }
  t.equal(patternText('^(a)\\1$'), undefined, 'a back reference is not read')
})

function recordsOf(side: Side, count: number): JsonObject[] {
  const generate = recordGenerator(side)
  const random = seededRandom(7)
  return Array.from({ length: count }, () => generate(random)).filter(record => record !== undefined)
}

function is(expected: unknown): (value: unknown) => boolean {
  return value => value === expected
}

function hasLength(length: number): (value: unknown) => boolean {
  return value => typeof value === 'string' && Array.from(value).length === length
}

function hasSize(size: number): (value: unknown) => boolean {
  return value => Array.isArray(value) && value.length === size
}

function member(value: unknown, name: string): string {
  return String(Object(value)[name])
}
