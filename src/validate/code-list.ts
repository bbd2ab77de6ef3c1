/**
 * Checks a code list's document: its form by `schemas/meta/code-list.json`, then what a schema cannot say.
 */
import { HubError } from '../errors.ts'
import type { Issue, Language } from '../record.ts'
import type { CodeList } from '../standard.ts'
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
  const issues = codeIssues(document, language)
  if (issues.length > 0) throw invalid(issues)
  return document
}

function isCodeList(document: unknown): document is CodeList {
  return metaSchema('code-list')(document)
}

function codeIssues({ codes }: CodeList, language: Language): Issue[] {
  const seen = new Set<string>()
  return codes.flatMap(({ code, from, to }, i) => {
    const issues: Issue[] = []
    if (seen.has(code)) issues.push(issueOf(`/codes/${i}/code`, 'code-repeated', language))
    seen.add(code)
    if (from !== undefined && to !== undefined && from > to) {
      issues.push(issueOf(`/codes/${i}/to`, 'period-reversed', language))
    }
    return issues
  })
}

function invalid(issues: readonly Issue[]): HubError {
  return new HubError('code-list-invalid', 'The code list cannot be used: mend what the issues name.', { issues })
}
