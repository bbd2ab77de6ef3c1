/** The cases that alternatives and open conditions of a schema leave: one of them holds of every value. */
import { negated, schemaIn, schemasIn, without, withSchema, type Facet } from './facet.ts'
import { kindsOf, type Left } from './known.ts'
import { remembered } from './remember.ts'

/** For each schema that has alternatives, the cases; in each, one alternative stands in the place of all. */
export function casesOf(left: Left): Left[][] {
  const splits = left.flatMap(facet => {
    const others = left.filter(other => other !== facet)
    return splitsOf(facet).map(cases => cases.map(each => [...others, ...each]))
  })
  return [...splits, ...casesByKind(left)]
}

/** A case for each kind that a value may be of. */
function casesByKind(left: Left): Left[][] {
  const [first] = left
  const found = kindsOf(left)
  if (first === undefined || found.length < 2) return []
  return [found.map(kind => [...left, ofKind(first, kind)])]
}

const ofKind = remembered((facet: Facet, kind): Facet => {
  if (kind !== 'fraction') return withSchema(facet, { type: kind })
  return withSchema(facet, { type: 'number', not: { type: 'integer' } })
})

function splitsOf(facet: Facet): Facet[][][] {
  const splits: Facet[][][] = []
  const any = schemasIn(facet, 'anyOf')
  if (any.length > 0) splits.push(any.map(way => [without(facet, 'anyOf'), way]))
  const one = schemasIn(facet, 'oneOf')
  if (one.length > 0) {
    const rest = without(facet, 'oneOf')
    splits.push(one.map(way => [rest, way, ...one.filter(other => other !== way).map(other => negated(other))]))
  }
  const condition = schemaIn(facet, 'if')
  if (condition !== undefined) {
    const rest = without(facet, 'if', 'then', 'else')
    splits.push([
      [rest, condition, ...[schemaIn(facet, 'then') ?? []].flat()],
      [rest, negated(condition), ...[schemaIn(facet, 'else') ?? []].flat()],
    ])
  }
  return splits
}
