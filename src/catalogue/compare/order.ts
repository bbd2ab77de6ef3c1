/** The order in which a steward reads changes: that of the newer document, what is gone after what stands before it. */
import type { SchemaNode } from '../../standard.ts'
import { escapeName } from '../../validate/subschemas.ts'

/** The rank of a pointer into either document. */
export function documentOrder(newer: SchemaNode, older: SchemaNode): (pointer: string) => number {
  const ranks = new Map<string, number>()
  const ends = new Map<string, number>()
  number(newer, '', { ranks, ends, step: 1, last: 0 })
  // So small that all that is gone stays before what stands next.
  number(older, '', { ranks, ends, step: 1e-6, last: 0 })
  return pointer => ranks.get(pointer) ?? rankAbove(ranks, pointer)
}

function rankAbove(ranks: ReadonlyMap<string, number>, pointer: string): number {
  const above = pointer.slice(0, Math.max(0, pointer.lastIndexOf('/')))
  return ranks.get(above) ?? (above === '' ? 0 : rankAbove(ranks, above))
}

type Numbering = {
  readonly ranks: Map<string, number>
  /** The last rank inside each pointer. */
  readonly ends: Map<string, number>
  readonly step: number
  last: number
}

/** Gives a rank to each pointer that has none yet, a step after what stands before it. */
function number(value: unknown, pointer: string, at: Numbering): void {
  at.last = at.ranks.get(pointer) ?? at.last + at.step
  at.ranks.set(pointer, at.last)
  if (typeof value === 'object' && value !== null) {
    for (const [name, below] of Object.entries(value)) number(below, `${pointer}/${escapeName(name)}`, at)
  }
  at.last = Math.max(at.last, at.ends.get(pointer) ?? 0)
  at.ends.set(pointer, at.last)
}
