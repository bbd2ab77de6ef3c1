import assert from 'node:assert'
import { parse as parseCsv } from 'csv-parse/sync'
import fc from '../properties.ts'
import t from 'tap'
import type { Json } from '../../src/record.ts'
import type { Source } from '../../src/source.ts'
import { nodes, read } from './reading.ts'

const csv: Source = { format: 'csv', records: '' }

/** What, source, input, trees. */
const inputs: [string, Partial<Source>, string, Json[]][] = [
  ['the first row has the names', {}, 'a,b\n1,2\n3,4\n', [{ a: '1', b: '2' }, { a: '3', b: '4' }]], // prettier-ignore
  ['the last line end may be missing', {}, 'a,b\n1,2', [{ a: '1', b: '2' }]],
  ['lines may end in any way', {}, 'a,b\r\n1,2\r3,4\r\n', [{ a: '1', b: '2' }, { a: '3', b: '4' }]], // prettier-ignore
  ['empty lines are nothing', {}, '\n\na\n\n1\n\n\n2\n\n', [{ a: '1' }, { a: '2' }]],
  ['a header alone has no records', {}, 'a,b\n', []],
  ['nothing has no records', {}, '', []],
  ['names are trimmed, cells are not', {}, ' a , b\n 1 , 2\n', [{ a: ' 1 ', b: ' 2' }]],
  ['cells are text', {}, 'a\n0071234\n2.5E7\ntrue\nnull\n', ['0071234', '2.5E7', 'true', 'null'].map(a => ({ a }))],
  ['empty cells are empty texts', {}, 'a,b,c\n,"",\n', [{ a: '', b: '', c: '' }]],
  ['quoted cells hold anything', {}, 'a,b\n"1,\n""2""\r\n",3\n', [{ a: '1,\n"2"\n', b: '3' }]],
  ['names may be quoted', {}, '"a, b","c"\n1,2\n', [{ 'a, b': '1', c: '2' }]],
  ['spaces around quotes are nothing', {}, 'a, "b"\n "1" ,\t"2,3"\t\n', [{ a: '1', b: '2,3' }]],
  ['a quote inside of a plain cell is text', {}, 'a,b\n5" pipe,x"\n', [{ a: '5" pipe', b: 'x"' }]],
  ['a row may lack cells at its end', {}, 'a,b,c\n1\n1,2\n', [{ a: '1' }, { a: '1', b: '2' }]],
  ['a column without a name is not read', {}, 'a,,b,\n1,2,3,4\n', [{ a: '1', b: '3' }]],
  ['names may be those of objects', {}, 'constructor,@a\n1,2\n', [{ constructor: '1', '@a': '2' } as unknown as Json]],
  ['the adapter names the columns', { columns: ['a', 'b'] }, '1,2\n3,4\n', [{ a: '1', b: '2' }, { a: '3', b: '4' }]], // prettier-ignore
  ['lines before the header are skipped', { skipLines: 2 }, 'sep=,\n"a title\na\n1\n', [{ a: '1' }]],
  ['a header is skipped', { skipLines: 1, columns: ['a', 'b'] }, 'x,x\n1,2\n', [{ a: '1', b: '2' }]],
  ['more lines are skipped than there are', { skipLines: 3 }, 'a\n1\n', []],
  ['tabs delimit', { delimiter: '\t' }, 'a\tb\n1, \t" 2\t"\n\t\n', [{ a: '1, ', b: ' 2\t' }, { a: '', b: '' }]], // prettier-ignore
  ['semicolons delimit', { delimiter: ';' }, 'a;b\n1,5;2\n', [{ a: '1,5', b: '2' }]],
  ['apostrophes quote', { quote: "'" }, `a,b\n'it''s, "so"',2\n`, [{ a: `it's, "so"`, b: '2' }]],
  ['nothing quotes', { quote: '' }, 'a,b\n"1,2"\n', [{ a: '"1', b: '2"' }]],
]

for (const [what, more, input, trees] of inputs) {
  t.test(`${what}, however the bytes come`, async t => {
    t.strictSame(await nodes(input, { ...csv, ...more }), trees)
    const cuts = Array.from(input, (_, i) => i)
    t.strictSame(await nodes(input, { ...csv, ...more }, { cuts }), trees)
  })
}

t.test('CSV in any encoding, with or without a mark, is read', async t => {
  const text = '名称,码\n中文,1\n'
  const trees = [{ 名称: '中文', 码: '1' }]
  const gbk = Buffer.from('c3fbb3c62cc2eb0ad6d0cec42c310a', 'hex')
  const wide = Buffer.from(text, 'utf16le')
  t.strictSame(await nodes(`\ufeff${text}`, csv), trees)
  t.strictSame(await nodes(gbk, csv), trees)
  t.strictSame(await nodes(wide, csv), trees)
  t.strictSame(await nodes(Buffer.from(wide).swap16(), csv), trees)
  t.strictSame(await nodes(Buffer.from('a4a4a4e50aa4a40a', 'hex'), { ...csv, encoding: 'big5' }), [{ 中文: '中' }])
})

/** Rows that cannot be read: input, and place and reason of each; reading goes on. */
const unreadable: [string, string, [number, number, RegExp][]][] = [
  ['more cells than columns', 'a,b\n1,2,3\n4,5\n6,7,\n', [[1, 2, /3 cells, but there are 2 columns/], [3, 4, /3 cells/]]], // prettier-ignore
  ['text after a quoted cell', 'a,b\n"1"2,3\n4,5\n', [[1, 2, /text stands after/]]],
  ['bare quotes in a quoted cell', 'a,b\n"say "x"",3\n\n4,5\n', [[1, 2, /doubled/]]],
  ['a last row that breaks off', 'a,b\n4,5\n1', [[2, 3, /ends inside this row/]]],
]

for (const [what, input, reasons] of unreadable) {
  t.test(`${what} makes a record unreadable, and reading goes on`, async t => {
    const { records, error } = await read(input, csv)
    t.equal(error, undefined)
    const found = records.filter(record => 'unreadable' in record)
    t.match(
      found.map(({ position, unreadable: { code, message } }) => [position.ordinal, position.line, code, message]),
      reasons.map(([ordinal, line, reason]) => [ordinal, line, 'input-malformed', reason]),
    )
    const lines = input.split('\n')
    t.strictSame(
      found.map(({ text }) => text),
      reasons.map(([, line]) => lines[line - 1]),
    )
    t.match(records.find(record => 'node' in record)?.node, { a: '4', b: '5' })
  })
}

/** Inputs that end where they cannot be read on: input, source, code, the message, how many records come before. */
const refused: [string, string, Partial<Source>, string, RegExp, number][] = [
  ['a quote that is not closed', 'a\n1\n"2\n3\n', {}, 'input-malformed', /^Line 3, column 1: .*quotes .*not end/, 1],
  ['a quote that is not closed within a record', `a,b\n1,2\n3, "${'x\n'.repeat(100)}`, {}, 'input-refused', /^Line 3, column 1: .* 50 bytes.* quote/, 1], // prettier-ignore
  ['a row that is too large', `a\n1\n${'x'.repeat(51)}\n2\n`, {}, 'input-refused', /^Line 3, column 1: .*50 bytes/, 1],
  ['text after a quote, where the row may go on', 'a\n1\n"x"y"\n2\n', {}, 'input-malformed', /^Line 3, column 4: .*not sure/, 1], // prettier-ignore
  ['a name that stands twice', 'a,b, a\n1,2,3\n', {}, 'input-malformed', /^Line 1, column 1: columns 1 and 3 .*source\.columns/, 0], // prettier-ignore
  ['a header that cannot be read', '"a"b\n1\n', {}, 'input-malformed', /^Line 1, column 1: text stands after/, 0],
  ['U+0000', 'a\n1\n2\0\n', {}, 'input-refused', /^Line 3, column 2: U\+0000/, 1],
]

for (const [what, input, more, code, message, count] of refused) {
  t.test(`${what} is refused, after the records before it`, async t => {
    const { records, error } = await read(input, { ...csv, ...more }, { limits: { recordBytes: 50 } })
    t.equal(error?.code, code)
    t.match(error?.message, message)
    t.equal(records.length, count)
  })
}

t.test('a record knows its place, over line ends inside of cells', async t => {
  const { records } = await read('#\na,b\n"1\n1",2\n\n3,"\n\n"\n4,5', { ...csv, skipLines: 1 })
  t.strictSame(
    records.map(({ position: { ordinal, line, column } }) => [ordinal, line, column]),
    [
      [1, 3, 1],
      [2, 6, 1],
      [3, 9, 1],
    ],
  )
})

t.test('csv-parse reads the same rows', async () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '中', ',', ';', '"', '\n', ' ', "'"), maxLength: 6 })
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 })
  const format = fc.record({
    delimiter: fc.constantFrom(',', ';'),
    quote: fc.constantFrom('"', "'"),
    all: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(
      rows,
      format,
      fc.array(fc.nat(), { maxLength: 4 }),
      async (table, { delimiter, quote, all }, cuts) => {
        const written = (text: string) => {
          const mustQuote = all || text === '' || [delimiter, quote, '\n', ' '].some(special => text.includes(special))
          return mustQuote ? quote + text.replaceAll(quote, quote + quote) + quote : text
        }
        const input = `${table.map(row => row.map(written).join(delimiter)).join('\n')}\n`
        const columns = ['w', 'x', 'y', 'z']
        const expected = parseCsv(input, { columns, delimiter, quote, escape: quote, relax_column_count_less: true })
        assert.deepStrictEqual(await nodes(input, { ...csv, columns, delimiter, quote }, { cuts }), plain(expected))
      },
    ),
    { numRuns: 500 },
  )
})

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
