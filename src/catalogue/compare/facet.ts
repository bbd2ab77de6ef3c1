/**
 * A schema as it is compared: references followed, with the place in its document from which each keyword came, so that
 * a change is reported where a steward finds it.
 */
import { resolveRef, type SchemaNode } from '../../standard.ts'
import { withCheckDigit } from '../../validate/inline.ts'
import { escapeName } from '../../validate/subschemas.ts'
import { remembered } from './remember.ts'
import type { Side } from './side.ts'

export type Facet = {
  readonly side: Side
  /** Without `$ref`; what it holds may have one. */
  readonly schema: SchemaNode
  /** The pointer to the schema that a keyword was written in: the field, or the definition that it refers to. */
  readonly holderOf: (keyword: string) => string
}

export function rootOf(side: Side): Facet {
  return facetOf(side, side.document, '')
}

/**
 * The same schema at the same place gives the same facet, by which what is known of it is remembered. What is written
 * beside a `$ref` wins over what it leads to, as everywhere in the hub.
 */
export function facetOf(side: Side, raw: SchemaNode, pointer: string): Facet {
  return facetsOf(side)(raw, pointer)
}

const facetsOf = remembered((side: Side) =>
  remembered((raw: SchemaNode, pointer): Facet => newFacet(side, raw, pointer)),
)

function newFacet(side: Side, raw: SchemaNode, pointer: string): Facet {
  const { holderOf } = referred(side, raw, pointer)
  // After all references: the default of a check digit is that of the format which wins.
  return { side, schema: withCheckDigit(resolveRef(side.document, raw)), holderOf }
}

function referred(side: Side, raw: SchemaNode, pointer: string): Pick<Facet, 'holderOf'> {
  const { $ref, ...own } = raw
  if ($ref === undefined) return { holderOf: () => pointer }
  const name = $ref.replace('#/$defs/', '')
  const target = side.document.$defs?.[name]
  if (target === undefined) throw new Error('bug: a published standard has a dangling $ref')
  const behind = facetOf(side, target, `/$defs/${escapeName(name)}`)
  return { holderOf: keyword => (keyword in own ? pointer : behind.holderOf(keyword)) }
}

/** The pointer to a keyword, or to something below it. */
export function pointerTo(facet: Facet, keyword: string, ...below: readonly (string | number)[]): string {
  const names = [keyword, ...below].map(name => `/${escapeName(String(name))}`)
  return facet.holderOf(keyword) + names.join('')
}

/** The schema that is a keyword's value. */
export function schemaIn(facet: Facet, keyword: string): Facet | undefined {
  const value = facet.schema[keyword]
  return isSchema(value) ? facetOf(facet.side, value, pointerTo(facet, keyword)) : undefined
}

/** The schemas that are a keyword's array. */
export function schemasIn(facet: Facet, keyword: string): Facet[] {
  const value = facet.schema[keyword]
  if (!Array.isArray(value)) return []
  return value.flatMap((item: unknown, i) =>
    isSchema(item) ? [facetOf(facet.side, item, pointerTo(facet, keyword, i))] : [],
  )
}

export function propertyOf(facet: Facet, name: string): Facet | undefined {
  const properties = facet.schema.properties
  const property = properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined
  return isSchema(property) ? facetOf(facet.side, property, pointerTo(facet, 'properties', name)) : undefined
}

/** The facet with a part of its keywords, or with others in their place; each stands where it stood. */
export function withSchema(facet: Facet, schema: SchemaNode): Facet {
  return { ...facet, schema }
}

/** The facet without some of its keywords. */
export function without(facet: Facet, ...keywords: readonly string[]): Facet {
  return withoutListed(facet, keywords.join())
}

const withoutListed = remembered((facet: Facet, listed): Facet => {
  const keywords = listed.split(',')
  const kept = Object.entries(facet.schema).filter(([keyword]) => !keywords.includes(keyword))
  return withSchema(facet, Object.fromEntries(kept))
})

/** The facet of all that another refuses. */
export const negated = remembered((facet: Facet): Facet => withSchema(facet, { not: facet.schema }))

export function isSchema(value: unknown): value is SchemaNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
