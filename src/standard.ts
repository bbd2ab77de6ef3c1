/**
 * Reads a standard's document into its table of fields: what mapping, validation, agreements and the store go by.
 *
 * Pure and shallow: it trusts a document that passed `schemas/meta/standard.json`.
 */
import type { FieldPath, JsonObject, Level, RecordKey, Titles } from './record.ts'
import { joinKey } from './record.ts'

/** `major.minor.patch`. */
export type Version = string

export type Sharing = 'unconditional' | 'conditional' | 'not-shared'

/** A JSON Schema as far as the line needs to walk it. */
export type SchemaNode = {
  readonly $ref?: string
  readonly $defs?: { readonly [name: string]: SchemaNode }
  readonly type?: string | readonly string[]
  readonly properties?: { readonly [name: string]: SchemaNode }
  readonly required?: readonly string[]
  readonly items?: SchemaNode
  readonly format?: string
  readonly titles?: Titles
  readonly level?: Level
  readonly sharing?: Sharing
  readonly codes?: string
  readonly codesOn?: string
  readonly indexed?: boolean
  /** At a top-level field: the department whose word counts. */
  readonly authority?: string
  readonly unit?: string
  readonly [keyword: string]: unknown
}

/** A standard as the catalogue holds it: JSON Schema 2020-12 plus the vocabulary of `schemas/meta/standard.json`. */
export type StandardDocument = SchemaNode & {
  readonly $id: string
  readonly standard: {
    readonly id: string
    readonly version: Version
    readonly owner: string
    /** The department whose word counts for fields that name no other. */
    readonly authority?: string
    readonly titles: Titles
    readonly abstract?: Titles
    readonly key: readonly string[]
    readonly subjects: readonly FieldPath[]
    readonly sharing: Sharing
    /** True where an agreement grants only to compare (verify) unless it says more. */
    readonly compareOnly?: boolean
    readonly openness: 'open' | 'on-request' | 'closed'
    readonly updateCycle: string
    readonly legalBasis: string
    readonly resourceCode: string
    /** Under which the public may use what is open. */
    readonly licences?: readonly Licence[]
    /** What the records are good for. */
    readonly purpose?: Titles
    readonly sourceSystem?: Titles
    readonly contact?: Contact
  }
  /** How a record of this major becomes one of an older one: rules of the adapters' language, by fields of the older. */
  readonly conversion?: { readonly to: number; readonly fields: JsonObject }
}

export type Licence = { readonly titles: Titles; readonly uri: string }

/** An office that answers questions about a standard's records. */
export type Contact = {
  readonly titles: Titles
  readonly email?: string
  readonly telephone?: string
  readonly url?: string
}

/** A leaf of a standard. */
export type Field = {
  readonly path: FieldPath
  /** The first name of the path: the unit that the store keeps separable. */
  readonly top: string
  readonly level: Level
  readonly sealed: boolean
  readonly indexed: boolean
  readonly sharing: Sharing
  readonly titles: Titles
  /** Present in every valid record (in every element, below an array). */
  readonly required: boolean
  readonly schema: SchemaNode
}

export type Standard = {
  readonly id: string
  readonly version: Version
  readonly major: number
  readonly document: StandardDocument
  readonly key: readonly string[]
  readonly subjects: readonly FieldPath[]
  readonly fields: readonly Field[]
  /** The names of the top-level properties, in the order of the document. */
  readonly names: readonly string[]
  /** True where a part of the key is sealed: the key is stored as its keyed hash and never stands in a URL. */
  readonly keySealed: boolean
}

export function readStandard(document: StandardDocument): Standard {
  const { id, version, key, subjects } = document.standard
  const fields = leaves(document, document, '', true, document.standard.sharing)
  return {
    id,
    version,
    major: majorOf(version),
    document,
    key,
    subjects,
    fields,
    names: Object.keys(document.properties ?? {}),
    keySealed: fields.some(field => field.sealed && key.includes(field.path)),
  }
}

/** The department whose word counts for a top-level field, or for the record as a whole. */
export function authorityOf({ document }: Standard, field?: string): string {
  const { authority, owner } = document.standard
  return (field === undefined ? undefined : document.properties?.[field]?.authority) ?? authority ?? owner
}

/** Each department that a standard's document names as an authority, with the place where it does. */
export function authoritiesIn({
  standard,
  properties = {},
}: StandardDocument): { pointer: string; department: string }[] {
  const named = [
    { pointer: '/standard/authority', department: standard.authority },
    ...Object.entries(properties).map(([name, { authority }]) => ({
      pointer: `/properties/${name}/authority`,
      department: authority,
    })),
  ]
  return named.flatMap(({ pointer, department }) => (department === undefined ? [] : [{ pointer, department }]))
}

export function majorOf(version: Version): number {
  return Number.parseInt(version, 10)
}

/** The key of a record, or undefined where a part is missing or empty. */
export function keyOf(standard: Standard, record: JsonObject): RecordKey | undefined {
  const parts: string[] = []
  for (const name of standard.key) {
    const part = record[name]
    if (typeof part !== 'string' || part === '') return undefined
    parts.push(part)
  }
  return joinKey(parts)
}

/** Follows a local `$ref` (`#/$defs/…`); a node without one is returned as it is. Siblings of the `$ref` win. */
export function resolveRef(document: SchemaNode, node: SchemaNode): SchemaNode {
  if (node.$ref === undefined) return node
  const target = document.$defs?.[node.$ref.replace('#/$defs/', '')]
  if (target === undefined) throw new Error('bug: a published standard has a dangling $ref')
  const { $ref, ...siblings } = node
  return { ...resolveRef(document, target), ...siblings }
}

/** The schema of the objects a node describes, itself or its items; undefined where the node is a leaf. */
export function objectOf(document: SchemaNode, node: SchemaNode): SchemaNode | undefined {
  const own = resolveRef(document, node)
  if (own.properties !== undefined) return own
  return own.items === undefined ? undefined : objectOf(document, own.items)
}

function leaves(
  document: SchemaNode,
  object: SchemaNode,
  prefix: string,
  required: boolean,
  sharing: Sharing,
  inherited?: Level,
): Field[] {
  return Object.entries(object.properties ?? {}).flatMap(([name, raw]) => {
    const node = resolveRef(document, raw)
    const path = prefix + name
    const always = required && (object.required ?? []).includes(name)
    const level = node.level ?? inherited
    const below = objectOf(document, node)
    if (below !== undefined) return leaves(document, below, `${path}.`, always, node.sharing ?? sharing, level)
    return {
      path,
      top: path.split('.', 1)[0] ?? path,
      level: level ?? 'L1',
      sealed: level === 'L3' || level === 'L4',
      indexed: node.indexed === true,
      sharing: node.sharing ?? sharing,
      titles: node.titles ?? { 'zh-CN': name, en: name },
      required: always,
      schema: node,
    }
  })
}
