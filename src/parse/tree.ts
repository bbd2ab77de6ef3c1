/** Builds the trees of source records. */
import type { SourceNode } from '../record.ts'

export type SourceTree = { [name: string]: SourceNode }

/**
 * An empty object that inherits nothing, so that no name of an input (`constructor`, `__proto__`) meets anything but
 * the input's own. Made by a constructor and not by Object.create(null): V8 keeps those as hash tables, which costs a
 * third of the time of reading a record.
 */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
export const newTree: new () => SourceTree = function () {} as never
newTree.prototype = Object.create(null)

/** Adds a child element; the second of a name makes an array of it. */
export function addChild(tree: SourceTree, name: string, child: SourceNode): void {
  const present = tree[name]
  if (present === undefined) tree[name] = child
  else if (Array.isArray(present)) present.push(child)
  else tree[name] = [present, child]
}

/** The node of an XML element: of its attributes and child elements, if it has any, and its own text. */
export function elementNode(tree: SourceTree | undefined, text: string): SourceNode {
  if (tree === undefined) return text
  // XML's white space (XML 1.0 §2.3) is not all that trim takes away.
  if (/[^ \t\n\r]/.test(text)) tree['#text'] = text
  return tree
}

/** Reads `xsi:nil`, an xs:boolean: its white space is collapsed. */
export function isTrue(text: string): boolean {
  return /^[ \t\n\r]*(?:true|1)[ \t\n\r]*$/.test(text)
}

export function isTree(node: SourceNode): node is SourceTree {
  return typeof node === 'object' && node !== null && !Array.isArray(node)
}

/** What punctuation a text, a name or a null has around it in JSON, about. */
const PUNCTUATION = 4

/** About how many UTF-16 units the node takes as JSON. */
export function sizeOf(node: SourceNode): number {
  if (typeof node === 'string') return node.length + PUNCTUATION
  let size = PUNCTUATION
  if (node === null) return size
  if (Array.isArray(node)) for (const member of node) size += sizeOf(member)
  else for (const name in node) size += name.length + PUNCTUATION + sizeOf(node[name] as SourceNode)
  return size
}
