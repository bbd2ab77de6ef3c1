/** Which code lists a standard draws from, before it is compiled, so that they can be read before that. */
import type { SchemaNode } from '../standard.ts'
import { visitSchemas } from './subschemas.ts'

/** The lists that a standard's fields name, sorted. */
export function codeListsNamedIn(document: SchemaNode): string[] {
  const named = new Set<string>()
  visitSchemas(document, ({ codes }) => {
    if (typeof codes === 'string') named.add(codes)
  })
  return [...named].toSorted()
}
