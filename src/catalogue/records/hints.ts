/**
 * What the schemas of two versions say of each place: the limits, constants and forms around which a value decides
 * between them.
 */
import type { SchemaNode } from '../../standard.ts'
import { mapSubschemas } from '../../validate/subschemas.ts'

/** A place in the records: names joined by dots, `[]` an element, `*` a member with a free name, `#` a name itself. */
export type Place = string

/** Every schema that speaks of a place, whether a condition or not. */
export type Hints = ReadonlyMap<Place, readonly SchemaNode[]>

/** Of schemas without `$ref`. */
export function hintsOf(schemas: readonly SchemaNode[]): Hints {
  const hints = new Map<Place, SchemaNode[]>()
  const collect = (schema: SchemaNode, place: Place): void => {
    const known = hints.get(place)
    if (known === undefined) hints.set(place, [schema])
    else known.push(schema)
    mapSubschemas(schema, (subschema, pointer) => {
      const [, keyword = '', name = ''] = pointer.split('/')
      if (keyword !== '$defs') collect(subschema, placeBelow(place, keyword, name))
      return subschema
    })
  }
  for (const schema of schemas) collect(schema, '')
  return hints
}

export function placeBelow(place: Place, keyword: string, name = ''): Place {
  if (keyword === 'properties') return `${place}.${name}`
  if (keyword === 'items' || keyword === 'contains') return `${place}[]`
  if (keyword === 'additionalProperties') return `${place}.*`
  if (keyword === 'propertyNames') return `${place}#`
  return place
}
