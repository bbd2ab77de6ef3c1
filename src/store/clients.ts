/** Clients: a department's systems, what they are known by, from where they may call and how often. */
import type { Scope } from '../record.ts'
import type { Transaction } from './connection.ts'
import type { Session } from './session.ts'

/** A public key of a client's: `jwk` holds public members only (RFC 7517), `thumbprint` names it (RFC 7638). */
export type ClientKey = {
  readonly thumbprint: string
  readonly jwk: Readonly<Record<string, unknown>> & { readonly kid?: string; readonly alg?: string }
}

/** What a client is known by. Of a secret only its SHA-256 is kept, base64url: it is 256 random bits, which no dictionary finds. */
export type ClientCredential =
  { readonly kind: 'secret'; readonly hash: string } | { readonly kind: 'keys'; readonly keys: readonly ClientKey[] }

/** Requests that are let in: so many a second, and at once as many as `burst` where none came before. */
export type Rate = { readonly perSecond: number; readonly burst: number }

export type Client = {
  readonly id: string
  readonly department: string
  readonly title: string
  readonly credential: ClientCredential
  /** The credential before, while it still lets in. */
  readonly previous?: { readonly credential: ClientCredential; readonly until: string }
  readonly scopes: readonly Scope[]
  readonly status: 'active' | 'suspended'
  readonly createdAt: string
  /** CIDR ranges that its calls come from; anywhere where there is none. */
  readonly addresses: readonly string[]
  /** The hub's own where there is none. */
  readonly rate?: Rate
}

type Row = {
  readonly id: string
  readonly department: string
  readonly title: string
  readonly credential: string
  readonly previous: string | null
  readonly scopes: string
  readonly status: Client['status']
  readonly created_at: string
  readonly addresses: string
  readonly rate: string | null
}

export async function readClients(session: Session): Promise<Client[]> {
  const rows = await session.all<Row>(
    `SELECT id, department, title, credential, previous, scopes, status, created_at, addresses, rate
       FROM clients ORDER BY created_at, id`,
  )
  return rows.map(({ id, department, title, status, created_at: createdAt, ...row }) => ({
    id,
    department,
    title,
    credential: JSON.parse(row.credential) as ClientCredential,
    ...(row.previous === null ? {} : { previous: JSON.parse(row.previous) as NonNullable<Client['previous']> }),
    scopes: row.scopes.split(' ') as Scope[],
    status,
    createdAt,
    addresses: row.addresses.split(' ').filter(range => range !== ''),
    ...(row.rate === null ? {} : { rate: JSON.parse(row.rate) as Rate }),
  }))
}

export async function writeClient(tx: Transaction, client: Client): Promise<void> {
  const row: Row = {
    id: client.id,
    department: client.department,
    title: client.title,
    credential: JSON.stringify(client.credential),
    previous: client.previous === undefined ? null : JSON.stringify(client.previous),
    scopes: client.scopes.join(' '),
    status: client.status,
    created_at: client.createdAt,
    addresses: client.addresses.join(' '),
    rate: client.rate === undefined ? null : JSON.stringify(client.rate),
  }
  await tx.knex('clients').insert(row).onConflict('id').merge()
}
