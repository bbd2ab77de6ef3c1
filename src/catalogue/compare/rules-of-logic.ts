/** When alternatives, conditions and negations are met. */
import { negated, schemaIn, schemasIn } from './facet.ts'
import type { Demand } from './demands.ts'
import type { At, Unmet } from './proof.ts'
import { unmet, type Rule } from './rule.ts'

export const allOfRule: Rule = (proof, left, demand, at) =>
  schemasIn(demand.facet, 'allOf').flatMap(part => proof.unmet(left, part, inside(demand, at)))

/** One alternative holds of all that the left allows and the others refuse. */
export const alternativesRule: Rule = (proof, left, demand, at) => {
  const ways = schemasIn(demand.facet, 'anyOf')
  const isMet = ways.some(way => {
    const others = ways.filter(other => other !== way).map(other => negated(other))
    return proof.includes(left, way) || proof.includes(proof.expand([...left, ...others]), way)
  })
  return isMet ? [] : [unmet(left, demand, at)]
}

/** One alternative holds of all that the left allows, and each of the others of none of it. */
export const oneOfRule: Rule = (proof, left, demand, at) => {
  const ways = schemasIn(demand.facet, 'oneOf')
  const isMet = ways.some(
    way =>
      proof.includes(left, way) && ways.every(other => other === way || proof.isEmpty(proof.expand([...left, other]))),
  )
  return isMet ? [] : [unmet(left, demand, at)]
}

export const notRule: Rule = (proof, left, demand, at) => {
  const not = schemaIn(demand.facet, 'not')
  return not === undefined || proof.isEmpty(proof.expand([...left, not])) ? [] : [unmet(left, demand, at)]
}

export const conditionRule: Rule = (proof, left, demand, at) => {
  const condition = schemaIn(demand.facet, 'if')
  if (condition === undefined) return []
  const branch = (keyword: string, assumed: typeof condition): Unmet[] => {
    const right = schemaIn(demand.facet, keyword)
    if (right === undefined) return []
    const under = inside(demand, { ...at, assumed: [...at.assumed, { place: at.place, facet: assumed }] })
    return proof.unmet(proof.expand([...left, assumed]), right, under)
  }
  return [...branch('then', condition), ...branch('else', negated(condition))]
}

/** What is found inside a condition is told as a change of the outermost one. */
function inside(demand: Demand, at: At): At {
  const { keyword, pointer } = demand
  return { ...at, within: at.within ?? { keyword, pointer, place: at.place } }
}
