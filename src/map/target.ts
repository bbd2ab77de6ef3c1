/**
 * What a standard takes at a place: the part of its schema that an adapter is checked against when it is loaded.
 */
import type { Json } from '../record.ts'
import type { SchemaNode } from '../standard.ts'
import { resolveRef } from '../standard.ts'
import type { Kind } from './transforms/transform.ts'

export type JsonType = 'string' | 'integer' | 'number' | 'boolean' | 'null' | 'object' | 'array'

export type Target = {
  /** Of `integer` and `number` only the one that the schema names. */
  readonly types: ReadonlySet<JsonType>
  readonly format: string | undefined
  /** The format of every text that it takes; undefined where there are others. */
  readonly everyFormat: string | undefined
  /** The code list that a text is drawn from. */
  readonly codes: string | undefined
  /** The only texts, numbers and booleans, where the schema lists them. */
  readonly values: readonly Json[] | undefined
  /** The names that an object must have, in every record. */
  readonly required: readonly string[]
  /** The names that the schema lists, in its order. */
  readonly names: readonly string[]
  property(name: string): Target | undefined
  readonly items: Target | undefined
}

/** What takes a text and knows no more of it. */
export const textTarget: Target = targetOf({}, { type: 'string' })

/** What stands in for a target that the standard lacks, once that has been found wrong. */
export const anything: Target = {
  ...targetOf({}, { type: ['string', 'integer', 'number', 'boolean', 'null', 'object', 'array'] }),
  property: () => anything,
}

/** Reads a schema and, where it is a choice (`anyOf`, `oneOf`), all its alternatives as one. */
export function targetOf(document: SchemaNode, node: SchemaNode): Target {
  const choices = alternatives(document, node)
  const object = choices.find(({ properties }) => properties !== undefined)
  const open = choices.find(choice => isSchema(choice['additionalProperties']) || choice['patternProperties'])
  const items = choices.find(choice => choice.items !== undefined)?.items
  const text = choices.find(choice => choice.format !== undefined || choice.codes !== undefined)
  const listed = choices.filter(choice => typesOf(choice).some(isScalar)).map(valuesOf)
  const formats = new Set(choices.filter(choice => typesOf(choice).includes('string')).map(({ format }) => format))
  return {
    types: new Set(choices.flatMap(typesOf)),
    format: text?.format,
    everyFormat: formats.size === 1 ? [...formats][0] : undefined,
    codes: text?.codes,
    values: listed.some(values => values === undefined) ? undefined : listed.flatMap(values => values ?? []),
    required: object?.required ?? [],
    names: Object.keys(object?.properties ?? {}),
    property(name) {
      const property = own(object?.properties, name) ?? openProperty(open, name)
      return property === undefined ? undefined : targetOf(document, property)
    },
    items: items === undefined ? undefined : targetOf(document, items),
  }
}

/** True where every value of the kind has a type, and as far as it is known a format, that the target takes. */
export function takes(target: Target, kind: Kind): boolean {
  const { type, format } = kind
  if (type === 'texts') return target.types.has('array') && (target.items?.types.has('string') ?? true)
  if (type === 'integer') return target.types.has('integer') || target.types.has('number')
  if (type !== 'text') return target.types.has(type)
  if (!target.types.has('string')) return false
  return format === undefined || target.format === undefined || format === target.format
}

export function typeOf(value: Json): JsonType {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value as 'string' | 'boolean' | 'object'
}

function alternatives(document: SchemaNode, node: SchemaNode): SchemaNode[] {
  const schema = resolveRef(document, node)
  const choices = [schema['anyOf'], schema['oneOf']].filter(Array.isArray).flat() as SchemaNode[]
  return [schema, ...choices.flatMap(choice => alternatives(document, choice))]
}

function typesOf(node: SchemaNode): JsonType[] {
  if (node.type !== undefined) return [node.type].flat() as JsonType[]
  const values = valuesOf(node)
  if (values !== undefined) return values.map(typeOf)
  if (node.properties !== undefined) return ['object']
  return node.items === undefined ? [] : ['array']
}

function isScalar(type: JsonType): boolean {
  return type !== 'object' && type !== 'array' && type !== 'null'
}

function valuesOf(node: SchemaNode): readonly Json[] | undefined {
  if (node['const'] !== undefined) return [node['const'] as Json]
  return node['enum'] as Json[] | undefined
}

function openProperty(node: SchemaNode | undefined, name: string): SchemaNode | undefined {
  const patterns = Object.entries((node?.['patternProperties'] ?? {}) as { [pattern: string]: SchemaNode })
  const matching = patterns.find(([pattern]) => new RegExp(pattern, 'u').test(name))?.[1]
  const additional = node?.['additionalProperties']
  return matching ?? (isSchema(additional) ? additional : undefined)
}

function own(properties: SchemaNode['properties'], name: string): SchemaNode | undefined {
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined
}

function isSchema(value: unknown): value is SchemaNode {
  return typeof value === 'object' && value !== null
}
