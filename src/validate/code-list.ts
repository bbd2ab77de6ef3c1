/**
 * Checks a code list's document: its form by `schemas/meta/code-list.json`, then what a schema cannot say.
 */
import { periodsOf } from '../code-periods.ts'
import { HubError } from '../errors.ts'
import type { Issue, Language } from '../record.ts'
import type { Code, CodeList } from '../code-list.ts'
import { issuesOf } from './issues.ts'
import { issueOf } from './messages.ts'
import { metaSchema } from './meta-schema.ts'

/**
 * The document as a code list, unchanged.
 *
 * @throws {HubError} code-list-invalid, with pointers into the document
 */
export function checkCodeList(document: unknown, language: Language = 'en'): CodeList {
  if (!isCodeList(document)) throw invalid(issuesOf(metaSchema('code-list').errors ?? [], language))
  const issues = [...codeIssues(document, language), ...editionIssues(document, language)]
  if (issues.length > 0) throw invalid(issues)
  return document
}

function isCodeList(document: unknown): document is CodeList {
  return metaSchema('code-list')(document)
}

function codeIssues({ codes }: CodeList, language: Language): Issue[] {
  const known = new Set(codes.map(({ code }) => code))
  const seen = new Set<string>()
  return codes.flatMap((each, i) => {
    const issues = periodIssues(each, `/codes/${i}`, language)
    if (seen.has(each.code)) issues.push(issueOf(`/codes/${i}/code`, 'code-repeated', language))
    seen.add(each.code)
    if (each.parent !== undefined && !known.has(each.parent)) {
      issues.push(issueOf(`/codes/${i}/parent`, 'parent-unknown', language))
    }
    return issues
  })
}

function periodIssues(code: Code, pointer: string, language: Language): Issue[] {
  const places = [...(code.former ?? []).map((_, i) => `${pointer}/former/${i}`), pointer]
  let before = ''
  return periodsOf(code).flatMap(({ from, to }, i) => {
    const issues: Issue[] = []
    if (from !== undefined && to !== undefined && from > to) {
      issues.push(issueOf(`${places[i]}/to`, 'period-reversed', language))
    }
    if (i > 0 && (from ?? '') <= before) issues.push(issueOf(`${places[i]}/from`, 'period-overlaps', language))
    before = to ?? ''
    return issues
  })
}

function editionIssues({ edition, editions = [] }: CodeList, language: Language): Issue[] {
  const issues = editions.flatMap(({ name, from }, i) => {
    const before = editions.slice(0, i)
    if (before.some(other => other.name === name)) {
      return [issueOf(`/editions/${i}/name`, 'edition-repeated', language)]
    }
    return before.some(other => other.from >= from) ? [issueOf(`/editions/${i}/from`, 'edition-early', language)] : []
  })
  if (edition !== editions.at(-1)?.name) issues.push(issueOf('/edition', 'edition-not-newest', language))
  return issues
}

function invalid(issues: readonly Issue[]): HubError {
  return new HubError('code-list-invalid', 'The code list cannot be used: mend what the issues name.', { issues })
}
