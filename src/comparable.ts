/** Values of records in a form in which those that mean the same are equal: decimals without what changes no amount. */
import type { Json } from './record.ts'
import { resolveRef, type SchemaNode } from './standard.ts'

/** A value as its schema means it, at any depth: 12.50 becomes 12.5. */
export function comparable(value: Json, schema: SchemaNode | undefined, document?: SchemaNode): Json {
  const own = schema && document ? resolveRef(document, schema) : schema
  if (own === undefined) return value
  if (Array.isArray(value)) return value.map(item => comparable(item, own.items, document))
  if (typeof value === 'string') return own.format === 'decimal' ? plainDecimal(value) : value
  if (value === null || typeof value !== 'object' || own.properties === undefined) return value
  const members = Object.entries(value).map(([name, inner]): [string, Json] => [
    name,
    comparable(inner, own.properties?.[name], document),
  ])
  return Object.fromEntries(members)
}

/** As text: an amount may have more digits than a number keeps. */
function plainDecimal(text: string): string {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)0*(\d+)(?:\.(\d*?)0*)?$/.exec(text) ?? []
  if (whole === '') return text
  const digits = fraction === '' ? whole : `${whole}.${fraction}`
  return digits === '0' ? digits : sign + digits
}

/** What is said at a leaf: once, or once in each element of the arrays that it stands in. A null is said. */
export function valuesAt(node: Json, steps: readonly string[]): Json[] {
  const [step, ...below] = steps
  if (step === undefined) return [node]
  if (Array.isArray(node)) return node.flatMap(element => valuesAt(element, steps))
  const inner = node === null || typeof node !== 'object' ? undefined : node[step]
  return inner === undefined ? [] : valuesAt(inner, below)
}
