/**
 * The catalogue's meta-schemas, compiled: what a standard's document, a code list and a crosswalk must look like.
 */
import { readFileSync } from 'node:fs'
import type { AnySchema, ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { formats } from './formats.ts'

const compiled = new Map<string, ValidateFunction>()

/** The test of `schemas/meta/<name>.json`, compiled at its first use. */
export function metaSchema(name: 'standard' | 'code-list' | 'crosswalk'): ValidateFunction {
  const known = compiled.get(name)
  if (known !== undefined) return known
  // The folder is where it is from src/validate and from dist/validate alike.
  const text = readFileSync(new URL(`../../schemas/meta/${name}.json`, import.meta.url), 'utf8')
  const schema: AnySchema = JSON.parse(text)
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, messages: false })
  for (const [format, definition] of Object.entries(formats)) ajv.addFormat(format, definition.format)
  const test = ajv.compile(schema)
  compiled.set(name, test)
  return test
}
