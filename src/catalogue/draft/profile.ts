/** What the source records of a sample have in them: their texts by path, and the lists of nodes among them. */
import type { SourceNode } from '../../record.ts'
import { emptyTexts } from './absences.ts'
import type { Texts } from './texts.ts'

/** The texts at one path, below the record or below the node of the list that it stands in. */
export type SourceField = {
  readonly names: readonly string[]
  /** Every distinct text that is not blank, untrimmed, and how often it occurs. */
  readonly texts: Texts
  /** True where a node holds several texts at this path. */
  readonly isList: boolean
  /** The share of the nodes that have a text here. */
  readonly filled: number
  /** The paths that stand for it where it is made of several: the lines of an address. */
  readonly parts?: readonly (readonly string[])[]
}

/** Nodes that are alike: the records, or the elements of all lists at one path. */
export type Scope = {
  /** From the scope around it; none for the records. */
  readonly names: readonly string[]
  /** How many nodes there are. */
  readonly count: number
  readonly fields: readonly SourceField[]
  readonly lists: readonly Scope[]
}

/** Reads every node once. */
export function profile(nodes: readonly SourceNode[], names: readonly string[] = []): Scope {
  const first = gather(nodes, new Set())
  // What is a list in some nodes is one in all: XML has no list of one.
  const repeated = new Set([...first].filter(([, { nodes: below }]) => below.length > 0).map(([path]) => path))
  const found = repeated.size === 0 ? first : gather(nodes, repeated)
  const fields: SourceField[] = []
  const lists: Scope[] = []
  for (const { names: own, texts, nodes: below, isList } of found.values()) {
    if (below.length > 0) lists.push(profile(below, own))
    // An empty element is the text '' in XML, whatever it holds in other records.
    const isBranch = [...found.values()].some(({ names: inner }) => isBelow(inner, own))
    if (below.length === 0 && !(isBranch && texts.size === 0)) {
      fields.push({ names: own, texts, isList, filled: filledIn(texts) / nodes.length })
    }
  }
  return { names, count: nodes.length, fields, lists }
}

/** A path as adapters write it. */
export function pathOf(names: readonly string[]): string {
  return names.map(name => name.replaceAll('~', '~0').replaceAll('/', '~1')).join('/') || '.'
}

function gather(nodes: readonly SourceNode[], repeated: ReadonlySet<string>): Map<string, Found> {
  const found = new Map<string, Found>()
  for (const node of nodes) look(node, [], { found, repeated })
  return found
}

type Gathering = { readonly found: Map<string, Found>; readonly repeated: ReadonlySet<string> }

type Found = { names: readonly string[]; texts: Map<string, number>; nodes: SourceNode[]; isList: boolean }

function look(node: SourceNode, names: readonly string[], gathering: Gathering): void {
  const { found, repeated } = gathering
  const isBranch = node !== null && typeof node === 'object' && !Array.isArray(node)
  if (!isBranch || (repeated.size > 0 && repeated.has(pathOf(names)))) return note(node, names, found)
  for (const [name, child] of Object.entries(node)) {
    // The text of an element that has attributes is read at the path of the element; dots are steps of a path.
    if (name === '#text') note(child, names, found)
    else if (name !== '.' && name !== '..') look(child, [...names, name], gathering)
  }
}

function note(node: SourceNode, names: readonly string[], found: Map<string, Found>): void {
  const path = pathOf(names)
  const known = found.get(path) ?? { names, texts: new Map<string, number>(), nodes: [], isList: false }
  found.set(path, known)
  for (const member of Array.isArray(node) ? node : [node]) {
    if (typeof member === 'string' && member.trim() !== '') known.texts.set(member, (known.texts.get(member) ?? 0) + 1)
    else if (typeof member === 'object' && member !== null) known.nodes.push(member)
  }
  if (Array.isArray(node) && node.length > 1) known.isList = true
}

function filledIn(texts: Texts): number {
  const told = [...texts].filter(([text]) => !emptyTexts.includes(text.trim()))
  return told.reduce((sum, [, times]) => sum + times, 0)
}

function isBelow(inner: readonly string[], outer: readonly string[]): boolean {
  return inner.length > outer.length && outer.every((name, at) => inner[at] === name)
}
