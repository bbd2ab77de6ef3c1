/**
 * What elements and attributes are called in the tree, and those of them that records use.
 *
 * A name is called by the adapter's prefix of its namespace; where the adapter has none, as the input has it.
 */
import type { SaxesAttributeNS, SaxesTagNS } from 'saxes'
import { Names } from './names.ts'

const XSI = 'http://www.w3.org/2001/XMLSchema-instance'
const XMLNS = 'http://www.w3.org/2000/xmlns/'

/** What `xsi:nil` is called: no attribute of a tree, whose names begin with @. */
export const NIL = ''

type Qualified = Pick<SaxesAttributeNS, 'name' | 'prefix' | 'local' | 'uri'>

export class XmlNames {
  /**
   * Learnt from elements that saxes has accepted in the present scope: they are well-formed and their prefixes bound.
   * No two attributes of these are the same one by different prefixes.
   */
  readonly elements = new Names()
  readonly attributes = new Names()

  #attributeByExpanded = new Map<string, string>()
  readonly #adapterPrefixes: ReadonlySet<string>
  readonly #prefixByUri: ReadonlyMap<string, string>

  constructor(namespaces: { readonly [prefix: string]: string }) {
    this.#adapterPrefixes = new Set(Object.keys(namespaces))
    this.#prefixByUri = new Map(Object.entries(namespaces).map(([prefix, uri]) => [uri, prefix]))
  }

  nameOf({ name, prefix, local, uri }: Qualified): string {
    const own = this.#prefixByUri.get(uri)
    if (own !== undefined) return own === '' ? local : `${own}:${local}`
    // A prefix that the adapter gives to another namespace would say what is not so.
    return this.#adapterPrefixes.has(prefix) ? `{${uri}}${local}` : name
  }

  /** With its @, or {@link NIL}, or undefined for a namespace declaration, which is no attribute of the tree. */
  nameOfAttribute(attribute: Qualified): string | undefined {
    // An attribute without prefix is in no namespace (Namespaces in XML §6.2).
    if (attribute.prefix === '') return attribute.name === 'xmlns' ? undefined : `@${attribute.name}`
    if (attribute.uri === XMLNS) return undefined
    if (attribute.uri === XSI && attribute.local === 'nil') return NIL
    return `@${this.nameOf(attribute)}`
  }

  /**
   * Takes note of the names of an element that declares no namespace, nor does any around it inside the record.
   * Returns what {@link nameOf} does.
   */
  learn(tag: SaxesTagNS): string {
    for (const attribute of Object.values(tag.attributes)) this.#learnAttribute(attribute)
    return (this.elements.find(tag.name) ?? this.elements.add(tag.name, this.nameOf(tag))).name
  }

  /** An element outside the records opens or closes: where it declares namespaces, what was learnt no longer holds. */
  crossScope(tag: SaxesTagNS): void {
    if (!declaresNamespaces(tag)) return
    this.elements.clear()
    this.attributes.clear()
    this.#attributeByExpanded.clear()
  }

  #learnAttribute(attribute: SaxesAttributeNS): void {
    const name = this.nameOfAttribute(attribute)
    if (name === undefined || this.attributes.isFull || this.attributes.find(attribute.name) !== undefined) return
    const expanded = `{${attribute.uri}}${attribute.local}`
    if (this.#attributeByExpanded.has(expanded)) return
    this.#attributeByExpanded.set(expanded, attribute.name)
    this.attributes.add(attribute.name, name)
  }
}

export function declaresNamespaces(tag: SaxesTagNS): boolean {
  for (const _ in tag.ns) return true
  return false
}
