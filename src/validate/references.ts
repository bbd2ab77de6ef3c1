/**
 * Checks where the references of a standard's schema lead: to its own `$defs`, never back to themselves, and not to so
 * many schemas that whoever follows them has no end.
 */
import type { Issue, Language } from '../record.ts'
import type { SchemaNode } from '../standard.ts'
import { issueOf } from './messages.ts'
import { escapeName, visitSchemas } from './subschemas.ts'

/** Schemas with all references followed: the largest standards have some hundreds, and each doubling chain far more. */
export const schemasAtMost = 10_000

/** Walks each schema once, however often it is referred to. */
export function referenceIssues(document: SchemaNode, language: Language): Issue[] {
  const definitions = new Map(Object.entries(document.$defs ?? {}))
  const issues: Issue[] = []
  visitSchemas(document, ({ $ref }, pointer) => {
    if ($ref !== undefined && !definitions.has(nameIn($ref))) {
      issues.push(issueOf(`${pointer}/$ref`, 'reference-unknown', language))
    }
  })
  const circular = new Set<string>()
  const sizes = new Map<string, number>()
  const underWay: string[] = []
  // The definitions stand inside the document, and are counted there too.
  const size = sizeOf(document)
  for (const name of definitions.keys()) {
    if (circular.has(name)) issues.push(issueOf(`/$defs/${escapeName(name)}`, 'reference-circular', language))
  }
  if (issues.length === 0 && size > schemasAtMost) {
    issues.push(issueOf('/$defs', 'reference-expands', language, { limit: schemasAtMost }))
  }
  return issues

  /** How many schemas there are in it, those that it refers to included. */
  function sizeOf(node: SchemaNode): number {
    let sum = 0
    visitSchemas(node, ({ $ref }) => {
      sum += 1 + ($ref === undefined ? 0 : sizeOfDefinition(nameIn($ref)))
    })
    return sum
  }

  function sizeOfDefinition(name: string): number {
    const known = sizes.get(name)
    if (known !== undefined) return known
    const begun = underWay.indexOf(name)
    if (begun !== -1) {
      for (const other of underWay.slice(begun)) circular.add(other)
      return 0
    }
    underWay.push(name)
    const size = sizeOf(definitions.get(name) ?? {})
    underWay.pop()
    sizes.set(name, size)
    return size
  }
}

function nameIn($ref: string): string {
  return $ref.replace('#/$defs/', '')
}
