import assert from 'node:assert/strict'
import fc from '../properties.ts'
import t from 'tap'
import { compareMarks } from '../../src/map/order.ts'
import { adapterWith, sourceOf, type Node } from './fixture.ts'

const comparisons: [a: string, b: string, sign: -1 | 0 | 1][] = [
  ['9', '10', -1],
  ['1.10', '1.1', 0],
  ['-2', '1e-3', -1],
  ['12345678901234567890', '12345678901234567891', -1],
  ['2024-01-01', '2024-01-02', -1],
  ['2024-01-01', '2024-01-01', 0],
  ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00.5Z', -1],
  ['2024-01-01T00:00:00.50Z', '2024-01-01T08:00:00.5+08:00', 0],
  ['2024-01-01T09:00:00+09:00', '2024-01-01T00:30:00Z', -1],
  ['2024-01-01T00:00:00.123456789Z', '2024-01-01T00:00:00.12345678Z', 1],
  ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00', 1],
  ['v9', 'v10', 1],
  ['9', 'a', -1],
  ['\uFF21', '𠮷', -1],
  ['a', 'ab', -1],
]

t.test('marks compare as decimals where both are, else by code points', async t => {
  for (const [a, b, sign] of comparisons) {
    t.equal(Math.sign(compareMarks(a, b)), sign, `${a} ${b}`)
    t.equal(Math.sign(compareMarks(b, a)), 0 - sign, `${b} ${a}`)
  }
})

t.test('marks of one kind have one order', async () => {
  const number = fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat(3))
  fc.assert(
    fc.property(number, number, ([a, zerosA], [b, zerosB]) => {
      const sign = Math.sign(compareMarks(`${a}.${'0'.repeat(zerosA)}`, `${b}.${'0'.repeat(zerosB)}`))
      assert.equal(sign, a < b ? -1 : a > b ? 1 : 0)
    }),
  )
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      const points = (text: string) => [...`x${text}`].map(point => point.codePointAt(0) ?? 0)
      const [left, right] = [points(a), points(b)]
      const at = left.findIndex((point, index) => point !== right[index])
      const expected = at === -1 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? -1)
      assert.equal(Math.sign(compareMarks(`x${a}`, `x${b}`)), Math.sign(expected))
    }),
  )
})

t.test('a record has the mark that its adapter orders by, and must have it', async t => {
  const adapter = adapterWith({}, { order: { from: 'at', via: [{ date: { formats: ['YYYYMMDD'] } }] } })
  const convert = (node: Node) => adapter.convert(sourceOf({ id: '1', place: 'p', ...node }))
  t.equal(adapter.order, 'mark')
  t.match(convert({ at: '20240101' }), { mark: '2024-01-01', issues: [] })
  t.match(convert({}).issues, [{ pointer: '', source: 'at', code: 'order-missing' }])
  t.notHas(convert({}), 'mark')
  t.match(convert({ at: '2024' }).issues, [{ pointer: '', source: 'at', code: 'not-a-date' }])
  t.equal(convert({ at: '2024' }).issues.length, 1)
  t.equal(adapterWith({}, { order: 'input' }).order, 'input')
  t.equal(adapterWith({}).order, undefined)
  t.notHas(adapterWith({}, { order: 'input' }).convert(sourceOf({ id: '1', place: 'p' })), 'mark')
})

t.test('a withdrawal has only its key, its scope and its mark, and only issues of those', async t => {
  const adapter = adapterWith(
    { count: { from: 'x', via: ['integer'] }, name: { from: 'n' } },
    {
      withdraw: { when: { path: 'op', is: ['D', 'd'] } },
      order: { from: 'seq' },
      recordId: 'no',
      mode: 'snapshot',
      scope: 'place',
    },
  )
  const node = { id: '1', place: 'p', x: '?', n: 'name', no: ['1', '2'], seq: ' 5 ' }
  t.strictSame(adapter.convert(sourceOf({ ...node, op: 'D' })), {
    record: { id: '1', place: 'p' },
    isWithdrawal: true,
    issues: [],
    key: '1~1p',
    scope: 'p',
    mark: '5',
  })
  t.match(adapter.convert(sourceOf({ ...node, op: 'U' })), { isWithdrawal: false, issues: [{}, {}] })
  t.match(adapter.convert(sourceOf({ ...node, op: 'D', id: ['1', '2'], seq: '' })), {
    isWithdrawal: true,
    key: undefined,
    issues: [{ code: 'source-several' }, { code: 'order-missing' }],
  })
})
