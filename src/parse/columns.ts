/** What the cells of a row are called, and so its record. */
import type { SourceNode } from '../record.ts'
import type { Columns, ColumnsPlace } from '../source.ts'
import type { Failure } from './decode.ts'
import { newTree, type SourceTree } from './tree.ts'

/** The widest tables that we met have some 500. */
const MOST_COLUMNS = 10_000

export class RowShape {
  /** Where the document has the names; undefined where the adapter or the first row has them. */
  readonly path: string | undefined
  readonly #member: string | undefined
  readonly #isListed: boolean
  #names: readonly string[] | undefined

  constructor(columns: Columns) {
    this.#isListed = columns !== 'first' && !isPlace(columns)
    if (isPlace(columns)) {
      this.path = `/${columns.at}`
      this.#member = columns.name
    } else if (columns !== 'first') this.#names = columns
  }

  /** How many columns there are; undefined until they are named. */
  get width(): number | undefined {
    return this.#names?.length
  }

  /**
   * Names the columns by the texts of an array, or by a member of its objects. One that is blank or no text is no name:
   * its cells are not read.
   *
   * @returns what is wrong with them, or undefined.
   */
  name(cells: SourceNode): Failure | undefined {
    if (!Array.isArray(cells)) return malformed('an array with the names of the columns is expected here.')
    if (cells.length > MOST_COLUMNS) {
      return { code: 'input-refused', what: `no more than ${MOST_COLUMNS} columns are taken.` }
    }
    const names = cells.map(cell => this.#nameIn(cell))
    const firsts = new Map<string, number>()
    for (const [i, name] of names.entries()) {
      const first = firsts.get(name)
      if (first !== undefined) {
        return malformed(
          `columns ${first + 1} and ${i + 1} have the same name; name them all in the adapter's source.columns.`,
        )
      }
      if (name !== '') firsts.set(name, i)
    }
    this.#names = names
    return undefined
  }

  /** What the input called the columns no longer holds; what the adapter calls them does. */
  forget(): void {
    if (!this.#isListed) this.#names = undefined
  }

  /** The record of a row, without members for cells that it lacks; undefined where it has more cells than columns. */
  recordOf(cells: readonly SourceNode[]): SourceTree | undefined {
    const names = this.#names ?? []
    if (cells.length > names.length) return undefined
    const record = new newTree()
    for (let i = 0; i < cells.length; i++) {
      const name = names[i]!
      if (name !== '') record[name] = cells[i]!
    }
    return record
  }

  /** Why there is no record of a row. */
  misfit(cells: readonly SourceNode[]): string {
    return `a row has ${cells.length} cells, but there are ${this.width ?? 0} columns.`
  }

  #nameIn(cell: SourceNode): string {
    const isObject = typeof cell === 'object' && cell !== null && !Array.isArray(cell)
    const text = isObject && this.#member !== undefined ? cell[this.#member] : cell
    return typeof text === 'string' ? text.trim() : ''
  }
}

function malformed(what: string): Failure {
  return { code: 'input-malformed', what }
}

function isPlace(columns: Columns): columns is ColumnsPlace {
  return columns !== 'first' && !Array.isArray(columns)
}
