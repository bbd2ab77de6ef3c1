/**
 * Checks a standard's document: its form by `schemas/meta/standard.json`, then what a schema cannot say.
 *
 * Keywords, formats and code lists that are not known are refused when it is compiled (`validator.ts`).
 */
import { HubError } from '../errors.ts'
import type { Issue, Language } from '../record.ts'
import { majorOf, readStandard, resolveRef, type SchemaNode, type StandardDocument } from '../standard.ts'
import { issuesOf } from './issues.ts'
import { issueOf } from './messages.ts'
import { metaSchema } from './meta-schema.ts'
import { linearMatcher } from './pattern.ts'
import { referenceIssues } from './references.ts'
import { requiredIssues } from './required.ts'
import { visitSchemas } from './subschemas.ts'

/**
 * The document as a standard, unchanged.
 *
 * @throws {HubError} standard-invalid, with pointers into the document
 */
export function checkStandardDocument(document: unknown, language: Language = 'en'): StandardDocument {
  if (!isStandardDocument(document)) throw invalid(issuesOf(metaSchema('standard').errors ?? [], language))
  // The rest follows references, and would follow a circular one, or too many, for ever.
  const references = referenceIssues(document, language)
  if (references.length > 0) throw invalid(references)
  const issues = rules.flatMap(rule => rule(document, language))
  if (issues.length > 0) throw invalid(issues)
  return document
}

type Rule = (document: StandardDocument, language: Language) => Issue[]

const rules: readonly Rule[] = [
  patternIssues,
  idIssues,
  keyIssues,
  subjectIssues,
  requiredIssues,
  indexIssues,
  authorityIssues,
  opennessIssues,
]

function isStandardDocument(document: unknown): document is StandardDocument {
  return metaSchema('standard')(document)
}

function patternIssues(document: StandardDocument, language: Language): Issue[] {
  const issues: Issue[] = []
  visitSchemas(document, ({ pattern }, pointer) => {
    if (typeof pattern !== 'string' || linearMatcher(pattern) !== undefined) return
    issues.push(issueOf(`${pointer}/pattern`, 'pattern-unsafe', language))
  })
  return issues
}

function idIssues({ $id, standard: { id, version } }: StandardDocument, language: Language): Issue[] {
  const path = `/${id}/v${majorOf(version)}.json`
  return $id.endsWith(path) ? [] : [issueOf('/$id', 'id-mismatch', language, { path })]
}

/** A key's parts are read from a record as texts, and are never absent. */
function keyIssues(document: StandardDocument, language: Language): Issue[] {
  return document.standard.key.flatMap((name, i) => {
    const part = document.properties?.[name]
    const isPart =
      part !== undefined && resolveRef(document, part).type === 'string' && document.required?.includes(name) === true
    return isPart ? [] : [issueOf(`/standard/key/${i}`, 'key-part-invalid', language)]
  })
}

/** A subject's identifier is a text, for its pseudonym is made of it. */
function subjectIssues(document: StandardDocument, language: Language): Issue[] {
  const { fields, subjects } = readStandard(document)
  const texts = new Set(fields.filter(({ schema }) => hasType(schema, 'string')).map(({ path }) => path))
  return subjects.flatMap((path, i) =>
    texts.has(path) ? [] : [issueOf(`/standard/subjects/${i}`, 'subject-invalid', language)],
  )
}

function indexIssues(document: StandardDocument, language: Language): Issue[] {
  const issues: Issue[] = []
  visitSchemas(document, (node, pointer) => {
    const schema = resolveRef(document, node)
    if (node.indexed === true && (hasType(schema, 'object') || hasType(schema, 'array'))) {
      issues.push(issueOf(`${pointer}/indexed`, 'indexed-not-scalar', language))
    }
  })
  return issues
}

/** The store keeps whole top-level fields apart: below them there is no word of another department. */
function authorityIssues(document: StandardDocument, language: Language): Issue[] {
  const issues: Issue[] = []
  visitSchemas(document, ({ authority }, pointer) => {
    if (authority === undefined || /^\/properties\/[^/]+$/.test(pointer)) return
    issues.push(issueOf(`${pointer}/authority`, 'authority-misplaced', language))
  })
  return issues
}

function opennessIssues(document: StandardDocument, language: Language): Issue[] {
  const issues: Issue[] = []
  if (document.standard.openness !== 'open') return issues
  visitSchemas(document, (node, pointer) => {
    if (node.level === 'L4') issues.push(issueOf(`${pointer}/level`, 'level-not-open', language))
  })
  return issues
}

function hasType({ type }: SchemaNode, wanted: string): boolean {
  return type === wanted || (Array.isArray(type) && type.includes(wanted))
}

function invalid(issues: readonly Issue[]): HubError {
  return new HubError('standard-invalid', 'The standard cannot be used: mend what the issues name.', { issues })
}
