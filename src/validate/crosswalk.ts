/**
 * Checks a crosswalk's document: its form by `schemas/meta/crosswalk.json`, then that its lists are published and hold
 * the codes that it names.
 */
import { codesOn, editionOf, endless } from '../code-periods.ts'
import { HubError } from '../errors.ts'
import type { Issue, Language } from '../record.ts'
import type { CodeList, Crosswalk } from '../code-list.ts'
import { issuesOf } from './issues.ts'
import { issueOf } from './messages.ts'
import { metaSchema } from './meta-schema.ts'

/**
 * The document as a crosswalk, unchanged.
 *
 * @throws {HubError} crosswalk-invalid, with pointers into the document
 */
export function checkCrosswalk(
  document: unknown,
  codeLists: (id: string) => CodeList | undefined,
  language: Language = 'en',
): Crosswalk {
  if (!isCrosswalk(document)) throw invalid(issuesOf(metaSchema('crosswalk').errors ?? [], language))
  const issues = [
    ...rowIssues(document, language),
    ...endIssues(document, 'from', codeLists, language),
    ...endIssues(document, 'to', codeLists, language),
  ]
  if (issues.length > 0) throw invalid(issues)
  return document
}

function isCrosswalk(document: unknown): document is Crosswalk {
  return metaSchema('crosswalk')(document)
}

function rowIssues({ rows }: Crosswalk, language: Language): Issue[] {
  const seen = new Set<string>()
  return rows.flatMap((row, i) => {
    const issues: Issue[] = []
    const { since = '', until = endless } = row
    if (since > until) issues.push(issueOf(`/rows/${i}/until`, 'period-reversed', language))
    const same = JSON.stringify([row.from, row.to, since])
    if (seen.has(same)) issues.push(issueOf(`/rows/${i}`, 'row-repeated', language))
    seen.add(same)
    return issues
  })
}

function endIssues(
  crosswalk: Crosswalk,
  end: 'from' | 'to',
  codeLists: (id: string) => CodeList | undefined,
  language: Language,
): Issue[] {
  const { list: id, edition: name } = crosswalk[end]
  const list = codeLists(id)
  if (list === undefined) return [issueOf(`/${end}/list`, 'code-list-unknown', language)]
  const edition = name === undefined ? undefined : editionOf(list, name)
  if (name !== undefined && edition === undefined) {
    return [issueOf(`/${end}/edition`, 'edition-unknown', language, { list: id })]
  }
  const known = new Set((edition ? codesOn(list.codes, edition.from) : list.codes).map(({ code }) => code))
  return crosswalk.rows.flatMap((row, i) =>
    known.has(row[end]) ? [] : [issueOf(`/rows/${i}/${end}`, 'code-unknown', language, { list: id })],
  )
}

function invalid(issues: readonly Issue[]): HubError {
  return new HubError('crosswalk-invalid', 'The crosswalk cannot be used: mend what the issues name.', { issues })
}
