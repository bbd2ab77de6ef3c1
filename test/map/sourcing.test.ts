import t from 'tap'
import type { HubError } from '../../src/errors.ts'
import { compileAdapter } from '../../src/map/adapter.ts'
import { catalogue, documentWith } from './fixture.ts'

const xml = { format: 'xml', records: 'R/r' }
const json = { format: 'json', records: 'rows' }
const csv = { format: 'csv', records: '' }
const soap = { namespaces: { s: 'urn:s' } }

const good: object[] = [
  { ...xml, encoding: 'GB2312', envelope: [{ format: 'json', at: 'a/*', decode: ['base64', 'gzip'], encoding: 'big5' }] },
  { ...xml, ...soap, records: 's:R/*', unfold: 's:x/@a' },
  { ...xml, ...soap, records: 'R/xsi:r', envelope: [{ format: 'xml', at: 's:E/s:B/@data' }] },
  { ...json, records: 'a:b/~1c~0/#text', unfold: 'x:y' },
  { ...json, columns: { at: 'meta/2024' }, unfold: { members: '.', as: 'cell' } },
  { ...json, columns: ['a'] },
  { ...json, records: 'years/2024', unfold: '01' },
  { ...csv, delimiter: ';', quote: ',' },
  { ...csv, delimiter: '"', quote: '' },
] // prettier-ignore

for (const source of good) {
  t.test(`can be read: ${JSON.stringify(source)}`, async t => {
    t.same(compileAdapter(documentWith({}, { source }), catalogue).source, source)
  })
}

const refusals: [what: string, source: object, ...issues: string[]][] = [
  ['an encoding that nobody knows', { ...csv, encoding: 'gb-18030-x' }, '/source/encoding encoding-unknown'],
  ['an encoding that keeps a state', { ...csv, encoding: 'iso-2022-jp' }, '/source/encoding encoding-unknown'],
  ['UTF-32', { ...csv, encoding: 'utf-32' }, '/source/encoding encoding-unknown'],
  [
    'an encoding inside an envelope',
    { ...json, envelope: [{ format: 'json', at: 'a', decode: ['base64'], encoding: 'x' }] },
    '/source/envelope/0/encoding encoding-unknown',
  ],
  ...['/rows', './rows', 'a/../b', 'a//b', 'a/', 'a~2', 'a~', 'a/#name', '.'].map(
    (records): [string, object, string] => [
      `records at ${records}`,
      { ...json, records },
      '/source/records path-invalid',
    ],
  ),
  ...['/a', '..', 'a//b', 'a~', '0', '#name'].map((at): [string, object, string] => [
    `an envelope's texts at ${at}`,
    {
      ...json,
      envelope: [
        { format: 'json', at: 'a' },
        { format: 'xml', at },
      ],
    },
    '/source/envelope/1/at path-invalid',
  ]),
  ['an unfolding at a~', { ...json, unfold: 'a~' }, '/source/unfold path-invalid'],
  ['an unfolding of XML at a/1', { ...xml, unfold: 'a/1' }, '/source/unfold path-invalid'],
  ['members of XML at 0', { ...xml, unfold: { members: '0', as: 'x' } }, '/source/unfold/members path-invalid'],
  ['columns at a~/b', { ...json, unfold: { columns: 'a~/b', as: 'x' } }, '/source/unfold/columns path-invalid'],
  ...['./a', 'a/../b', 'a//b', 'a~', '*/a', 'a/'].map((at): [string, object, string] => [
    `names of columns at ${at}`,
    { ...json, columns: { at } },
    '/source/columns/at path-invalid',
  ]),
  [
    'prefixes that are not declared',
    { ...xml, ...soap, records: 's:R/t:r', unfold: 'u:x', envelope: [{ format: 'xml', at: 'v:E' }] },
    '/source/envelope/0/at path-invalid',
    '/source/records path-invalid',
    '/source/unfold path-invalid',
  ],
  ['one character as delimiter and quote', { ...csv, delimiter: ';', quote: ';' }, '/source/quote quote-invalid'],
  ['the quote as delimiter', { ...csv, delimiter: '"' }, '/source/delimiter quote-invalid'],
  [
    'a text that is compressed',
    { ...json, envelope: [{ format: 'json', at: 'a', decode: ['gzip'] }] },
    '/source/envelope/0/decode/0 decode-invalid',
  ],
]

for (const [what, source, ...issues] of refusals) {
  t.test(`refuses ${what}`, async t => {
    try {
      compileAdapter(documentWith({}, { source }), catalogue)
      t.fail('it was taken')
    } catch (error) {
      const found = (error as HubError).issues.map(({ pointer, code }) => `${pointer} ${code}`)
      t.same(found.toSorted(), issues)
    }
  })
}
