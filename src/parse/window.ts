/**
 * The part of the input that is in memory: a window that slides over the decoded text.
 *
 * Readers scan `units`, since an element of a typed array costs half of what `charCodeAt` does, and cut values out of
 * `text`. They take what is complete by moving `at`; what is not stays for when more has come.
 */
import { HubError, type ProblemCode } from '../errors.ts'

/** What a scanner returns in place of an end: the window ends before what it reads. Below every index. */
export const INCOMPLETE = -1

export type Place = { readonly line: number; readonly column: number }

export class Window {
  /** With all line ends as \n (XML 1.0 §2.11; JSON's grammar cannot tell). */
  text = ''
  /** The UTF-16 code units of `text` and a 0, which is in no input: loops stop there without a bound of their own. */
  units = new Uint16Array(1)
  /** Index of the first unit that is not taken yet. */
  at = 0
  /** True when nothing more will come. */
  ended = false

  #waiting: string[] = []
  #waitingLength = 0
  #afterReturn = false
  #line = 1
  #lineStart = 0
  #lineEnd = Infinity

  /**
   * Adds text. False while less has come than stands there incomplete: reading that again would be in vain, and
   * doing so only each time it has doubled keeps the cost of a large record linear.
   */
  append(piece: string): boolean {
    const text = this.#withPlainLineEnds(piece)
    this.#waiting.push(text)
    this.#waitingLength += text.length
    if (this.#waitingLength < this.text.length - this.at) return false
    this.slide()
    return true
  }

  /** Drops what is taken and brings in what waits. Indexes from before are void. */
  slide(): void {
    this.#passLines(this.at)
    // join, not +: it gives one flat string, where + gives a tree that every later access walks.
    const text = [this.text.slice(this.at), ...this.#waiting].join('')
    this.#waiting = []
    this.#waitingLength = 0
    this.#lineStart -= this.at
    this.at = 0
    this.text = text
    this.#lineEnd = this.#nextLineEnd(0)
    if (this.units.length <= text.length) this.units = new Uint16Array(text.length + (text.length >> 3) + 1)
    // The units of a string are its UTF-16LE bytes on every machine that Node.js is built for but s390x.
    Buffer.from(this.units.buffer).write(text, 'utf16le')
    this.units[text.length] = 0
  }

  end(): void {
    this.ended = true
    if (this.#waitingLength > 0) this.slide()
  }

  /**
   * Line and column of an index, both from 1; columns count UTF-16 units. Costs nothing but the newlines passed since
   * the last call, and for that indexes must not fall from call to call, nor stand before `at`.
   */
  placeOf(index: number): Place {
    this.#passLines(index)
    return { line: this.#line, column: index - this.#lineStart + 1 }
  }

  /** The error to throw for what stands at an index. `what` says what is wrong and holds no text of the input. */
  refusal(index: number, code: ProblemCode, what: string): HubError {
    return refusalAt(this.placeOf(index), code, what)
  }

  #passLines(index: number): void {
    while (this.#lineEnd < index) {
      this.#line += 1
      this.#lineStart = this.#lineEnd + 1
      this.#lineEnd = this.#nextLineEnd(this.#lineStart)
    }
  }

  #nextLineEnd(from: number): number {
    const index = this.text.indexOf('\n', from)
    return index === -1 ? Infinity : index
  }

  #withPlainLineEnds(piece: string): string {
    if (piece === '') return piece
    const text = this.#afterReturn && piece.startsWith('\n') ? piece.slice(1) : piece
    this.#afterReturn = piece.endsWith('\r')
    return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
  }
}

export function refusalAt({ line, column }: Place, code: ProblemCode, what: string): HubError {
  return new HubError(code, `Line ${line}, column ${column}: ${what}`)
}
