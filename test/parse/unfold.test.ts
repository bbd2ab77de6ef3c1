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
