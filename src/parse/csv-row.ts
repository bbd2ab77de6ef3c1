/**
 * Reads one row of CSV into its cells (RFC 4180 §2).
 *
 * Spaces around a quoted cell are no part of it, those of any other cell are; a quote inside of a cell that does not
 * begin with one is text.
 */
import { INCOMPLETE, type Window } from './window.ts'

// Not imported: V8 would read them each time, which costs a tenth of the time of reading a record.
const TAB = 0x09
const NEWLINE = 0x0a
const SPACE = 0x20

/** No unit. */
const NONE = -1

const TEXT_AFTER_QUOTES = 'text stands after a cell in quotes; a quote inside of it must be doubled.'

export class CsvRow {
  /** Of the row that was read last. */
  cells: string[] = []
  /** Why that row cannot be read. */
  fault: string | undefined

  readonly #window: Window
  readonly #delimiter: number
  readonly #quote: number
  readonly #quoteText: string
  #start = 0

  /** `delimiter`: one UTF-16 unit; `quote`: one, or '' for none. */
  constructor(window: Window, delimiter: string, quote: string) {
    this.#window = window
    this.#delimiter = delimiter.charCodeAt(0)
    this.#quote = quote === '' ? NONE : quote.charCodeAt(0)
    this.#quoteText = quote
  }

  /**
   * Reads the row that begins at an index.
   *
   * @returns the index of its line end, or of the end of the text, with its cells in {@link cells}; or {@link INCOMPLETE}.
   */
  read(at: number): number {
    const { units } = this.#window
    this.#start = at
    this.cells = []
    this.fault = undefined
    let end = this.#readCell(at)
    while (end !== INCOMPLETE && units[end] === this.#delimiter && this.fault === undefined) {
      end = this.#readCell(end + 1)
    }
    return end
  }

  #readCell(at: number): number {
    const { units, text } = this.#window
    const start = this.#quote === NONE ? at : this.#skipBlanks(at)
    if (units[start] === this.#quote) return this.#readQuoted(start)
    let end = start
    while (units[end] !== this.#delimiter && units[end] !== NEWLINE && units[end] !== 0) end++
    if (units[end] === 0 && !this.#window.ended) return INCOMPLETE
    this.cells.push(text.substring(at, end))
    return end
  }

  #readQuoted(at: number): number {
    const { units, text } = this.#window
    let isDoubled = false
    let close = at + 1
    for (; units[close] !== this.#quote || units[close + 1] === this.#quote; close++) {
      if (units[close] === 0) return this.#endsInQuotes(at)
      if (units[close] !== this.#quote) continue
      isDoubled = true
      close += 1
    }
    const cell = text.substring(at + 1, close)
    this.cells.push(isDoubled ? cell.replaceAll(this.#quoteText.repeat(2), this.#quoteText) : cell)
    const end = this.#skipBlanks(close + 1)
    if (units[end] === 0 && !this.#window.ended) return INCOMPLETE
    const isEnd = units[end] === this.#delimiter || units[end] === NEWLINE || units[end] === 0
    return isEnd ? end : this.#passFault(end)
  }

  #endsInQuotes(at: number): number {
    if (!this.#window.ended) return INCOMPLETE
    throw this.#window.refusal(at, 'input-malformed', 'the cell in quotes that begins here does not end.')
  }

  /** The end of a row with a fault: the line end before which quotes are in pairs, so that it stands in no cell. */
  #passFault(at: number): number {
    const { text, ended } = this.#window
    const newline = text.indexOf('\n', at)
    if (newline === -1 && !ended) return INCOMPLETE
    const end = newline === -1 ? text.length : newline
    const quotes = text.slice(this.#start, end).split(this.#quoteText).length - 1
    if (quotes % 2 === 1) {
      throw this.#window.refusal(at, 'input-malformed', `${TEXT_AFTER_QUOTES} Where this row ends is not sure.`)
    }
    this.fault = TEXT_AFTER_QUOTES
    return end
  }

  #skipBlanks(at: number): number {
    const { units } = this.#window
    let i = at
    while ((units[i] === SPACE || units[i] === TAB) && units[i] !== this.#delimiter) i++
    return i
  }
}
