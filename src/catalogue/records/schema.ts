/** Reads the keywords of a schema that `SchemaNode` leaves open. */
import { canonicalise } from '../../canonical.ts'
import type { Json } from '../../record.ts'
import type { SchemaNode } from '../../standard.ts'

export function schemaAt(schema: SchemaNode, keyword: string): SchemaNode | undefined {
  const value = schema[keyword]
  return isObject(value) ? value : undefined
}

export function schemasAt(schema: SchemaNode, keyword: string): readonly SchemaNode[] {
  const value = schema[keyword]
  return Array.isArray(value) ? value : []
}

export function namesAt(object: { readonly [keyword: string]: unknown }, keyword: string): readonly string[] {
  const value = object[keyword]
  return Array.isArray(value) ? value : []
}

export function numberAt(schema: SchemaNode, keyword: string, otherwise: number): number {
  const value = schema[keyword]
  return typeof value === 'number' ? value : otherwise
}

/** The schema of a member; of its own alone, and not `constructor` of every object. */
export function memberAt(properties: SchemaNode['properties'], name: string): SchemaNode | undefined {
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined
}

/** Whether two values are one value of JSON, as Ajv has it: 0 is -0. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b || typeof a !== 'object' || typeof b !== 'object') return a === b
  return a !== null && b !== null && canonicalise(a as Json) === canonicalise(b as Json)
}

export const typeNames = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'] as const

export type TypeName = (typeof typeNames)[number]

export function isTypeOf(type: string, value: Json): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'object') return isObject(value)
  return typeof value === type
}

export function isObject(value: unknown): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
