/**
 * Proves that whatever some schemas allow, another allows too; what it cannot prove is a demand that is not met.
 *
 * Sound: where no demand is left, every value that the left allows is allowed by the right. Not complete: a demand that
 * is left may be met all the same, and only a witness (witness.ts) shows that it is not. The right is taken apart into
 * its smallest demands; each is held against all that is known of the left, then against each of the left's alternatives.
 */
import type { Json } from '../../record.ts'
import { casesOf } from './cases.ts'
import { demandsIn, type Demand } from './demands.ts'
import { schemaIn, schemasIn, without, type Facet } from './facet.ts'
import { isImpossible } from './impossible.ts'
import { allows, flatten, kindsNamed, kindsOf, valuesOf, type Left } from './known.ts'
import { meaningIn, meaningOf } from './meaning.ts'
import type { Place } from './place.ts'
import { unmet as unmetAt } from './rule.ts'
import { ruleOf } from './rules.ts'

/** A demand of the right that the left is not known to meet. */
export type Unmet = Demand & {
  readonly place: Place
  readonly left: Left
  /** Values that the left allows and the right refuses, where they are known. */
  readonly values?: readonly Json[]
  /** The outermost condition or alternative that the demand stands in. */
  readonly within?: Within
  readonly assumed: readonly Assumed[]
}

export type Within = { readonly keyword: string; readonly pointer: string; readonly place: Place }

/** A condition under which a demand is made: what it says of the value at a place. */
export type Assumed = { readonly place: Place; readonly facet: Facet }

/** Where the proof is. */
export type At = {
  readonly place: Place
  readonly within?: Within
  readonly assumed: readonly Assumed[]
  readonly splits: number
}

/** What a rule may ask of the proof. */
export type Proof = {
  readonly unmet: (left: Left, right: Facet, at: At) => Unmet[]
  readonly includes: (left: Left, right: Facet) => boolean
  /** True if no value is allowed. */
  readonly isEmpty: (left: Left) => boolean
  /** All that follows from schemas that hold of one value: members of `allOf`, and of conditions that are decided. */
  readonly expand: (left: Left) => Left
}

/** Steps of one proof; what is not proved by then stays unproved. Documents of a hundred fields take a few thousand. */
const patience = 60_000

/** How deep a proof may rest on others; documents that people write need three. */
const deepest = 8

/** How deep objects in objects are looked into for what cannot be: deeper than documents nest. */
const deepestNesting = 40

/** How deep alternatives are taken apart within alternatives. */
const deepestSplit = 2

/** The demands of the right that the left is not known to meet, in the order of the right's document. */
export function unmetDemands(left: Facet, right: Facet): Unmet[] {
  const proof = newProof()
  return proof.unmet(proof.expand([left]), right, { place: [], assumed: [], splits: deepestSplit })
}

function newProof(): Proof {
  let steps = patience
  let depth = 0
  let nesting = 0
  // While a condition is decided others are left open: to decide them would lead back to it.
  let isDeciding = false
  const numbers = new Map<Facet, number>()
  const lefts = new Map<string, Left>()
  const emptiness = new Map<Left, boolean>()
  const proof: Proof = { unmet, includes, isEmpty, expand }
  return proof

  /** One array for the same facets, by which what is known of them is remembered. */
  function same(left: Left): Left {
    const distinct = [...new Set(left)]
    const key = distinct.map(facet => numbers.get(facet) ?? numbered(facet)).join()
    const known = lefts.get(key) ?? distinct
    lefts.set(key, known)
    return known
  }

  function numbered(facet: Facet): number {
    numbers.set(facet, numbers.size)
    return numbers.size - 1
  }

  function unmet(left: Left, right: Facet, at: At): Unmet[] {
    steps--
    if (left.some(facet => meaningOf(facet) === meaningOf(right)) || isEmpty(left)) return []
    const demands = demandsIn(right)
    const type = demands.find(({ keyword }) => keyword === 'type')
    const isOther = type !== undefined && !kindsOf(left).some(kind => kindsNamed(right.schema.type).includes(kind))
    // Of a value of another type there is nothing more to say.
    return (isOther ? [type] : demands).flatMap(demand => unmetOf(left, demand, at))
  }

  function unmetOf(left: Left, demand: Demand, at: At): Unmet[] {
    const meaning = meaningIn(demand.facet, demand.keywords)
    if (left.some(facet => meaningIn(facet, demand.keywords) === meaning)) return []
    const found = steps <= 0 ? [unmetAt(left, demand, at)] : ruleOf(demand.keyword)(proof, left, demand, at)
    if (found.length === 0) return []
    const values = valuesOf(left)?.filter(value => !allows(demand.facet, value))
    if (values !== undefined)
      return values.length === 0 ? [] : found.map(each => (each.left === left ? { ...each, values } : each))
    return isMetInAllCases(left, demand, at) ? [] : found
  }

  function isMetInAllCases(left: Left, demand: Demand, at: At): boolean {
    if (at.splits === 0 || steps <= 0) return false
    return casesOf(left).some(cases =>
      cases.every(each => {
        steps--
        const possible = expand(each)
        return isEmpty(possible) || unmetOf(possible, demand, { ...at, splits: at.splits - 1 }).length === 0
      }),
    )
  }

  function includes(left: Left, right: Facet): boolean {
    if (steps <= 0 || depth === deepest) return false
    depth++
    const isIncluded = unmet(left, right, { place: [], assumed: [], splits: 1 }).length === 0
    depth--
    return isIncluded
  }

  function isEmpty(given: Left): boolean {
    const left = same(given)
    const known = emptiness.get(left)
    if (known !== undefined) return known
    // Until it is known: what asks for itself on the way learns nothing.
    emptiness.set(left, false)
    const found = findEmpty(left)
    emptiness.set(left, found)
    return found
  }

  function findEmpty(left: Left): boolean {
    steps--
    const kinds = kindsOf(left)
    if (kinds.length === 0 || valuesOf(left)?.length === 0) return true
    if (steps <= 0 || nesting === deepestNesting) return false
    nesting++
    const isEmptyOfAll = kinds.every(kind => isImpossible(proof, left, kind)) || isRefused(left)
    nesting--
    return isEmptyOfAll
  }

  /** True where a negation or every alternative of one schema leaves nothing. */
  function isRefused(left: Left): boolean {
    return left.some(facet => {
      const others = left.filter(other => other !== facet)
      const not = schemaIn(facet, 'not')
      if (not !== undefined && includes([...others, without(facet, 'not')], not)) return true
      return ['anyOf', 'oneOf'].some(keyword => {
        const ways = schemasIn(facet, keyword)
        const rest = [...others, without(facet, keyword)]
        return ways.length > 0 && ways.every(way => isEmpty(flatten([...rest, way])))
      })
    })
  }

  function expand(given: Left): Left {
    const left = flatten(given)
    if (isDeciding) return same(left)
    // Grows while it is walked: what a decided condition adds may decide another.
    for (let round = 0; round < 3; round++) {
      const before = left.length
      for (const facet of left.slice()) {
        const decided = steps > 0 ? decide(left, facet) : undefined
        const added = decided === undefined ? [] : flatten([decided]).filter(each => !isKnown(left, each))
        left.push(...added)
      }
      if (left.length === before) break
    }
    return same(left)
  }

  /** The branch of a condition that holds, where that is known. */
  function decide(left: Left, facet: Facet): Facet | undefined {
    const condition = schemaIn(facet, 'if')
    if (condition === undefined) return undefined
    isDeciding = true
    const holds = isKnown(left, condition) || includes(left, condition)
    const fails = !holds && isEmpty(flatten([...left, condition]))
    isDeciding = false
    return holds ? schemaIn(facet, 'then') : fails ? schemaIn(facet, 'else') : undefined
  }
}

function isKnown(left: Left, facet: Facet): boolean {
  return left.some(other => meaningOf(other) === meaningOf(facet))
}
