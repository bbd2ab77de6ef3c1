import t from 'tap'
import { defaultLimits } from '../../src/parse/limits.ts'
import { parse } from '../../src/parse/parse.ts'
import type { Source } from '../../src/source.ts'
import { chunks, nodes, read } from './reading.ts'

const ndjson = { format: 'ndjson', records: '' } as const

const source = { format: 'json', records: '', unfold: 'holders/licences' } as const

t.test('each node at the path makes a record, with all that stands around it, before and behind', async t => {
  const input = JSON.stringify({
    sent: '2026',
    holders: [
      { licences: [{ no: '1' }, { no: '2' }], name: 'A' },
      { licences: { no: '3' }, name: 'B' },
    ],
    count: 3,
  })
  t.same(await nodes(input, source), [
    { sent: '2026', holders: { licences: { no: '1' }, name: 'A' }, count: '3' },
    { sent: '2026', holders: { licences: { no: '2' }, name: 'A' }, count: '3' },
    { sent: '2026', holders: { licences: { no: '3' }, name: 'B' }, count: '3' },
  ])
})

t.test('a record without a node there gives none: no list, an empty one, nulls, a text on the way', async t => {
  const records = [{}, { holders: [] }, { holders: { licences: [null] } }, { holders: 'none' }, { holders: null }]
  t.same(await nodes(JSON.stringify(records), source), [])
})

t.test('members of an object become records, beside its texts', async t => {
  const members = { format: 'json', records: '', unfold: { members: 'o', as: 'cell' } } as const
  t.same(await nodes('{"x":["y"],"o":[{"d":"1","US":{"v":"2"}},{"CA":null},"text",{}]}', members), [
    { x: ['y'], o: { d: '1', cell: { name: 'd', value: '1' } } },
    { x: ['y'], o: { d: '1', cell: { name: 'US', value: { v: '2' } } } },
    { x: ['y'], o: { cell: { name: 'CA', value: null } } },
  ])
  const self = { format: 'csv', records: '', unfold: { members: '.', as: 'cell' } } as const
  t.same(await nodes('a,b\n1,2\n', self), [
    { a: '1', b: '2', cell: { name: 'a', value: '1' } },
    { a: '1', b: '2', cell: { name: 'b', value: '2' } },
  ])
})

t.test('lists of an object become rows, as many as the longest has', async t => {
  const columns = { format: 'json', records: '', unfold: { columns: '.', as: 'row' } } as const
  t.same(await nodes('{"k":"x","a":["1","2"],"b":["3"],"o":{}}', columns), [
    { k: 'x', row: { a: '1', b: '3' } },
    { k: 'x', row: { a: '2', b: null } },
  ])
  t.same(await nodes('[{"k":"x"},{"a":[]}]', columns), [])
})

t.test('texts and rows are nodes too', async t => {
  const rows = await nodes('{"a":[["1","2"],"3"]}', { format: 'json', records: '', unfold: 'a' })
  t.same(rows, [{ a: '1' }, { a: '2' }, { a: '3' }], 'a list inside a list is taken apart')
})

t.test('records are counted as they come out, and stand where what holds them stands', async t => {
  const input = '{"a":["1","2"]}\n{"a":\n{"a":["3"]}\n'
  const { records } = await read(input, { format: 'ndjson', records: '', unfold: 'a' })
  t.same(
    records.map(({ position: { ordinal, line } }) => [ordinal, line]),
    [[1, 1], [2, 1], [3, 2], [4, 3]], // prettier-ignore
  )
})

t.test('names of Object.prototype are names like others', async t => {
  const input = '{"__proto__":{"a":["1","2"]},"constructor":"c"}'
  const records = await nodes(input, { format: 'json', records: '', unfold: '__proto__/a' })
  t.equal(
    JSON.stringify(records),
    '[{"__proto__":{"a":"1"},"constructor":"c"},{"__proto__":{"a":"2"},"constructor":"c"}]',
  )
})

t.test('one record that would give too much is refused at its place before it is built', async t => {
  const texts = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`m${i}`, '']))
  const listOf = (count: number) => Array.from({ length: count }, () => '1')
  const limits = { recordBytes: 100_000 }
  const cases: [what: string, record: object, source: Source][] = [
    ['a list among members', { ...texts(6000), a: listOf(6000) }, { ...ndjson, unfold: 'a' }],
    ['members', texts(6000), { ...ndjson, unfold: { members: '.', as: 'cell' } }],
    ['columns', { ...Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`c${i}`, []])), c: listOf(3000) }, { ...ndjson, unfold: { columns: '.', as: 'row' } }],
    ['a list further in', { x: [{ ...texts(3000), a: listOf(3000) }] }, { ...ndjson, unfold: 'x/a' }],
  ] // prettier-ignore
  for (const [what, record, source] of cases) {
    const input = `{"a":["1","2"],"c":["1","2"],"x":{"a":["1","2"]}}\n${JSON.stringify(record)}\n`
    const { records, error } = await read(input, source, { limits })
    t.match(error, { code: 'input-refused', message: /^Line 2, column 1: unfolded, / }, what)
    t.ok(records.length > 0 && records.length < 4, 'what was complete before comes before')
  }
  const wide = JSON.stringify({ about: 'x'.repeat(20), a: Array.from({ length: 9000 }, (_, i) => String(i)) })
  t.equal(
    (await nodes(wide, { ...ndjson, unfold: 'a' }, { limits })).length,
    9000,
    'many parts with little around are not',
  )
})

t.test('unfolded records count as records of the input', async t => {
  const input = '{"a":["1","2"]}\n{"a":["3","4"]}\n'
  const { records, error } = await read(input, { ...ndjson, unfold: 'a' }, { limits: { records: 3 } })
  t.equal(records.length, 3)
  t.match(error, {
    code: 'input-refused',
    message: /^Line 2, column 1: unfolded, the input has more than the 3 records/,
  })
})

t.test('what is unfolded is given out some at a time', async t => {
  const input = JSON.stringify({ about: 'x'.repeat(20_000), a: Array.from({ length: 500 }, () => '1') })
  const source: Source = { ...ndjson, unfold: 'a' }
  let most = 0
  let count = 0
  for await (const batch of parse(chunks(Buffer.from(input), []), source, { limits: defaultLimits })) {
    most = Math.max(most, batch.length)
    count += batch.length
  }
  t.equal(count, 500)
  t.ok(most <= 60, `${most} at a time`)
})
