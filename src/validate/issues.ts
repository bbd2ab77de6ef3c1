/**
 * Turns what Ajv found into issues: one for each thing that is wrong, at the place where it is to be mended.
 *
 * Of a schema with `$ref`, as the meta-schemas are, what is said of alternatives is longer: there the path of an error's
 * schema does not tell which alternative it belongs to.
 */
import type { ErrorObject } from 'ajv'
import type { Issue, Language } from '../record.ts'
import { settleAlternatives } from './alternatives.ts'
import { formatTitles } from './formats.ts'
import { issueOf, type IssueCode } from './messages.ts'
import { escapeName } from './subschemas.ts'

/** The code of a keyword's error, and the parameter that names the member it is about, where it is about one. */
export const keywordCodes: Readonly<Record<string, { readonly code: IssueCode; readonly member?: string }>> = {
  required: { code: 'required', member: 'missingProperty' },
  dependentRequired: { code: 'required-with', member: 'missingProperty' },
  dependencies: { code: 'required-with', member: 'missingProperty' },
  additionalProperties: { code: 'field-unknown', member: 'additionalProperty' },
  unevaluatedProperties: { code: 'field-unknown', member: 'unevaluatedProperty' },
  propertyNames: { code: 'name-invalid', member: 'propertyName' },
  type: { code: 'type' },
  format: { code: 'format' },
  // the faults of an identifier, from the keyword checkDigit
  masked: { code: 'masked' },
  form: { code: 'format' },
  date: { code: 'date' },
  'inner-check-digit': { code: 'inner-check-digit' },
  'check-digit': { code: 'check-digit' },
  codes: { code: 'code-unknown' },
  enum: { code: 'not-listed' },
  const: { code: 'not-constant' },
  pattern: { code: 'pattern' },
  maxLength: { code: 'too-long' },
  minLength: { code: 'too-short' },
  maximum: { code: 'out-of-range' },
  minimum: { code: 'out-of-range' },
  exclusiveMaximum: { code: 'out-of-range' },
  exclusiveMinimum: { code: 'out-of-range' },
  multipleOf: { code: 'not-multiple' },
  maxItems: { code: 'too-many' },
  minItems: { code: 'too-few' },
  maxProperties: { code: 'too-many' },
  minProperties: { code: 'too-few' },
  items: { code: 'too-many' },
  unevaluatedItems: { code: 'too-many' },
  uniqueItems: { code: 'repeated' },
  contains: { code: 'item-missing' },
  not: { code: 'not-allowed' },
  'false schema': { code: 'not-allowed' },
  anyOf: { code: 'no-alternative' },
  oneOf: { code: 'no-alternative' },
  requiredOneOf: { code: 'required-one-of' },
  severalOneOf: { code: 'several-alternatives' },
  discriminator: { code: 'no-alternative', member: 'tag' },
}

export function issuesOf(errors: readonly ErrorObject[], language: Language): Issue[] {
  return settleAlternatives(errors.filter(isSubstantial)).map(error => describe(error, language))
}

/** False of an error that only follows from others. */
function isSubstantial(
  { keyword, propertyName, instancePath }: ErrorObject,
  _: number,
  all: readonly ErrorObject[],
): boolean {
  if (keyword === 'if') return false
  // Of the schema of names: the error of propertyNames itself stands for them.
  if (propertyName !== undefined && keyword !== 'propertyNames') return false
  if (keyword !== 'unevaluatedProperties') return true
  // Where something else is wrong in the object, Ajv no longer knows what was evaluated and reports every property.
  return !all.some(other => other.keyword !== keyword && `${other.instancePath}/`.startsWith(`${instancePath}/`))
}

function describe({ keyword, instancePath, params }: ErrorObject, language: Language): Issue {
  const what = formatTitles(String(params['format']))?.[language]
  const known = keywordCodes[keyword === 'checkDigit' ? String(params['fault']) : keyword]
  if (known === undefined) throw new Error(`bug: the keyword ${keyword} has no code`)
  const member = known.member === undefined ? undefined : params[known.member]
  const pointer = member === undefined ? instancePath : `${instancePath}/${escapeName(String(member))}`
  return issueOf(pointer, known.code, language, { ...params, what })
}
