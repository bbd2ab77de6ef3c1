/**
 * Reads source records out of a JSON document: the elements of the array at a path, one by one, or the one value there.
 *
 * The document around them is walked piece by piece, so that nothing larger than a record is ever held of it; it must
 * be valid JSON to its end. Where the path is met several times, the records of all places are read. Where the adapter
 * says what the columns are called, the records are rows: arrays of cells.
 */
import { RowShape } from './columns.ts'
import { JsonValue } from './json-value.ts'
import type { OuterTexts } from './outer-texts.ts'
import type { Reader, Reading } from './reading.ts'
import type { Records } from './records.ts'
import { ANY, escapeName, namesOf } from './source.ts'
import { INCOMPLETE, refusalAt, type Window } from './window.ts'

const COMMA = 0x2c
const BRACKET_OPEN = 0x5b
const BRACKET_CLOSE = 0x5d
const BRACE_OPEN = 0x7b
const BRACE_CLOSE = 0x7d

const ROWS_FIRST =
  "no names of columns stand before these rows; mend their path in the adapter's source.columns, or list them there."

/** Where a value outside the records stands. `path` is '' where none is wanted. */
type Spot = {
  /** How many names of the records' path lead to it, or -1 where it is off the path. */
  readonly matched: number
  readonly path: string
}

type Container = Spot & { readonly isArray: boolean; readonly holdsRecords: boolean }

type Next = 'value' | 'name' | 'comma' | 'nothing'

export class JsonReader implements Reader {
  readonly #window: Window
  readonly #records: Records
  readonly #outer: OuterTexts
  readonly #depth: number
  readonly #steps: readonly string[]
  readonly #value: JsonValue
  /** Where the records are rows. */
  readonly #shape: RowShape | undefined
  /** The path of what holds both the names of the columns and the rows: names hold to its end. */
  readonly #tablePath: string
  readonly #tracksPaths: boolean
  readonly #open: Container[] = []
  /** What comes next, and whether the end of the innermost container may come in its place. */
  #next: Next = 'value'
  #mayEnd = false
  #spot: Spot = { matched: 0, path: '' }

  constructor({ source, limits, window, records, outer }: Reading) {
    this.#window = window
    this.#records = records
    this.#outer = outer
    this.#depth = limits.depth
    this.#steps = namesOf(source.records)
    this.#value = new JsonValue(window, limits.depth)
    this.#shape = source.columns && new RowShape(source.columns)
    this.#tablePath = commonPath(namesOf(this.#shape?.path?.slice(1) ?? ''), this.#steps)
    this.#tracksPaths = outer.areWanted || this.#shape?.path !== undefined
  }

  read(): void {
    const window = this.#window
    this.#value.isFinal = window.ended
    let end = window.at
    while (end !== INCOMPLETE) {
      window.at = this.#value.skipSpace(end)
      if (window.units[window.at] === 0) break
      end = this.#readNext()
      const size = (end === INCOMPLETE ? window.text.length : end) - window.at
      if (!this.#records.fits(size)) throw this.#records.tooLarge(window.placeOf(window.at))
    }
    if (window.ended && this.#next !== 'nothing') throw this.#malformed('the document ends before it is complete.')
  }

  /** Reads one name, value, bracket, brace or comma outside the records, or a record. Returns its end, or {@link INCOMPLETE}. */
  #readNext(): number {
    const { at, units } = this.#window
    const inside = this.#open.at(-1)
    if (inside === undefined) {
      if (this.#next === 'nothing') throw this.#malformed('something stands after the end of the document.')
      return this.#readValue(this.#spot)
    }
    if (this.#mayEnd && units[at] === (inside.isArray ? BRACKET_CLOSE : BRACE_CLOSE)) {
      this.#open.pop()
      if (this.#shape !== undefined && this.#shape.path !== undefined && inside.path === this.#tablePath) {
        this.#shape.forget()
      }
      return this.#endValue(at + 1)
    }
    if (this.#next === 'name') return this.#readName(inside)
    if (this.#next === 'value') return inside.holdsRecords ? this.#readRecord() : this.#readValue(this.#spot)
    if (units[at] !== COMMA) throw this.#malformed('a comma or the end of an object or array is missing here.')
    this.#expect(inside.isArray ? 'value' : 'name', false)
    return at + 1
  }

  #readName(inside: Container): number {
    const end = this.#value.readName(this.#window.at)
    if (end === INCOMPLETE) return end
    const { name } = this.#value
    const step = this.#steps[inside.matched]
    const matched = step !== undefined && (step === name || step === ANY) ? inside.matched + 1 : -1
    const path = this.#tracksPaths ? `${inside.path}/${escapeName(name)}` : ''
    this.#spot = { matched, path }
    if (this.#outer.areWanted) this.#outer.enter(path)
    if (matched === this.#steps.length) this.#outer.nameRecord(name)
    this.#expect('value', false)
    return end
  }

  #readValue(spot: Spot): number {
    const unit = this.#window.units[this.#window.at]
    if (this.#shape !== undefined && this.#shape.path === spot.path) return this.#readColumns(this.#shape)
    const isAtRecords = spot.matched === this.#steps.length
    if (isAtRecords && unit !== BRACKET_OPEN) return this.#readRecord()
    if (unit === BRACKET_OPEN) return this.#enter({ ...spot, isArray: true, holdsRecords: isAtRecords })
    if (unit === BRACE_OPEN) return this.#enter({ ...spot, isArray: false, holdsRecords: false })
    const end = this.#value.read(this.#window.at, this.#open.length)
    if (end === INCOMPLETE) return end
    if (typeof this.#value.node === 'string') this.#outer.set(spot.path, this.#value.node)
    return this.#endValue(end)
  }

  #readRecord(): number {
    const { at } = this.#window
    const end = this.#value.read(at, this.#open.length)
    if (end === INCOMPLETE) return end
    const isNone = this.#value.node === null && this.#open.at(-1)?.holdsRecords !== true
    if (!isNone && this.#shape !== undefined) this.#addRow(at, end, this.#shape)
    else if (!isNone) this.#records.addFrom(at, end, this.#value.node, this.#outer.context)
    return this.#endValue(end)
  }

  #readColumns(shape: RowShape): number {
    const { at } = this.#window
    const end = this.#value.read(at, this.#open.length)
    if (end === INCOMPLETE) return end
    this.#nameColumns(at, shape)
    return this.#endValue(end)
  }

  #addRow(at: number, end: number, shape: RowShape): void {
    const { node: row } = this.#value
    if (!Array.isArray(row)) return this.#addUnreadable(at, end, 'a row should be an array of cells.')
    if (shape.width === undefined && shape.path !== undefined) {
      throw this.#window.refusal(at, 'input-refused', ROWS_FIRST)
    }
    if (shape.width === undefined) return this.#nameColumns(at, shape)
    const record = shape.recordOf(row)
    if (record === undefined) this.#addUnreadable(at, end, shape.misfit(row))
    else this.#records.addFrom(at, end, record, this.#outer.context)
  }

  /** By what was read last, which begins at an index. */
  #nameColumns(at: number, shape: RowShape): void {
    const wrong = shape.name(this.#value.node)
    if (wrong !== undefined) throw this.#window.refusal(at, wrong.code, wrong.what)
  }

  #addUnreadable(at: number, end: number, what: string): void {
    const place = this.#window.placeOf(at)
    this.#records.addUnreadable(place, refusalAt(place, 'input-malformed', what), this.#window.text.slice(at, end))
  }

  #enter(container: Container): number {
    const { at } = this.#window
    if (this.#open.length === this.#depth) throw this.#value.tooDeep(at)
    if (this.#outer.areWanted && this.#open.at(-1)?.isArray === true) this.#outer.enter(container.path)
    this.#open.push(container)
    // Each array of rows has its own first row.
    if (container.holdsRecords && this.#shape?.path === undefined) this.#shape?.forget()
    this.#spot = container
    this.#expect(container.isArray ? 'value' : 'name', true)
    return at + 1
  }

  #endValue(end: number): number {
    const inside = this.#open.at(-1)
    if (inside !== undefined) this.#spot = inside
    this.#expect(inside === undefined ? 'nothing' : 'comma', true)
    return end
  }

  #expect(next: Next, mayEnd: boolean): void {
    this.#next = next
    this.#mayEnd = mayEnd
  }

  #malformed(what: string): Error {
    return this.#window.refusal(this.#window.at, 'input-malformed', what)
  }
}

function commonPath(a: readonly string[], b: readonly string[]): string {
  const apart = a.findIndex((name, i) => name !== b[i])
  const shared = apart === -1 ? a : a.slice(0, apart)
  return shared.map(name => `/${escapeName(name)}`).join('')
}
