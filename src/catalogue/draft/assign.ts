/** Pairs rows with columns so that the sum of what the pairs are worth is the greatest. */

/**
 * The column of each row, or -1 for none. Worths of 0 or less pair nothing.
 *
 * The Hungarian method with potentials (Kuhn 1955, Jonker and Volgenant 1987): O(rows² · columns). One pair at a time,
 * the best first, would give `name` to the field it is spelt like and leave nothing for a field that only it can feed.
 */
export function assign(worths: readonly (readonly number[])[]): number[] {
  const rows = worths.length
  // A column for every row besides: to stay alone is always possible, and worth nothing.
  const columns = (worths[0]?.length ?? 0) + rows
  const cost = (row: number, column: number) => -Math.max(0, worths[row]?.[column] ?? 0)

  // Row and column 0 stand for none.
  const rowPotential = new Float64Array(rows + 1)
  const columnPotential = new Float64Array(columns + 1)
  const rowOf = new Int32Array(columns + 1)
  for (let row = 1; row <= rows; row += 1) {
    const least = new Float64Array(columns + 1).fill(Infinity)
    const isUsed = new Uint8Array(columns + 1)
    const before = new Int32Array(columns + 1)
    let at = 0
    rowOf[0] = row
    do {
      isUsed[at] = 1
      const current = rowOf[at] as number
      let next = 0
      let step = Infinity
      for (let column = 1; column <= columns; column += 1) {
        if (isUsed[column] === 1) continue
        const reduced =
          cost(current - 1, column - 1) - (rowPotential[current] as number) - (columnPotential[column] as number)
        if (reduced < (least[column] as number)) {
          least[column] = reduced
          before[column] = at
        }
        if ((least[column] as number) < step) {
          step = least[column] as number
          next = column
        }
      }
      for (let column = 0; column <= columns; column += 1) {
        if (isUsed[column] === 1) {
          rowPotential[rowOf[column] as number]! += step
          columnPotential[column]! -= step
        } else least[column]! -= step
      }
      at = next
    } while (rowOf[at] !== 0)
    while (at !== 0) {
      const previous = before[at] as number
      rowOf[at] = rowOf[previous] as number
      at = previous
    }
  }

  const columnOf = worths.map(() => -1)
  for (let column = 1; column <= columns; column += 1) {
    const row = (rowOf[column] as number) - 1
    if (row >= 0 && (worths[row]?.[column - 1] ?? 0) > 0) columnOf[row] = column - 1
  }
  return columnOf
}
