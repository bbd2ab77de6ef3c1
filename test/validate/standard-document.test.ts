import t from 'tap'
import { HubError } from '../../src/errors.ts'
import type { SchemaNode, StandardDocument } from '../../src/standard.ts'
import { checkStandardDocument } from '../../src/validate/standard-document.ts'
import { documentOf, titles } from './fixture.ts'

const string = { titles, level: 'L1', type: 'string' } as const

t.test('a document that is right is given back as it is', async t => {
  const document = documentOf({})
  t.equal(checkStandardDocument(document), document)
})

const owner: SchemaNode = {
  titles,
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: { name: string, idNumber: { ...string, level: 'L4' } },
}

/** Of each rule: a document that breaks it, and what is said. */
const refusals: Record<string, [document: unknown, ...issues: string[]]> = {
  'not an object': [null, ' type'],
  'a part missing': [{ ...documentOf({}), standard: undefined }, '/standard required'],
  'a keyword that is not known': [documentOf({ titels: 1 }), '/titels field-unknown'],
  'a keyword of a field that is not known': [
    documentOf({ properties: { a: { ...string, maxlength: 1 } } }),
    '/properties/a/maxlength field-unknown',
  ],
  'a level that is none': [
    documentOf({ properties: { a: { ...string, level: 'L5' as 'L4' } } }),
    '/properties/a/level not-listed',
  ],
  'a field without a level': [
    documentOf({ properties: { a: { titles, type: 'string' } } }),
    '/properties/a/level required',
  ],
  'a field without titles': [
    documentOf({ properties: { a: { level: 'L1', type: 'string' } } }),
    '/properties/a/titles required',
  ],
  'an object that takes any field': [
    documentOf({ properties: { owner: without(owner, 'additionalProperties') } }),
    '/properties/owner/additionalProperties required',
  ],
  'a pattern that is none': [
    documentOf({ properties: { a: { ...string, pattern: '(' } } }),
    '/properties/a/pattern format',
  ],
  'an address of another standard': [
    { ...documentOf({}), $id: 'https://concord.example/schemas/standards/other/v1.json' },
    '/$id id-mismatch',
  ],
  'an address of another major': [entry({ version: '2.0.0' }), '/$id id-mismatch'],
  'a key that is no field': [entry({ key: ['id', 'nix'] }), '/standard/key/1 key-part-invalid'],
  'a key that may be absent': [
    entry({ key: ['a'] }, { properties: { a: string } }),
    '/standard/key/0 key-part-invalid',
  ],
  'a key that may be null': [
    entry({ key: ['a'] }, { properties: { a: { ...string, type: ['string', 'null'] } }, required: ['a'] }),
    '/standard/key/0 key-part-invalid',
  ],
  'a subject that is no field': [entry({ subjects: ['nix'] }), '/standard/subjects/0 subject-invalid'],
  'a subject that holds fields': [
    entry(
      { subjects: ['owners.idNumber', 'owners'] },
      { properties: { owners: { titles, type: 'array', items: without(owner, 'titles') } } },
    ),
    '/standard/subjects/1 subject-invalid',
  ],
  'required of what is no field': [
    documentOf({
      required: ['id', 'nix'],
      properties: { owner: { ...owner, required: ['name', 'nax'] } },
    }),
    '/required/1 required-unknown',
    '/properties/owner/required/1 required-unknown',
  ],
  'required by a condition of what is no field': [
    documentOf({
      properties: { owner, map: { ...string, type: 'object' } },
      if: { required: ['id'] },
      then: {
        required: ['owner', 'nix'],
        properties: {
          owner: { type: 'object', required: ['idNumber', 'nax'] },
          map: { type: 'object', required: ['free'] },
        },
      },
    }),
    '/then/required/1 required-unknown',
    '/then/properties/owner/required/1 required-unknown',
  ],
  'a reference that leads nowhere': [
    documentOf({ properties: { a: { titles, level: 'L1', $ref: '#/$defs/nix' } } }),
    '/properties/a/$ref reference-unknown',
  ],
  'references that go round': [
    documentOf({ $defs: { a: { type: 'array', items: { $ref: '#/$defs/b' } }, b: { $ref: '#/$defs/a' } } }),
    '/$defs/a reference-circular',
    '/$defs/b reference-circular',
  ],
  'an authority below the fields of a record': [
    documentOf({ properties: { owner: { ...owner, properties: { name: { ...string, authority: 'archives' } } } } }),
    '/properties/owner/properties/name/authority authority-misplaced',
  ],
  'an index of a list': [
    documentOf({
      properties: { a: { titles, level: 'L1', indexed: true, $ref: '#/$defs/list' } },
      $defs: { list: { type: 'array', items: { type: 'string' } } },
    }),
    '/properties/a/indexed indexed-not-scalar',
  ],
  'a highly sensitive field in an open standard': [
    entry({ openness: 'open' }, { properties: { owner } }),
    '/properties/owner/properties/idNumber/level level-not-open',
  ],
}

for (const [name, [document, ...issues]] of Object.entries(refusals)) {
  t.test(`refused with its place: ${name}`, async t => t.same(issuesOf(document), issues))
}

t.test('issues are in the language asked for', async t => {
  const message = messageOf(() => checkStandardDocument(entry({ subjects: ['nix'] }), 'zh-CN'))
  t.equal(message, '不是标准中的文本字段')
})

function issuesOf(document: unknown): string[] {
  try {
    checkStandardDocument(document)
  } catch (error) {
    if (error instanceof HubError && error.code === 'standard-invalid') {
      return error.issues.map(({ pointer, code }) => `${pointer} ${code}`)
    }
    throw error
  }
  return []
}

function messageOf(act: () => unknown): string | undefined {
  try {
    act()
  } catch (error) {
    if (error instanceof HubError) return error.issues[0]?.message
    throw error
  }
  return undefined
}

/** A document with another catalogue entry. */
function entry(change: Partial<StandardDocument['standard']>, schema: SchemaNode = {}): StandardDocument {
  const document = documentOf(schema)
  return { ...document, standard: { ...document.standard, ...change } }
}

function without(node: SchemaNode, keyword: string): SchemaNode {
  return Object.fromEntries(Object.entries(node).filter(([name]) => name !== keyword))
}
