/** What is wrong with a body: the first thing that its schema says, and every member that the call does not know. */
import type { ValidateFunction } from 'ajv/dist/2020.js'
import type { FastifySchemaValidationError } from 'fastify'

type BodyValidator = { (body: unknown): boolean; errors?: FastifySchemaValidationError[] }

/** More say no more. */
const mostNamed = 10

/** Else a name that is slightly wrong would be told as another that is missing. All errors of a large body would be too many. */
export function namingUnknownMembers(schema: unknown, validate: ValidateFunction): BodyValidator {
  const { properties, additionalProperties } = schema as { properties?: object; additionalProperties?: unknown }
  const named: BodyValidator = body => {
    if (validate(body)) return true
    const errors = (validate.errors ?? []) as FastifySchemaValidationError[]
    const isOpen = additionalProperties !== false || typeof body !== 'object' || body === null || Array.isArray(body)
    const unknown = isOpen ? [] : Object.keys(body).filter(name => !Object.hasOwn(properties ?? {}, name))
    const others = errors.filter(
      ({ keyword, instancePath }) => keyword !== 'additionalProperties' || instancePath !== '',
    )
    named.errors = [...others, ...unknown.slice(0, mostNamed).map(unknownMember)]
    return false
  }
  return named
}

function unknownMember(additionalProperty: string): FastifySchemaValidationError {
  const message = 'must NOT have additional properties'
  return { keyword: 'additionalProperties', instancePath: '', schemaPath: '', params: { additionalProperty }, message }
}
