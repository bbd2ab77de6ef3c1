/** When demands on the members of an object and on the elements of an array are met. */
import { pointerTo, propertyOf, schemaIn, withSchema, type Facet } from './facet.ts'
import { isElementImpossible, isMemberImpossible } from './impossible.ts'
import {
  allowedNames,
  elementOf,
  freeMemberOf,
  kindsOf,
  leastOf,
  memberOf,
  mostOf,
  requiredNames,
  type Left,
} from './known.ts'
import { meaningOf } from './meaning.ts'
import type { At } from './proof.ts'
import { unmet, type Rule } from './rule.ts'

export const propertyRule: Rule = (proof, left, { facet, name = '' }, at) => {
  const property = propertyOf(facet, name)
  const isSame = property !== undefined && memberOf(left, name).some(each => meaningOf(each) === meaningOf(property))
  // Most fields stay as they are: that is seen before anything is proved.
  if (isSame || property === undefined || !mayBeObject(left) || isMemberImpossible(proof, left, name)) return []
  return proof.unmet(proof.expand(memberOf(left, name)), property, below(at, { name }))
}

/** Of `false`, each name that is no longer allowed is a demand of its own. */
export const additionalRule: Rule = (proof, left, demand, at) => {
  const { facet } = demand
  if (!mayBeObject(left)) return []
  if (facet.schema['patternProperties'] !== undefined) return [unmet(left, demand, at)]
  const known = Object.keys(facet.schema.properties ?? {})
  const allowed = allowedNames(left)
  const rest = schemaIn(facet, 'additionalProperties')
  const names = (allowed ?? left.flatMap(({ schema }) => Object.keys(schema.properties ?? {}))).filter(
    (name, i, all) => !known.includes(name) && all.indexOf(name) === i && !isMemberImpossible(proof, left, name),
  )
  const found = names.flatMap(name =>
    rest === undefined
      ? [unmet(left, { ...demand, name }, at)]
      : proof.unmet(proof.expand(memberOf(left, name)), rest, below(at, { name })),
  )
  if (allowed !== undefined) return found
  if (rest === undefined) return [...found, unmet(left, demand, at)]
  return [...found, ...proof.unmet(proof.expand(freeMemberOf(left)), rest, below(at, 'member'))]
}

export const nameRule: Rule = (proof, left, demand, at) => {
  const right = schemaIn(demand.facet, 'propertyNames')
  if (right === undefined || !mayBeObject(left)) return []
  const naming = left.flatMap(facet => schemaIn(facet, 'propertyNames') ?? [])
  const named = (schema: Facet['schema']): Facet => ({ ...right, schema })
  const isMet = allowedNames(left)?.every(name => proof.includes([named({ const: name })], right))
  if (isMet ?? proof.includes(proof.expand([named({ type: 'string' }), ...naming]), right)) return []
  return [unmet(left, demand, at)]
}

export const itemsRule: Rule = (proof, left, demand, at) => {
  const right = schemaIn(demand.facet, 'items')
  if (!kindsOf(left).includes('array') || mostOf(left, 'maxItems') === 0) return []
  if (right === undefined || demand.facet.schema['prefixItems'] !== undefined) return [unmet(left, demand, at)]
  if (isElementImpossible(proof, left)) return []
  return proof.unmet(proof.expand(elementOf(left)), right, below(at, 'element'))
}

export const containsRule: Rule = (proof, left, demand, at) => {
  const right = schemaIn(demand.facet, 'contains')
  if (!kindsOf(left).includes('array')) return []
  const isPlain = right !== undefined && !('minContains' in demand.facet.schema || 'maxContains' in demand.facet.schema)
  if (!isPlain) return [unmet(left, demand, at)]
  const element = elementOf(left)
  const contained = left.flatMap(facet =>
    'minContains' in facet.schema ? [] : [schemaIn(facet, 'contains') ?? []].flat(),
  )
  const isMet =
    contained.some(
      each => meaningOf(each) === meaningOf(right) || proof.includes(proof.expand([each, ...element]), right),
    ) ||
    (leastOf(left, 'minItems') >= 1 && proof.includes(proof.expand(element), right))
  return isMet ? [] : [unmet(left, demand, at)]
}

export const dependentRule: Rule = (proof, left, demand, at) => {
  const { facet } = demand
  const [trigger = '', others = []] = Object.entries(facet.schema['dependentRequired'] ?? {})[0] ?? []
  if (!mayBeObject(left) || isMemberImpossible(proof, left, trigger)) return []
  const holder = pointerTo(facet, 'dependentRequired')
  const present: Facet = { ...withSchema(facet, { required: [trigger] }), holderOf: () => holder }
  const names = requiredNames(proof.expand([...left, present]))
  return (others as readonly string[]).every(name => names.has(name)) ? [] : [unmet(left, demand, at)]
}

function mayBeObject(left: Left): boolean {
  return kindsOf(left).includes('object')
}

function below(at: At, step: At['place'][number]): At {
  return { ...at, place: [...at.place, step] }
}
