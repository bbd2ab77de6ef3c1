/**
 * Where schemas stand inside a schema (JSON Schema 2020-12): the one place that knows, for all that walk or rewrite them.
 */
import type { SchemaNode } from '../standard.ts'

/** Keywords whose value is a schema. */
const one = new Set([
  'items',
  'contains',
  'additionalProperties',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
  'if',
  'then',
  'else',
  'not',
])

/** Keywords whose value is an array of schemas, or an object of schemas by name. */
const many = new Set([
  'allOf',
  'anyOf',
  'oneOf',
  'prefixItems',
  'properties',
  'patternProperties',
  'dependentSchemas',
  '$defs',
])

/** A copy of the node with each schema directly inside it changed; `pointer` leads from the node to the schema. */
export function mapSubschemas(
  node: SchemaNode,
  change: (subschema: SchemaNode, pointer: string) => SchemaNode,
): SchemaNode {
  const changed = (value: unknown, pointer: string): unknown => (isSchema(value) ? change(value, pointer) : value)
  const entries = Object.entries(node).map(([keyword, value]): [string, unknown] => {
    if (one.has(keyword)) return [keyword, changed(value, `/${keyword}`)]
    if (!many.has(keyword)) return [keyword, value]
    if (Array.isArray(value)) return [keyword, value.map((item, i) => changed(item, `/${keyword}/${i}`))]
    const named = Object.entries(value ?? {}).map(([name, item]): [string, unknown] => [
      name,
      changed(item, `/${keyword}/${escapeName(name)}`),
    ])
    return [keyword, Object.fromEntries(named)]
  })
  return Object.fromEntries(entries)
}

/** Calls `visit` with the node and every schema inside it, at any depth, outermost first. */
export function visitSchemas(
  node: SchemaNode,
  visit: (schema: SchemaNode, pointer: string) => void,
  pointer = '',
): void {
  visit(node, pointer)
  mapSubschemas(node, (subschema, below) => {
    visitSchemas(subschema, visit, pointer + below)
    return subschema
  })
}

/** A name as a part of a JSON pointer (RFC 6901 §3). */
export function escapeName(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

function isSchema(value: unknown): value is SchemaNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
