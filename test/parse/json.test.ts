import assert from 'node:assert'
import { readdirSync } from 'node:fs'
import fc from '../properties.ts'
import t from 'tap'
import type { Json } from '../../src/record.ts'
import type { Source } from '../../src/source.ts'
import { needs, nodes, read, realData, realDataUrl } from './reading.ts'

const whole: Source = { format: 'json', records: '' }
const rows: Source = { format: 'json', records: 'data/rows' }

/** A value → its tree. */
const values: [string, string, Json][] = [
  ['a string', '"a"', 'a'],
  ['a string with escapes', String.raw`"\"\\\/\b\f\n\r\t\u4e2d\ud83d\ude00"`, '"\\/\b\f\n\r\t中😀'],
  ['an integer', '12', '12'],
  ['a number beyond 2^53', '12345678901234567890', '12345678901234567890'],
  ['a number with all its parts', '-0.10E+02', '-0.10E+02'],
  [
    'a number with more digits than a double has',
    '3.14159265358979323846264338327950288',
    '3.14159265358979323846264338327950288',
  ],
  ['negative zero', '-0', '-0'],
  ['true', 'true', 'true'],
  ['false', 'false', 'false'],
  ['null', 'null', null],
  ['an empty object', '{ }', {}],
  ['an empty array', '[\t]', []],
  ['an object', '{"a" : 1 ,\n"b":{"c":[true,null]}}', { a: '1', b: { c: ['true', null] } }],
  ['an array of arrays', '[[1],[],[[2,"3"]]]', [['1'], [], [['2', '3']]]],
  ['the last of two members of a name', '{"a":1,"b":2,"a":3}', { a: '3', b: '2' }],
  ['a name with escapes', String.raw`{"\u0061\"":1,"a\"":2,"a":3}`, { 'a"': '2', a: '3' }],
  [
    'the name of what objects have',
    '{"__proto__":{"a":1},"constructor":2}',
    JSON.parse('{"__proto__":{"a":"1"},"constructor":"2"}') as Json,
  ],
  [
    'an empty name, and one with @, . and #',
    '{"":1,"@a":2,"b.c":3,"#text":4}',
    { '': '1', '@a': '2', 'b.c': '3', '#text': '4' },
  ],
]

for (const [what, json, tree] of values) {
  t.test(`${what} is read as text, whatever its record stands in`, async t => {
    t.strictSame(await nodes(`[${json},${json}]`, whole), [tree, tree], 'in an array')
    t.strictSame(
      await nodes(`{"x":0,"data":{"rows":[ ${json} , ${json} ],"y":{}},"z":[]}`, rows),
      [tree, tree],
      'below a path',
    )
    t.strictSame(
      await nodes(`${json.replace('\n', ' ')}\n \n${json.replace('\n', ' ')}`, { format: 'ndjson', records: '' }),
      [tree, tree],
      'on a line',
    )
  })
}

t.test('the records are what stands at the path', async t => {
  const found: [string, Json[]][] = [
    ['{"data":{"rows":[{"a":1},"b"]}}', [{ a: '1' }, 'b']],
    ['{"data":{"rows":{"a":1}}}', [{ a: '1' }]],
    ['{"data":{"rows":"a"}}', ['a']],
    ['{"data":{"rows":[]}}', []],
    ['{"data":{"rows":null}}', []],
    ['{"data":{"rows":[null]}}', [null]],
    ['{"data":null,"rows":[1]}', []],
    ['{"rows":[1],"data":{"data":{"rows":[2]}}}', []],
    ['{"data":{"x":{"rows":[1]},"rows":[[2],[3]]}}', [['2'], ['3']]],
    ['{"data":[{"rows":[1]},{"rows":2},3,{"rows":[[4]]}]}', ['1', '2', ['4']]],
    ['[]', []],
    ['7', []],
  ]
  for (const [json, records] of found) t.strictSame(await nodes(json, rows), records, json)
  t.strictSame(await nodes('{"a":1}', whole), [{ a: '1' }])
  t.strictSame(await nodes('{"a/b":{"~":[1]}}', { format: 'json', records: 'a~1b/~0' }), ['1'])
})

t.test('a step of the path may be any name, and a record knows its own', async t => {
  const json = '{"n":1,"d":{"0001":{"a":1},"0002":[{"a":2},{"a":3}],"0003":null,"a/b":4}}'
  const found = async (records: string) =>
    (await read(json, { format: 'json', records })).records.map(record => 'node' in record && [record.context['#name'], record.node])
  t.strictSame(await found('d/*'), [['0001', { a: '1' }], ['0002', { a: '2' }], ['0002', { a: '3' }], ['a/b', '4']])
  t.strictSame(await found('*/0001/a'), [['a', '1']])
  t.strictSame(await found('*/*/a'), [['a', '1'], ['a', '2'], ['a', '3']])
  t.strictSame(await found('d/0001'), [['0001', { a: '1' }]])
  t.strictSame((await found('*')).map(record => record && record[0]), ['n', 'd'])
  t.match((await found(''))[0], [undefined, { n: '1' }])
}) // prettier-ignore

const rowsOf = { format: 'json', records: 'data' } as const

/** Rows of cells: what, source, document, trees. */
const tables: [string, Source, string, Json[]][] = [
  ['names are listed', { ...rowsOf, columns: ['a', 'b'] }, '{"data":[[1,null],["x",[2]],["y"],[]]}', [{ a: '1', b: null }, { a: 'x', b: ['2'] }, { a: 'y' }, {}]],
  ['names are in the first row', { ...whole, columns: 'first' }, '[[" a ","b",""],[1,2,3]]', [{ a: '1', b: '2' }]],
  ['names stand before the rows', { ...rowsOf, columns: { at: 'm/cols' } }, '{"m":{"cols":["a","b"]},"data":[[1,2]]}', [{ a: '1', b: '2' }]],
  ['names are members of objects', { ...rowsOf, columns: { at: 'm/cols', name: 'f' } }, '{"m":{"x":[["cols"]],"cols":[{"f":"a","t":1},{"t":2},{"f":"b"}]},"data":[[1,2,3]]}', [{ a: '1', b: '3' }]],
  ['names stand under escaped names', { ...rowsOf, columns: { at: 'm~1/~0' } }, '{"m/":{"~":["a"]},"data":[[1]]}', [{ a: '1' }]],
  ['there are no rows', { ...rowsOf, columns: { at: 'cols' } }, '{"data":[],"cols":["a"]}', []],
] // prettier-ignore

for (const [what, source, json, trees] of tables) {
  t.test(`rows are records where ${what}, however the bytes come`, async t => {
    t.strictSame(await nodes(json, source), trees)
    t.strictSame(await nodes(json, source, { cuts: Array.from(json, (_, i) => i) }), trees)
  })
}

t.test('a row that is none, or has more cells than columns, is unreadable, and reading goes on', async t => {
  const { records, error } = await read('{"data":[[1],\n[2,3],{"a":4},\n[5]]}', { ...rowsOf, columns: ['a'] })
  t.equal(error, undefined)
  t.match(records, [
    { node: { a: '1' } },
    {
      unreadable: { code: 'input-malformed', message: 'Line 2, column 1: a row has 2 cells, but there are 1 columns.' },
      text: '[2,3]',
      position: { ordinal: 2 },
    },
    { unreadable: { message: /array of cells/ }, text: '{"a":4}' },
    { node: { a: '5' }, position: { ordinal: 4, line: 3 } },
  ])
})

t.test('rows without names of their columns are refused, saying what to do', async t => {
  const refusals: [Source, string, RegExp][] = [
    [{ ...rowsOf, columns: { at: 'cols' } }, '{"data":[[1]],"cols":["a"]}', /^Line 1, column 10: .*before.*source\.columns, or list/],
    [{ ...rowsOf, columns: { at: 'cols' } }, '{"cols":{"a":1},"data":[[1]]}', /^Line 1, column 9: an array .*is expected/],
    [{ ...rowsOf, columns: { at: 'cols' } }, '{"cols":["a","b","a"],"data":[[1]]}', /columns 1 and 3 have the same name/],
    [{ ...rowsOf, columns: 'first' }, '{"data":[["a","a"],[1,2]]}', /columns 1 and 2 have the same name/],
  ] // prettier-ignore
  for (const [source, json, message] of refusals) t.match((await read(json, source)).error?.message, message)
})

t.test("a table's names hold to its end, and no further", async t => {
  const inTables: Source = { format: 'json', records: 'tables/rows', columns: { at: 'tables/columns' } }
  const two = '{"tables":[{"columns":["id","name"],"rows":[[1,"Ann"]]},{"columns":["name","id"],"rows":[["Ben",2]]}]}'
  t.strictSame(await nodes(two, inTables), [{ id: '1', name: 'Ann' }, { name: 'Ben', id: '2' }]) // prettier-ignore
  const late = '{"tables":[{"columns":["id","name"],"rows":[[1,"Ann"]]},{"rows":[["Ben",2]],"columns":["name","id"]}]}'
  const { records, error } = await read(late, inTables)
  t.equal(records.length, 1)
  t.match(error, { code: 'input-refused', message: /no names of columns stand before these rows/ })
  const pages: Source = { format: 'json', records: 'pages/rows', columns: { at: 'meta/columns' } }
  t.strictSame(
    await nodes('{"meta":{"columns":["a"]},"pages":[{"rows":[[1]]},{"rows":[[2]]}]}', pages),
    [{ a: '1' }, { a: '2' }],
    'names before all of the tables hold for all',
  )
  const first: Source = { format: 'json', records: 'tables/rows', columns: 'first' }
  const heads = '{"tables":[{"rows":[["id","name"],[1,"Ann"]]},{"rows":[["name","id"],["Ben",2]]}]}'
  t.strictSame(await nodes(heads, first), [{ id: '1', name: 'Ann' }, { name: 'Ben', id: '2' }]) // prettier-ignore
  const listed: Source = { format: 'json', records: 'tables/rows', columns: ['a'] }
  t.strictSame(await nodes('{"tables":[{"rows":[[1]]},{"rows":[[2]]}]}', listed), [{ a: '1' }, { a: '2' }])
})

t.test('as many columns as are taken are named in no time, more are refused', async t => {
  const named = (count: number) => `[${JSON.stringify(Array.from({ length: count }, (_, i) => `c${i}`))},[1]]`
  const source: Source = { format: 'json', records: '', columns: 'first' }
  t.strictSame(await nodes(named(10_000), source), [{ c0: '1' }])
  const { error } = await read(named(10_001), source)
  t.match(error, { code: 'input-refused', message: /^Line 1, column 2: no more than 10000 columns/ })
})

t.test('a record knows its place', async t => {
  const { records } = await read('{"data": {"rows": [\n{},\r\n  {"a":\n1}, 2]}}', rows)
  t.strictSame(
    records.map(({ position: { ordinal, line, column } }) => [ordinal, line, column]),
    [
      [1, 2, 1],
      [2, 3, 3],
      [3, 4, 5],
    ],
  )
})

t.test('texts from outside come with the records after them', async t => {
  const json =
    '{"code":"00","n":1.0,"b":true,"z":null,"data":{"date":"d","rows":[{"x":1}],"late":1},"data":{"rows":[2]}}'
  const context = ['/code', '/n', '/b', '/z', '/data/date', '/data/rows/x']
  const { records } = await read(json, rows, { context })
  const known = { '#name': 'rows', '/code': '00', '/n': '1.0', '/b': 'true' }
  t.strictSame(
    records.map(record => 'context' in record && record.context),
    [{ ...known, '/data/date': 'd' }, known],
  )
})

t.test('what an element of an array says speaks for its own records only', async t => {
  const holders = '[{"id":"1","rows":["a"]},{"rows":["b"]},{"id":"4","rows":["d"]}]'
  const inputs: [string, string, string][] = [
    [`{"holders":${holders}}`, 'holders/rows', '/holders/id'],
    [holders, 'rows', '/id'],
  ]
  for (const [json, path, id] of inputs) {
    const { records } = await read(json, { format: 'json', records: path }, { context: [id] })
    t.strictSame(
      records.map(record => 'context' in record && record.context[id]),
      ['1', undefined, '4'],
    )
  }
})

t.test(
  'a text behind the records that were read without it is refused: the order of members means nothing',
  async t => {
    const options = { context: ['/rows/id', '/at'] }
    const late = await read('{"rows":[1,2],"at":"2026"}', { format: 'json', records: 'rows' }, options)
    t.equal(late.records.length, 2)
    t.match(late.error, { code: 'input-refused', message: /The text at \/at stands behind records.* unfold it/ })
    const inner = await read('[{"x":[1]},{"x":[2],"id":"b"}]', { format: 'json', records: 'x' }, { context: ['/id'] })
    t.match([inner.records.length, inner.error?.code], [2, 'input-refused'])
  },
)

/** Documents that are refused: what, document, code, where, how many records come before. */
const refused: [string, string, string, string, number][] = [
  ['nothing', '', 'input-malformed', 'Line 1, column 1:', 0],
  ['an end too early', '{"data":{"rows":[1,2', 'input-malformed', 'Line 1, column 21:', 1],
  ['an end after the records', '{"data":{"rows":[1,2]', 'input-malformed', 'Line 1, column 22:', 2],
  ['an end inside a name', '{"dat', 'input-malformed', 'Line 1, column 6:', 0],
  [
    'single quotes',
    "{'data':{'rows':[]}}",
    'input-malformed',
    'Line 1, column 2: names and strings must stand in double',
    0,
  ],
  [
    'single quotes in a record',
    `{"data":{"rows":[1,\n{"a":'b'}]}}`,
    'input-malformed',
    'Line 2, column 6: names and strings',
    1,
  ],
  ['a name without quotes', '{"data":{"rows":[1,{a:1}]}}', 'input-malformed', 'Line 1, column 21:', 1],
  ['a bad record', '{"data":{"rows":[1,{"a" 1}]}}', 'input-malformed', 'Line 1, column 25:', 1],
  ['a missing comma', '{"data":{"rows":[1 2]}}', 'input-malformed', 'Line 1, column 20:', 1],
  ['a comma too many', '{"data":{"rows":[1,]}}', 'input-malformed', 'Line 1, column 20:', 1],
  ['something after the end', '{"data":{"rows":[1]}}\n{}', 'input-malformed', 'Line 2, column 1:', 1],
  ['a wrong bracket', '{"data":{"rows":[1]]}', 'input-malformed', 'Line 1, column 20:', 1],
  [
    'an error outside the records',
    '{"x":[1,{"y":tru}],"data":{"rows":[1]}}',
    'input-malformed',
    'Line 1, column 17:',
    0,
  ],
  ['U+0000', '{"data":{"rows":[1,"\0"]}}', 'input-refused', 'Line 1, column 21:', 1],
  ['U+0000 by number', String.raw`{"data":{"rows":[1,"\u0000"]}}`, 'input-refused', 'Line 1, column 20:', 1],
  ['half a surrogate pair', String.raw`{"data":{"rows":[1,"\ud800"]}}`, 'input-malformed', 'Line 1, column 20:', 1],
  ['XML', '<D/>', 'input-malformed', 'Line 1, column 1:', 0],
]

for (const [what, json, code, where, count] of refused) {
  t.test(`${what} is refused, after the records before it`, async t => {
    const { records, error } = await read(json, rows)
    t.equal(error?.code, code)
    t.equal(error?.message.slice(0, where.length), where, String(error))
    t.equal(records.length, count)
  })
}

t.test('any JSON is read as JSON.parse reads it, but for numbers and booleans', async () => {
  await fc.assert(
    fc.asyncProperty(fc.json({ noUnicodeString: false }), fc.nat(3), async (json, indent) => {
      if (/\\u0000/.test(json)) return
      const value = JSON.parse(json) as Json
      const written = JSON.stringify(value, null, indent)
      const [tree] = await nodes(`[${written}]`, whole)
      assert.deepStrictEqual(typedAs(value, tree), value)
    }),
    { numRuns: 500 },
  )
})

t.test('any damaged JSON is refused where JSON.parse refuses it', async () => {
  const pieces = [
    '',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '\\u00',
    "'",
    '0',
    '1',
    '-',
    '.',
    'e',
    'true',
    'nul',
    ' ',
    '\n',
    '\u0001',
    '\u00a0',
    'é',
  ]
  const record = String.raw`{"a":[1,-2.50e+7,""],"bc":{"\n":true,"d\u4e2d":null},"a":false}`
  for (let at = 0; at <= record.length; at++) {
    for (const removed of [0, 1]) {
      for (const inserted of pieces) {
        const damaged = `[${record},${record.slice(0, at)}${inserted}${record.slice(at + removed)}]`
        const { error, records } = await read(damaged, whole)
        const expected = parsed(damaged)
        assert.strictEqual(error === undefined, expected !== undefined, damaged)
        if (error === undefined) assert.strictEqual(records.length, (expected as Json[]).length)
      }
    }
  }
})

t.test('JSONTestSuite: what must parse does, what must be refused is', needs('json-parsing'), async t => {
  // Good JSON, but U+0000 is refused at the door.
  const zero = ['y_object_escaped_null_in_key.json', 'y_string_null_escape.json']
  const depth = { limits: { depth: 100 } }
  for (const name of readdirSync(realDataUrl('json-parsing/test_parsing/'))) {
    const bytes = realData(`json-parsing/test_parsing/${name}`)
    const { error, records } = await read(bytes, whole, depth)
    if (zero.includes(name)) t.equal(error?.code, 'input-refused', name)
    else if (name.startsWith('y_')) {
      t.equal(error, undefined, name)
      const value = JSON.parse(bytes.toString()) as Json
      const expected = recordsOf(value)
      const trees = records.map(record => ('node' in record ? (record.node as Json) : undefined))
      t.strictSame(
        trees.map((tree, at) => typedAs(expected[at], tree)),
        expected,
        name,
      )
    } else if (name.startsWith('n_')) t.ok(error !== undefined, name)
    else t.pass(`${name}: ${error?.code ?? 'read'}`)
  }
})

t.test('a number keeps its text', needs('json-parsing'), async t => {
  for (const name of readdirSync(realDataUrl('json-parsing/test_transform/')).filter(file =>
    file.startsWith('number_'),
  )) {
    const text = realData(`json-parsing/test_transform/${name}`).toString().trim()
    t.strictSame(await nodes(text, whole), [text.slice(1, -1)], name)
  }
})

function parsed(json: string): Json | undefined {
  try {
    return JSON.parse(json) as Json
  } catch {
    return undefined
  }
}

function recordsOf(value: Json): Json[] {
  if (Array.isArray(value)) return value
  return value === null ? [] : [value]
}

/** A tree with its texts turned into numbers and booleans where a value has such: then they are to be equal. */
function typedAs(value: Json | undefined, tree: Json | undefined): Json | undefined {
  if (typeof value === 'number') return Number(tree)
  if (typeof value === 'boolean') return tree === 'true'
  if (Array.isArray(value) && Array.isArray(tree)) return tree.map((node, i) => typedAs(value[i], node) ?? null)
  if (!isObject(value) || !isObject(tree)) return tree
  return Object.fromEntries(Object.entries(tree).map(([name, node]) => [name, typedAs(value[name], node) ?? null]))
}

function isObject(value: Json | undefined): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
