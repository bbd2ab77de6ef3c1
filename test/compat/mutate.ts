/**
 * What happens to standards from one version to the next, everyday and nasty: each change is chosen and steered by a
 * seed, so that a pair can be made again without one of them.
 */
import { between, chance, seededRandom, type Random } from '../../src/catalogue/records/random.ts'
import { addCondition, addDependency } from './mutate-conditions.ts'
import { mutateEntry, mutateList } from './mutate-entry.ts'
import { restate } from './mutate-restate.ts'
import { mutateValue } from './mutate-value.ts'
import { moveToDefinition, type Plain } from './random-side.ts'
import { pick, randomField, type Draft } from './random-schema.ts'

/** A copy of the standard with the changes of these seeds, in this order. */
export function mutated(plain: Plain, seeds: readonly number[]): Plain {
  const copy = structuredClone(plain)
  for (const seed of seeds) {
    const random = seededRandom(seed)
    const text = JSON.stringify(copy)
    // Many a change finds nothing to change where it falls.
    for (let tries = 0; tries < 5 && JSON.stringify(copy) === text; tries++) pick(random, mutations)(copy, random)
  }
  return copy
}

type Mutation = (plain: Plain, random: Random) => void

const onValue: Mutation = (plain, random) => mutateValue(pick(random, schemasIn(plain.document)), random)
const onMembers: Mutation = (plain, random) => mutateMembers(pick(random, objectsIn(plain.document)), random)
const inOtherWords: Mutation = (plain, random) => restate(pick(random, schemasIn(plain.document)), random)

const mutations: readonly Mutation[] = [
  onValue,
  onValue,
  onValue,
  onMembers,
  onMembers,
  inOtherWords,
  inOtherWords,
  (plain, random) => addCondition(pick(random, objectsIn(plain.document)), random),
  (plain, random) => removeCondition(plain.document, random),
  (plain, random) => addDependency(pick(random, objectsIn(plain.document)), random),
  (plain, random) => moveToDefinition(plain, pick(random, Object.keys(plain.document.properties))),
  (plain, random) => mutateList(pick(random, plain.lists), random),
  (plain, random) => mutateEntry(plain, random),
]

/** Fields come, go, become required or free, change their name or place. */
function mutateMembers(object: Draft, random: Random): void {
  const properties = object['properties'] as Draft
  const required = (object['required'] ?? []) as string[]
  const name = pick(random, Object.keys(properties))
  const change = between(random, 0, 6)
  if (change <= 1) {
    properties['added'] = randomField(random, 1)
    if (change === 1 && chance(random, 0.5)) object['required'] = [...required, 'added']
  } else if (change <= 3) {
    object['required'] = required.includes(name) ? required.filter(each => each !== name) : [...required, name]
  } else if (change === 4 && Object.keys(properties).length > 1) {
    delete properties[name]
    object['required'] = required.filter(each => each !== name)
  } else if (change === 5) {
    properties[`${name}2`] = properties[name]
    delete properties[name]
    object['required'] = required.map(each => (each === name ? `${name}2` : each))
  } else {
    object['properties'] = Object.fromEntries(Object.entries(properties).toReversed())
  }
}

function removeCondition(document: Draft, random: Random): void {
  const keyword = pick(random, ['allOf', 'dependentRequired', 'not', 'anyOf', 'oneOf'])
  const holders = [...objectsIn(document), ...schemasIn(document)].filter(schema => keyword in schema)
  if (holders.length > 0) delete pick(random, holders)[keyword]
}

/** The objects with members: the record, and those inside it. */
function objectsIn(document: Draft): Draft[] {
  return [document, ...schemasIn(document).filter(({ properties }) => Object.keys(properties ?? {}).length > 0)]
}

/** Every schema of a value below the record: fields, elements, definitions. */
function schemasIn(schema: Draft): Draft[] {
  const below = [
    ...Object.values((schema['properties'] ?? {}) as Draft),
    ...Object.values((schema['$defs'] ?? {}) as Draft),
    schema['items'],
    schema['additionalProperties'],
  ].filter((each): each is Draft => typeof each === 'object' && each !== null)
  return below.flatMap(each => [each, ...schemasIn(each)])
}
