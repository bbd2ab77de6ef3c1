/**
 * Grows a value that is valid under several schemas at once: chooses a way through their alternatives and conditions,
 * grows a value for it, and looks whether it is valid under all of them.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Json } from '../../record.ts'
import type { SchemaNode } from '../../standard.ts'
import { growArray } from './arrays.ts'
import { chooseWay, hasChoice } from './choose-way.ts'
import type { Grow, Growing } from './growing.ts'
import { holds } from './holds.ts'
import type { Place } from './hints.ts'
import { growNumber } from './numbers.ts'
import { growObject } from './objects.ts'
import { chance, oneOf } from './random.ts'
import { typeNames, type TypeName } from './schema.ts'
import { growText } from './texts.ts'

const triesOfWay = 8

/** Where there is one way only; a text is tried more often by itself. */
const triesOfOneWay = 2

export const grow: Grow = (growing, schemas, place) => {
  const tries = schemas.some(hasChoice) ? triesOfWay : triesOfOneWay
  for (let i = 0; i < tries && growing.fuel > 0; i++) {
    growing.fuel--
    const value = growWay(growing, chooseWay(growing.random, schemas.length === 0 ? [{}] : schemas), place)
    if (value !== undefined && schemas.every(schema => holds(schema, value, growing.codes.has))) return value
  }
  return undefined
}

/** Grows a value for schemas whose alternatives are chosen: their own combinations say nothing more. */
function growWay(growing: Growing, way: readonly SchemaNode[], place: Place): Json | undefined {
  const listed = listedValues(way)
  if (listed !== undefined) return oneOf(growing.random, listed)
  const types = typesOf(way)
  // Null is what standards write for open-ended: it is to be seen often.
  const type = types.includes('null') && chance(growing.random, 0.25) ? 'null' : oneOf(growing.random, types)
  switch (type) {
    case 'object':
      return growObject(growing, way, place, grow)
    case 'array':
      return growArray(growing, way, place, grow)
    case 'string':
      return growText(growing, way, place)
    case 'number':
    case 'integer':
      return growNumber(growing, way, place, type === 'integer')
    case 'boolean':
      return chance(growing.random, 0.5)
    case 'null':
      return null
    case undefined:
      return undefined
  }
}

/** The values that every `enum` and `const` allows; undefined where there is none of these keywords. */
function listedValues(way: readonly SchemaNode[]): Json[] | undefined {
  const lists = way.flatMap((schema): Json[][] => {
    const values: unknown = schema['enum']
    return [...(Array.isArray(values) ? [values] : []), ...('const' in schema ? [[schema['const'] as Json]] : [])]
  })
  const [first, ...others] = lists
  return first?.filter(value => others.every(list => list.some(other => isDeepStrictEqual(value, other))))
}

function typesOf(way: readonly SchemaNode[]): readonly TypeName[] {
  const lists = way.flatMap(({ type }) => (type === undefined ? [] : [[type].flat()]))
  if (lists.length === 0) return guessTypes(way)
  return typeNames.filter(name =>
    lists.every(list => list.includes(name) || (name === 'integer' && list.includes('number'))),
  )
}

/** Where no type is given, that of the keywords, and sometimes any. */
function guessTypes(way: readonly SchemaNode[]): readonly TypeName[] {
  const guessed = typeNames.filter(name => way.some(schema => keywordsOf[name].some(keyword => keyword in schema)))
  return guessed.length > 0 ? [...guessed, ...guessed, ...typeNames] : [...flat, ...flat, ...typeNames]
}

/** By preference, or a value of which nothing is said would go on for ever. */
const flat = ['string', 'number', 'integer', 'boolean', 'null'] as const

const keywordsOf: Readonly<Record<TypeName, readonly string[]>> = {
  object: ['properties', 'required', 'additionalProperties', 'propertyNames', 'minProperties', 'dependentRequired'],
  array: ['items', 'contains', 'minItems', 'maxItems', 'uniqueItems'],
  string: ['pattern', 'format', 'minLength', 'maxLength'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  integer: [],
  boolean: [],
  null: [],
}
