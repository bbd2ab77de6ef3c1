/**
 * Whether a regular expression is matched in time linear in the text by an engine that backtracks, as that of JavaScript.
 *
 * A choice is decided where the next character alone tells which way can be right: then only one way is ever gone far.
 * What is not decided is counted: some ways at fixed places are borne, and one loop whose end is not decided, if nothing
 * unbounded comes after it. Everything else is not proved, although it may be linear too.
 */
import type { Expression, Range } from './expression.ts'

/** Ways times characters that each place of the text may cost. */
const workAtMost = 1_000

/** Of a pattern that is tried at the text's beginning only, and whose ways are all bounded. */
const workOnceAtMost = 10_000

export function isLinear(tree: Expression): boolean {
  const parts = tree.kind === 'sequence' ? tree.parts : [tree]
  const isAnchored = parts[0]?.kind === 'assertion' && parts[0].sign === '^'
  const cost = costOfSequence(parts, nothing, isAnchored)
  if (cost === undefined) return false
  // Elsewhere than at the beginning a loop is run again at each character.
  if (!isAnchored && cost.isLoop) return false
  const work = cost.ways * cost.size
  return work <= (isAnchored && !cost.isOpen ? workOnceAtMost : workAtMost)
}

type Cost = {
  /** In how many ways it may match at a place, open loops left out. */
  readonly ways: number
  /** The most characters it takes, a loop counted once. */
  readonly size: number
  /** Whether there is something unbounded in it. */
  readonly isLoop: boolean
  /** Whether there is something unbounded whose end is not decided. */
  readonly isOpen: boolean
}

const free: Cost = { ways: 1, size: 0, isLoop: false, isOpen: false }
const nothing: readonly Range[] = []

/** Of the expression where one of these characters comes after it; undefined where it is not proved. */
function costOf(tree: Expression, follow: readonly Range[]): Cost | undefined {
  switch (tree.kind) {
    case 'characters':
      return { ...free, size: 1 }
    case 'assertion':
      return free
    case 'look': {
      const cost = costOf(tree.part, nothing)
      // Run again wherever it stands; only at the top it stands at one place.
      return cost === undefined || cost.isLoop ? undefined : { ...free, size: cost.size * cost.ways }
    }
    case 'sequence':
      return costOfSequence(tree.parts, follow, false)
    case 'alternatives':
      return costOfAlternatives(tree.parts, follow)
    case 'repeat':
      return costOfRepeat(tree, follow)
  }
}

function costOfSequence(parts: readonly Expression[], follow: readonly Range[], isTop: boolean): Cost | undefined {
  let sum = free
  for (const [i, part] of parts.entries()) {
    const after = firstOfAll(parts.slice(i + 1), follow)
    const cost = isTop && part.kind === 'look' && !sum.isLoop ? costOfFirstLook(part) : costOf(part, after)
    if (cost === undefined || (sum.isOpen && cost.isLoop)) return undefined
    sum = {
      ways: sum.ways * cost.ways,
      size: sum.size + cost.size,
      isLoop: sum.isLoop || cost.isLoop,
      isOpen: sum.isOpen || cost.isOpen,
    }
  }
  return sum
}

/** A look ahead at the text's beginning is taken once, and is never gone back into. */
function costOfFirstLook({ part, isBehind }: Expression & { readonly kind: 'look' }): Cost | undefined {
  const cost = isBehind ? undefined : costOf(part, nothing)
  return cost && cost.ways * cost.size <= workAtMost ? { ...free, size: cost.ways * cost.size } : undefined
}

function costOfAlternatives(parts: readonly Expression[], follow: readonly Range[]): Cost | undefined {
  const costs: Cost[] = []
  for (const part of parts) {
    const cost = costOf(part, follow)
    if (cost === undefined) return undefined
    costs.push(cost)
  }
  const firsts = parts.map(part => firstOfAll([part], follow))
  const isDecided =
    parts.filter(isNullable).length <= 1 &&
    firsts.every((first, i) => firsts.slice(i + 1).every(other => areApart(first, other)))
  const isLoop = costs.some(cost => cost.isLoop)
  const ways = costs.map(cost => cost.ways)
  return {
    ways: isDecided ? Math.max(...ways) : ways.reduce((sum, each) => sum + each, 0),
    size: Math.max(...costs.map(cost => cost.size)),
    isLoop,
    isOpen: costs.some(cost => cost.isOpen),
  }
}

function costOfRepeat(tree: Expression & { readonly kind: 'repeat' }, follow: readonly Range[]): Cost | undefined {
  const { part, least, most } = tree
  if (most === 0) return free
  const first = firstOfAll([part], nothing)
  const cost = costOf(part, most === 1 ? follow : join(first, follow))
  if (cost === undefined) return undefined
  const isUnbounded = most === Infinity
  const size = cost.size * (isUnbounded ? least + 1 : most)
  const isLoop = isUnbounded || cost.isLoop
  const isDecided = least === most || (!isNullable(part) && areApart(first, follow))
  const isOneWay = cost.ways === 1 && !cost.isOpen && (most === 1 || !isNullable(part))
  if (isOneWay && isDecided) return { ways: 1, size, isLoop, isOpen: false }
  if (most === 1) return { ...cost, ways: cost.ways + 1 }
  if (isUnbounded) return isOneWay && !cost.isLoop ? { ways: 1, size, isLoop, isOpen: true } : undefined
  if (cost.isLoop || isNullable(part)) return undefined
  return { ways: waysOfRepeat(cost.ways, least, most), size, isLoop, isOpen: false }
}

function waysOfRepeat(ways: number, least: number, most: number): number {
  if (ways === 1) return most - least + 1
  // The powers of two and more: the last are more than all before.
  return 2 * ways ** most
}

/** The characters that what matches may begin with; what follows, where it may be empty. */
function firstOfAll(parts: readonly Expression[], follow: readonly Range[]): readonly Range[] {
  let first: readonly Range[] = nothing
  for (const part of parts) {
    first = join(first, firstOf(part))
    if (!isNullable(part)) return first
  }
  return join(first, follow)
}

function firstOf(tree: Expression): readonly Range[] {
  switch (tree.kind) {
    case 'characters':
      return tree.ranges
    case 'assertion':
    case 'look':
      return nothing
    case 'sequence':
      return firstOfAll(tree.parts, nothing)
    case 'alternatives':
      return tree.parts.map(firstOf).reduce(join, nothing)
    case 'repeat':
      return tree.most === 0 ? nothing : firstOf(tree.part)
  }
}

function isNullable(tree: Expression): boolean {
  switch (tree.kind) {
    case 'characters':
      return false
    case 'assertion':
      // Nothing comes after the text's end.
      return tree.sign !== '$'
    case 'look':
      return true
    case 'sequence':
      return tree.parts.every(isNullable)
    case 'alternatives':
      return tree.parts.some(isNullable)
    case 'repeat':
      return tree.least === 0 || isNullable(tree.part)
  }
}

function join(a: readonly Range[], b: readonly Range[]): readonly Range[] {
  return [...a, ...b]
}

function areApart(a: readonly Range[], b: readonly Range[]): boolean {
  return a.every(([from, to]) => b.every(([first, last]) => to < first || last < from))
}
