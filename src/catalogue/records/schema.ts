/** Reads the keywords of a schema that `SchemaNode` leaves open. */
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
