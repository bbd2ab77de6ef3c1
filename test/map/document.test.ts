import t from 'tap'
import { HubError } from '../../src/errors.ts'
import { compileAdapter } from '../../src/map/adapter.ts'
import { catalogue, documentWith } from './fixture.ts'

const x = { from: 'x' }
const price = { amount: x, currency: { from: 'y' } }

/** Of each way to be wrong: a document, and what is said of it as `pointer code`. */
const refusals: { [what: string]: [document: unknown, ...issues: string[]] } = {
  // its shape
  'no object': [[], ' type'],
  'an empty object': [
    {},
    '/adapter required',
    '/standard required',
    '/source required',
    '/mode required',
    '/fields required',
  ],
  'unknown names, everywhere at once': [
    documentWith(
      { name: { ...x, form: 'y' } },
      { modus: 'delta', source: { format: 'json', records: '', 'char/set': 'x' } },
    ),
    '/modus field-unknown',
    '/source/char~1set field-unknown',
    '/fields/name/form field-unknown',
  ],
  'an unknown format and mode': [
    documentWith({}, { mode: 'full', source: { format: 'csv', records: '' } }),
    '/source/format not-listed',
    '/mode not-listed',
  ],
  'names that are none': [
    documentWith({}, { standard: { id: 'Test', major: 0 } }),
    '/standard/id pattern',
    '/standard/major adapter-shape',
  ],
  'an unknown transform': [
    documentWith({ name: { ...x, via: ['trimm', { dates: {} }] } }),
    '/fields/name/via/0 adapter-shape',
    '/fields/name/via/1/dates field-unknown',
  ],
  'a transform without the parameters that it needs': [
    documentWith({ name: { ...x, via: ['split'] } }),
    '/fields/name/via/0 adapter-shape',
  ],
  'parameters for a transform that has none': [
    documentWith({ name: { ...x, via: [{ trim: {} }] } }),
    '/fields/name/via/0/trim field-unknown',
  ],
  'parameters of another form': [
    documentWith({ name: { ...x, via: [{ date: { formats: 'YYYY' } }, { pad: {} }, { decimal: { shift: '4' } }] } }),
    '/fields/name/via/0/date/formats type',
    '/fields/name/via/1/pad/length required',
    '/fields/name/via/2/decimal/shift type',
  ],
  'an unknown identifier': [
    documentWith({ name: { ...x, via: [{ identifier: 'isbn' }] } }),
    '/fields/name/via/0/identifier not-listed',
  ],
  'a rule that says nothing, and one that says two things': [
    documentWith({ name: {}, size: { from: 'x', value: 'small' } }),
    '/fields/name adapter-shape',
    '/fields/size adapter-shape',
  ],
  'members that do not go together': [
    documentWith({
      name: { value: 'a', codes: { a: 'b' } },
      size: { value: 'small', default: 'large' },
      tags: { each: 't' },
      open: { ...x, where: { path: 'x', is: '1' } },
      count: { firstOf: [x], via: ['integer'] },
      amount: { ...x, needs: ['y'] },
    }),
    '/fields/amount/needs required-with',
    '/fields/count adapter-shape',
    '/fields/name/codes required-with',
    '/fields/open adapter-shape',
    '/fields/size adapter-shape',
    '/fields/tags adapter-shape',
  ],
  'conditions that say nothing, or too much': [
    documentWith({ name: { ...x, when: {} }, size: { value: 'small', when: { path: 'x', is: 'a', present: true } } }),
    '/fields/name/when adapter-shape',
    '/fields/size/when adapter-shape',
  ],

  // what it refers to
  'an unknown standard': [documentWith({}, { standard: { id: 'tests', major: 1 } }), '/standard standard-unknown'],
  'an unknown major': [documentWith({}, { standard: { id: 'test', major: 2 } }), '/standard standard-unknown'],
  'targets that the standard lacks': [
    documentWith({
      colours2: x,
      'a/b': x,
      price: { fields: { ...price, tax: x } },
      parts: { each: 'p', fields: { name: x, nom: x } },
    }),
    '/fields/a~1b target-unknown',
    '/fields/colours2 target-unknown',
    '/fields/parts/fields/nom target-unknown',
    '/fields/price/fields/tax target-unknown',
  ],
  'required fields left unmapped': [
    documentWith({ place: undefined, price: { fields: { amount: x } }, parts: { each: 'p', fields: { of: x } } }),
    '/fields required-unmapped',
    '/fields/parts/fields required-unmapped',
    '/fields/price/fields required-unmapped',
  ],
  'codes that the code list lacks': [
    documentWith({
      colour: { ...x, codes: { r: 'red', b: 'blue', 'a/b': 'grey' }, default: 'pink' },
      colours: { ...x, via: [{ split: ',' }], codes: { b: 'blue' } },
    }),
    '/fields/colour/codes/a~1b code-unknown',
    '/fields/colour/codes/b code-unknown',
    '/fields/colour/default code-unknown',
    '/fields/colours/codes/b code-unknown',
  ],
  'constants that the standard does not list': [
    documentWith({
      colour: { value: 'blue' },
      size: { value: 'medium' },
      value: { value: 'nothing' },
      count: { value: 'one' },
      weight: { value: 1 },
    }),
    '/fields/colour/value code-unknown',
    '/fields/count/value type-mismatch',
    '/fields/size/value code-unknown',
    '/fields/value/value code-unknown',
  ],
  'what via gives is not what the field takes': [
    documentWith({
      name: { ...x, via: ['integer'] },
      count: x,
      weight: { ...x, via: ['integer'] },
      open: { ...x, via: ['number'] },
      since: { ...x, via: ['dateTime'] },
      at: { ...x, via: ['date'] },
      tags: { ...x, via: ['trim'] },
      colours: { ...x, via: [{ split: ',' }] },
      amount: { ...x, via: ['yearMonth'] },
      price: x,
      parts: { ...x, via: [{ split: ',' }] },
    }),
    '/fields/amount/via type-mismatch',
    '/fields/at/via type-mismatch',
    '/fields/count type-mismatch',
    '/fields/name/via type-mismatch',
    '/fields/open/via type-mismatch',
    '/fields/parts/via type-mismatch',
    '/fields/price type-mismatch',
    '/fields/since/via type-mismatch',
    '/fields/tags/via type-mismatch',
  ],
  'a transform that does not take what comes to it': [
    documentWith({ name: { ...x, via: [{ split: ',' }, 'trim', { join: ',' }] } }),
    '/fields/name/via/1 type-mismatch',
    '/fields/name/via/2 type-mismatch',
  ],
  'rules of another shape than the field': [
    documentWith({
      name: { each: 'x', item: { from: '.' } },
      tags: { fields: { a: x } },
      count: { listOf: [x] },
      price: { each: 'p', fields: price },
    }),
    '/fields/count type-mismatch',
    '/fields/name type-mismatch',
    '/fields/price type-mismatch',
    '/fields/tags type-mismatch',
    '/fields/tags/fields/a target-unknown',
  ],
  'null where the standard takes none': [
    documentWith({ name: { ...x, nullWhen: ['-'] } }),
    '/fields/name/nullWhen type-mismatch',
  ],
  'parameters that cannot be used': [
    documentWith({
      since: { ...x, via: [{ date: { formats: ['YYYY-MM'] } }] },
      at: { ...x, via: [{ dateTime: { formats: ['YYYYMMDDHHmm'] } }] },
    }),
    '/fields/at/via/0 parameters-invalid',
    '/fields/since/via/0 parameters-invalid',
  ],
  'paths that are none, or lead out': [
    documentWith({
      name: { from: 'a//b' },
      size: { value: 'small', when: { any: [{ path: '../x', is: '1' }] } },
      parts: {
        each: '/p',
        join: { k: '../../k', '../..': 'k' },
        where: { path: '~', is: '1' },
        fields: { name: { from: '../../x' } },
      },
      tags: { one: '..', item: { from: 'x', via: [{ split: ',' }] } },
    }),
    '/fields/name/from path-invalid',
    '/fields/parts/each path-invalid',
    '/fields/parts/fields/name/from path-invalid',
    '/fields/parts/join/..~1.. path-invalid',
    '/fields/parts/join/k path-invalid',
    '/fields/parts/where/path path-invalid',
    '/fields/size/when/any/0/path path-invalid',
    '/fields/tags/one path-invalid',
  ],
  'prefixes that are not declared': [
    documentWith(
      { name: { from: 't:x/u:y' }, amount: { from: '@v:z' }, tags: { each: 't:x', item: { from: '@xsi:type' } } },
      { source: { format: 'xml', records: 'r', namespaces: { t: 'urn:t' } } },
    ),
    '/fields/amount/from path-invalid',
    '/fields/name/from path-invalid',
  ],
  'rules that never come into play': [
    documentWith({ name: { firstOf: [{ value: 'a' }, x] } }),
    '/fields/name/firstOf/1 rule-unreachable',
  ],
  'needs of a member that no rule gives': [
    documentWith({ value: { fields: { amount: x }, needs: ['currency'] } }),
    '/fields/value/needs/0 target-unknown',
  ],
  'a scope of a delta': [documentWith({}, { scope: 'place' }), '/scope scope-invalid'],
  'a scope that is no field': [documentWith({}, { mode: 'snapshot', scope: 'area' }), '/scope scope-invalid'],
  'a scope that a record may lack': [
    documentWith({ name: x }, { mode: 'snapshot', scope: 'name' }),
    '/scope scope-invalid',
  ],
  'an unknown time zone': [documentWith({}, { timezone: 'Asia/Atlantis' }), '/timezone timezone-unknown'],
  'a bad path and a bad rule of the envelope': [
    documentWith({}, { recordId: '../x', asOf: { from: 'x', via: ['integer'] } }),
    '/asOf/via type-mismatch',
    '/recordId path-invalid',
  ],
}

for (const [what, [document, ...issues]] of Object.entries(refusals)) {
  t.test(`refused with its place: ${what}`, async t => {
    const found = issuesOf(document)
    t.same(found.map(({ pointer, code }) => `${pointer} ${code}`).toSorted(), issues.toSorted())
    for (const { message } of found) t.type(message, 'string')
  })
}

t.test('a code list that is not published is told where codes are used', async t => {
  const lacking = { ...catalogue, codeList: () => undefined }
  t.same(
    issuesOf(documentWith({ colour: { ...x, codes: { r: 'red' } } }), lacking).map(
      ({ pointer, code }) => `${pointer} ${code}`,
    ),
    ['/fields/colour/codes/r code-list-unknown'],
  )
})

t.test('the message names what is missing and what would do', async t => {
  const messages = (fields: object) => issuesOf(documentWith(fields)).map(({ message }) => message)
  t.same(messages({ place: undefined }), ['the standard requires place, and no rule gives it'])
  t.same(messages({ count: x }), ['gives text, but the standard takes integer'])
  t.same(messages({ name: {} }), ['has to say exactly one of from, value, firstOf, listOf, each, one, fields'])
  t.same(messages({ amount: { ...x, needs: ['y'] } }), ['goes only with fields'])
})

t.test('what is right is taken: comments, $schema, every member in its place', async t => {
  const document = documentWith(
    {
      name: { $comment: 'why', firstOf: [{ from: 't:x' }, { value: 'unnamed' }] },
      since: { from: 'since', via: ['date'], nullWhen: ['长期'], absentWhen: ['1900-01-01'] },
      at: { from: 'at', via: [{ dateTime: { formats: ['YYYYMMDDHHmmss'] } }] },
      weight: { from: 'w', via: ['integer'] },
      names: { fields: { 'zh-Hant': x } },
      value: { value: 'none', when: { not: { path: 'v', present: true } } },
    },
    {
      $schema: '../../schemas/meta/adapter.json',
      $comment: 'why',
      source: {
        format: 'xml',
        encoding: 'gb18030',
        records: 'R/r',
        namespaces: { t: 'urn:t' },
        envelope: [{ format: 'json', at: 'a/b' }],
      },
      mode: 'snapshot',
      scope: 'place',
      recordId: '@id',
      timezone: 'Asia/Shanghai',
      absentWhen: ['', 'null'],
    },
  )
  t.doesNotThrow(() => compileAdapter(document, catalogue))
})

function issuesOf(document: unknown, from = catalogue) {
  try {
    compileAdapter(JSON.parse(JSON.stringify(document)), from)
  } catch (error) {
    if (error instanceof HubError && error.code === 'adapter-invalid') return error.issues
    throw error
  }
  return []
}
