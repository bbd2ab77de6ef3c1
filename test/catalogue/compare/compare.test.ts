import t from 'tap'
import type { SchemaNode, StandardDocument } from '../../../src/standard.ts'
import { documentOf, titles } from '../../validate/fixture.ts'
import { codes, compared, field, object, sideOf, sideWith, witnessFault } from './sides.ts'

const text = { type: 'string' }

const base = documentOf({
  properties: {
    id: field(text),
    kind: field({ enum: ['a', 'b'] }),
    note: field(text),
    count: field({ type: 'integer' }),
  },
  required: ['id', 'kind'],
})

const when = (kind: string, name: string): SchemaNode => ({
  if: { properties: { kind: { const: kind } }, required: ['kind'] },
  then: { required: [name] },
})

type Change = (document: StandardDocument) => StandardDocument
const withProperty = (name: string, schema: SchemaNode | undefined): Change => {
  return document => {
    const { [name]: _, ...rest } = document.properties ?? {}
    return { ...document, properties: schema === undefined ? rest : { ...rest, [name]: field(schema) } }
  }
}
const withKeyword = (keyword: string, value: unknown): Change => {
  return document => ({ ...document, [keyword]: value })
}
const withEntry = (entry: object): Change => {
  return document => ({ ...document, standard: { ...document.standard, ...entry } })
}
const both = (...changes: readonly Change[]): Change => {
  return document => changes.reduce((changed, change) => change(changed), document)
}

/** A note of that schema, and a definition that has a check digit. */
const withProject = (note: SchemaNode): Change =>
  both(withKeyword('$defs', { coded: { ...text, format: 'uscc' } }), withProperty('note', note))

const withUnion = (note: SchemaNode): Change =>
  both(withKeyword('$defs', { union: { oneOf: [{ const: 'a' }, { type: 'integer' }] } }), withProperty('note', note))

/** The older version's change to the sample, the newer one's, and what is said: `code pointer`. */
const rows: Readonly<Record<string, readonly [older: Change, newer: Change, ...said: readonly string[]]>> = {
  'an optional field added': [both(), withProperty('extra', text), 'minor field-added /properties/extra'],
  'a required field added': [
    both(),
    both(withProperty('extra', text), withKeyword('required', ['id', 'kind', 'extra'])),
    'major required-field-added /properties/extra',
  ],
  'a required field in an object that was a text': [
    both(withProperty('extra', text), withKeyword('required', ['id', 'kind', 'extra'])),
    both(
      withProperty('extra', {
        type: 'object',
        titles,
        additionalProperties: false,
        required: ['a'],
        properties: { a: text, b: text },
      }),
      withKeyword('required', ['id', 'kind', 'extra']),
    ),
    'major type-narrowed /properties/extra/type',
    'major type-widened /properties/extra/type',
    'minor field-added /properties/extra/properties/b',
    'minor field-added-within /properties/extra/properties/a',
    'minor names-widened /properties/extra/additionalProperties',
  ],
  'an optional field removed': [both(), withProperty('note', undefined), 'major field-removed /properties/note'],
  'a required field removed': [
    both(),
    both(withProperty('kind', undefined), withKeyword('required', ['id'])),
    'major field-lost /properties/kind',
    'major field-removed /properties/kind',
  ],
  'a field made required': [
    both(),
    withKeyword('required', ['id', 'kind', 'note']),
    'major field-made-required /properties/note',
  ],
  'a field made optional': [both(), withKeyword('required', ['id']), 'major field-made-optional /properties/kind'],
  'a condition added': [
    both(),
    withKeyword('allOf', [when('a', 'note')]),
    'major condition-narrowed /allOf/0/then/required/0',
  ],
  'a condition dropped': [withKeyword('allOf', [when('a', 'note')]), both(), 'minor condition-relaxed /allOf'],
  'a condition on a value that cannot be': [
    both(),
    withKeyword('allOf', [when('c', 'note')]),
    'minor condition-relaxed /allOf',
  ],
  'what a condition demanded, demanded always': [
    withKeyword('allOf', [{ ...when('a', 'note'), else: { required: ['note'] } }]),
    both(withKeyword('allOf', [when('a', 'note')]), withKeyword('required', ['id', 'kind', 'note'])),
    'minor condition-relaxed /allOf',
    'minor requirement-moved /properties/note',
  ],
  'one of two fields demanded': [
    both(),
    withKeyword('anyOf', [{ required: ['note'] }, { required: ['count'] }]),
    'major alternatives-narrowed /anyOf',
  ],
  'a field demanded beside another': [
    both(),
    withKeyword('dependentRequired', { note: ['count'] }),
    'major dependency-added /dependentRequired/note/0',
  ],
  'a field demanded beside another, no longer': [
    withKeyword('dependentRequired', { note: ['count'] }),
    both(),
    'minor dependency-relaxed /dependentRequired',
  ],
  'a definition that a field refers to': [
    both(withKeyword('$defs', { short: text }), withProperty('note', { $ref: '#/$defs/short' })),
    both(withKeyword('$defs', { short: { ...text, maxLength: 3 } }), withProperty('note', { $ref: '#/$defs/short' })),
    'major length-narrowed /$defs/short/maxLength',
  ],
  'what a field said, moved to a definition': [
    withProperty('note', { ...text, maxLength: 3 }),
    both(withKeyword('$defs', { short: { ...text, maxLength: 3 } }), withProperty('note', { $ref: '#/$defs/short' })),
    'patch words-changed ',
  ],
  'a check digit that is rejected, where the format beside a reference only warns of it': [
    withProject({ $ref: '#/$defs/coded', format: 'investment-project-code' }),
    withProject({ ...text, format: 'investment-project-code', checkDigit: 'reject' }),
    'major format-narrowed /properties/note/format',
  ],
  'an alternative beside a reference, without those behind it': [
    withUnion({ $ref: '#/$defs/union', anyOf: [text, { type: 'integer' }] }),
    withUnion({ anyOf: [text, { type: 'integer' }] }),
    'major condition-widened /properties/note/anyOf',
    'minor alternatives-relaxed /properties/note/anyOf',
  ],
  'another key': [both(), withEntry({ key: ['kind'] }), 'major key-changed /standard/key'],
  'other subjects': [both(), withEntry({ subjects: ['note'] }), 'major subjects-changed /standard/subjects'],
  'another owner': [both(), withEntry({ owner: 'taxation' }), 'minor owner-changed /standard/owner'],
  'another legal basis': [both(), withEntry({ legalBasis: 'law' }), 'patch legal-basis-changed /standard/legalBasis'],
  'other titles': [both(), withEntry({ titles: { ...titles, en: 'new' } }), 'patch words-changed /standard/titles'],
  'another conversion': [
    both(),
    withKeyword('conversion', { to: 1, fields: {} }),
    'patch conversion-changed /conversion',
  ],
  'another number alone': [both(), withEntry({ version: '1.0.1' })],
  'fields in another order': [
    both(),
    document => ({
      ...document,
      properties: Object.fromEntries(Object.entries(document.properties ?? {}).toReversed()),
    }),
  ],
}

for (const [name, [older, newer, ...said]] of Object.entries(rows)) {
  t.test(`a standard: ${name}`, async t => {
    const [before, after] = [sideOf(older(base)), sideOf(newer(base))]
    const { changes } = compared(before, after)
    t.strictSame(changes.map(({ impact, code, pointer }) => `${impact} ${code} ${pointer}`).toSorted(), said)
    for (const change of changes.filter(each => each.impact === 'major' && !each.pointer.startsWith('/standard/'))) {
      t.equal(witnessFault(change, before, after), undefined, `${change.code} is shown`)
    }
  })
}

t.test('a change says what it means, in both languages, and names the field', async t => {
  const [change] = compared(sideOf(base), sideOf(withKeyword('required', ['id', 'kind', 'note'])(base))).changes
  t.strictSame(change?.message, {
    'zh-CN': '`note` 改为必填：没有它的旧记录被拒绝',
    en: 'requires `note`: old records without it are refused',
  })
  t.equal(change?.field, 'note')
})

t.test('a pattern with a quantifier that is not read is not counted on', async t => {
  const short = { ...text, pattern: `^a{${'0'.repeat(25)},5}$` }
  const { verdict, changes } = compared(sideWith(short), sideWith({ ...short, minLength: 2 }))
  t.equal(verdict, 'major')
  t.strictSame(
    changes.map(({ code }) => code),
    ['length-narrowed'],
  )
})

t.test('a witness holds nothing but what it needs, and the issues of its own break alone', async t => {
  const after = withKeyword('required', ['id', 'kind', 'note', 'count'])(base)
  const { changes } = compared(sideOf(base), sideOf(after))
  t.strictSame(
    changes.map(({ field: name, witness }) => [name, Object.keys(witness?.record ?? {}).toSorted(), witness?.issues]),
    ['note', 'count'].map(name => [
      name,
      ['id', 'kind'],
      [{ pointer: `/${name}`, code: 'required', message: 'is required' }],
    ]),
  )
})

t.test('changes stand in the order of the newer document, what is gone where it stood', async t => {
  const before = documentOf({ properties: { a: field(text), b: field(text), c: field(text) } })
  const after = documentOf({ properties: { a: field({ ...text, maxLength: 2 }), c: field({ ...text, maxLength: 3 }) } })
  t.strictSame(
    compared(sideOf(before), sideOf(after)).changes.map(({ field: name }) => name),
    ['a', 'b', 'c'],
  )
})

t.test('the same two versions give the same comparison', async t => {
  const [before, after] = [sideWith(object({ a: text }, 'a')), sideWith(object({ a: { type: 'integer' } }))]
  const copied = { ...before, document: structuredClone(before.document) }
  t.strictSame(compared(before, after), compared(copied, after))
})

t.test('what cannot be decided is said so, and counts as breaking', async t => {
  // Both patterns match the same texts, which nothing here proves and no record shows.
  const { verdict, changes } = compared(
    sideWith({ ...text, pattern: '^(a|b)$' }),
    sideWith({ ...text, pattern: '^[ab]$' }),
  )
  t.equal(verdict, 'major')
  t.match(changes, [{ code: 'pattern-narrowed', isDecided: false }])
  t.equal(changes[0]?.witness, undefined)
})

t.test('a version without a single record takes nothing from anybody', async t => {
  const none = sideWith({ ...text, minLength: 3, maxLength: 2 })
  const required = sideOf({ ...none.document, required: ['id', 'value'] })
  t.not(
    compared(required, sideWith({ type: 'integer' })).changes.some(({ against }) => against === 'records'),
    true,
  )
})

t.test('a list that is exchanged for another with the same codes breaks nothing', async t => {
  const lists = {
    ...codes(true, '1', '2'),
    shades: {
      closed: true,
      codes: [
        { code: '2', titles },
        { code: '1', titles },
      ],
    },
  }
  const [before, after] = ['colours', 'shades'].map(id => sideWith({ ...text, codes: id }, lists))
  t.equal(before && after && compared(before, after).verdict, 'patch')
})
