/**
 * Reads XML markup by saxes: keeps track of where the records are, builds the trees of those it is given, and finds
 * the texts outside of them that the adapter wants.
 *
 * saxes is strict, knows namespaces and reads no DTD. It is given whole pieces of markup and stands between two of
 * them after each; records that another reader took from between two pieces it need not see.
 */
import { SaxesParser, type SaxesTagNS } from 'saxes'
import type { SourceNode } from '../record.ts'
import type { Source } from '../source.ts'
import type { OuterTexts } from './outer-texts.ts'
import { ANY, escapeName, namesOf } from './source.ts'
import { TreeBuilder } from './xml-tree.ts'
import { XmlNames } from './xml-names.ts'

type Document = SaxesParser<{ xmlns: true }>

/** What the reader is told while it writes. Each may throw. */
export type Listener = {
  elementOpens(depth: number): void
  recordOpens(name: string): void
  recordCloses(node: SourceNode): void
  /** `index` counts from the start of the markup that is being written; `what` names elements at most. */
  malformed(index: number, what: string): void
}

/** `text` is undefined where it is too long. */
type OuterElement = { readonly path: string; text: string | undefined }

/** Dates, codes and names are wanted from outside the records; a text that never ends must not fill the memory. */
const OUTER_TEXT_LENGTH = 1 << 16

export class XmlDocument {
  /** The names of records in the scope where the document stands. */
  readonly names: XmlNames

  readonly #saxes: Document
  readonly #listener: Listener
  readonly #outer: OuterTexts
  readonly #steps: readonly string[]
  readonly #tree: TreeBuilder
  /** The elements that are open outside the records, where texts of theirs are wanted. */
  readonly #open: OuterElement[] = []
  #depth = 0
  /** How many of the steps the open elements have met, one after the other from the root. */
  #matched = 0
  #written = 0

  constructor(source: Source, outer: OuterTexts, listener: Listener) {
    this.#steps = namesOf(source.records)
    this.#outer = outer
    this.#listener = listener
    this.names = new XmlNames(source.namespaces ?? {})
    this.#tree = new TreeBuilder(this.names)
    this.#saxes = this.#newParser()
  }

  /** True directly inside the element that holds the records. */
  get isAmongRecords(): boolean {
    return this.#depth > 0 && this.#matched === this.#depth && this.#depth === this.#steps.length - 1
  }

  get isInRecord(): boolean {
    return this.#matched === this.#steps.length
  }

  /** Takes one or more whole pieces of markup or text. */
  write(markup: string): void {
    this.#saxes.write(markup)
    this.#written += markup.length
  }

  /** Nothing more comes: whatever is missing is reported to the listener. */
  end(): void {
    this.#saxes.close()
  }

  #newParser(): Document {
    // As XML 1.0 whatever its declaration says (XML 1.0 §2.8). Places are the reader's.
    const saxes = new SaxesParser({ xmlns: true, position: false, defaultXMLVersion: '1.0', forceXMLVersion: true })
    saxes.on('opentag', tag => this.#opens(tag))
    saxes.on('text', text => this.#reads(text))
    saxes.on('cdata', text => this.#reads(text))
    saxes.on('closetag', tag => this.#closes(tag))
    saxes.on('error', error => this.#listener.malformed(saxes.position - this.#written, error.message))
    return saxes
  }

  #opens(tag: SaxesTagNS): void {
    this.#depth += 1
    this.#listener.elementOpens(this.#depth)
    if (this.isInRecord) return this.#tree.open(tag)
    const name = this.names.nameOf(tag)
    const step = this.#steps[this.#matched]
    if (this.#matched === this.#depth - 1 && (step === name || step === ANY)) this.#matched = this.#depth
    if (this.isInRecord) {
      this.#listener.recordOpens(name)
      this.#tree.open(tag)
      return
    }
    this.names.crossScope(tag)
    if (this.#outer.areWanted) this.#opensOutside(tag, name)
  }

  #opensOutside(tag: SaxesTagNS, name: string): void {
    const path = `${this.#open.at(-1)?.path ?? ''}/${escapeName(name)}`
    this.#open.push({ path, text: '' })
    this.#outer.enter(path)
    for (const attribute of Object.values(tag.attributes)) {
      const attributeName = this.names.nameOfAttribute(attribute)
      if (attributeName !== undefined) this.#outer.set(`${path}/${escapeName(attributeName)}`, attribute.value)
    }
  }

  #reads(text: string): void {
    if (this.isInRecord) return this.#tree.text(text)
    const element = this.#open.at(-1)
    if (element?.text === undefined || !this.#outer.wants(element.path)) return
    element.text = element.text.length + text.length > OUTER_TEXT_LENGTH ? undefined : element.text + text
  }

  #closes(tag: SaxesTagNS): void {
    if (this.isInRecord) {
      const node = this.#tree.close()
      if (this.#depth === this.#steps.length) this.#listener.recordCloses(node)
    } else {
      const element = this.#open.pop()
      if (element?.text !== undefined) this.#outer.set(element.path, element.text)
      this.names.crossScope(tag)
    }
    this.#depth -= 1
    this.#matched = Math.min(this.#matched, this.#depth)
  }
}
