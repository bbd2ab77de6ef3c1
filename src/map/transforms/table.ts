/**
 * Every named transform, in one table, and the part of the adapter schema that lists them.
 */
import { dateTransforms } from './date.ts'
import { identifierTransforms } from './identifier.ts'
import { listTransforms } from './list.ts'
import { numberTransforms } from './number.ts'
import { patternTransforms } from './pattern.ts'
import { textTransforms } from './text.ts'
import type { Transform } from './transform.ts'

export const transforms: { readonly [name: string]: Transform } = {
  ...textTransforms,
  ...patternTransforms,
  ...listTransforms,
  ...numberTransforms,
  ...dateTransforms,
  ...identifierTransforms,
}

/** The definition `transform` of `schemas/meta/adapter.json`, which is written from here by `npm run types`. */
export function transformSchema(): object {
  const bare = Object.entries(transforms).filter(([, transform]) => !transform.needsParameters)
  const withParameters = Object.entries(transforms).filter(([, transform]) => transform.parameters !== undefined)
  return {
    description: 'must be the name of a transform, or an object that gives its parameters under its name',
    type: ['string', 'object'],
    anyOf: [
      { type: 'object' },
      { enum: bare.map(([name]) => name), enumDescriptions: bare.map(([, { does }]) => does) },
    ],
    properties: Object.fromEntries(
      withParameters.map(([name, { does, parameters }]) => [name, { description: does, ...parameters }]),
    ),
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
  }
}
