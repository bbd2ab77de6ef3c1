/**
 * Reads source records out of XML: the plain ones by {@link XmlRecord}, everything else by saxes.
 *
 * Refuses what is not well-formed XML 1.0 with well-formed namespaces, a DOCTYPE, and what goes beyond a limit.
 */
import { HubError } from '../errors.ts'
import type { SourceNode } from '../record.ts'
import type { OuterTexts } from './outer-texts.ts'
import type { Reader, Reading } from './reading.ts'
import type { Records } from './records.ts'
import { ANY, namesOf } from './source.ts'
import { INCOMPLETE, type Place, type Window } from './window.ts'
import { XmlDocument } from './xml-document.ts'
import { endOfElement, endOfMarkup } from './xml-markup.ts'
import { isSpace, OTHER, XmlRecord } from './xml-record.ts'

/** A message of saxes names elements, and those can be of any length. */
const MESSAGE_LENGTH = 200

const NO_PATH = 'source.records must name the elements from the root of the XML to a record.'

export class XmlReader implements Reader {
  readonly #window: Window
  readonly #records: Records
  readonly #outer: OuterTexts
  readonly #document: XmlDocument
  readonly #record: XmlRecord
  /** Undefined where it may be any. */
  readonly #recordName: string | undefined
  /** Where the record that saxes is reading began, and how much of it saxes has been given. */
  #place: Place = { line: 1, column: 1 }
  #size = 0
  /** What saxes has closed; it finds only afterwards whether the end tag was the right one. */
  #closed: { readonly node: SourceNode } | undefined

  constructor({ source, limits, window, records, outer }: Reading) {
    const steps = namesOf(source.records)
    if (steps.length === 0) throw new HubError('adapter-invalid', NO_PATH)
    this.#window = window
    this.#records = records
    this.#outer = outer
    this.#recordName = steps.at(-1) === ANY ? undefined : steps.at(-1)
    this.#document = new XmlDocument(source, outer, {
      elementOpens: depth => {
        if (depth > limits.depth) throw this.#tooDeep(limits.depth)
      },
      recordOpens: name => {
        outer.nameRecord(name)
        this.#place = window.placeOf(window.at)
        this.#size = 0
      },
      recordCloses: node => {
        this.#closed = { node }
      },
      malformed: (index, what) => {
        const at = Math.max(window.at, window.at + index - 1)
        throw window.refusal(at, 'input-malformed', what.slice(0, MESSAGE_LENGTH))
      },
    })
    this.#record = new XmlRecord(window, this.#document.names, limits.depth - steps.length + 1)
  }

  read(): void {
    const window = this.#window
    for (;;) {
      const end = this.#document.isAmongRecords ? this.#readRecord() : OTHER
      if (end === INCOMPLETE && !window.ended) return
      if (end < 0 && !this.#readMarkup()) break
    }
    if (window.ended) this.#document.end()
  }

  /** Reads a record that is plain. Returns what {@link XmlRecord.read} does. */
  #readRecord(): number {
    const window = this.#window
    while (isSpace(window.units[window.at]!)) window.at += 1
    const { at } = window
    const end = this.#record.read(at, this.#recordName)
    if (end === INCOMPLETE && !this.#records.fits(window.text.length - at)) {
      throw this.#records.tooLarge(window.placeOf(at))
    }
    if (end < 0) return end
    if (this.#recordName === undefined) this.#outer.nameRecord(this.#record.name)
    this.#records.addFrom(at, end, this.#record.node, this.#outer.context)
    window.at = end
    return end
  }

  /** Gives saxes the next piece of markup or text, or the rest of its record. False where that is not complete. */
  #readMarkup(): boolean {
    const window = this.#window
    const { at, text } = window
    if (at === text.length) return false
    const { isInRecord } = this.#document
    const end = isInRecord ? endOfElement(window, at) : endOfMarkup(window, at)
    const known = end === INCOMPLETE ? text.length : end
    if (!this.#records.fits(known - at + (isInRecord ? this.#size : 0))) {
      throw this.#records.tooLarge(isInRecord ? this.#place : window.placeOf(at))
    }
    if (end === INCOMPLETE && !window.ended) return false
    this.#document.write(text.slice(at, known))
    this.#size += known - at
    if (this.#closed !== undefined) this.#records.add(this.#place, this.#closed.node, this.#outer.context)
    this.#closed = undefined
    window.at = known
    return true
  }

  #tooDeep(depth: number): Error {
    return this.#window.refusal(
      this.#window.at,
      'input-refused',
      `elements stand more than ${depth} within each other.`,
    )
  }
}
