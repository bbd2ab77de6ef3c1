/** Clients: made, let in and shut out, what they are known by, from where and how often they may call. Every change is an entry. */
import { hash, randomBytes } from 'node:crypto'
import { HubError } from '../errors.ts'
import type { JsonObject, Scope } from '../record.ts'
import { readClients, writeClient, type Client, type ClientCredential, type Rate } from '../store/clients.ts'
import { readAddresses } from './addresses.ts'
import { requireDepartment, requireId } from './departments.ts'
import { readClientKeys } from './client-keys.ts'
import { change, type By, type Hub } from './hub.ts'

/** Longer than this, and nobody remembers that two credentials open one door. */
const longestOverlapMs = 30 * 86_400_000

/**
 * Makes a client. The secret is given once and kept nowhere.
 *
 * @throws {HubError} `request-invalid`, `department-unknown`; `conflict` where the id is taken
 */
export async function createClient(
  hub: Hub,
  by: By,
  client: {
    readonly id: string
    readonly department: string
    readonly title: string
    readonly scopes: readonly Scope[]
    /** CIDR ranges; anywhere where there is none. */
    readonly addresses?: readonly string[]
  },
): Promise<{ readonly id: string; readonly secret: string }> {
  requireId(client.id)
  await requireDepartment(hub, client.department)
  const addresses = readAddresses(client.addresses ?? [])
  const scopes = [...new Set(client.scopes)]
  const secret = newSecret()
  return change(hub, by, async tx => {
    const clients = await readClients(tx)
    if (clients.some(({ id }) => id === client.id)) {
      throw new HubError('conflict', `There is a client ${client.id} already; choose another id.`)
    }
    await writeClient(tx, {
      ...client,
      scopes,
      credential: { kind: 'secret', hash: secretHash(secret) },
      addresses,
      status: 'active',
      createdAt: hub.clock().toISOString(),
    })
    const detail = {
      act: 'create-client',
      client: client.id,
      department: client.department,
      scopes,
      ...(addresses.length > 0 ? { addresses } : {}),
    }
    return { result: { id: client.id, secret }, entry: { operation: 'administer', count: 1, detail } }
  })
}

/** Suspends a client, or lets it in again: every process obeys within a second. */
export async function setClientStatus(hub: Hub, by: By, id: string, status: Client['status']): Promise<void> {
  await changeClient(hub, by, id, status === 'active' ? 'resume-client' : 'suspend-client', () => ({
    changes: { status },
  }))
}

export type Renewed = {
  readonly id: string
  /** Until when what the client was known by before lets it in. */
  readonly previousUntil?: string
}

/**
 * Gives a client a new secret. What it was known by before is void at once, or after the overlap, tokens and all; what
 * was known before that is void in any case, so that there are never more than two.
 *
 * @throws {HubError} `client-unknown`, `request-invalid`
 */
export async function renewSecret(
  hub: Hub,
  by: By,
  id: string,
  overlapMs = 0,
): Promise<Renewed & { readonly secret: string }> {
  const secret = newSecret()
  const credential = { kind: 'secret', hash: secretHash(secret) } as const
  const renewed = await renew(hub, by, { id, act: 'renew-secret', credential, overlapMs })
  return { ...renewed, secret }
}

/**
 * Has a client be known by public keys, `private_key_jwt`, in place of what it was known by before, which is void at
 * once or after the overlap.
 *
 * @param jwks a JWK Set (RFC 7517 §5); each of its keys lets in
 * @throws {HubError} `client-unknown`, `request-invalid` with an issue for each thing that is wrong with the keys
 */
export async function setClientKeys(
  hub: Hub,
  by: By,
  id: string,
  { jwks, overlapMs = 0 }: { readonly jwks: unknown; readonly overlapMs?: number },
): Promise<Renewed & { readonly keys: readonly string[] }> {
  const keys = await readClientKeys(jwks)
  const names = keys.map(({ thumbprint }) => thumbprint)
  const credential = { kind: 'keys', keys } as const
  const renewed = await renew(hub, by, { id, act: 'set-client-keys', credential, overlapMs, detail: { keys: names } })
  return { ...renewed, keys: names }
}

/** From where a client may call: CIDR ranges; anywhere where there is none. */
export async function setClientAddresses(hub: Hub, by: By, id: string, ranges: readonly string[]): Promise<string[]> {
  const addresses = readAddresses(ranges)
  await changeClient(hub, by, id, 'set-client-addresses', () => ({ changes: { addresses }, detail: { addresses } }))
  return addresses
}

/** How often a client may call; as the hub has it for all where there is no rate. */
export async function setClientRate(hub: Hub, by: By, id: string, rate: Rate | undefined): Promise<void> {
  if (rate !== undefined && rate.burst < rate.perSecond) {
    throw new HubError('request-invalid', 'The burst must be at least the requests of one second.')
  }
  await changeClient(hub, by, id, 'set-client-rate', ({ rate: _, ...client }) => ({
    client: rate === undefined ? client : { ...client, rate },
    detail: { rate: rate === undefined ? null : { ...rate } },
  }))
}

/** What of a client's secret is kept, base64url. A secret is 256 random bits: a slow hash would protect nothing more. */
export function secretHash(secret: string): string {
  return hash('sha256', secret, 'base64url')
}

/** The credentials that let a client in at a time, in ms: one, or during an overlap two. */
export function credentialsAt({ credential, previous }: Client, now: number): readonly ClientCredential[] {
  if (previous === undefined || Date.parse(previous.until) <= now) return [credential]
  return [credential, previous.credential]
}

function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

async function renew(
  hub: Hub,
  by: By,
  to: {
    readonly id: string
    readonly act: string
    readonly credential: ClientCredential
    readonly overlapMs: number
    readonly detail?: JsonObject
  },
): Promise<Renewed> {
  const { id, act, credential, overlapMs, detail } = to
  if (overlapMs > longestOverlapMs) {
    throw new HubError('request-invalid', 'An overlap is 30 days at most: renew again where a system needs longer.')
  }
  const until = overlapMs > 0 ? new Date(hub.clock().getTime() + overlapMs).toISOString() : undefined
  await changeClient(hub, by, id, act, ({ previous: _, ...client }) => ({
    client: {
      ...client,
      credential,
      ...(until === undefined ? {} : { previous: { credential: client.credential, until } }),
    },
    detail: { ...detail, ...(until === undefined ? {} : { previousUntil: until }) },
  }))
  return until === undefined ? { id } : { id, previousUntil: until }
}

type ClientChange = { readonly changes: Partial<Client>; readonly detail?: JsonObject }
type ClientAnew = { readonly client: Client; readonly detail?: JsonObject }

async function changeClient(
  hub: Hub,
  by: By,
  id: string,
  act: string,
  work: (client: Client) => ClientChange | ClientAnew,
): Promise<void> {
  await change(hub, by, async tx => {
    const client = (await readClients(tx)).find(candidate => candidate.id === id)
    if (client === undefined) {
      throw new HubError('client-unknown', `There is no client ${id}; \`concord client list\` shows them.`)
    }
    const done = work(client)
    await writeClient(tx, 'client' in done ? done.client : { ...client, ...done.changes })
    const detail = { act, client: id, ...done.detail }
    return { result: undefined, entry: { operation: 'administer', count: 1, detail } }
  })
}
