/** Places in records: where a value stands, whatever the positions in arrays. */
import type { FieldPath } from '../../record.ts'
import type { SchemaNode } from '../../standard.ts'

/** A member by name, any element, any member with a free name, or the free names themselves. */
export type Step = { readonly name: string } | 'element' | 'member' | 'name'

export type Place = readonly Step[]

/** The names on the way, joined by dots; undefined for the record itself. */
export function fieldAt(place: Place): FieldPath | undefined {
  const names = place.flatMap(step => (typeof step === 'object' ? [step.name] : []))
  return names.length === 0 ? undefined : names.join('.')
}

/** A schema of records that have a value at the place, and there one that the schema allows. */
export function schemaAtPlace(place: Place, schema: SchemaNode): SchemaNode {
  const [step, ...rest] = place
  if (step === undefined) return schema
  const below = schemaAtPlace(rest, schema)
  if (step === 'element') return { type: 'array', minItems: 1, contains: below }
  if (step === 'member' || step === 'name') return { type: 'object', minProperties: 1 }
  return { type: 'object', required: [step.name], properties: { [step.name]: below } }
}
