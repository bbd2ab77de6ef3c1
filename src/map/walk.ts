/** Goes along a path from a node to all the nodes that it leads to. */
import type { SourceNode, SourceRecord } from '../record.ts'
import type { Path } from './path.ts'
import { isPosition } from './path.ts'

/** A node on the way down from the record, which has no `up`, and the name under which it stands, where it is known. */
export type Place = { readonly node: SourceNode; readonly up: Place | undefined; readonly name: string | undefined }

export function placeOf({ node, context }: Pick<SourceRecord, 'node' | 'context'>): Place {
  return { node, up: undefined, name: context['#name'] }
}

/** Finds all nodes at a path, nulls left out, lists taken apart. */
export function nodeFinder({ up, names }: Path): (place: Place) => Place[] {
  const walk = walker(names)
  return place => {
    const found: Place[] = []
    walk(climb(place, up), found)
    return found
  }
}

/** The place so many levels above. */
export function climb(place: Place, levels: number): Place {
  let at = place
  for (let level = 0; level < levels; level += 1) {
    if (at.up === undefined) throw new Error('bug: the check at load let a path climb out of the record')
    at = at.up
  }
  return at
}

export type Branch = { readonly [name: string]: SourceNode }

/** An own property only: a record's names may be those of Object.prototype. */
export function own(node: Branch, name: string): SourceNode | undefined {
  return Object.hasOwn(node, name) ? node[name] : undefined
}

/** Adds the nodes that it leads to from a place, whose node may be a list that is still to be gone through. */
type Walk = (place: Place, found: Place[]) => void

function walker(names: readonly string[]): Walk {
  return names.reduceRight<Walk>((next, name) => stepInto(name, next), takeMembers)
}

function stepInto(name: string, next: Walk): Walk {
  if (name === '#name') return (place, found) => next({ node: place.name ?? null, up: place, name: undefined }, found)
  if (isPosition(name)) return stepToPosition(name, next)
  if (name === '*') {
    return throughList((branch, place, found) => {
      for (const [member, below] of Object.entries(branch)) {
        // Attributes, and the element's own text, are no children.
        if (!member.startsWith('@') && member !== '#text') next({ node: below, up: place, name: member }, found)
      }
    })
  }
  return throughList((branch, place, found) => {
    const below = own(branch, name)
    if (below !== undefined) next({ node: below, up: place, name }, found)
  })
}

function throughList(step: (branch: Branch, place: Place, found: Place[]) => void): Walk {
  return (place, found) => {
    const { node, up, name } = place
    if (isBranch(node)) return step(node, place, found)
    if (!Array.isArray(node)) return
    for (const member of node) if (isBranch(member)) step(member, { node: member, up, name }, found)
  }
}

/** What is no list counts as a list of one; an object's own member of that name goes first. */
function stepToPosition(name: string, next: Walk): Walk {
  const position = Number(name)
  return (place, found) => {
    const { node } = place
    const member = isBranch(node) ? own(node, name) : undefined
    const below = member === undefined ? (Array.isArray(node) ? node : [node])[position] : member
    if (below !== undefined) next({ node: below, up: place, name: place.name }, found)
  }
}

function takeMembers(place: Place, found: Place[]): void {
  const { node, up, name } = place
  if (Array.isArray(node)) {
    for (const member of node) if (member !== null) found.push({ node: member, up, name })
  } else if (node !== null) {
    found.push(place)
  }
}

function isBranch(node: SourceNode): node is Branch {
  return typeof node === 'object' && node !== null && !Array.isArray(node)
}
