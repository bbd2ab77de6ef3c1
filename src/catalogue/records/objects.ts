/** Grows objects: which members they have, and each of these under all the schemas that speak of it. */
import type { Json, JsonObject } from '../../record.ts'
import type { SchemaNode } from '../../standard.ts'
import type { Grow, Growing } from './growing.ts'
import { holds } from './holds.ts'
import { placeBelow, type Place } from './hints.ts'
import { between, chance, oneOf } from './random.ts'
import { isObject, memberAt, namesAt, numberAt, schemaAt } from './schema.ts'
import { growText } from './texts.ts'

export function growObject(
  growing: Growing,
  way: readonly SchemaNode[],
  place: Place,
  grow: Grow,
): JsonObject | undefined {
  const required = new Set(way.flatMap(({ required = [] }) => required))
  const grown = new Map<string, Json>()
  for (const name of namesToGrow(growing, way, required)) {
    const schemas = schemasOf(way, name)
    const value = schemas && grow(growing, schemas, placeBelow(place, 'properties', name))
    if (value !== undefined) grown.set(name, value)
    else if (required.has(name)) return undefined
  }
  addFreeNames(growing, way, grown, place, grow)
  return Object.fromEntries(grown)
}

/** The names to be grown: those required, and by chance the others, with the names that depend on them. */
function namesToGrow(growing: Growing, way: readonly SchemaNode[], required: ReadonlySet<string>): Set<string> {
  const absent = new Set(way.flatMap(schema => namesAt(schema, 'absent')))
  const most = Math.min(...way.map(schema => numberAt(schema, 'maxProperties', Infinity)))
  const least = Math.max(...way.map(schema => numberAt(schema, 'minProperties', 0)))
  const optional = new Set(way.flatMap(({ properties = {} }) => Object.keys(properties)))
  const names = new Set(required)
  for (const name of optional) {
    if (!absent.has(name) && names.size < most && chance(growing.random, growing.fill)) names.add(name)
  }
  for (const name of optional) if (!absent.has(name) && names.size < least) names.add(name)
  // A set is walked on to what is added meanwhile.
  for (const name of names) {
    for (const schema of way) {
      const dependent = schema['dependentRequired']
      if (isObject(dependent)) namesAt(dependent, name).forEach(other => names.add(other))
    }
  }
  // In the order of the document, as records have them.
  return new Set([...optional, ...names].filter(name => names.has(name)))
}

/** All that is said of a member; undefined where one of the schemas allows none of that name. */
function schemasOf(way: readonly SchemaNode[], name: string): SchemaNode[] | undefined {
  const schemas: SchemaNode[] = []
  for (const schema of way) {
    const property = memberAt(schema.properties, name)
    if (property === undefined && schema['additionalProperties'] === false) return undefined
    const member = property ?? schemaAt(schema, 'additionalProperties')
    if (member !== undefined) schemas.push(member)
  }
  return schemas
}

/** Members with names that no schema lists, where all allow them. */
function addFreeNames(
  growing: Growing,
  way: readonly SchemaNode[],
  grown: Map<string, Json>,
  place: Place,
  grow: Grow,
): void {
  if (way.some(schema => schema.properties !== undefined || schema['additionalProperties'] === false)) return
  const { random, edge } = growing
  const least = Math.max(...way.map(schema => numberAt(schema, 'minProperties', 0)))
  const most = Math.min(...way.map(schema => numberAt(schema, 'maxProperties', least + 2)))
  const count = chance(random, edge)
    ? chance(random, 0.5)
      ? least
      : most
    : between(random, least, Math.max(least, most))
  const naming = way.map(schema => schemaAt(schema, 'propertyNames')).filter(each => each !== undefined)
  const namings: SchemaNode[] = [{ minLength: 1, maxLength: 20 }, ...naming]
  for (let tries = 0; tries < 3 * count && grown.size < count; tries++) {
    const spoken = chance(random, 0.3) ? oneOf(random, namesSpokenOf(growing, place)) : undefined
    const isFit = spoken !== undefined && namings.every(each => holds(each, spoken, growing.codes.has))
    const name = isFit ? spoken : growText(growing, namings, placeBelow(place, 'propertyNames'))
    const value =
      name !== undefined && grow(growing, schemasOf(way, name) ?? [], placeBelow(place, 'additionalProperties'))
    // `__proto__` would not be a member of its own.
    if (typeof name === 'string' && value !== undefined && value !== false && name !== '__proto__')
      grown.set(name, value)
  }
}

/** Names that either version demands, forbids or hangs something on. */
function namesSpokenOf({ hints }: Growing, place: Place): string[] {
  return (hints.get(place) ?? []).flatMap(schema => [
    ...(schema.required ?? []),
    ...Object.keys(schema['dependentRequired'] ?? {}),
  ])
}
