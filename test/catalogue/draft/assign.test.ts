import assert from 'node:assert/strict'
import fc from '../../properties.ts'
import t from 'tap'
import { assign } from '../../../src/catalogue/draft/assign.ts'

t.test('the pairs are worth as much together as any could be', async () => {
  const worth = fc.integer({ min: -3, max: 10 })
  const matrix = fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
    .chain(([rows, columns]) =>
      fc.array(fc.array(worth, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }),
    )
  fc.assert(
    fc.property(matrix, worths => {
      const columns = assign(worths)
      const used = columns.filter(column => column >= 0)
      assert.equal(new Set(used).size, used.length, 'no column twice')
      const sum = columns.reduce((all, column, row) => all + (column < 0 ? 0 : (worths[row]?.[column] ?? NaN)), 0)
      assert.equal(sum, best(worths, 0, new Set()))
      assert.ok(columns.every((column, row) => column < 0 || (worths[row]?.[column] ?? 0) > 0))
    }),
  )
})

t.test('what is spelt like one field goes to another, where only so both are fed', async t => {
  t.same(assign([[1, 0.8], [0.5, 0]]), [1, 0]) // prettier-ignore
  t.same(assign([]), [])
  t.same(assign([[], []]), [-1, -1])
})

function best(worths: readonly (readonly number[])[], row: number, taken: ReadonlySet<number>): number {
  const own = worths[row]
  if (own === undefined) return 0
  const without = best(worths, row + 1, taken)
  const withOne = own.map((worth, column) =>
    taken.has(column) || worth <= 0 ? 0 : worth + best(worths, row + 1, new Set([...taken, column])),
  )
  return Math.max(without, ...withOne)
}
