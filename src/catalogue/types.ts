/**
 * TypeScript types of a standard for its consumers: made when a version is published and stored with it, and written
 * to `src/generated/` for this project itself.
 *
 * A type says which fields there are and which are always present. Titles become doc comments; what a type cannot say
 * (formats, lengths, conditions) is left out.
 */
import type { Json, JsonObject } from '../record.ts'
import type { SchemaNode, StandardDocument } from '../standard.ts'
import { resolveRef } from '../standard.ts'

/**
 * One exported interface, named after the standard in PascalCase (`EnterpriseRegistration`).
 *
 * Deterministic: the same document gives the same text.
 */
export async function typesOf(document: StandardDocument): Promise<string> {
  const { id, version, titles } = document.standard
  const summary = `${titles['zh-CN']} · ${titles.en}, ${version}`
  const record = plainSchema(document, node => resolveRef(document, node))
  return compileTypes(id, { ...record, description: comment([summary]) })
}

/** The types of a schema that refers to nothing but itself: `name` in PascalCase, and one for each of its `$defs`. */
export async function typesOfSchema(name: string, schema: SchemaNode): Promise<string> {
  return compileTypes(name, { ...plainSchema(schema, asItIs), $defs: plainSchemas(schema.$defs ?? {}, asItIs) })
}

async function compileTypes(name: string, schema: JsonObject): Promise<string> {
  // It brings a whole formatter of code with it, which nearly every process does without.
  const { compile } = await import('json-schema-to-typescript')
  return compile(schema, name, {
    additionalProperties: false,
    bannerComment: '',
    ignoreMinAndMaxItems: true,
    style: { semi: false, singleQuote: true, printWidth: 120 },
    // A document that a steward publishes must not make the hub read a file or an address.
    $refOptions: { resolve: { external: false } },
  })
}

type Resolve = (node: SchemaNode) => SchemaNode

const asItIs: Resolve = node => node

/** The part of a schema that a type can say, titles as the description. */
function plainSchema(raw: SchemaNode, resolve: Resolve): JsonObject {
  const { $ref, properties, items, additionalProperties: rest, ...node } = resolve(raw)
  // Alone: words beside a reference would make a copy of the type that it refers to.
  if ($ref !== undefined) return { $ref }
  const plain: JsonObject = {}
  for (const keyword of ['type', 'enum', 'const', 'required']) {
    if (node[keyword] !== undefined) plain[keyword] = node[keyword] as Json
  }
  if (properties !== undefined) plain['properties'] = plainSchemas(properties, resolve)
  if (items !== undefined) plain['items'] = plainSchema(items, resolve)
  if (isSchema(rest)) plain['additionalProperties'] = plainSchema(rest, resolve)
  for (const keyword of ['oneOf', 'anyOf']) {
    const alternatives = node[keyword]
    // Beside properties they are conditions on the object, not forms that it takes.
    if (properties !== undefined || !Array.isArray(alternatives)) continue
    plain[keyword] = alternatives.filter(isSchema).map(each => plainSchema(each, resolve))
  }
  if (Object.keys(plain).length === 0) plain['tsType'] = 'unknown'
  return { description: commentOf(node), ...plain }
}

function plainSchemas(nodes: { readonly [name: string]: SchemaNode }, resolve: Resolve): JsonObject {
  return Object.fromEntries(Object.entries(nodes).map(([name, node]) => [name, plainSchema(node, resolve)]))
}

function isSchema(value: unknown): value is SchemaNode {
  return typeof value === 'object' && value !== null
}

function commentOf({ titles, description, codes }: SchemaNode): string {
  return comment([
    titles === undefined ? undefined : `${titles['zh-CN']} · ${titles.en}`,
    typeof description === 'string' ? description : undefined,
    codes === undefined ? undefined : `Code list: ${codes}`,
  ])
}

/** Paragraphs of a doc comment. Words that would end the comment do not: a standard's titles are not code. */
function comment(paragraphs: readonly (string | undefined)[]): string {
  return paragraphs
    .filter(text => text !== undefined)
    .join('\n\n')
    .replaceAll('*/', '* /')
}
