/**
 * Reads source records out of NDJSON: one JSON value a line, blank lines ignored.
 *
 * A line that is no JSON, or goes beyond a limit, is an unreadable record; reading goes on after it.
 */
import { HubError } from '../errors.ts'
import type { SourceNode } from '../record.ts'
import { JsonValue } from './json-value.ts'
import type { Reader, Reading } from './reading.ts'

const NEWLINE = 0x0a

export class NdjsonReader implements Reader {
  readonly #reading: Reading
  readonly #value: JsonValue
  /** True while the rest of a line that is too large goes by. */
  #isPassing = false

  constructor(reading: Reading) {
    this.#reading = reading
    this.#value = new JsonValue(reading.window, reading.limits.depth)
    this.#value.isFinal = true
  }

  read(): void {
    const { window } = this.#reading
    for (;;) {
      const newline = window.text.indexOf('\n', window.at)
      const isComplete = newline !== -1 || window.ended
      const end = newline === -1 ? window.text.length : newline
      this.#readLine(end, isComplete)
      if (!isComplete) return
      this.#isPassing = false
      window.at = end
      if (newline === -1) return
      window.at += 1
    }
  }

  #readLine(end: number, isComplete: boolean): void {
    const { window, records } = this.#reading
    if (this.#isPassing) {
      window.at = end
    } else if (!records.fits(end - window.at)) {
      const place = window.placeOf(window.at)
      records.addUnreadable(place, records.tooLarge(place), '')
      this.#isPassing = true
      window.at = end
    } else if (isComplete) {
      // The reader of values stops at a 0; a newline is only white space to it.
      window.units[end] = 0
      const start = this.#value.skipSpace(window.at)
      if (window.units[start] !== 0) this.#readRecord(start, end)
      window.units[end] = end === window.text.length ? 0 : NEWLINE
    }
  }

  #readRecord(start: number, end: number): void {
    const { window, records, outer } = this.#reading
    const place = window.placeOf(start)
    const node = this.#valueAt(start)
    if (node instanceof HubError) records.addUnreadable(place, node, window.text.slice(start, end))
    else records.add(place, node, outer.context)
  }

  #valueAt(start: number): SourceNode | HubError {
    const { window } = this.#reading
    try {
      const end = this.#value.skipSpace(this.#value.read(start, 0))
      if (window.units[end] === 0) return this.#value.node
      return window.refusal(end, 'input-malformed', 'something stands after the record.')
    } catch (error) {
      if (error instanceof HubError) return error
      throw error
    }
  }
}
