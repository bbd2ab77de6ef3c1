/**
 * Checks that what a standard's schema requires is defined: in the object itself, or around the condition that says so.
 */
import type { Issue, Language } from '../record.ts'
import { resolveRef, type SchemaNode } from '../standard.ts'
import { issueOf } from './messages.ts'
import { mapSubschemas } from './subschemas.ts'

/** Keywords whose schemas speak of the same value as the schema they stand in. */
const conditions = new Set(['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else'])

export function requiredIssues(document: SchemaNode, language: Language): Issue[] {
  const issues: Issue[] = []
  visit(document, '', {})
  return issues

  /** `around` is what is known of the same value from outside the node. */
  function visit(node: SchemaNode, pointer: string, around: SchemaNode): void {
    const known = join(resolveRef(document, node), resolveRef(document, around))
    for (const [i, name] of (node.required ?? []).entries()) {
      // An object without properties has free names.
      if (known.properties !== undefined && known.properties[name] === undefined) {
        issues.push(issueOf(`${pointer}/required/${i}`, 'required-unknown', language))
      }
    }
    mapSubschemas(node, (child, below) => {
      const [, keyword = '', name = ''] = below.split('/')
      if (conditions.has(keyword)) visit(child, pointer + below, known)
      else if (keyword === 'properties') visit(child, pointer + below, known.properties?.[name] ?? {})
      else if (keyword === 'items') visit(child, pointer + below, known.items ?? {})
      else visit(child, pointer + below, {})
      return child
    })
  }
}

/** Both schemas of one value; where both define a member, the outer one is the field and the inner one a condition on it. */
function join(inner: SchemaNode, outer: SchemaNode): SchemaNode {
  const both = { ...inner, ...outer }
  if (inner.properties === undefined || outer.properties === undefined) return both
  return { ...both, properties: { ...inner.properties, ...outer.properties } }
}
