/**
 * What a reader of a standard counts on, derived from the definition and not from the comparison's code: the types of a
 * record's fields, which of them are always there, and which values they have where these are listed for good.
 */
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Side } from '../../src/catalogue/compare/side.ts'
import type { Json, JsonObject } from '../../src/record.ts'
import { resolveRef, type SchemaNode } from '../../src/standard.ts'

export type Reader = {
  /** The record without the members that the reader does not know. */
  readonly cut: (record: JsonObject) => JsonObject
  /** Whether the record has what the reader counts on, and where it has not. */
  readonly faultsIn: (record: JsonObject) => readonly string[]
}

const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false, validateFormats: false })

export function readerOf(side: Side): Reader {
  const expected = reduce(side, side.document)
  const accepts = ajv.compile(expected)
  // It would be kept for good, under its object.
  ajv.removeSchema(expected)
  return {
    cut: record => cut(side, side.document, record) as JsonObject,
    faultsIn: record =>
      accepts(record) ? [] : (accepts.errors ?? []).map(error => `${error.instancePath} ${error.keyword}`),
  }
}

function reduce(side: Side, raw: SchemaNode): SchemaNode {
  const node = resolveRef(side.document, raw)
  const reduced: { [keyword: string]: unknown } = {}
  for (const keyword of ['type', 'enum', 'const', 'required']) if (keyword in node) reduced[keyword] = node[keyword]
  const list = node.codes === undefined ? undefined : side.codeList(node.codes)
  const conditions: SchemaNode[] = []
  if (list?.closed === true) {
    const { prefix, lengths } = list.refined ?? { prefix: 0, lengths: [] }
    const refined = list.codes.flatMap(({ code }) => lengths.map(length => `^${code}\\d{${length - prefix}}$`))
    const known = [{ enum: list.codes.map(({ code }) => code) }, ...refined.map(pattern => ({ pattern }))]
    conditions.push({ anyOf: [...known, { not: { type: 'string' } }] })
  }
  if (node.properties !== undefined) {
    const members = Object.entries(node.properties).map(([name, each]) => [name, reduce(side, each)] as const)
    reduced['properties'] = Object.fromEntries(members)
  } else {
    for (const keyword of ['anyOf', 'oneOf']) {
      const ways = node[keyword] as readonly SchemaNode[] | undefined
      if (ways !== undefined) conditions.push({ anyOf: ways.map(way => reduce(side, way)) })
    }
  }
  if (node.items !== undefined) reduced['items'] = reduce(side, node.items)
  const free = node['additionalProperties']
  if (typeof free === 'object' && free !== null) reduced['additionalProperties'] = reduce(side, free as SchemaNode)
  return conditions.length === 0 ? reduced : { ...reduced, allOf: conditions }
}

/** By the fields: members of an object that has a list of them, and of the elements of an array. */
function cut(side: Side, raw: SchemaNode, value: Json): Json {
  const node = resolveRef(side.document, raw)
  if (Array.isArray(value)) return value.map(item => (node.items === undefined ? item : cut(side, node.items, item)))
  const { properties } = node
  if (typeof value !== 'object' || value === null || properties === undefined) return value
  const kept = Object.entries(value).flatMap(([name, member]): [string, Json][] => {
    const property = properties[name]
    return property === undefined ? [] : [[name, cut(side, property, member)]]
  })
  return Object.fromEntries(kept)
}
