/**
 * Checks where the references of a standard's schema lead: to its own `$defs`, and never back to themselves.
 */
import type { Issue, Language } from '../record.ts'
import type { SchemaNode } from '../standard.ts'
import { issueOf } from './messages.ts'
import { escapeName, visitSchemas } from './subschemas.ts'

export function referenceIssues(document: SchemaNode, language: Language): Issue[] {
  const definitions = new Map(Object.entries(document.$defs ?? {}))
  const issues: Issue[] = []
  visitSchemas(document, ({ $ref }, pointer) => {
    if ($ref !== undefined && !definitions.has(nameIn($ref))) {
      issues.push(issueOf(`${pointer}/$ref`, 'reference-unknown', language))
    }
  })
  for (const name of definitions.keys()) {
    if (namesReached(name, definitions).has(name)) {
      issues.push(issueOf(`/$defs/${escapeName(name)}`, 'reference-circular', language))
    }
  }
  return issues
}

/** The definitions that a definition leads to, over any number of references. */
function namesReached(
  name: string,
  definitions: ReadonlyMap<string, SchemaNode>,
  reached = new Set<string>(),
): Set<string> {
  visitSchemas(definitions.get(name) ?? {}, ({ $ref }) => {
    if ($ref === undefined || reached.has(nameIn($ref))) return
    reached.add(nameIn($ref))
    namesReached(nameIn($ref), definitions, reached)
  })
  return reached
}

function nameIn($ref: string): string {
  return $ref.replace('#/$defs/', '')
}
