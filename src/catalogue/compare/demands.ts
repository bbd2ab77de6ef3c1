/** Takes a schema apart into its smallest demands: a keyword with those that it cannot be read without, a name at a time. */
import { isSchema, pointerTo, withSchema, type Facet } from './facet.ts'
import { isSilent } from './meaning.ts'
import { remembered } from './remember.ts'

export type Demand = {
  readonly keyword: string
  /** The name that it is about, of `properties`, `required` and `dependentRequired`. */
  readonly name?: string
  /** The keywords that it consists of. */
  readonly keywords: readonly string[]
  /** The schema with nothing else in it. */
  readonly facet: Facet
  /** The schema that it stands in. */
  readonly whole: Facet
  readonly pointer: string
}

/** Keywords that are read together, the first of them giving the demand its name. */
const groups: Readonly<Record<string, readonly string[]>> = {
  format: ['format', 'checkDigit'],
  if: ['if', 'then', 'else'],
  contains: ['contains', 'minContains', 'maxContains'],
  items: ['items', 'prefixItems'],
  additionalProperties: ['additionalProperties', 'properties', 'patternProperties'],
}

/** Read with another, where that one is there. */
const companions: ReadonlyMap<string, string> = new Map([
  ['checkDigit', 'format'],
  ['then', 'if'],
  ['else', 'if'],
  ['minContains', 'contains'],
  ['maxContains', 'contains'],
])

/** In the order of the schema. */
export const demandsIn = remembered((facet: Facet): readonly Demand[] => {
  const { schema } = facet
  return Object.keys(schema).flatMap(keyword => {
    const leader = companions.get(keyword)
    if (isSilent(keyword) || schema[keyword] === undefined || (leader !== undefined && leader in schema)) return []
    const named = byName[keyword]
    if (named !== undefined) return named(facet)
    const keywords = groups[keyword] ?? [keyword]
    const part = Object.fromEntries(keywords.filter(each => each in schema).map(each => [each, schema[each]]))
    return [{ keyword, keywords, facet: withSchema(facet, part), whole: facet, pointer: pointerTo(facet, keyword) }]
  })
})

const byName: Readonly<Record<string, (facet: Facet) => Demand[]>> = {
  properties: facet =>
    Object.entries(facet.schema.properties ?? {}).flatMap(([name, schema]) =>
      isSchema(schema)
        ? [partOf(facet, 'properties', name, { [name]: schema }, pointerTo(facet, 'properties', name))]
        : [],
    ),
  required: facet =>
    (facet.schema.required ?? []).map((name, i) =>
      partOf(facet, 'required', name, [name], pointerTo(facet, 'required', i)),
    ),
  dependentRequired: facet =>
    Object.entries(facet.schema['dependentRequired'] ?? {}).flatMap(([name, others]: [string, readonly string[]]) =>
      others.map((other, i) =>
        partOf(facet, 'dependentRequired', other, { [name]: [other] }, pointerTo(facet, 'dependentRequired', name, i)),
      ),
    ),
  allOf: facet =>
    [facet.schema['allOf']].flat().map((schema, i) => ({
      keyword: 'allOf',
      keywords: ['allOf'],
      facet: withSchema(facet, { allOf: [schema] }),
      whole: facet,
      pointer: pointerTo(facet, 'allOf', i),
    })),
}

function partOf(facet: Facet, keyword: string, name: string, value: unknown, pointer: string): Demand {
  return { keyword, name, keywords: [keyword], facet: withSchema(facet, { [keyword]: value }), whole: facet, pointer }
}
