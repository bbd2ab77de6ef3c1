/** Builds the tree of a record from the elements and texts that saxes reports. */
import type { SaxesTagNS } from 'saxes'
import type { SourceNode } from '../record.ts'
import { addChild, elementNode, isTrue, newTree, type SourceTree } from './tree.ts'
import { declaresNamespaces, NIL, type XmlNames } from './xml-names.ts'

type Element = { readonly name: string; tree: SourceTree | undefined; text: string; isNil: boolean }

export class TreeBuilder {
  readonly #names: XmlNames
  readonly #open: Element[] = []
  #declares = false

  constructor(names: XmlNames) {
    this.#names = names
  }

  open(tag: SaxesTagNS): void {
    this.#declares = (this.#declares && this.#open.length > 0) || declaresNamespaces(tag)
    const name = this.#declares ? this.#names.nameOf(tag) : this.#names.learn(tag)
    const element: Element = { name, tree: undefined, text: '', isNil: false }
    for (const attribute of Object.values(tag.attributes)) {
      const key = this.#names.nameOfAttribute(attribute)
      if (key === NIL) element.isNil = isTrue(attribute.value)
      else if (key !== undefined) (element.tree ??= new newTree())[key] = attribute.value
    }
    this.#open.push(element)
  }

  text(text: string): void {
    const element = this.#open.at(-1)
    if (element !== undefined) element.text += text
  }

  /** Closes the innermost element and gives its node. */
  close(): SourceNode {
    const element = this.#open.pop()
    if (element === undefined) throw new Error('bug: an element closes that did not open')
    const node = element.isNil ? (element.tree ?? null) : elementNode(element.tree, element.text)
    const parent = this.#open.at(-1)
    if (parent !== undefined) addChild((parent.tree ??= new newTree()), element.name, node)
    return node
  }
}
