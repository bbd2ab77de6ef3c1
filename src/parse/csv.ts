/**
 * Reads source records out of CSV (RFC 4180, with any delimiter and quote): one row each, empty lines ignored.
 *
 * A row that has more cells than there are columns, or text after a quoted cell, is an unreadable record; reading goes
 * on after it. A row with fewer cells lacks the others, unless it is the last and has no line end: the input may have
 * broken off there. A quote that is not closed ends the input, since every row after it could be part of the cell.
 */
import { RowShape } from './columns.ts'
import { CsvRow } from './csv-row.ts'
import type { Reader, Reading } from './reading.ts'
import { INCOMPLETE, refusalAt } from './window.ts'

export class CsvReader implements Reader {
  readonly #reading: Reading
  readonly #row: CsvRow
  readonly #shape: RowShape
  readonly #linesToSkip: number
  #linesSkipped = 0

  constructor(reading: Reading) {
    const { columns = 'first', delimiter = ',', quote = '"', skipLines = 0 } = reading.source
    this.#reading = reading
    this.#row = new CsvRow(reading.window, delimiter, quote)
    this.#shape = new RowShape(columns)
    this.#linesToSkip = skipLines
  }

  read(): void {
    const { window } = this.#reading
    while (this.#linesSkipped < this.#linesToSkip && this.#skipLine()) this.#linesSkipped += 1
    if (this.#linesSkipped < this.#linesToSkip) return
    while (window.at < window.text.length) {
      const { at } = window
      const end = this.#row.read(at)
      this.#checkSize(at, end)
      if (end === INCOMPLETE) return
      if (end > at) this.#take(at, end)
      // Past the line end, if it is there.
      window.at = Math.min(end + 1, window.text.length)
    }
  }

  /** Takes note of a line before the header, where such are wanted. False where it goes on beyond the window. */
  #skipLine(): boolean {
    const { window, outer } = this.#reading
    const newline = window.text.indexOf('\n', window.at)
    const end = newline === -1 ? window.text.length : newline
    if (outer.areWanted) {
      this.#checkSize(window.at, end)
      if (newline === -1 && !window.ended) return false
      outer.set(linePath(this.#linesSkipped + 1), window.text.slice(window.at, end))
    }
    window.at = Math.min(end + 1, window.text.length)
    return newline !== -1
  }

  #checkSize(at: number, end: number): void {
    const { window, records, limits } = this.#reading
    if (records.fits((end === INCOMPLETE ? window.text.length : end) - at)) return
    const what = `this row is larger than the ${limits.recordBytes} bytes that a record may have; is a quote in it not closed?`
    throw window.refusal(at, 'input-refused', what)
  }

  #take(at: number, end: number): void {
    const { cells, fault } = this.#row
    if (this.#shape.width === undefined) this.#nameColumns(at)
    else if (fault !== undefined) this.#addUnreadable(at, end, fault)
    else if (cells.length < this.#shape.width && end === this.#reading.window.text.length) {
      this.#addUnreadable(at, end, 'the input ends inside this row.')
    } else this.#addRecord(at, end)
  }

  #nameColumns(at: number): void {
    const { cells, fault } = this.#row
    const wrong = fault === undefined ? this.#shape.name(cells) : ({ code: 'input-malformed', what: fault } as const)
    if (wrong !== undefined) throw this.#reading.window.refusal(at, wrong.code, wrong.what)
  }

  #addRecord(at: number, end: number): void {
    const { records, outer } = this.#reading
    const node = this.#shape.recordOf(this.#row.cells)
    if (node === undefined) this.#addUnreadable(at, end, this.#shape.misfit(this.#row.cells))
    else records.addFrom(at, end, node, outer.context)
  }

  #addUnreadable(at: number, end: number, what: string): void {
    const { window, records } = this.#reading
    const place = window.placeOf(at)
    records.addUnreadable(place, refusalAt(place, 'input-malformed', what), window.text.slice(at, end))
  }
}

/** The absolute path of a line before the header; the first is 1. */
function linePath(line: number): string {
  return `/#line/${line}`
}
