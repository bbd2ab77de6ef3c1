import { deflateSync, gzipSync } from 'node:zlib'
import t from 'tap'
import type { Json } from '../../src/record.ts'
import type { Source } from '../../src/source.ts'
import { nodes, read } from './reading.ts'

const xml: Source = { format: 'xml', records: 'D/R' }
const json: Source = { format: 'json', records: '' }

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

t.test('JSON in a string of JSON is read, its envelope around it', async t => {
  const rows = [
    { uniscid: '91331199MAXT000111', regcap: 10, opto: '' },
    { uniscid: '91331199MAXT0002XM', name: 'a"b\n' },
  ]
  const source: Source = { format: 'json', envelope: [{ format: 'json', at: 'datas' }], records: '' }
  const { records } = await read(JSON.stringify({ code: '00', datas: JSON.stringify(rows) }), source, {
    context: ['/code'],
  })
  t.match(records, [
    { node: { uniscid: '91331199MAXT000111', regcap: '10', opto: '' }, position: { ordinal: 1, line: 1, column: 2 } },
    { node: rows[1], position: { ordinal: 2 }, context: { '/code': '00' } },
  ])
})

t.test('envelopes stand in each other, XML in JSON and JSON in XML', async t => {
  const inner = '<D v="1"><R>中</R></D>'
  const body = `<s:E xmlns:s="urn:s"><s:B id="7">${JSON.stringify({ a: { b: inner } }).replaceAll('<', '&lt;')}</s:B></s:E>`
  const source: Source = {
    ...xml,
    envelope: [
      { format: 'json', at: 'x/y' },
      { format: 'xml', at: 's:E/s:B' },
      { format: 'json', at: 'a/b' },
    ],
  }
  const { records, error } = await read(JSON.stringify({ x: { y: body } }), source, {
    context: ['/s:E/s:B/@id', '/D/@v'],
  })
  t.equal(error, undefined)
  t.match(records, [{ node: '中', context: { '/s:E/s:B/@id': '7', '/D/@v': '1' } }])
})

/** Inputs with an envelope that are refused: what, input, code. */
const sealed: [string, string, string][] = [
  ['no text at its path', '{"data":"[]"}', 'input-malformed'],
  ['something else at its path', '{"datas":[{}]}', 'input-malformed'],
  ['an outer document that is none', '{"datas":"[]"', 'input-malformed'],
  ['an inner document that is none', '{"datas":"[{]"}', 'input-malformed'],
  ['single quotes inside', `{"datas":"[{'a':'b'}]"}`, 'input-malformed'],
  ['U+0000 inside', String.raw`{"datas":"[\"\u0000\"]"}`, 'input-refused'],
  ['more than is taken', `{"datas":"[]","x":"${'x'.repeat(100)}"}`, 'input-refused'],
]

for (const [what, input, code] of sealed) {
  t.test(`an envelope is refused for ${what}`, async t => {
    const source: Source = { format: 'json', envelope: [{ format: 'json', at: 'datas' }], records: '' }
    t.equal((await read(input, source, { limits: { envelopeBytes: 100 } })).error?.code, code)
  })
}

t.test('what has no text at the path of an envelope is refused, as its records would be missed', async t => {
  const cases: [input: string, at: string, format: 'json' | 'xml', before: number][] = [
    ['{"pages":[{"data":"[1]"},{"data":[{"x":2}]}]}', 'pages/data', 'json', 1],
    ['{"pages":[{"data":"[1]"},{"data":{"x":"[2]"}}]}', 'pages/data', 'json', 1],
    ['{"pages":[{"data":{}},{"data":"[1]"}]}', 'pages/data', 'json', 0],
    ['<E><T>[1]</T><T><x>[2]</x></T></E>', 'E/T', 'xml', 1],
    ['<E><T>[1]</T><T a="1"/></E>', 'E/T', 'xml', 1],
  ]
  for (const [input, at, format, before] of cases) {
    const { records, error } = await read(input, { ...json, envelope: [{ format, at }] })
    t.match(error, { code: 'input-malformed', message: /without text/ }, input)
    t.equal(records.length, before, input)
  }
})

/** Several texts at the path of an envelope: what, input, source, trees. */
const several: [string, string, Source, Json[]][] = [
  ['repeated elements', '<E><T>[1,2]</T><x/><T>[3]</T></E>', { ...json, envelope: [{ format: 'xml', at: 'E/T' }] }, ['1', '2', '3']],
  ['repeated parents', '<E><P><T>1</T></P><P/><P><T>2</T><T>3</T></P></E>', { ...json, envelope: [{ format: 'xml', at: 'E/P/T' }] }, ['1', '2', '3']],
  ['elements of any name', '<E a="0"><T1>1</T1><T2>2</T2></E>', { ...json, envelope: [{ format: 'xml', at: 'E/*' }] }, ['1', '2']],
  ['members of an array', '{"t":["[1]",null,"[2]"]}', { ...json, envelope: [{ format: 'json', at: 't' }] }, ['1', '2']],
  ['members of objects in an array', '[{"t":"[1]"},{"t":null},{},{"t":"[2]"}]', { ...json, envelope: [{ format: 'json', at: 't' }] }, ['1', '2']],
  ['members of any name', '{"d":{"0001":"1","@2":"2"}}', { ...json, envelope: [{ format: 'json', at: 'd/*' }] }, ['1', '2']],
  ['strings that are the document', '["<D><R>1</R></D>","<D/>","<D><R>2</R></D>"]', { ...xml, envelope: [{ format: 'json', at: '' }] }, ['1', '2']],
  [
    'texts in texts',
    '{"t":["[\\"[1]\\",\\"[2]\\"]","[\\"[3]\\"]"]}',
    { ...json, envelope: [{ format: 'json', at: 't' }, { format: 'json', at: '' }] },
    ['1', '2', '3'],
  ],
  ['rows of cells', '[{"t":"[[\\"a\\"],[1]]"},{"t":"[[\\"b\\"],[2]]"}]', { ...json, columns: 'first', envelope: [{ format: 'json', at: 't' }] }, [{ a: '1' }, { b: '2' }]],
  ['rows with their header', '<E><T>a,b\n1,2</T><T>b,a\n3,4</T></E>', { format: 'csv', records: '', envelope: [{ format: 'xml', at: 'E/T' }] }, [{ a: '1', b: '2' }, { b: '3', a: '4' }]],
] // prettier-ignore

for (const [what, input, source, trees] of several) {
  t.test(`${what} are several documents, one after the other`, async t => {
    t.strictSame(await nodes(input, source), trees)
    const { records } = await read(input, source)
    t.strictSame(
      records.map(({ position }) => position.ordinal),
      trees.map((_, i) => i + 1),
    )
  })
}

t.test('documents before the one that is refused are read', async t => {
  const source: Source = { ...json, envelope: [{ format: 'xml', at: 'E/T' }] }
  const { records, error } = await read('<E><T>[1,2]</T><T>[3,4</T><T>[5]</T></E>', source)
  t.equal(records.length, 3)
  t.equal(error?.code, 'input-malformed')
})

t.test('of the texts around a document, its own parents are asked', async t => {
  const source: Source = { ...json, envelope: [{ format: 'xml', at: 'E/P/T' }] }
  const input = '<E><h>x</h><P id="1"><T k="a">[1]</T><n>7</n></P><P id="2"><T k="b">[2]</T><T k="c">[3]</T></P></E>'
  const context = ['/E/h', '/E/P/@id', '/E/P/n', '/E/P/T/@k']
  const { records } = await read(input, source, { context })
  t.strictSame(
    records.map(record => 'context' in record && record.context),
    [
      { '/E/h': 'x', '/E/P/@id': '1', '/E/P/n': '7', '/E/P/T/@k': 'a' },
      { '/E/h': 'x', '/E/P/@id': '2', '/E/P/T/@k': 'b' },
      { '/E/h': 'x', '/E/P/@id': '2', '/E/P/T/@k': 'c' },
    ],
  )
})

t.test("the adapter's prefixes hold in the paths of an envelope", async t => {
  const source: Source = {
    format: 'xml',
    records: 't:D/t:R',
    envelope: [{ format: 'xml', at: 's:Envelope/s:Body/t:reply/return' }],
    namespaces: { s: 'http://schemas.xmlsoap.org/soap/envelope/', t: 'urn:t' },
  }
  const inner = '\n <?xml version="1.0" encoding="GBK"?>\n<x:D xmlns:x="urn:t"><x:R>中</x:R></x:D>'
  const body = `<reply xmlns="urn:t"><return xmlns=""><![CDATA[${inner}]]></return></reply>`
  const soap = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>${body}</soap:Body></soap:Envelope>`
  t.strictSame(await nodes(soap, source), ['中'])
})

t.test('a text of an envelope is unwrapped, and its bytes decoded like those of any input', async t => {
  const text = '<D><R>中</R></D>'
  const gbk = Buffer.from('3c443e3c523ed6d03c2f523e3c2f443e', 'hex')
  const wraps: [string, Uint8Array, Partial<NonNullable<Source['envelope']>[number]>][] = [
    ['base64', Buffer.from(text), { decode: ['base64'] }],
    ['zlib', deflateSync(text), { decode: ['base64', 'zlib'] }],
    ['gzip that nobody named', gzipSync(text), { decode: ['base64'] }],
    ['GBK unnamed', gbk, { decode: ['base64'] }],
    ['UTF-16', deflateSync(Buffer.from(`\ufeff${text}`, 'utf16le')), { decode: ['base64', 'zlib'] }],
    ['Big5 named', Buffer.from('3c443e3c523ea4a43c2f523e3c2f443e', 'hex'), { decode: ['base64'], encoding: 'big5' }],
    ['Big5 declared', Buffer.concat([Buffer.from('<?xml version="1.0" encoding="big5"?>'), Buffer.from('3c443e3c523ea4a43c2f523e3c2f443e', 'hex')]), { decode: ['base64'] }],
  ] // prettier-ignore
  for (const [what, bytes, step] of wraps) {
    const source: Source = { ...xml, envelope: [{ format: 'xml', at: 'E/C', ...step }] }
    t.strictSame(await nodes(`<E><C>\n${base64(bytes)}\n</C></E>`, source), ['中'], what)
  }
  const nested: Source = {
    ...xml,
    decode: ['gzip'],
    envelope: [
      { format: 'json', at: 'a', decode: ['base64', 'zlib'] },
      { format: 'xml', at: 'E', decode: ['base64'] },
    ],
  }
  const middle = deflateSync(`<E>${base64(Buffer.from(text))}</E>`)
  t.strictSame(await nodes(gzipSync(JSON.stringify({ a: base64(middle) })), nested), ['中'], 'one in the other')
})

t.test(
  'no text of an envelope unwraps to more than an envelope may have, nor all of them to more than an input',
  async t => {
    const bomb = (bytes: number) => base64(deflateSync(`[${' '.repeat(bytes - 3)}1]`))
    const source: Source = { ...json, envelope: [{ format: 'json', at: 't', decode: ['base64', 'zlib'] }] }
    const limits = { envelopeBytes: 1_000_000, inputBytes: 2_500_000 }
    const reads = async (...sizes: number[]) => read(JSON.stringify({ t: sizes.map(bomb) }), source, { limits })
    t.equal((await reads(1_000_000, 1_000_000)).records.length, 2)
    const one = await reads(10, 1_000_001, 10)
    t.match(one, { records: { length: 1 }, error: { code: 'input-refused', message: /1000000 bytes/ } })
    const all = await reads(1_000_000, 1_000_000, 1_000_000)
    t.match(all, { records: { length: 2 }, error: { code: 'input-refused', message: /2500000 bytes/ } })
    const outer: Source = { ...source, decode: ['gzip'] }
    const inflated = await read(gzipSync(JSON.stringify({ x: ' '.repeat(1_000_000), t: '[]' })), outer, { limits })
    t.match(inflated, { records: { length: 0 }, error: { code: 'input-refused', message: /1000000 bytes/ } })
  },
)

t.test('a bomb in an envelope is refused before it fills the memory', async t => {
  const source: Source = { ...json, envelope: [{ format: 'json', at: 't', decode: ['base64', 'gzip', 'gzip'] }] }
  const bomb = gzipSync(gzipSync(Buffer.alloc(1 << 28, ' ')))
  const before = process.memoryUsage().rss
  const { error } = await read(JSON.stringify({ t: base64(bomb) }), source)
  t.equal(error?.code, 'input-refused')
  t.ok(process.memoryUsage().rss - before < 128e6)
})
