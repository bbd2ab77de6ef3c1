import t from 'tap'
import { HubError } from '../../src/errors.ts'
import { compileAdapter } from '../../src/map/adapter.ts'
import { catalogue, documentWith } from './fixture.ts'

const x = { from: 'x' }
const unit = { standard: 'unit', major: 1, matter: '331199-test' }
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
    documentWith({}, { mode: 'full', source: { format: 'yaml', records: '' } }),
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
    '/fields/name adapter-shape',
    '/fields/open adapter-shape',
    '/fields/size adapter-shape',
    '/fields/tags adapter-shape',
  ],
  'conditions that say nothing, or too much': [
    documentWith({ name: { ...x, when: {} }, size: { value: 'small', when: { path: 'x', is: 'a', present: true } } }),
    '/fields/name/when adapter-shape',
    '/fields/size/when adapter-shape',
  ],

  'new kinds of rules with members that are not theirs': [
    documentWith({
      name: { from: 'x', take: 'first' },
      count: { count: 'x', codes: { a: 'b' } },
      weight: { sum: 'x', nullWhen: ['-'] },
      tags: { concat: [{ listOf: [x] }], complete: true },
      size: { from: 'x', split: ',' },
      colour: { from: 'x', unlisted: 'red' },
      amount: { digestOf: [] },
      open: { value: true, absentWhen: ['-'] },
      since: { count: 'x', sum: 'x' },
    }),
    '/fields/amount/digestOf adapter-shape',
    '/fields/colour adapter-shape',
    '/fields/count adapter-shape',
    '/fields/name/take required-with',
    '/fields/open adapter-shape',
    '/fields/since adapter-shape',
    '/fields/size adapter-shape',
    '/fields/tags/complete required-with',
    '/fields/weight/nullWhen required-with',
  ],
  'translations and lookups that are not whole': [
    documentWith({
      name: { ...x, translate: { list: 'colour' } },
      size: { ...x, translate: { crosswalk: 'shade-colour', by: 'title' } },
      colour: { ...x, translate: { list: 'colour', by: 'code' } },
      amount: { resolve: { standard: 'unit', major: 1, key: x } },
      tags: { resolve: { ...unit, key: [{ form: 'x' }, x], field: 'name', of: 'y' } },
    }),
    '/fields/amount/resolve/field required',
    '/fields/amount/resolve/matter required',
    '/fields/colour/translate/by not-listed',
    '/fields/name/translate adapter-shape',
    '/fields/size/translate adapter-shape',
    '/fields/tags/resolve/key/0 adapter-shape',
    '/fields/tags/resolve/key/0/form field-unknown',
    '/fields/tags/resolve/of field-unknown',
  ],
  'groups, orders and withdrawals of another form': [
    documentWith(
      {},
      {
        group: { by: [], as: '', group: { by: ['x'], contiguous: true } },
        order: 'time',
        withdraw: { path: 'x', is: 'D' },
      },
    ),
    '/group/as adapter-shape',
    '/group/as pattern',
    '/group/by adapter-shape',
    '/group/group/contiguous field-unknown',
    '/order not-listed',
    '/withdraw/is field-unknown',
    '/withdraw/path field-unknown',
    '/withdraw/when required',
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
  'aggregates of another type than the field': [
    documentWith({
      name: { count: 'x' },
      tags: { sum: 'x' },
      open: { countDistinct: 'x' },
      since: { sum: 'x' },
      weight: { min: 'x' },
      amount: { max: 'x', via: ['date'] },
      count: { first: 'x', via: ['number'] },
      size: { last: '/x' },
    }),
    '/fields/amount type-mismatch',
    '/fields/count type-mismatch',
    '/fields/name type-mismatch',
    '/fields/open type-mismatch',
    '/fields/since type-mismatch',
    '/fields/size/last path-invalid',
    '/fields/tags type-mismatch',
    '/fields/weight type-mismatch',
  ],
  'rules of concat that give no list, and a concat that is none': [
    documentWith({
      value: { concat: [{ listOf: [x] }] },
      names: { concat: [{ value: [] }] },
      tags: { concat: [x, { fields: { a: x } }, { each: 't', item: { from: '.' } }, { value: 'a' }] },
      parts: { concat: [{ one: 'p', item: x }] },
    }),
    '/fields/names type-mismatch',
    '/fields/parts/concat/0/item type-mismatch',
    '/fields/tags/concat/0 type-mismatch',
    '/fields/tags/concat/1 type-mismatch',
    '/fields/tags/concat/1/fields/a target-unknown',
    '/fields/tags/concat/3/value code-unknown',
    '/fields/tags/concat/3/value type-mismatch',
    '/fields/value type-mismatch',
  ],
  'digests where no text goes': [
    documentWith({ count: { digestOf: [x] }, name: { digestOf: [{ from: '../x' }] } }),
    '/fields/count type-mismatch',
    '/fields/name/digestOf/0/from path-invalid',
  ],
  'codes from lists and crosswalks that are not there, or are of another list': [
    documentWith({
      name: { ...x, translate: { list: 'tint', by: 'title' } },
      size: { ...x, translate: { crosswalk: 'tint-colour' }, unlisted: 'medium' },
      colour: {
        ...x,
        translate: { list: 'shade', by: 'title', on: { from: 'd', via: ['integer'] } },
        unlisted: 'blue',
      },
      colours: { ...x, via: [{ split: ',' }], translate: { crosswalk: 'colour-shade', on: { from: '../d' } } },
      shade: { first: 'x', translate: { crosswalk: 'shade-colour' } },
    }),
    '/fields/colour/translate/list code-list-mismatch',
    '/fields/colour/translate/on/via type-mismatch',
    '/fields/colour/unlisted code-unknown',
    '/fields/colours/translate/crosswalk code-list-mismatch',
    '/fields/colours/translate/on/from path-invalid',
    '/fields/name/translate/list code-list-unknown',
    '/fields/shade/translate/crosswalk code-list-mismatch',
    '/fields/size/translate/crosswalk crosswalk-unknown',
    '/fields/size/unlisted code-unknown',
  ],
  'records of other standards that cannot be had': [
    documentWith({
      name: { resolve: { ...unit, standard: 'units', key: [x, x], field: 'name' } },
      size: { resolve: { ...unit, major: 2, key: [x, x], field: 'name' } },
      amount: { resolve: { ...unit, key: x, field: 'nom' } },
      tags: { resolve: { ...unit, key: [x, x], field: 'parts.name' } },
      count: { resolve: { ...unit, key: [x, x], field: 'name' } },
      at: { resolve: { ...unit, key: [x, x], field: 'since' } },
      colour: { resolve: { ...unit, key: [x, { from: '../y' }], field: 'colour' } },
      secret: {
        resolve: { ...unit, key: [x, { resolve: { ...unit, key: [x, x], field: 'secret' } }], field: 'secret' },
      },
    }),
    '/fields/amount/resolve/field field-unknown',
    '/fields/amount/resolve/key key-mismatch',
    '/fields/at/resolve/field type-mismatch',
    '/fields/colour/resolve/field code-list-mismatch',
    '/fields/colour/resolve/key/1/from path-invalid',
    '/fields/count/resolve/field type-mismatch',
    '/fields/name/resolve/standard standard-unknown',
    '/fields/secret/resolve/key resolve-nested',
    '/fields/size/resolve/standard standard-unknown',
    '/fields/tags/resolve/field field-several',
    '/fields/tags/resolve/field type-mismatch',
  ],
  'what is kept closer than where it would be written': [
    documentWith(
      {
        name: { resolve: { ...unit, key: [x, x], field: 'secret' } },
        size: { firstOf: [{ resolve: { ...unit, key: [x, x], field: 'owner' } }] },
        names: { fields: { en: { digestOf: [{ resolve: { ...unit, key: [x, x], field: 'secret' } }] } } },
        parts: { each: 'p', fields: { name: { resolve: { ...unit, key: [x, x], field: 'secret' } } } },
        secret: { resolve: { ...unit, key: [x, x], field: 'secret' } },
      },
      { asOf: { resolve: { ...unit, key: [{ from: 'y' }, { from: 'z' }], field: 'owner' } } },
    ),
    '/asOf/resolve/field level-lowered',
    '/fields/name/resolve/field level-lowered',
    '/fields/names/fields/en/digestOf/0/resolve/field level-lowered',
    '/fields/parts/fields/name/resolve/field level-lowered',
    '/fields/size/firstOf/0/resolve/field level-lowered',
  ],
  'patterns that are not linear, or none': [
    documentWith({
      name: {
        ...x,
        via: [{ extract: '(a)\\1' }, { rewrite: { pattern: '(?<=a)b', with: '' } }],
        when: { path: 'x', matches: '(' },
      },
      size: { value: 'small', when: { not: { path: 'x', matches: '(?!a)' } } },
      tags: { each: 't', where: { path: '.', matches: '[z-a]' }, item: { from: '.' } },
      amount: { ...x, via: [{ extract: { pattern: '(a)', group: 2 } }, { rewrite: { pattern: 'a', with: '$1' } }] },
    }),
    '/fields/amount/via/0 parameters-invalid',
    '/fields/amount/via/1 parameters-invalid',
    '/fields/name/via/0 parameters-invalid',
    '/fields/name/via/1 parameters-invalid',
    '/fields/name/when/matches pattern-invalid',
    '/fields/size/when/not/matches pattern-invalid',
    '/fields/tags/where/matches pattern-invalid',
  ],
  'groups by what is no text of a row': [
    documentWith(
      {},
      {
        group: {
          by: ['/x', '../x', '.', 'x/*', 'a/#name', 'a//b', 'rows/x', 'a/0'],
          group: { by: ['x', 'u:y'], as: 'x' },
        },
        source: { format: 'xml', records: 'r' },
      },
    ),
    '/group/as name-taken',
    '/group/by/0 path-invalid',
    '/group/by/1 path-invalid',
    '/group/by/2 path-invalid',
    '/group/by/3 path-invalid',
    '/group/by/4 path-invalid',
    '/group/by/5 path-invalid',
    '/group/group/as name-taken',
    '/group/group/by/1 path-invalid',
  ],
  'a withdrawal or an order that reads outside, or the wrong type': [
    documentWith(
      {},
      { withdraw: { when: { path: '../x', matches: '(?=a)' } }, order: { from: 'x', via: ['integer'] } },
    ),
    '/order/via type-mismatch',
    '/withdraw/when/matches pattern-invalid',
    '/withdraw/when/path path-invalid',
  ],
  'what is sealed, read for the open envelope by another way': [
    documentWith(
      { secret: { one: 'p', item: { from: 'id' } }, parts: { each: 'q', fields: { name: x } } },
      {
        recordId: 'p/0/id',
        asOf: { one: 'p', item: { from: 'born', when: { path: 'id', present: true } } },
        order: { last: 'q', sortBy: { from: 'at', when: { path: '../p/*', matches: '1' } } },
      },
    ),
    '/asOf sealed-source',
    '/order sealed-source',
    '/recordId sealed-source',
  ],
  'what is sealed in the rows of a group, read of the group': [
    documentWith({ secret: { first: 'rows/id' } }, { group: { by: ['no'] }, recordId: 'id', order: { from: 'at' } }),
    '/recordId sealed-source',
  ],
  'rules over what a group has merged from its rows': [
    documentWith(
      {
        amount: { sum: 'amount' },
        count: { count: 'visits' },
        name: { firstOf: [{ last: '*' }, { one: 'visits', take: 'last', item: { first: 'findings/name' } }] },
        tags: { each: 'tags', split: ',', item: { from: '.' } },
        parts: { each: 'visits', fields: { name: { first: '../name' }, of: { max: 'fee' } } },
        weight: { max: 'visits/0/weight', via: ['number'] },
      },
      { group: { by: ['no'], as: 'visits', group: { by: ['on'], as: 'findings' } } },
    ),
    '/fields/amount/sum group-merged',
    '/fields/name/firstOf/0/last group-merged',
    '/fields/parts/fields/name/first group-merged',
    '/fields/tags/each group-merged',
  ],
  'an order of nodes that hangs on another record': [
    documentWith({ tags: { each: 't', sortBy: { resolve: { ...unit, key: [x, x], field: 'name' } }, item: x } }),
    '/fields/tags/sortBy resolve-nested',
  ],
  'constants that are not written as the standard takes them': [
    documentWith({
      since: { value: '2026-02-30' },
      at: { value: '2026-02-03T04:05:06' },
      amount: { ...x, via: ['decimal'], default: '1,000' },
      uscc: { value: '91331199MAXT000112' },
    }),
    '/fields/amount/default format',
    '/fields/at/value format',
    '/fields/since/value format',
    '/fields/uscc/value format',
  ],
  'an order by what is sealed': [documentWith({ secret: x }, { order: x }), '/order sealed-source'],
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

t.test('a document that nests too deep is refused before anything goes down into it', async t => {
  const not = (levels: number) => nested(levels, inner => ({ not: inner }), { path: 'x', present: true })
  const firstOf = nested(1000, inner => ({ firstOf: [inner] }), x)
  const issues = [{ pointer: '', code: 'adapter-too-deep', message: 'nests more than 64 levels deep' }]
  t.same(issuesOf(documentWith({ name: { ...x, when: not(3000) } })), issues)
  t.same(issuesOf(documentWith({ name: firstOf })), issues)
  t.same(issuesOf(documentWith({ name: { ...x, when: not(60) } })), [])
  t.same(issuesOf(documentWith({ name: { ...x, when: not(61) } })), issues)
})

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
  t.match(messages({ name: {} }), [
    /^has to say exactly one of from, value, .*, each, one, fields, count, .*, resolve$/,
  ])
  t.same(messages({ amount: { ...x, needs: ['y'] } }), ['goes only with fields'])
})

t.test('what is right is taken: comments, $schema, every member in its place', async t => {
  const document = documentWith(
    {
      name: { $comment: 'why', firstOf: [{ from: 't:x' }, { value: 'unnamed' }] },
      since: { from: 'since', via: ['date'], nullWhen: ['长期'], absentWhen: ['1900-01-01'] },
      at: { from: 'at', via: [{ dateTime: { formats: ['YYYYMMDDHHmmss'] } }] },
      weight: { from: 'w', via: ['integer'] },
      uscc: { value: '91331199MAXT000111' },
      until: { value: 'open' },
      names: { fields: { 'zh-Hant': x } },
      value: { value: 'none', when: { not: { path: 'v', present: true } } },
      count: { countDistinct: 'rows/t:n', where: { path: '@k', matches: '^\\d+$' }, absentWhen: ['-'], default: 0 },
      colour: {
        min: 'rows/c',
        via: ['collapse'],
        codes: { r: 'red' },
        translate: { $comment: 'why', crosswalk: 'shade-colour', on: { from: 'd', via: ['date'] } },
        unlisted: 'green',
      },
      tags: { concat: [{ each: 'rows/*', split: ['、', ','], item: { from: '#name' } }] },
      secret: { resolve: { $comment: 'why', ...unit, key: [x, { value: 'main' }], field: 'secret' } },
      parts: { each: 'rows', join: { k: 'k' }, fields: { name: { digestOf: [x, { from: 'coordinates/0' }] } } },
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
      group: {
        $comment: 'why',
        by: ['id', '@place'],
        contiguous: true,
        group: { by: ['t:k'], as: 'parts', group: { by: ['a/0'], as: 'pieces' } },
      },
      withdraw: { $comment: 'why', when: { path: '@op', is: 'D' } },
      order: { from: 'at', via: [{ date: { formats: ['DD/MM/YY'], century: 1950 } }] },
      timezone: 'Asia/Shanghai',
      absentWhen: ['', 'null'],
    },
  )
  t.doesNotThrow(() => compileAdapter(document, catalogue))
})

function nested(levels: number, around: (inner: object) => object, innermost: object): object {
  return Array.from({ length: levels }).reduce<object>(inner => around(inner), innermost)
}

function issuesOf(document: unknown, from = catalogue) {
  try {
    compileAdapter(JSON.parse(JSON.stringify(document)), from)
  } catch (error) {
    if (error instanceof HubError && error.code === 'adapter-invalid') return error.issues
    throw error
  }
  return []
}
