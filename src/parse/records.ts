/** Counts and gathers the source records that a reader finds, until they are taken. */
import type { HubError } from '../errors.ts'
import type { Position, SourceNode, SourceRecord, UnreadableRecord } from '../record.ts'
import type { Limits } from './limits.ts'
import { refusalAt, type Place, type Window } from './window.ts'

/** Texts from outside the records by absolute path. */
export type Context = SourceRecord['context']

export class Records {
  #gathered: (SourceRecord | UnreadableRecord)[] = []
  #ordinal: number
  readonly #window: Window
  readonly #limits: Limits

  /** `before`: how many records earlier documents of the input had. */
  constructor(window: Window, limits: Limits, before = 0) {
    this.#window = window
    this.#limits = limits
    this.#ordinal = before
  }

  /** How many records there were, with those of earlier documents. */
  get count(): number {
    return this.#ordinal
  }

  get isEmpty(): boolean {
    return this.#gathered.length === 0
  }

  /** What has been gathered since the last call. */
  take(): (SourceRecord | UnreadableRecord)[] {
    const taken = this.#gathered
    this.#gathered = []
    return taken
  }

  /** Adds the record that stands in the window from `start` to `end`. */
  addFrom(start: number, end: number, node: SourceNode, context: Context): void {
    const place = this.#window.placeOf(start)
    if (!this.fits(end - start)) throw this.tooLarge(place)
    this.add(place, node, context)
  }

  add(place: Place, node: SourceNode, context: Context): void {
    this.#gathered.push({ node, position: this.#next(place), context })
  }

  /** Adds what is refused, of which only this record is in doubt. */
  addUnreadable(place: Place, { code, message }: HubError, text: string): void {
    this.#gathered.push({ unreadable: { pointer: '', code, message }, position: this.#next(place), text })
  }

  /** Whether a record, or anything else that must be held in memory whole, may be that large. */
  fits(size: number): boolean {
    return size <= this.#limits.recordBytes
  }

  tooLarge(place: Place): HubError {
    const what = `what begins here is larger than the ${this.#limits.recordBytes} bytes that a record may have.`
    return refusalAt(place, 'input-refused', what)
  }

  #next(place: Place): Position {
    if (this.#ordinal === this.#limits.records) {
      const what = `the input has more than the ${this.#limits.records} records that are taken at once; split it.`
      throw refusalAt(place, 'input-refused', what)
    }
    this.#ordinal += 1
    return { ordinal: this.#ordinal, line: place.line, column: place.column }
  }
}
