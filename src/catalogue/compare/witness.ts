/**
 * Looks for a record that shows a break: valid under one version by its own validator, refused by the other's.
 *
 * Grown by chance from a fixed seed, so that the same two versions give the same record. Finding none proves nothing.
 */
import type { Issue, JsonObject } from '../../record.ts'
import { readStandard, type SchemaNode } from '../../standard.ts'
import { inlineSchema } from '../../validate/inline.ts'
import { compileValidator, type Validator } from '../../validate/validator.ts'
import { codeBook } from '../records/code-book.ts'
import { grow } from '../records/grow.ts'
import { hintsOf } from '../records/hints.ts'
import { seededRandom } from '../records/random.ts'
import { isObject } from '../records/schema.ts'
import { inlined } from './known.ts'
import { goalsOf } from './goals.ts'
import { schemaAtPlace, type Place } from './place.ts'
import type { Unmet } from './proof.ts'
import type { Side } from './side.ts'

/** `issues` say why the other version refuses the record, or what its reader misses. */
export type Witness = { readonly record: JsonObject; readonly issues: readonly Issue[] }

export type Search = {
  /** A record that one version allows and that fails the other's demand. */
  readonly against: (unmet: Unmet) => Witness | undefined
  /** A record that has a value at the place. */
  readonly having: (place: Place) => JsonObject | undefined
}

const seed = 20_260_101

/** Records grown for one goal; nearly all that are found are among the first five. */
const triesOfGoal = 24

/** Values tried for one record, as in record-generator.ts. */
const fuelOfRecord = 1_500

export function searchWitness(left: Side, right: Side): Search {
  const book = codeBook(left.codeList)
  const schemas = once(() => ({ left: inlineSchema(left.document), right: inlineSchema(right.document) }))
  const hints = once(() => hintsOf([schemas().left, schemas().right]))
  const allows = once(() => validatorOf(left))
  const refuses = once(() => validatorOf(right))
  const isAllowed = (record: JsonObject): boolean => allows().validate(record).issues.length === 0

  return {
    against(unmet) {
      const assumed = unmet.assumed.map(({ place, facet }) => schemaAtPlace(place, inlined(facet)))
      const told = placeOfIssue(unmet)
      for (const goal of goalsOf(unmet)) {
        for (const record of records([schemaAtPlace(unmet.place, goal), ...assumed])) {
          const issues = issuesAt(told, refuses().validate(record).issues)
          if (issues.length > 0) return trim({ record, issues }, told)
        }
      }
      return undefined
    },
    having: place => records([schemaAtPlace(place, {})]).next().value,
  }

  /** Records that the left allows and the goals hold of, as many as the tries give. */
  function* records(goals: readonly SchemaNode[]): Generator<JsonObject, undefined> {
    const random = seededRandom(seed)
    for (let tries = 0; tries < triesOfGoal; tries++) {
      // Bare records first: they show nothing but the break.
      const fill = [0, 0, 0.5, 1][tries % 4] ?? 1
      const growing = { random, codes: book, hints: hints(), fill, edge: tries % 3 === 0 ? 0 : 0.5, fuel: fuelOfRecord }
      const record = grow(growing, [schemas().left, ...goals], '')
      if (isObject(record) && isAllowed(record)) yield record
    }
    return undefined
  }

  /** The witness without the members that it does without. */
  function trim(witness: Witness, place: Place): Witness {
    return Object.keys(witness.record).reduce((best, name) => {
      const { [name]: _, ...record } = best.record
      if (!isAllowed(record)) return best
      const issues = issuesAt(place, refuses().validate(record).issues)
      return issues.length > 0 ? { record, issues } : best
    }, witness)
  }
}

function validatorOf(side: Side): Validator {
  return compileValidator(readStandard(side.document), side.codeList)
}

/** Issues of a member that must or must not be there stand at the member. */
function placeOfIssue({ keyword, name, place }: Unmet): Place {
  const isOfMember = ['required', 'dependentRequired', 'additionalProperties'].includes(keyword)
  return isOfMember && name !== undefined ? [...place, { name }] : place
}

/** The issues at a place or below it. */
function issuesAt(place: Place, issues: readonly Issue[]): Issue[] {
  return issues.filter(({ pointer }) => {
    const names = pointer.split('/').slice(1)
    return place.every((step, i) => {
      const name = names[i]?.replaceAll('~1', '/').replaceAll('~0', '~')
      // The name of a member that may not be called so is told at the object.
      if (step === 'name' || name === undefined) return i >= names.length && step === 'name'
      return typeof step === 'object' ? step.name === name : true
    })
  })
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}
