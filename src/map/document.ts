/**
 * The adapter document: its type, and the check of its shape by `schemas/meta/adapter.json`.
 *
 * The types are written by hand: which members of a rule go together the schema says in keywords that no generator of
 * types reads.
 */
import { readFileSync } from 'node:fs'
import type { ErrorObject, ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Issue, Json, Titles } from '../record.ts'
import { pointTo } from './pointer.ts'

export type AdapterDocument = {
  readonly adapter: {
    readonly department: string
    readonly name: string
    readonly version: string
    readonly titles: Titles
  }
  readonly standard: { readonly id: string; readonly major: number }
  readonly source: SourceDescription
  readonly mode: 'snapshot' | 'delta'
  readonly scope?: string
  readonly recordId?: string
  readonly asOf?: Rule
  readonly absentWhen?: readonly string[]
  readonly timezone?: string
  readonly fields: Rules
}

/** How the input is written and where its records are: what the parser goes by. */
export type SourceDescription = {
  readonly format: 'xml' | 'json' | 'ndjson'
  readonly encoding?: string
  readonly envelope?: readonly { readonly format: 'xml' | 'json'; readonly at: string }[]
  readonly records: string
  readonly namespaces?: { readonly [prefix: string]: string }
}

export type Rules = { readonly [name: string]: Rule }

/** What gives a value of the standard. Exactly one of `from`, `value`, `firstOf`, `listOf`, `each`, `one`, `fields`. */
export type Rule = (FromRule | ValueRule | FirstOfRule | ListOfRule | NodesRule | FieldsRule) & {
  readonly default?: Json
  readonly when?: Condition
}

export type FromRule = {
  readonly from: string
  readonly via?: readonly Via[]
  readonly codes?: Codes
  readonly absentWhen?: readonly string[]
  readonly nullWhen?: readonly string[]
}

export type ValueRule = { readonly value: Json }

export type FirstOfRule = { readonly firstOf: readonly Rule[] }

export type ListOfRule = { readonly listOf: readonly Rule[]; readonly via?: readonly Via[] }

/** `each`: an element for every node at the path; `one`: what the only node at the path gives. */
export type NodesRule = ({ readonly each: string } | { readonly one: string }) &
  (FieldsRule | { readonly item: Rule }) & {
    readonly where?: Condition
    readonly join?: { readonly [inner: string]: string }
  }

export type FieldsRule = { readonly fields: Rules; readonly needs?: readonly string[] }

/** A transform's name, or an object with its parameters under its name. */
export type Via = string | { readonly [name: string]: Json }

export type Codes = { readonly [sourceText: string]: string }

export type Condition =
  | { readonly path: string; readonly is: string | readonly string[] }
  | { readonly path: string; readonly present: boolean }
  | { readonly not: Condition }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }

/** What is wrong with the shape of a document; each issue's `pointer` leads into it. */
export function shapeIssues(document: unknown): Issue[] {
  const validate = (validator ??= compileSchema())
  if (validate(document)) return []
  return (validate.errors ?? []).filter(isFinding).map(issueOf)
}

let validator: ValidateFunction | undefined

function compileSchema(): ValidateFunction {
  // The place is the same from src/map and from dist/map.
  const file = new URL('../../schemas/meta/adapter.json', import.meta.url)
  const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: true, strictRequired: false, strictTypes: false })
  return ajv.addKeyword('enumDescriptions').compile(JSON.parse(readFileSync(file, 'utf8')))
}

/** False of errors that only say that something inside failed, and of the alternatives of a choice that failed. */
function isFinding({ keyword, schemaPath }: ErrorObject): boolean {
  return keyword !== 'if' && !/\/(?:oneOf|anyOf)\/\d/.test(schemaPath)
}

const codes: { readonly [keyword: string]: string } = {
  additionalProperties: 'field-unknown',
  required: 'required',
  dependentRequired: 'required-with',
  type: 'type',
  enum: 'not-listed',
  pattern: 'pattern',
}

function issueOf({ instancePath, keyword, params, message, parentSchema }: ErrorObject): Issue {
  const code = codes[keyword] ?? 'adapter-shape'
  switch (keyword) {
    case 'additionalProperties':
      return { pointer: pointTo(instancePath, params['additionalProperty']), code, message: 'is not known here' }
    case 'required':
      return { pointer: pointTo(instancePath, params['missingProperty']), code, message: 'is required' }
    case 'dependentRequired':
      return { pointer: pointTo(instancePath, params['property']), code, message: `goes only with ${params['deps']}` }
    case 'enum':
      return { pointer: instancePath, code, message: `must be one of: ${params['allowedValues'].join(', ')}` }
    case 'oneOf':
    case 'anyOf':
    case 'not':
      return { pointer: instancePath, code, message: parentSchema?.['description'] }
    default:
      return { pointer: instancePath, code, message: message ?? keyword }
  }
}
