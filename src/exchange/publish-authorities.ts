/** The departments that a standard names as authorities are there: whose word counts must be somebody's. */
import { HubError } from '../errors.ts'
import { authoritiesIn, type StandardDocument } from '../standard.ts'

/** @throws {HubError} `department-unknown`, with the places that name one which is none */
export async function requireAuthorities(
  document: StandardDocument,
  isDepartment: (id: string) => Promise<boolean>,
): Promise<void> {
  const named = authoritiesIn(document)
  const known = await Promise.all(named.map(({ department }) => isDepartment(department)))
  const unknown = named.filter((_, index) => !known[index])
  if (unknown.length === 0) return
  const ids = [...new Set(unknown.map(({ department }) => department))].join(', ')
  const detail = `The standard ${document.standard.id} names as authority: ${ids}; which is no department here. \`concord department add\` adds one.`
  const issues = unknown.map(({ pointer }) => ({
    pointer,
    code: 'department-unknown',
    message: 'is no department here',
  }))
  throw new HubError('department-unknown', detail, { issues })
}
