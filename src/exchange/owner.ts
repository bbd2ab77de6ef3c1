/** Who may decide on a standard: the department that owns its newest version, and the operator of the hub. */
import { HubError } from '../errors.ts'
import type { By, Hub } from './hub.ts'

/** @throws {HubError} `standard-unknown`, `owner-only` */
export async function requireOwner(hub: Hub, by: By, id: string): Promise<void> {
  const { standard } = await hub.published.standard(id)
  const { owner } = standard.document.standard
  if (by.actor.kind === 'operator' || by.department === owner) return
  throw new HubError('owner-only', `The standard ${id} is owned by ${owner}, which decides on this.`)
}
