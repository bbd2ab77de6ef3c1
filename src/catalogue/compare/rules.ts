/**
 * When a keyword's demand is met by what is known of the left, one rule a keyword.
 *
 * A keyword without a rule here is met only where the left has it with the same meaning.
 */
import { identifierOf } from '../../identifiers/identifiers.ts'
import type { CodeList } from '../../code-list.ts'
import type { Demand } from './demands.ts'
import { isElementImpossible } from './impossible.ts'
import { allowedNames, kindsNamed, kindsOf, leastOf, mostOf, requiredNames, type Kind, type Left } from './known.ts'
import { lengthsOf } from './lengths.ts'
import { unmet, type Rule } from './rule.ts'
import { allOfRule, alternativesRule, conditionRule, notRule, oneOfRule } from './rules-of-logic.ts'
import { additionalRule, containsRule, dependentRule, itemsRule, nameRule, propertyRule } from './rules-of-members.ts'
import type { Proof } from './proof.ts'

type Check = (left: Left, demand: Demand, proof: Proof) => boolean

export function ruleOf(keyword: string): Rule {
  const rule = rules[keyword]
  if (rule !== undefined) return rule
  const check = checks[keyword] ?? (() => false)
  const kinds = kindsOfKeyword[keyword]
  return (proof, left, demand, at) => {
    const isIdle = kinds !== undefined && !kindsOf(left).some(kind => kinds.includes(kind))
    return isIdle || check(left, demand, proof) ? [] : [unmet(left, demand, at)]
  }
}

const rules: Readonly<Record<string, Rule>> = {
  properties: propertyRule,
  additionalProperties: additionalRule,
  propertyNames: nameRule,
  items: itemsRule,
  contains: containsRule,
  dependentRequired: dependentRule,
  allOf: allOfRule,
  anyOf: alternativesRule,
  oneOf: oneOfRule,
  not: notRule,
  if: conditionRule,
}

const texts: readonly Kind[] = ['string']
const numbers: readonly Kind[] = ['integer', 'fraction']
const arrays: readonly Kind[] = ['array']
const objects: readonly Kind[] = ['object']

/** The kinds of which a keyword says anything. */
const kindsOfKeyword: Readonly<Record<string, readonly Kind[]>> = {
  codes: texts,
  format: texts,
  pattern: texts,
  minLength: texts,
  maxLength: texts,
  minimum: numbers,
  maximum: numbers,
  exclusiveMinimum: numbers,
  exclusiveMaximum: numbers,
  multipleOf: numbers,
  minItems: arrays,
  maxItems: arrays,
  uniqueItems: arrays,
  required: objects,
  minProperties: objects,
  maxProperties: objects,
}

const checks: Readonly<Record<string, Check>> = {
  type: (left, { facet }) => kindsOf(left).every(kind => kindsNamed(facet.schema.type).includes(kind)),
  codes: (left, { facet }) => {
    const wanted = listOf(facet.side.codeList, facet.schema.codes)
    return left.some(({ side, schema }) => covers(wanted, listOf(side.codeList, schema.codes)))
  },
  format: (left, { facet: { schema } }) =>
    left.some(other => other.schema.format === schema.format && strictness(other.schema) >= strictness(schema)),
  minLength: (left, demand) => lengthsOf(left).least >= limit(demand),
  maxLength: (left, demand) => lengthsOf(left).most <= limit(demand),
  minimum: (left, demand) => lowest(left).value >= limit(demand),
  maximum: (left, demand) => highest(left).value <= limit(demand),
  exclusiveMinimum: (left, demand) => {
    const { value, isExcluded } = lowest(left)
    return value > limit(demand) || (value === limit(demand) && isExcluded)
  },
  exclusiveMaximum: (left, demand) => {
    const { value, isExcluded } = highest(left)
    return value < limit(demand) || (value === limit(demand) && isExcluded)
  },
  // Of whole numbers and steps only, and as long as quotients are exact: Ajv goes by their text (`1e+21` is no number of steps).
  multipleOf: (left, demand) => {
    const step = limit(demand)
    const isExact = lowest(left).value >= Number.MIN_SAFE_INTEGER && highest(left).value <= Number.MAX_SAFE_INTEGER
    if (!isExact || kindsOf(left).includes('fraction') || !Number.isInteger(step)) return false
    return step === 1 || left.some(({ schema }) => Number(schema['multipleOf']) % step === 0)
  },
  minItems: (left, demand) => leastOf(left, 'minItems') >= limit(demand) || limit(demand) === 0,
  maxItems: (left, demand, proof) => mostOf(left, 'maxItems') <= limit(demand) || isElementImpossible(proof, left),
  uniqueItems: (left, { facet }) =>
    facet.schema['uniqueItems'] !== true ||
    left.some(({ schema }) => schema['uniqueItems'] === true) ||
    mostOf(left, 'maxItems') <= 1,
  required: (left, { name = '' }) => requiredNames(left).has(name),
  minProperties: (left, demand) => Math.max(leastOf(left, 'minProperties'), requiredNames(left).size) >= limit(demand),
  maxProperties: (left, demand) =>
    Math.min(mostOf(left, 'maxProperties'), allowedNames(left)?.length ?? Infinity) <= limit(demand),
}

function limit({ keyword, facet }: Demand): number {
  return Number(facet.schema[keyword])
}

type Bound = { readonly value: number; readonly isExcluded: boolean }

/** The lower end of the numbers; of whole numbers, the first of them. */
function lowest(left: Left): Bound {
  const [open, closed] = [leastOf(left, 'exclusiveMinimum'), leastOf(left, 'minimum')]
  if (kindsOf(left).includes('fraction')) return { value: Math.max(open, closed), isExcluded: open >= closed }
  return { value: Math.max(Math.floor(open) + 1, Math.ceil(closed)), isExcluded: false }
}

function highest(left: Left): Bound {
  const [open, closed] = [mostOf(left, 'exclusiveMaximum'), mostOf(left, 'maximum')]
  if (kindsOf(left).includes('fraction')) return { value: Math.min(open, closed), isExcluded: open <= closed }
  return { value: Math.min(Math.ceil(open) - 1, Math.floor(closed)), isExcluded: false }
}

/** How much a wrong check digit matters. */
function strictness({ format = '', checkDigit }: Demand['facet']['schema']): number {
  const identifier = identifierOf(format)
  if (identifier === undefined || identifier.checkDigit === 'none') return 0
  return checkDigit === 'warn' ? 0 : 1
}

function listOf(codeList: (id: string) => CodeList | undefined, id: string | undefined): CodeList | undefined {
  return id === undefined ? undefined : codeList(id)
}

/** True if every text that the second list allows is one that the first allows. */
function covers(list: CodeList | undefined, other: CodeList | undefined): boolean {
  if (list === undefined || other === undefined) return false
  const codes = new Set(list.codes.map(({ code }) => code))
  if (!other.codes.every(({ code }) => codes.has(code))) return false
  const { refined } = other
  if (refined === undefined) return true
  return (
    list.refined?.prefix === refined.prefix &&
    refined.lengths.every(length => list.refined?.lengths.includes(length) === true)
  )
}
