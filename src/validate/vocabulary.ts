/**
 * Looks for what a standard's schema names and the hub does not know: keywords, formats, code lists.
 *
 * Ajv would refuse most of it too, one thing at a time and without its place.
 */
import type { Ajv2020 } from 'ajv/dist/2020.js'
import { identifierOf } from '../identifiers/identifiers.ts'
import type { Issue } from '../record.ts'
import type { CodeList } from '../code-list.ts'
import { resolveRef, type SchemaNode } from '../standard.ts'
import { issueOf, type IssueCode } from './messages.ts'
import { escapeName, visitSchemas } from './subschemas.ts'

export function vocabularyIssues(
  ajv: Ajv2020,
  document: SchemaNode,
  codeLists: (id: string) => CodeList | undefined,
): Issue[] {
  const issues: Issue[] = []
  visitSchemas(document, (node, pointer) => {
    const report = (keyword: string, code: IssueCode): void => {
      issues.push(issueOf(`${pointer}/${escapeName(keyword)}`, code, 'en'))
    }
    for (const keyword of Object.keys(node)) {
      if (ajv.RULES.keywords[keyword] === undefined) report(keyword, 'keyword-unknown')
    }
    const { format, codes, checkDigit } = node
    if (format !== undefined && ajv.formats[format] === undefined) report('format', 'format-unknown')
    if (codes !== undefined && codeLists(codes) === undefined) report('codes', 'code-list-unknown')
    if (checkDigit !== undefined && !hasCheckDigit(resolveRef(document, node).format)) {
      report('checkDigit', 'check-digit-misplaced')
    }
    for (const [name, property] of Object.entries(node.properties ?? {})) {
      const { codesOn, codes: list } = resolveRef(document, property)
      if (codesOn === undefined || (list !== undefined && isDay(node.properties?.[codesOn]))) continue
      issues.push(issueOf(`${pointer}/properties/${escapeName(name)}/codesOn`, 'codes-on-misplaced', 'en'))
    }
  })
  return issues

  function isDay(sibling: SchemaNode | undefined): boolean {
    return sibling !== undefined && /^date(-time)?$/.test(resolveRef(document, sibling).format ?? '')
  }
}

function hasCheckDigit(format: string | undefined): boolean {
  const identifier = format === undefined ? undefined : identifierOf(format)
  return identifier !== undefined && identifier.checkDigit !== 'none'
}
