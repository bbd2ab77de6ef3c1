import { existsSync, readFileSync } from 'node:fs'
import assert from 'node:assert/strict'
import { deflateSync, gzipSync } from 'node:zlib'
import fc from '../../properties.ts'
import t from 'tap'
import { mendJson, mendXml } from '../../../src/catalogue/draft/mend.ts'
import { describeSources } from '../../../src/catalogue/draft/source.ts'
import { defaultLimits } from '../../../src/parse/limits.ts'
import { parse } from '../../../src/parse/parse.ts'
import type { Source } from '../../../src/source.ts'

const row = '<ROW><NSRSBH>1</NSRSBH><NSRMC>2</NSRMC></ROW>'
const inner = '<taxML><rows><row><a>1</a><b>2</b></row><row><a>3</a><b>4</b></row></rows></taxML>'
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const soap = 'http://schemas.xmlsoap.org/soap/envelope/'

const shapes: [what: string, text: string, source: Source][] = [
  ['XML rows', `<ROOT><HEAD><A>1</A></HEAD><BODY>${row}${row}</BODY></ROOT>`, { format: 'xml', records: 'ROOT/BODY/ROW' }],
  ['one XML row', `<ROOT><BODY>${row}</BODY></ROOT>`, { format: 'xml', records: 'ROOT/BODY/ROW' }],
  ['a JSON array', '[{"a":1,"b":2},{"a":3,"b":4}]', { format: 'json', records: '' }],
  ['an array in JSON', '{"code":0,"data":{"list":[{"a":1,"b":2},{"a":3,"b":4}]}}', { format: 'json', records: 'data/list' }],
  ['datas in datas', '{"datas":[{"n":2,"datas":[{"a":1,"b":2},{"a":3,"b":4}]}]}', { format: 'json', records: 'datas/datas' }],
  ['members alike', '{"retCode":1,"retVal":{"0001":{"a":1,"b":2},"0002":{"a":3,"b":4}}}', { format: 'json', records: 'retVal/*' }],
  ['NDJSON', '{"a":1}\n{"a":2}\n', { format: 'ndjson', records: '' }],
  [
    'JSON in a JSON string',
    '{"code":"00","datas":"[{\\"a\\":1,\\"b\\":2}]"}',
    { format: 'json', records: '', envelope: [{ format: 'json', at: 'datas' }] },
  ],
  [
    'XML in an XML string',
    `<s:Envelope xmlns:s="${soap}"><s:Body><R><![CDATA[${inner}]]></R></s:Body></s:Envelope>`,
    {
      format: 'xml',
      records: 'taxML/rows/row',
      namespaces: { s: soap },
      envelope: [{ format: 'xml', at: 's:Envelope/s:Body/R' }],
    },
  ],
  [
    'base64 of zlib',
    `<P><id>1</id><content>${base64(deflateSync(inner))}</content></P>`,
    { format: 'xml', records: 'taxML/rows/row', envelope: [{ format: 'xml', at: 'P/content', decode: ['base64', 'zlib'] }] },
  ],
  ['base64 of gzip, all of it', base64(gzipSync(inner)), { format: 'xml', records: 'taxML/rows/row', decode: ['base64', 'gzip'] }],
  [
    'rows with columns elsewhere',
    '{"meta":{"columns":[{"fieldName":"a","id":1},{"fieldName":"b","id":2}]},"data":[["1","2"],["3","4"]]}',
    { format: 'json', records: 'data', columns: { at: 'meta/columns', name: 'fieldName' } },
  ],
  ['rows with a head', '[["name","city"],["x","y"]]', { format: 'json', records: '', columns: 'first' }],
  ['CSV', 'name,city\nx,"y, z"\nu,v\n', { format: 'csv', records: '' }],
  ['CSV with semicolons', 'name;city\nx;1,5\nu;2,5\n', { format: 'csv', records: '', delimiter: ';' }],
  ['TSV under a title', 'A table\nname\tcity\nx\ty\n', { format: 'csv', records: '', delimiter: '\t', skipLines: 1 }],
  ['a table without a head', '1,2\n3,4\n', { format: 'csv', records: '', columns: ['column1', 'column2'] }],
] // prettier-ignore

for (const [what, text, source] of shapes) {
  t.test(`${what}: the source is found, and the parser reads records by it`, async t => {
    const [first] = await describeSources(Buffer.from(text), false)
    t.same(first?.source, source)
    const nodes = await nodesOf(Buffer.from(text), source)
    t.ok(nodes.length > 0)
    t.ok(nodes.every(node => typeof node === 'object' && node !== null && Object.keys(node).length >= 1))
  })
}

t.test('a remark in HTML is no envelope', async t => {
  const rows = [1, 2].map(id => ({ id: String(id), name: 'x', remark: '<p>first<br>second, and a good deal more</p>' }))
  const [first, ...more] = await describeSources(Buffer.from(JSON.stringify(rows)), false)
  t.same(first?.source, { format: 'json', records: '' })
  t.notOk(more.some(({ source }) => source.envelope !== undefined))
})

const chinese = '示例县样本新能源有限公司统一社会信用代码登记机关核准日期经营范围'
const traditional = '臺灣水泥股份有限公司營利事業統一編號住址台北市中山北路董事長總經理'
const japanese = 'これはにほんごのテストデータですカタカナとひらがな会社名'

/** Bytes that other programs made: `iconv` would give the same. */
const encoded: [label: string, hex: string, named: string | undefined][] = [
  ['utf-8', Buffer.from(chinese).toString('hex'), undefined],
  ['gb18030', hexOf('gb18030', chinese), undefined],
  ['big5', hexOf('big5', traditional), 'big5'],
  ['shift_jis', hexOf('shift_jis', japanese), 'shift_jis'],
  ['euc-jp', hexOf('euc-jp', japanese), 'euc-jp'],
  ['windows-1252', Buffer.from('caf\u00e9, na\u00efve and r\u00e9sum\u00e9 of a long text', 'latin1').toString('hex'), 'windows-1252'],
] // prettier-ignore

for (const [label, hex, named] of encoded) {
  t.test(
    `${label} is ${named === undefined ? 'not named: the input shows it' : 'named, since it must be'}`,
    async t => {
      const bytes = Buffer.concat([Buffer.from('[{"a":"'), Buffer.from(hex, 'hex'), Buffer.from('","b":"1"}]')])
      const [first] = await describeSources(bytes, false)
      t.equal(first?.source.encoding, named)
    },
  )
}

t.test('the beginning of JSON, wherever it is cut, becomes a document that begins as it did', async () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue(), { minLength: 1, maxLength: 5 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (value, share) => {
        const text = JSON.stringify(value)
        const mended = mendJson(text.slice(0, Math.floor(text.length * share)))
        if (mended === '') return
        const parsed = JSON.parse(mended) as unknown[]
        assert.ok(parsed.length <= value.length)
        assert.deepEqual(parsed.slice(0, -1), JSON.parse(text).slice(0, Math.max(0, parsed.length - 1)))
      },
    ),
  )
})

t.test('the beginning of XML, cut anywhere behind its first record, still gives that record', async t => {
  const text = `<?xml version="1.0"?><!-- <a> --><R x="1>2"><B>${row}<ROW><![CDATA[</R>]]><c/></ROW>${row}</B></R>`
  const first = text.indexOf('</ROW>') + 6
  for (let end = first; end <= text.length; end += 1) {
    const nodes = await nodesOf(Buffer.from(mendXml(text.slice(0, end))), { format: 'xml', records: 'R/B/ROW' })
    t.same(nodes[0], { NSRSBH: '1', NSRMC: '2' }, `cut at ${end}`)
  }
})

const rows = new URL('../../../../shared/data/food-nyc-dohmh/rows.json', import.meta.url)
t.test(
  'a Socrata table that is cut off is described as the whole',
  { skip: !existsSync(rows) && 'not there' },
  async t => {
    const all = readFileSync(rows)
    const [whole] = await describeSources(all, false)
    const [part] = await describeSources(all.subarray(0, 200_000), true)
    t.same(whole?.source, { format: 'json', records: 'data', columns: { at: 'meta/view/columns', name: 'fieldName' } })
    t.same(part?.source, whole?.source)
  },
)

async function nodesOf(bytes: Uint8Array, source: Source): Promise<unknown[]> {
  const nodes: unknown[] = []
  async function* body(): AsyncGenerator<Uint8Array> {
    yield bytes
  }
  for await (const items of parse(body(), source, { limits: defaultLimits })) {
    for (const item of items) nodes.push('node' in item ? plain(item.node) : undefined)
  }
  return nodes
}

function plain(node: unknown): unknown {
  return JSON.parse(JSON.stringify(node))
}

/** The bytes of a text in an encoding that is only decoded here: every pair of bytes is tried once. */
function hexOf(encoding: string, text: string): string {
  const decoder = new TextDecoder(encoding)
  const bytesOf = new Map<string, string>()
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      const character = decoder.decode(Uint8Array.of(lead, trail))
      if (!bytesOf.has(character)) bytesOf.set(character, Buffer.from([lead, trail]).toString('hex'))
    }
  }
  return Array.from(text, character => bytesOf.get(character) ?? '').join('')
}
