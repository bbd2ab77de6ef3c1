/** What of a client may be seen: everything but the hashes of its secrets. */
import type { Client } from '../store/clients.ts'
import { credentialsAt } from './clients.ts'

export type ShownClient = Omit<Client, 'credential' | 'previous'> & {
  /** Its kind, or the thumbprints (RFC 7638) of its public keys. */
  readonly knownBy: 'secret' | readonly string[]
  /** Until when what it was known by before lets it in, too. */
  readonly previousUntil?: string
}

/** @param now in ms */
export function shownClient(client: Client, now: number): ShownClient {
  const { credential, previous, ...open } = client
  const isOverlapping = credentialsAt(client, now).length > 1
  return {
    ...open,
    knownBy: credential.kind === 'secret' ? 'secret' : credential.keys.map(({ thumbprint }) => thumbprint),
    ...(previous !== undefined && isOverlapping ? { previousUntil: previous.until } : {}),
  }
}
