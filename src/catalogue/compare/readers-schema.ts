/**
 * The reader's schema of a standard: what the TypeScript types of its consumers say of a record (catalogue/types.ts),
 * and that a closed code list is known in full.
 *
 * A newer record, cut to the fields that the reader knows, must be valid under it. To cut is not to look at other
 * members, so nothing here refuses one. Forms, lengths, ranges and conditions are none of a reader's business.
 */
import type { SchemaNode, StandardDocument } from '../../standard.ts'
import { facetOf, isSchema } from './facet.ts'
import type { Side } from './side.ts'

/** The side whose document is the reader's schema of a side, with the code lists of then. */
export function readersSide(side: Side): Side {
  const { $defs, ...document } = side.document
  const reduce = (schema: SchemaNode): SchemaNode => reduced(side, schema)
  const definitions = $defs && Object.fromEntries(Object.entries($defs).map(([name, each]) => [name, reduce(each)]))
  const readers: StandardDocument = {
    ...reduce(document),
    ...(definitions && { $defs: definitions }),
    $id: side.document.$id,
    standard: side.document.standard,
  }
  return { document: readers, codeList: side.codeList }
}

const said = ['$ref', 'type', 'enum', 'const', 'required']

function reduced(side: Side, raw: SchemaNode): SchemaNode {
  // Both become `anyOf`: left beside the reference, one would take the place of the other behind it.
  const schema = 'anyOf' in raw || 'oneOf' in raw ? facetOf(side, raw, '').schema : raw
  const reduce = (each: SchemaNode): SchemaNode => reduced(side, each)
  const kept: { [keyword: string]: unknown } = {}
  for (const keyword of said) if (keyword in schema) kept[keyword] = schema[keyword]
  const {
    codes,
    properties,
    items,
    additionalProperties: rest,
  } = schema as SchemaNode & { additionalProperties?: unknown }
  if (codes !== undefined && side.codeList(codes)?.closed === true) kept['codes'] = codes
  if (items !== undefined) kept['items'] = reduce(items)
  if (isSchema(rest)) kept['additionalProperties'] = reduce(rest)
  if (properties !== undefined) {
    kept['properties'] = Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, reduce(each)]))
  }
  // Beside properties they are conditions on the object, not forms that it takes.
  if (facetOf(side, schema, '').schema.properties !== undefined) return kept
  // A union in the types: of alternatives that differ by what a reader does not see, several may hold.
  const unions = ['anyOf', 'oneOf'].flatMap(keyword => {
    const ways: unknown = schema[keyword]
    return Array.isArray(ways) ? [{ anyOf: ways.filter(isSchema).map(reduce) }] : []
  })
  return unions.length > 1 ? { ...kept, allOf: unions } : { ...kept, ...unions[0] }
}
