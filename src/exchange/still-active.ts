/** Whether who delivers may still do so: a client that is suspended while it delivers is out as well. */
import { HubError } from '../errors.ts'
import type { By, Hub } from './hub.ts'

/** @throws {HubError} `unauthenticated` */
export async function requireActive(hub: Hub, { actor }: By): Promise<void> {
  const { clients } = await hub.published.configuration()
  if (actor.kind !== 'client' || clients.get(actor.id)?.status === 'active') return
  throw new HubError('unauthenticated', 'The client was suspended during the delivery; what it had kept stays.')
}
