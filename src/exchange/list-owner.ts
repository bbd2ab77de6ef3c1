/** Whose a code list is: of the department that published it first; one that the operator did, of the hub. */
import { HubError } from '../errors.ts'
import { readListOwner, type ListOwner } from '../store/code-lists.ts'
import type { Session } from '../store/session.ts'
import type { By } from './hub.ts'
import { isOperator } from './publication.ts'

/**
 * That the caller may publish, draft, delete or withdraw versions of a list. Before one is published, each department
 * decides on its own drafts.
 *
 * @param stored the version in question, or a draft of it, where there is one
 * @returns whose the list is: what is written of it belongs to that department
 * @throws {HubError} `owner-only`
 */
export async function requireListOwner(
  session: Session,
  by: By,
  id: string,
  stored: ListOwner | undefined,
): Promise<string | null> {
  const published = await readListOwner(session, id)
  const decides = published ?? stored
  if (decides === undefined) return isOperator(by) ? null : (by.department ?? null)
  if (isOperator(by) || (decides.owner !== null && decides.owner === by.department)) return decides.owner
  const whose =
    decides.owner === null
      ? 'the hub’s: its operator publishes it, at the command line'
      : `${decides.owner}’s: one of its stewards or clients publishes it`
  throw new HubError('owner-only', `The code list ${id} is ${whose}. Under another id a list is your own.`)
}
