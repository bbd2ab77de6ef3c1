/** The check of an adapter document's shape by `schemas/meta/adapter.json`. */
import { readFileSync } from 'node:fs'
import type { ErrorObject, ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Issue } from '../record.ts'
import { pointTo } from './pointer.ts'

/** What is wrong with the shape of a document; each issue's `pointer` leads into it. */
export function shapeIssues(document: unknown): Issue[] {
  if (isDeeper(document, maximumDepth)) {
    return [{ pointer: '', code: 'adapter-too-deep', message: `nests more than ${maximumDepth} levels deep` }]
  }
  const validate = (validator ??= compileSchema())
  if (validate(document)) return []
  return (validate.errors ?? []).filter(isFinding).map(issueOf)
}

/** Validation and compilation call themselves for what stands inside: a deeper document would exhaust the stack. */
const maximumDepth = 64

/** By levels, since a walk that calls itself is what the check is for. */
function isDeeper(document: unknown, levels: number): boolean {
  let level: unknown[] = [document]
  for (let depth = 0; depth <= levels; depth += 1) {
    level = level.filter(node => typeof node === 'object' && node !== null).flatMap(Object.values)
    if (level.length === 0) return false
  }
  return true
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
