/** What programs that nobody here wrote read out of an export: csv-parse, saxes. */
import t from 'tap'
import { parse as parseCsv } from 'csv-parse/sync'
import { SaxesParser } from 'saxes'
import { csvWriter, spreadsheetWriter } from '../../src/exchange/export-csv.ts'
import { exportFormats, type ExportWriter } from '../../src/exchange/export-writer.ts'
import { xmlWriter } from '../../src/exchange/export-xml.ts'
import type { Json, JsonObject } from '../../src/record.ts'
import { encodeUtf8 } from '../../src/utf8-text.ts'
import { standardWith } from '../standards.ts'

const string = { type: 'string' } as const

const standard = standardWith({
  id: 'deep',
  key: ['id'],
  properties: {
    id: string,
    text: { type: ['string', 'null'] },
    amount: { type: 'number' },
    isOpen: { type: 'boolean' },
    tags: { type: 'array', items: string },
    grid: { type: 'array', items: { type: 'array', items: { type: 'number' } } },
    place: { type: 'object', properties: { street: string, town: string } },
    owners: {
      type: 'array',
      items: { type: 'object', properties: { name: string, shares: { type: 'array', items: string } } },
    },
    hidden: string,
  },
})

const fields = ['id', 'text', 'amount', 'isOpen', 'tags', 'grid', 'place.street', 'owners.name', 'owners.shares']
const grant = { standard, cut: { fields } }

const texts = [
  'plain', '市场监督管理局 <&>"\'', 'comma, "quoted"', 'line\nbreak', 'carriage\rreturn', 'both\r\nof them',
  ' \ttab and blanks ', '', 'null', '=1+1', '+1', '-1', '@x', '\u0001 control \u001f', 'not \ufffe nor \uffff',
  '\u2028 separator \u0085', '😀', ']]>', '&amp;', '<!-- -->',
] // prettier-ignore

const filled: JsonObject = {
  id: 'filled', text: 'x', amount: 12.5, isOpen: true, tags: ['a', 'b,c'], grid: [[1, 2], [3]],
  place: { street: 'Example Road' },
  owners: [{ name: '张示例', shares: ['x', 'y'] }, { name: 'B' }],
} // prettier-ignore

const served = (data: JsonObject): JsonObject => ({
  standard: 'deep', version: '1.0.0', key: String(data['id']), revision: 3, updatedAt: '2026-03-01T08:00:00.000Z',
  source: { department: 'data-bureau', adapter: 'deep', delivery: 'd', recordId: 'r,1' },
  data, withheld: ['hidden', 'place.town'],
}) // prettier-ignore

function written(writer: ExportWriter, data: readonly JsonObject[]): string {
  const lines = data.map(one => encodeUtf8(JSON.stringify(served(one))))
  return Buffer.concat([writer.begin, writer.write(lines), writer.end('the-cursor')]).toString('utf8')
}

t.test(
  'NDJSON: a record a line as it is served, whatever lines its stored text has; the cursor is the last',
  async t => {
    const writer = exportFormats.ndjson.writerOf()
    const stored = texts.map(text => `{"data":{"id":"1",\n"text":${encodeUtf8(JSON.stringify(text))},\n"amount":1}}`)
    const lines = Buffer.concat([writer.begin, writer.write(stored), writer.end('c')])
      .toString('utf8')
      .split('\n')
    t.same(
      lines.map(line => (line === '' ? '' : (JSON.parse(line) as Json))),
      [...texts.map(text => ({ data: { id: '1', text, amount: 1 } })), { cursor: 'c' }, ''],
    )
  },
)

const read = (csv: string, options: object = {}): Record<string, string>[] =>
  parseCsv(csv, { columns: true, relax_column_count: false, record_delimiter: '\r\n', ...options })

t.test('CSV: a column for each path, and what stands below an array as JSON in its cell', async t => {
  const csv = written(csvWriter(grant), [filled])
  t.equal(
    csv.split('\r\n', 1)[0],
    'key,version,revision,updatedAt,source.department,source.adapter,source.delivery,source.recordId,source.asOf,' +
      'data.id,data.text,data.amount,data.isOpen,data.tags,data.grid,data.place.street,data.owners,withheld',
  )
  t.same(read(csv), [
    {
      key: 'filled', version: '1.0.0', revision: '3', updatedAt: '2026-03-01T08:00:00.000Z',
      'source.department': 'data-bureau', 'source.adapter': 'deep', 'source.delivery': 'd',
      'source.recordId': 'r,1', 'source.asOf': '',
      'data.id': 'filled', 'data.text': 'x', 'data.amount': '12.5', 'data.isOpen': 'true', 'data.tags': '["a","b,c"]',
      'data.grid': '[[1,2],[3]]', 'data.place.street': 'Example Road',
      'data.owners': '[{"name":"张示例","shares":["x","y"]},{"name":"B"}]', withheld: '["hidden","place.town"]',
    },
  ]) // prettier-ignore
})

t.test('CSV: every text comes out as it went in', async t => {
  const csv = written(
    csvWriter(grant),
    texts.map((text, index) => ({ id: String(index), text })),
  )
  t.same(
    read(csv).map(row => row['data.text']),
    texts,
  )
})

t.test('CSV: absent, null, empty and the text null can be told from each other by the quotes', async t => {
  const data = [{ id: '1' }, { id: '2', text: null }, { id: '3', text: '' }, { id: '4', text: 'null' }]
  const rows = written(csvWriter(grant), data).split('\r\n').slice(1, -1)
  t.same(
    rows.map(row => /,(\d),("?(?:null)?"?),/.exec(row)?.slice(1)),
    [['1', ''], ['2', 'null'], ['3', '""'], ['4', '"null"']],
  ) // prettier-ignore
})

t.test('CSV for a spreadsheet: a byte order mark, and no text that would be a formula; numbers stay', async t => {
  const data = [...texts.map((text, index) => ({ id: String(index), text })), { id: '-', amount: -5 }]
  const csv = written(spreadsheetWriter(grant), data)
  t.equal(csv[0], '\ufeff')
  const rows = read(csv, { bom: true })
  t.same(
    rows.slice(0, -1).map(row => row['data.text']),
    texts.map(text => (['=1+1', '+1', '-1', '@x'].includes(text) ? `'${text}` : text)),
  )
  t.match(rows.at(-1), { 'data.amount': '-5', 'data.id': `'-` })
  t.notMatch(written(csvWriter(grant), data), /^\ufeff/, 'and neither where it is for programs')
})

/** An element as a consumer may read it, by the rules that `export-xml.ts` states. */
type Element = {
  readonly name: string
  readonly attributes: Record<string, string>
  readonly inner: Element[]
  text: string
}

function readXml(xml: string): Element {
  const parser = new SaxesParser()
  const root: Element = { name: '', attributes: {}, inner: [], text: '' }
  const open = [root]
  parser.on('error', error => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes, inner: [], text: '' }
    open.at(-1)?.inner.push(element)
    open.push(element)
  })
  parser.on('text', text => void ((open.at(-1) as Element).text += text))
  parser.on('closetag', () => void open.pop())
  parser.write(xml).close()
  return root.inner[0] as Element
}

const child = ({ inner }: Element, name: string): Element[] => inner.filter(element => element.name === name)

function textOf({ attributes, text }: Element): string | null {
  if (attributes['xsi:nil'] === 'true') return null
  return attributes['encoding'] === 'base64' ? Buffer.from(text, 'base64').toString('utf8') : text
}

t.test('XML: every text comes out as it went in, the ones that XML cannot hold too', async t => {
  const root = readXml(
    written(
      xmlWriter(),
      texts.map((text, index) => ({ id: String(index), text })),
    ),
  )
  const datas = child(root, 'record').map(record => child(record, 'data')[0] as Element)
  t.same(
    datas.map(data => textOf(child(data, 'text')[0] as Element)),
    texts,
  )
  const encoded = datas.filter(data => child(data, 'text')[0]?.attributes['encoding'] !== undefined)
  t.equal(encoded.length, 2, 'the others stand as they are')
})

t.test('XML: members are elements, arrays repeat theirs, null is nil, and the cursor is the last element', async t => {
  const xml = written(xmlWriter(), [filled, { id: 'null', text: null }, { id: 'empty', tags: [] }])
  const root = readXml(xml)
  t.equal(root.name, 'records')
  t.equal(root.inner.at(-1)?.name, 'cursor')
  t.equal(root.inner.at(-1)?.text, 'the-cursor')
  const [first, second, third] = child(root, 'record').map(record => child(record, 'data')[0] as Element)
  const all = (element: Element | undefined, name: string) => child(element as Element, name).map(textOf)
  t.same(all(first, 'tags'), ['a', 'b,c'])
  t.same(all(first, 'amount'), ['12.5'])
  t.same(all(first, 'isOpen'), ['true'])
  t.same(child(first as Element, 'grid').map(row => all(row, 'item')), [['1', '2'], ['3']]) // prettier-ignore
  t.same(
    child(first as Element, 'owners').map(owner => [all(owner, 'name'), all(owner, 'shares')]),
    [[['张示例'], ['x', 'y']], [['B'], []]],
  ) // prettier-ignore
  t.same(all(child(first as Element, 'place')[0], 'street'), ['Example Road'])
  t.same(all(second, 'text'), [null])
  t.same(all(third, 'tags'), [])
  t.same(all(root.inner[0], 'withheld'), ['hidden', 'place.town'])
})

t.test('one that was cut is known for it: XML is not well-formed, NDJSON lacks the cursor', async t => {
  const whole = written(xmlWriter(), [filled])
  for (const cut of [whole.length - 3, whole.indexOf('<cursor>'), whole.indexOf('</data>')]) {
    t.throws(() => readXml(whole.slice(0, cut)))
  }
  const lines = written(exportFormats.ndjson.writerOf(), [filled])
  t.notMatch(lines.slice(0, lines.lastIndexOf('{"cursor"')), /"cursor"/)
})
