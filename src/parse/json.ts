/**
 * Reads source records out of a JSON document: the elements of the array at a path, one by one, or the one value there.
 *
 * The document around them is walked piece by piece, so that nothing larger than a record is ever held of it; it must
 * be valid JSON to its end. Where the path is met several times, the records of all places are read.
 */
import { JsonValue } from './json-value.ts'
import type { OuterTexts } from './outer-texts.ts'
import type { Reader, Reading } from './reading.ts'
import type { Records } from './records.ts'
import { escapeName, namesOf } from './source.ts'
import { INCOMPLETE, type Window } from './window.ts'

const COMMA = 0x2c
const BRACKET_OPEN = 0x5b
const BRACKET_CLOSE = 0x5d
const BRACE_OPEN = 0x7b
const BRACE_CLOSE = 0x7d

/** Where a value outside the records stands. `path` is '' where no texts are wanted. */
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
    const isStep = inside.matched >= 0 && this.#steps[inside.matched] === name
    const path = this.#outer.areWanted ? `${inside.path}/${escapeName(name)}` : ''
    this.#spot = { matched: isStep ? inside.matched + 1 : -1, path }
    if (this.#outer.areWanted) this.#outer.enter(path)
    this.#expect('value', false)
    return end
  }

  #readValue(spot: Spot): number {
    const unit = this.#window.units[this.#window.at]
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
    if (!isNone) this.#records.addFrom(at, end, this.#value.node, this.#outer.context)
    return this.#endValue(end)
  }

  #enter(container: Container): number {
    const { at } = this.#window
    if (this.#open.length === this.#depth) throw this.#value.tooDeep(at)
    this.#open.push(container)
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
