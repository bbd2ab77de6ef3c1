/**
 * Whether a value is valid under a part of a schema: what the generator of records asks of each part as it grows it.
 *
 * Ajv has the last word on the whole record (`record-generator.ts`); compiling every part of a schema with it would
 * take longer than all the records.
 */
import { canonicalise } from '../../canonical.ts'
import { identifierOf } from '../../identifiers/identifiers.ts'
import type { Json, JsonObject } from '../../record.ts'
import type { SchemaNode } from '../../standard.ts'
import { formats } from '../../validate/formats.ts'
import { matcherOf } from '../../validate/pattern.ts'
import { isEqual, isObject, memberAt, schemaAt, schemasAt, namesAt, numberAt, isTypeOf } from './schema.ts'

/** Whether the text is a code of the list. */
export type IsCode = (list: string, text: string) => boolean

/** Of a schema without `$ref` (validate/inline.ts). */
export function holds(schema: SchemaNode, value: Json, isCode: IsCode): boolean {
  if (schema.type !== undefined && ![schema.type].flat().some(type => isTypeOf(type, value))) return false
  const listed = schema['enum']
  if (Array.isArray(listed) && !listed.some(item => isEqual(item, value))) return false
  if ('const' in schema && !isEqual(schema['const'], value)) return false
  if (typeof value === 'string') {
    if (!textHolds(schema, value, isCode)) return false
  } else if (typeof value === 'number') {
    if (!numberHolds(schema, value)) return false
  } else if (Array.isArray(value)) {
    if (!arrayHolds(schema, value, isCode)) return false
  } else if (isObject(value) && !objectHolds(schema, value, isCode)) return false
  return combinationHolds(schema, value, isCode)
}

function combinationHolds(schema: SchemaNode, value: Json, isCode: IsCode): boolean {
  if (!schemasAt(schema, 'allOf').every(part => holds(part, value, isCode))) return false
  const any = schemasAt(schema, 'anyOf')
  if (any.length > 0 && !any.some(part => holds(part, value, isCode))) return false
  const one = schemasAt(schema, 'oneOf')
  if (one.length > 0 && one.filter(part => holds(part, value, isCode)).length !== 1) return false
  const not = schemaAt(schema, 'not')
  if (not !== undefined && holds(not, value, isCode)) return false
  const condition = schemaAt(schema, 'if')
  return (
    condition === undefined ||
    allows(schemaAt(schema, holds(condition, value, isCode) ? 'then' : 'else'), value, isCode)
  )
}

function allows(schema: SchemaNode | undefined, value: Json, isCode: IsCode): boolean {
  return schema === undefined || holds(schema, value, isCode)
}

function textHolds(schema: SchemaNode, text: string, isCode: IsCode): boolean {
  const length = Array.from(text).length
  if (length < numberAt(schema, 'minLength', 0) || length > numberAt(schema, 'maxLength', Infinity)) return false
  const pattern = schema['pattern']
  if (typeof pattern === 'string' && !matcherOf(pattern).test(text)) return false
  if (schema.format !== undefined && !formatHolds(schema.format, text, schema['checkDigit'] === 'warn')) return false
  return schema.codes === undefined || isCode(schema.codes, text)
}

function formatHolds(name: string, text: string, isWarning: boolean): boolean {
  const identifier = identifierOf(name)
  if (identifier !== undefined) {
    const fault = identifier.check(text)
    return fault === undefined || (isWarning && fault.endsWith('check-digit'))
  }
  const format = formats[name]?.format
  if (format instanceof RegExp) return format.test(text)
  if (typeof format === 'function') return format(text) === true
  if (typeof format !== 'object') return true
  const validate: unknown = format.validate
  return validate instanceof RegExp ? validate.test(text) : typeof validate !== 'function' || validate(text) === true
}

function numberHolds(schema: SchemaNode, value: number): boolean {
  const step = numberAt(schema, 'multipleOf', 0)
  return (
    value >= numberAt(schema, 'minimum', -Infinity) &&
    value <= numberAt(schema, 'maximum', Infinity) &&
    value > numberAt(schema, 'exclusiveMinimum', -Infinity) &&
    value < numberAt(schema, 'exclusiveMaximum', Infinity) &&
    // As Ajv does: by the text of the quotient, so that 1e21 is a multiple of nothing.
    (step === 0 || value / step === Number.parseInt(String(value / step), 10))
  )
}

function arrayHolds(schema: SchemaNode, items: readonly Json[], isCode: IsCode): boolean {
  if (items.length < numberAt(schema, 'minItems', 0) || items.length > numberAt(schema, 'maxItems', Infinity))
    return false
  if (schema['uniqueItems'] === true && !areUnique(items)) return false
  const contained = schemaAt(schema, 'contains')
  if (contained !== undefined && !items.some(item => holds(contained, item, isCode))) return false
  return schema.items === undefined || items.every(item => allows(schema.items, item, isCode))
}

function areUnique(items: readonly Json[]): boolean {
  return new Set(items.map(canonicalise)).size === items.length
}

function objectHolds(schema: SchemaNode, value: JsonObject, isCode: IsCode): boolean {
  const names = Object.keys(value)
  if (names.length < numberAt(schema, 'minProperties', 0)) return false
  if (names.length > numberAt(schema, 'maxProperties', Infinity)) return false
  if (!(schema.required ?? []).every(name => Object.hasOwn(value, name))) return false
  const dependent = schema['dependentRequired']
  if (isObject(dependent)) {
    for (const name of names) if (!namesAt(dependent, name).every(other => Object.hasOwn(value, other))) return false
  }
  const propertyNames = schemaAt(schema, 'propertyNames')
  const additional = schema['additionalProperties']
  return Object.entries(value).every(([name, member]) => {
    if (!allows(propertyNames, name, isCode)) return false
    const property = memberAt(schema.properties, name)
    if (property !== undefined) return holds(property, member, isCode)
    return additional !== false && allows(schemaAt(schema, 'additionalProperties'), member, isCode)
  })
}
