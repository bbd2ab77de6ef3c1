import t from 'tap'
import type { SchemaNode } from '../../../src/standard.ts'
import { codes, compared, object, sideWith, witnessFault, type Lists } from './sides.ts'

const text = { type: 'string' }
const whole = { type: 'integer' }
const free = { type: 'object', additionalProperties: text }
const list = (items: SchemaNode, more: SchemaNode = {}): SchemaNode => ({ type: 'array', items, ...more })

/** Before, after, and what is said: `code` or `code/who breaks`, in the order of the document. */
type Row = readonly [before: SchemaNode, after: SchemaNode, ...said: readonly string[]]

const rows: Readonly<Record<string, Row>> = {
  'a shorter text': [{ ...text, maxLength: 9 }, { ...text, maxLength: 8 }, 'length-narrowed/records'],
  'a longer text': [{ ...text, maxLength: 9 }, { ...text, maxLength: 10 }, 'length-widened'],
  'a length that is new': [text, { ...text, minLength: 1 }, 'length-narrowed/records'],
  'both ends of a length moved': [
    { ...text, minLength: 2, maxLength: 9 },
    { ...text, minLength: 1, maxLength: 8 },
    'length-narrowed/records',
  ],
  'a length that the pattern has anyway': [
    { ...text, pattern: '^\\d{6}$' },
    { ...text, pattern: '^\\d{6}$', maxLength: 6, minLength: 6 },
    'length-widened',
  ],
  'a length that a pattern has by a pair of escapes, which is one character': [
    { ...text, pattern: '^\\ud83d\\uDE00$' },
    { ...text, pattern: '^\\ud83d\\uDE00$', minLength: 2 },
    'length-narrowed/records',
  ],
  'a length that the date has anyway': [
    { ...text, format: 'date' },
    { ...text, format: 'date', minLength: 10 },
    'length-widened',
  ],
  'a narrower range': [{ ...whole, minimum: 0 }, { ...whole, minimum: 1 }, 'range-narrowed/records'],
  'a wider range': [{ type: 'number', maximum: 10 }, { type: 'number', maximum: 10.5 }, 'range-widened'],
  'an end that is no longer in the range': [
    { type: 'number', minimum: 0 },
    { type: 'number', exclusiveMinimum: 0 },
    'range-narrowed/records',
  ],
  'the same range of whole numbers, said otherwise': [
    { ...whole, minimum: 1 },
    { ...whole, exclusiveMinimum: 0 },
    'range-widened',
  ],
  'multiples of a part of the step': [
    { ...whole, minimum: -9, maximum: 99, multipleOf: 6 },
    { ...whole, minimum: -9, maximum: 99, multipleOf: 3 },
    'step-relaxed',
  ],
  'multiples of a part of the step, too many to be counted': [
    { ...whole, multipleOf: 1_000_000 },
    { ...whole, multipleOf: 10 },
    'step-narrowed/records',
  ],
  'whole numbers, too large to be counted': [whole, { ...whole, multipleOf: 1 }, 'step-narrowed/records'],
  'whole numbers that can be counted': [
    { ...whole, minimum: 0, maximum: 10 },
    { ...whole, minimum: 0, maximum: 10, multipleOf: 1 },
    'step-relaxed',
  ],
  'multiples of another step': [{ ...whole, multipleOf: 3 }, { ...whole, multipleOf: 6 }, 'step-narrowed/records'],
  'whole numbers that may have a fraction': [whole, { type: 'number' }, 'type-widened/readers'],
  'numbers that must be whole': [{ type: 'number' }, whole, 'type-narrowed/records'],
  'numbers that were whole by their step': [{ type: 'number', multipleOf: 1 }, whole, 'type-moved', 'step-relaxed'],
  'another type': [text, whole, 'type-narrowed/records', 'type-widened/readers'],
  'null allowed': [text, { type: ['string', 'null'] }, 'null-allowed/readers'],
  'null refused': [{ type: ['string', 'null'] }, text, 'null-refused/records'],
  'a value fewer': [{ enum: ['a', 'b'] }, { enum: ['a'] }, 'values-narrowed/records'],
  'a value more': [{ enum: ['a'] }, { enum: ['a', 'b'] }, 'values-widened/readers'],
  'a value exchanged': [
    { enum: ['a', 'b'] },
    { enum: ['b', 'c'] },
    'values-narrowed/records',
    'values-widened/readers',
  ],
  'values in another order': [{ enum: ['a', 'b'] }, { enum: ['b', 'a'] }, 'words-changed'],
  'one value, listed': [{ const: 'a' }, { enum: ['a'] }, 'values-moved'],
  'values where any text was': [text, { ...text, enum: ['a'] }, 'values-narrowed/records'],
  'a length that all values have': [
    { ...text, enum: ['a', 'bb'] },
    { ...text, enum: ['a', 'bb'], maxLength: 2 },
    'length-widened',
  ],
  'a length that one value has not': [
    { ...text, enum: ['a', 'bb'] },
    { ...text, enum: ['a', 'bb'], maxLength: 1 },
    'length-narrowed/records',
  ],
  'a format': [text, { ...text, format: 'date' }, 'format-narrowed/records'],
  'no format': [{ ...text, format: 'date' }, text, 'format-relaxed'],
  'another format': [{ ...text, format: 'date' }, { ...text, format: 'date-time' }, 'format-narrowed/records'],
  'a check digit that is no longer only warned of': [
    { ...text, format: 'uscc', checkDigit: 'warn' },
    { ...text, format: 'uscc' },
    'format-narrowed/records',
  ],
  'a check digit that is only warned of': [
    { ...text, format: 'uscc' },
    { ...text, format: 'uscc', checkDigit: 'warn' },
    'format-relaxed',
  ],
  'a pattern': [text, { ...text, pattern: '^[a-z]+$' }, 'pattern-narrowed/records'],
  'no pattern': [{ ...text, pattern: '^[a-z]+$' }, text, 'pattern-relaxed'],
  'another pattern': [{ ...text, pattern: '^[a-z]+$' }, { ...text, pattern: '^[a-y]+$' }, 'pattern-narrowed/records'],
  'fewer items': [list(text, { maxItems: 3 }), list(text, { maxItems: 2 }), 'count-narrowed/records'],
  'more items': [list(text, { minItems: 1 }), list(text), 'count-widened'],
  'no repeats': [list(text), list(text, { uniqueItems: true }), 'uniqueness-demanded/records'],
  'an item that must be there': [list(text), list(text, { contains: { const: 'a' } }), 'content-demanded/records'],
  'items of another length': [list(text), list({ ...text, maxLength: 3 }), 'length-narrowed/records'],
  'a field of the items required': [
    list(object({ a: text, b: text }, 'a')),
    list(object({ a: text, b: text }, 'a', 'b')),
    'field-made-required/records',
  ],
  'a field of the items no longer required': [
    list(object({ a: text, b: text }, 'a', 'b')),
    list(object({ a: text, b: text }, 'a')),
    'field-made-optional/readers',
  ],
  'a field of the items of items removed': [
    list(object({ a: list(object({ b: text, c: text })) })),
    list(object({ a: list(object({ b: text })) })),
    'field-removed/records',
  ],
  'free names, fewer of them': [
    { type: 'object', additionalProperties: text, propertyNames: text },
    { type: 'object', additionalProperties: text, propertyNames: { ...text, maxLength: 2 } },
    'names-narrowed/records',
  ],
  'what hangs on a name with a comma, of which names apart say nothing': [
    { ...free, not: { required: ['a', 'b'] } },
    { ...free, not: { required: ['a', 'b'] }, dependentRequired: { 'a,b': ['c'] } },
    'dependency-added/records',
  ],
  'no members, where an alternative had one': [
    { anyOf: [{ type: 'object', properties: { a: text }, additionalProperties: false }] },
    { anyOf: [{ type: 'object', additionalProperties: false }] },
    'alternatives-narrowed/records',
  ],
  'a member that is called as what every object has': [
    { type: 'object', enum: [{ constructor: 1 }] },
    { type: 'object', enum: [{ constructor: 1 }], anyOf: [{ properties: { a: text }, additionalProperties: false }] },
    'alternatives-narrowed/records',
  ],
  'no repeats, where 0 is -0': [
    list(whole, { const: [0, -0] }),
    list(whole, { const: [0, -0], uniqueItems: true }),
    'uniqueness-demanded/records',
  ],
  'free names, at least one': [
    { type: 'object', additionalProperties: text },
    { type: 'object', additionalProperties: text, minProperties: 1 },
    'count-narrowed/records',
  ],
  'an alternative more': [
    { oneOf: [text, whole] },
    { oneOf: [text, whole, { type: 'boolean' }] },
    'alternatives-widened/readers',
  ],
  'an alternative fewer': [{ oneOf: [text, whole] }, { oneOf: [text] }, 'alternatives-narrowed/records'],
  'an alternative more that a reader takes for one it knows': [
    { anyOf: [{ ...text, maxLength: 3 }, whole] },
    { anyOf: [{ ...text, maxLength: 3 }, whole, { ...text, format: 'date' }] },
    'alternatives-relaxed',
  ],
  'an alternative that overlaps another, where one may hold': [
    { oneOf: [{ ...text, maxLength: 3 }, whole] },
    { oneOf: [{ ...text, maxLength: 3 }, whole, { ...text, minLength: 3 }] },
    'alternatives-narrowed/records',
  ],
  'types, written as alternatives': [
    { type: ['string', 'null'] },
    { anyOf: [text, { type: 'null' }] },
    'type-moved',
    'alternatives-relaxed',
  ],
  'a value excluded': [text, { ...text, not: { const: 'a' } }, 'exclusion-added/records'],
  'a value excluded that never was': [
    { ...text, enum: ['b'] },
    { ...text, enum: ['b'], not: { const: 'a' } },
    'exclusion-relaxed',
  ],
  'unit changed': [{ ...whole, unit: 'm' }, { ...whole, unit: 'cm' }, 'unit-changed/readers'],
  'index taken away': [{ ...text, indexed: true }, text, 'index-removed/readers'],
  'index added': [text, { ...text, indexed: true }, 'index-added'],
  'a level across the seal': [text, { ...text, level: 'L3' }, 'sealing-changed/records'],
  'a level raised': [text, { ...text, level: 'L2' }, 'level-raised'],
  'a level lowered': [{ ...text, level: 'L4' }, { ...text, level: 'L3' }, 'level-lowered'],
  'shared no longer': [text, { ...text, sharing: 'not-shared' }, 'sharing-withdrawn/readers'],
  'shared more freely': [text, { ...text, sharing: 'unconditional' }, 'sharing-changed'],
  'another title': [text, { ...text, titles: { 'zh-CN': '值', en: 'value' } }, 'words-changed'],
  'another description': [text, { ...text, description: 'So.' }, 'words-changed'],
  nothing: [text, text],
}

/** What they break by is their meaning: their witness is a record that both versions allow. */
const bySense = new Set([
  'unit-changed',
  'index-removed',
  'sealing-changed',
  'sharing-withdrawn',
  'code-list-opened',
  'key-changed',
])

for (const [name, [before, after, ...said]] of Object.entries(rows)) check(name, said, [before], [after])

const coded: Readonly<Record<string, readonly [before: Lists, after: Lists, ...said: readonly string[]]>> = {
  'a code more in an open list': [codes(false, '1'), codes(false, '1', '2'), 'codes-added'],
  'a code more in a closed list': [codes(true, '1'), codes(true, '1', '2'), 'codes-widened/readers'],
  'a code fewer': [codes(false, '1', '2'), codes(false, '1'), 'codes-narrowed/records'],
  'a list opened': [codes(true, '1'), codes(false, '1'), 'code-list-opened/readers'],
  'a list closed': [codes(false, '1'), codes(true, '1'), 'code-list-closed'],
  'codes in another order': [codes(false, '1', '2'), codes(false, '2', '1')],
}

for (const [name, [before, after, ...said]] of Object.entries(coded)) {
  check(name, said, [{ ...text, codes: 'colours' }, before], [{ ...text, codes: 'colours' }, after])
}

function check(
  name: string,
  said: readonly string[],
  old: readonly [SchemaNode, Lists?],
  young: readonly [SchemaNode, Lists?],
): void {
  t.test(`a field: ${name}`, async t => {
    const [before, after] = [sideWith(...old), sideWith(...young)]
    const { changes } = compared(before, after)
    t.strictSame(
      changes.map(({ code, against }) => (against === undefined ? code : `${code}/${against}`)).toSorted(),
      said.toSorted(),
    )
    for (const change of changes.filter(({ impact }) => impact === 'major')) {
      t.ok(change.isDecided, `${change.code} is decided`)
      t.match(change.field, /^value/)
      if (bySense.has(change.code)) t.ok(change.witness?.record['value'] !== undefined)
      else t.equal(witnessFault(change, before, after), undefined, `${change.code} is shown`)
    }
  })
}
