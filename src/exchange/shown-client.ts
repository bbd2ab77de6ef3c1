/** What of a client may be seen: everything but the hashes of its secrets. */
import type { Client } from '../store/clients.ts'
import { enterAudit } from './audit.ts'
import { credentialsAt } from './clients.ts'
import type { By, Hub } from './hub.ts'

export type ShownClient = Omit<Client, 'credential' | 'previous'> & {
  /** Its kind, or the thumbprints (RFC 7638) of its public keys. */
  readonly knownBy: 'secret' | readonly string[]
  /** Until when what it was known by before lets it in, too. */
  readonly previousUntil?: string
}

/**
 * The clients, as they may be seen; that they were is an entry.
 *
 * @throws {HubError} `log-unavailable`
 */
export async function listClients(hub: Hub, by: By): Promise<ShownClient[]> {
  const { clients } = await hub.published.configuration()
  await enterAudit(hub, by, { act: 'list-clients', count: clients.size })
  return [...clients.values()].map(client => shownClient(client, hub.clock().getTime()))
}

/** @param now in ms */
function shownClient(client: Client, now: number): ShownClient {
  const { credential, previous, ...open } = client
  const isOverlapping = credentialsAt(client, now).length > 1
  return {
    ...open,
    knownBy: credential.kind === 'secret' ? 'secret' : credential.keys.map(({ thumbprint }) => thumbprint),
    ...(previous !== undefined && isOverlapping ? { previousUntil: previous.until } : {}),
  }
}
