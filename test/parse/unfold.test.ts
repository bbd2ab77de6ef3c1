import t from 'tap'
import { nodes, read } from './reading.ts'

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
