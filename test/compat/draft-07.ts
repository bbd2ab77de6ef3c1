/** Puts a schema of JSON Schema draft-07 as a field of a standard, where a standard can say it. */
import type { Side } from '../../src/catalogue/compare/side.ts'
import { HubError } from '../../src/errors.ts'
import { readStandard, type SchemaNode } from '../../src/standard.ts'
import { checkStandardDocument } from '../../src/validate/standard-document.ts'
import { compileValidator } from '../../src/validate/validator.ts'
import { documentOf, titles } from '../validate/fixture.ts'

type Draft = { [keyword: string]: unknown }

export type Expressed = { readonly side: Side } | { readonly inexpressible: string }

/** The standard of records whose required field `value` is what the schema describes; or the keyword that stands in the way. */
export function expressed(schema: unknown): Expressed {
  try {
    const value = { titles, level: 'L1', allOf: [translated(schema, definitionsIn(schema), new Set())] }
    const document = checkStandardDocument(
      documentOf({ properties: { value } as Draft as SchemaNode['properties'] & object, required: ['id', 'value'] }),
    )
    const codeList = (): undefined => undefined
    compileValidator(readStandard(document), codeList)
    return { side: { document, codeList } }
  } catch (error) {
    if (error instanceof Inexpressible) return { inexpressible: error.message }
    if (error instanceof HubError) return { inexpressible: error.issues?.[0]?.message ?? error.message }
    throw error
  }
}

class Inexpressible extends Error {}

/** Keywords that say nothing of a value. */
const silent = new Set(['$schema', '$id', 'id', 'definitions', 'default', 'title', '$comment'])

const notInStandards = new Set(['patternProperties', 'additionalItems', 'contentEncoding', 'contentMediaType'])

function translated(schema: unknown, definitions: ReadonlyMap<string, unknown>, within: ReadonlySet<string>): Draft {
  const inner = (each: unknown): Draft => translated(each, definitions, within)
  if (schema === true) return {}
  if (schema === false) return { not: {} }
  const { $ref, ...own } = schema as Draft
  if (typeof $ref === 'string') {
    if (within.has($ref)) throw new Inexpressible('$ref to itself')
    // In draft-07 what stands beside a reference is not read.
    return translated(definitions.get($ref), definitions, new Set([...within, $ref]))
  }
  const result: Draft = {}
  const also: Draft[] = []
  for (const [keyword, value] of Object.entries(own)) {
    if (silent.has(keyword)) continue
    if (notInStandards.has(keyword)) throw new Inexpressible(keyword)
    if (keyword === 'items' && Array.isArray(value)) throw new Inexpressible('items of a tuple')
    if (keyword === 'enum' && Array.isArray(value) && value.length === 0)
      throw new Inexpressible('enum without a value')
    if (keyword === 'type' && Array.isArray(value)) also.push({ anyOf: value.map(type => ({ type })) as Draft[] })
    else if (keyword === 'dependencies') also.push(...dependencies(value as Draft, inner))
    else if (keyword.startsWith('exclusiveM') && value === true)
      result[keyword] = own[keyword.replace('exclusiveM', 'm')]
    else if (keyword === 'additionalProperties' && value === true) continue
    else if (keyword === 'additionalProperties' && value === false) result[keyword] = value
    else if (keyword === 'properties') result[keyword] = mapped(value as Draft, inner)
    else if (['allOf', 'anyOf', 'oneOf'].includes(keyword)) result[keyword] = (value as unknown[]).map(inner)
    else if (one.has(keyword)) result[keyword] = inner(value)
    else result[keyword] = value
  }
  for (const [type, keywords] of Object.entries(keywordsOfType)) {
    const said = keywords.filter(keyword => keyword in result)
    if (said.length === 0 || 'type' in result) continue
    also.push({ if: { type }, then: { type, ...Object.fromEntries(said.map(keyword => [keyword, result[keyword]])) } })
    for (const keyword of said) delete result[keyword]
  }
  return also.length === 0 ? result : { allOf: [...(Object.keys(result).length === 0 ? [] : [result]), ...also] }
}

/** A standard may not say them without the type, of which alone they speak. */
const keywordsOfType: Readonly<Record<string, readonly string[]>> = {
  string: ['maxLength', 'minLength', 'pattern', 'format'],
  number: ['maximum', 'minimum', 'multipleOf', 'exclusiveMinimum', 'exclusiveMaximum'],
}

const one = new Set(['items', 'contains', 'additionalProperties', 'propertyNames', 'not', 'if', 'then', 'else'])

/** What 2020-12 splits into `dependentRequired` and `dependentSchemas`, the latter as a condition. */
function dependencies(value: Draft, inner: (each: unknown) => Draft): Draft[] {
  return Object.entries(value).map(([name, each]) => {
    if (Array.isArray(each)) return { type: 'object', dependentRequired: { [name]: each as unknown[] } }
    return { type: 'object', if: { type: 'object', required: [name] }, then: { type: 'object', ...inner(each) } }
  })
}

function mapped(value: Draft, inner: (each: unknown) => Draft): Draft {
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, inner(each)]))
}

/** By the references that lead to them: their place, or their `$id`. */
function definitionsIn(schema: unknown): Map<string, unknown> {
  const { definitions = {}, properties = {} } = (schema ?? {}) as Record<string, Draft>
  const found = new Map<string, unknown>([['#', schema]])
  for (const [keyword, named] of [
    ['definitions', definitions],
    ['properties', properties],
  ] as const) {
    for (const [name, each] of Object.entries(named)) {
      found.set(`#/${keyword}/${name}`, each)
      const { $id } = Object(each) as Draft
      if (typeof $id === 'string') found.set($id, each)
    }
  }
  return found
}
