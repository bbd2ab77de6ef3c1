/**
 * A standard's schema as it is compiled: references replaced by what they lead to, defaults of the vocabulary filled in.
 */
import { identifierOf } from '../identifiers/identifiers.ts'
import { resolveRef, type SchemaNode } from '../standard.ts'
import { mapSubschemas } from './subschemas.ts'

/** The schema without `$ref`, and with `checkDigit` beside every identifier's format. */
export function inlineSchema(document: SchemaNode): SchemaNode {
  const inline = (node: SchemaNode): SchemaNode => mapSubschemas(withCheckDigit(resolveRef(document, node)), inline)
  return inline(document)
}

/** What a wrong check digit means is the identifier's to say where the standard does not. */
export function withCheckDigit(node: SchemaNode): SchemaNode {
  const identifier = node.format === undefined ? undefined : identifierOf(node.format)
  if (identifier === undefined || node['checkDigit'] !== undefined) return node
  return { ...node, checkDigit: identifier.checkDigit === 'warn' ? 'warn' : 'reject' }
}
