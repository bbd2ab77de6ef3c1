/** Whether a call that takes long may go on: what has let it in may have ended meanwhile. */
import { HubError } from '../errors.ts'
import type { Operation } from '../record.ts'
import { refuse, type Call } from './access-entry.ts'
import { admit } from './admit.ts'
import { holdsStill, marksOf, rightsOf } from './change-cursor.ts'
import type { Hub } from './hub.ts'
import type { Grant } from './served-text.ts'

/**
 * The grant under which the call goes on: of the same agreement, with the same rights.
 *
 * @throws {HubError} with its entry durable: `unauthenticated` where the client was suspended, `cursor-expired` where the
 *   rights have changed, and what {@link admit} throws
 */
export async function readmit(hub: Hub, call: Call, operation: Operation, before: Grant): Promise<Grant> {
  await requireActive(hub, call, operation)
  const grant = await admit(hub, call, operation)
  if (grant.cut === before.cut && grant.newer === before.newer) return grant
  const had = { rights: rightsOf(before), marks: marksOf(before) }
  if (grant.agreement.id === before.agreement.id && holdsStill(had, grant)) return grant
  throw await expired(hub, call, operation, grant)
}

/** The refusal of going on under rights other than those that the consumer's records came under. */
export async function expired(
  hub: Hub,
  call: Call,
  operation: Operation,
  { agreement }: Pick<Grant, 'agreement'>,
): Promise<HubError> {
  const detail =
    'The rights have changed, or other fields were asked for, since what you have was sent: drop it and export again; the export gives a new cursor.'
  return refuse(hub, { call, operation, agreement }, 'cursor-expired', detail)
}

async function requireActive(hub: Hub, call: Call, operation: Operation): Promise<void> {
  const { kind, id } = call.by.actor
  if (kind !== 'client') return
  const { clients } = await hub.published.configuration()
  if (clients.get(id)?.status === 'active') return
  throw await refuse(hub, { call, operation }, 'unauthenticated', 'The client was suspended during the call.')
}
