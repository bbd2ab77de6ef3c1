/**
 * What is known of a value of which several schemas hold at once: its types, its bounds, the values that are left, the
 * names that an object has and may have.
 *
 * Everything here is an upper bound: a value that the schemas allow is never left out, one that they refuse may stay.
 */
import type { Json } from '../../record.ts'
import type { CodeList } from '../../code-list.ts'
import { inlineSchema } from '../../validate/inline.ts'
import { codeBook } from '../records/code-book.ts'
import { holds } from '../records/holds.ts'
import { isEqual, namesAt } from '../records/schema.ts'
import { propertyOf, schemaIn, schemasIn, without, type Facet } from './facet.ts'
import { isSilent } from './meaning.ts'
import { remembered } from './remember.ts'
import type { Side } from './side.ts'

/** Schemas that all hold of one value. */
export type Left = readonly Facet[]

/** A type of JSON, where numbers are whole or not. */
export type Kind = 'null' | 'boolean' | 'string' | 'object' | 'array' | 'integer' | 'fraction'

export const kinds: readonly Kind[] = ['null', 'boolean', 'string', 'object', 'array', 'integer', 'fraction']

export function kindOf(value: Json): Kind {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'fraction'
  return typeof value as 'boolean' | 'string' | 'object'
}

/** The kinds that `type` names. */
export function kindsNamed(type: unknown): Kind[] {
  const names = [type].flat()
  return kinds.filter(
    kind => names.includes(kind) || (names.includes('number') && (kind === 'integer' || kind === 'fraction')),
  )
}

/** The kinds that a value may be of. */
export const kindsOf = remembered((left: Left): readonly Kind[] =>
  kinds.filter(kind => left.every(facet => kindsIn(facet).includes(kind))),
)

const kindsIn = remembered(({ schema }: Facet): readonly Kind[] => {
  const named = schema.type === undefined ? kinds : kindsNamed(schema.type)
  const listed = listedIn(schema)?.map(kindOf)
  return named.filter(
    kind =>
      (listed === undefined || listed.includes(kind)) &&
      (kind !== 'fraction' || !Number.isInteger(schema['multipleOf'])),
  )
})

/** The values of `enum` or `const`. */
function listedIn(schema: Facet['schema']): Json[] | undefined {
  const lists = [
    ...(Array.isArray(schema['enum']) ? [schema['enum'] as Json[]] : []),
    ...('const' in schema ? [[schema['const'] as Json]] : []),
  ]
  return lists[0]?.filter(value => lists.every(list => list.some(other => isEqual(value, other))))
}

/** All values that are left, where these are finitely many by `enum`, `const`, codes or type. */
export const valuesOf = remembered((left: Left): readonly Json[] | undefined =>
  shortestList(left)?.filter(value => left.every(facet => allows(facet, value))),
)

function shortestList(left: Left): Json[] | undefined {
  const kinds = kindsOf(left)
  const lists = left.flatMap(({ schema, side }): Json[][] => {
    const codes = schema.codes === undefined || !isOnly(kinds, 'string') ? undefined : codesOf(side, schema.codes)
    return [listedIn(schema), codes].filter(list => list !== undefined)
  })
  if (isOnly(kinds, 'boolean', 'null')) {
    lists.push(kinds.flatMap((kind): Json[] => (kind === 'null' ? [null] : [true, false])))
  }
  return lists.toSorted((a, b) => a.length - b.length)[0]
}

function isOnly(kinds: readonly Kind[], ...wanted: readonly Kind[]): boolean {
  return kinds.every(kind => wanted.includes(kind))
}

/** The codes of a list that allows nothing else. */
function codesOf(side: Side, id: string): string[] | undefined {
  const list: CodeList | undefined = side.codeList(id)
  return list === undefined || list.refined !== undefined ? undefined : list.codes.map(({ code }) => code)
}

/** Whether a schema allows a value. */
export function allows(facet: Facet, value: Json): boolean {
  return holds(inlined(facet), value, bookOf(facet.side).has)
}

/** A facet's schema without references. */
export const inlined = remembered(({ side, schema }: Facet): Facet['schema'] => {
  const { $defs, ...plain } = inlineSchema({ ...schema, ...(side.document.$defs && { $defs: side.document.$defs }) })
  return plain
})

const bookOf = remembered((side: Side) => codeBook(side.codeList))

/** The highest that a keyword's lower limits demand; -Infinity where nothing does. */
export function leastOf(left: Left, keyword: string): number {
  return Math.max(...left.map(({ schema }) => Number(schema[keyword] ?? -Infinity)))
}

/** The lowest that a keyword's upper limits allow; Infinity where nothing does. */
export function mostOf(left: Left, keyword: string): number {
  return Math.min(...left.map(({ schema }) => Number(schema[keyword] ?? Infinity)))
}

/** The names that an object always has. */
export function requiredNames(left: Left): Set<string> {
  const names = new Set(left.flatMap(({ schema }) => schema.required ?? []))
  // A set is walked on to what is added meanwhile.
  for (const name of names) {
    for (const { schema } of left) {
      const dependent = schema['dependentRequired']
      if (typeof dependent !== 'object' || dependent === null || !Object.hasOwn(dependent, name)) continue
      for (const other of namesAt(dependent as Record<string, unknown>, name)) names.add(other)
    }
  }
  return names
}

/** The names that an object may have; undefined where they are free. */
export function allowedNames(left: Left): string[] | undefined {
  const lists = left.flatMap(facet => {
    const { schema } = facet
    const naming = schemaIn(facet, 'propertyNames')
    const listed = naming && valuesOf([naming])?.filter(name => typeof name === 'string')
    const isClosed = schema['additionalProperties'] === false && schema['patternProperties'] === undefined
    return [...(isClosed ? [Object.keys(schema.properties ?? {})] : []), ...(listed === undefined ? [] : [listed])]
  })
  const [first, ...others] = lists
  return first?.filter(name => others.every(list => list.includes(name)) && !isAbsent(left, name))
}

/** True where the schemas forbid the name outright. */
export function isAbsent(left: Left, name: string): boolean {
  return left.some(facet => {
    const { schema } = facet
    if (isClosedTo(schema, name)) return true
    const not = schema['not'] as Facet['schema'] | undefined
    const keywords = Object.keys(not ?? {}).filter(keyword => !isSilent(keyword))
    const names = not?.required ?? []
    return keywords.join() === 'required' && names.length === 1 && names[0] === name
  })
}

function isClosedTo(schema: Facet['schema'], name: string): boolean {
  return (
    schema['additionalProperties'] === false &&
    schema['patternProperties'] === undefined &&
    !Object.hasOwn(schema.properties ?? {}, name)
  )
}

/** The schemas that hold of a member. */
export function memberOf(left: Left, name: string): Facet[] {
  return left.flatMap(facet => {
    const property = propertyOf(facet, name)
    if (property !== undefined) return [property]
    return facet.schema['patternProperties'] === undefined ? (schemaIn(facet, 'additionalProperties') ?? []) : []
  })
}

/** The schemas that hold of a member whose name no schema lists. */
export function freeMemberOf(left: Left): Facet[] {
  return left.flatMap(facet =>
    facet.schema['patternProperties'] === undefined ? (schemaIn(facet, 'additionalProperties') ?? []) : [],
  )
}

/** The schemas that hold of every element. */
export function elementOf(left: Left): Facet[] {
  return left.flatMap(facet => (facet.schema['prefixItems'] === undefined ? (schemaIn(facet, 'items') ?? []) : []))
}

/** The facets, with the members of their `allOf` beside them, and with what a double negation says. */
export function flatten(left: Left): Facet[] {
  return left.flatMap(facet => {
    const not = schemaIn(facet, 'not')
    const said = not && Object.keys(not.schema).filter(keyword => !isSilent(keyword))
    const affirmed = said?.join() === 'not' ? schemaIn(not as Facet, 'not') : undefined
    const all = [...('allOf' in facet.schema ? schemasIn(facet, 'allOf') : []), ...(affirmed ? [affirmed] : [])]
    // What is told beside it is taken out: it would be told again at the next time.
    return all.length === 0 ? [facet] : [without(facet, 'allOf', ...(affirmed ? ['not'] : [])), ...flatten(all)]
  })
}
