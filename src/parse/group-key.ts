/** The texts by which rows belong together, how rows write them alike, and which of them were met before. */
import { hash } from 'node:crypto'
import type { SourceNode } from '../record.ts'
import { namesOf } from './source.ts'
import { isTree, newTree, type SourceTree } from './tree.ts'

/** Reads the texts of a key, trimmed; undefined where a row has none at a path, only blanks, or several. */
export type ReadKey = (row: SourceNode) => (string | undefined)[]

/** @param by paths that lead down from the row, by names, attributes and positions in lists */
export function keyReader(by: readonly string[]): ReadKey {
  const paths = by.map(namesOf)
  return row => paths.map(names => textAt(row, names)?.trim() || undefined)
}

/** Writes the texts of a key into a row as they were compared, trimmed. Returns the row itself where they stand so. */
export function keyTrimmer(by: readonly string[]): (row: SourceNode) => SourceNode {
  const paths = by.map(namesOf)
  return row => paths.reduce(withTrimmedText, row)
}

/**
 * Remembers keys by 64 bits of their SHA-256: 16 to 32 bytes a key, however long it is.
 *
 * Of twenty million keys, two have the same 64 bits once in 90,000 inputs; the later of them then counts as met.
 */
export class KeysMet {
  #slots = new BigUint64Array(1024)
  #count = 0

  /** Adds a key; false where it was met before. */
  add(key: string): boolean {
    if (this.#count * 2 >= this.#slots.length) this.#grow()
    // 0 is an empty slot.
    const mark = hash('sha256', key, 'buffer').readBigUInt64LE() || 1n
    const slot = this.#slotOf(mark)
    if (this.#slots[slot] === mark) return false
    this.#slots[slot] = mark
    this.#count += 1
    return true
  }

  #slotOf(mark: bigint): number {
    const last = this.#slots.length - 1
    let slot = Number(mark & BigInt(last))
    while (this.#slots[slot] !== 0n && this.#slots[slot] !== mark) slot = (slot + 1) & last
    return slot
  }

  #grow(): void {
    const marks = this.#slots.filter(mark => mark !== 0n)
    this.#slots = new BigUint64Array(this.#slots.length * 2)
    for (const mark of marks) this.#slots[this.#slotOf(mark)] = mark
  }
}

function textAt(node: SourceNode | undefined, names: readonly string[]): string | undefined {
  const [name, ...below] = names
  if (Array.isArray(node)) {
    const isPosition = name !== undefined && /^\d+$/.test(name)
    if (isPosition) return textAt(node[Number(name)], below)
    return node.length === 1 ? textAt(node[0], names) : undefined
  }
  if (name === undefined) return ownText(node)
  if (node !== null && typeof node === 'object' && Object.hasOwn(node, name)) return textAt(node[name], below)
  // What is no list counts as a list of one.
  return name === '0' ? textAt(node, below) : undefined
}

/** Goes the way of {@link textAt}. */
function withTrimmedText(node: SourceNode, names: readonly string[]): SourceNode {
  const [name, ...below] = names
  if (Array.isArray(node)) {
    const isPosition = name !== undefined && /^\d+$/.test(name)
    if (!isPosition && node.length !== 1) return node
    const at = isPosition ? Number(name) : 0
    const member = node[at]
    if (member === undefined) return node
    const trimmed = withTrimmedText(member, isPosition ? below : names)
    return trimmed === member ? node : node.with(at, trimmed)
  }
  if (name === undefined) {
    if (typeof node === 'string') return node.trim() || node
    return isTree(node) ? withMember(node, '#text', []) : node
  }
  if (isTree(node) && Object.hasOwn(node, name)) return withMember(node, name, below)
  return name === '0' ? withTrimmedText(node, below) : node
}

function withMember(tree: SourceTree, name: string, below: readonly string[]): SourceNode {
  const member = tree[name]
  if (member === undefined || (name === '#text' && typeof member !== 'string')) return tree
  const trimmed = withTrimmedText(member, below)
  return trimmed === member ? tree : Object.assign(new newTree(), tree, { [name]: trimmed })
}

function ownText(node: SourceNode | undefined): string | undefined {
  if (typeof node === 'string') return node
  if (node === null || typeof node !== 'object' || Array.isArray(node) || !Object.hasOwn(node, '#text'))
    return undefined
  const text = node['#text']
  return typeof text === 'string' ? text : undefined
}
