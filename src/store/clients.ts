/** Clients: a department's systems and their credentials. Of a secret only its SHA-256 is kept. */
import type { Scope } from '../record.ts'
import type { Transaction } from './connection.ts'
import type { Session } from './session.ts'

export type Client = {
  readonly id: string
  readonly department: string
  readonly title: string
  /** SHA-256 of the secret, base64url: a secret is 256 random bits, which no dictionary finds. */
  readonly secretHash: string
  readonly scopes: readonly Scope[]
  readonly status: 'active' | 'suspended'
  readonly createdAt: string
}

export async function readClients(session: Session): Promise<Client[]> {
  type Row = Omit<Client, 'scopes'> & { scopes: string }
  const rows = await session.all<Row>(
    `SELECT id, department, title, secret_hash AS secretHash, scopes, status, created_at AS createdAt
       FROM clients ORDER BY created_at, id`,
  )
  return rows.map(row => ({ ...row, scopes: row.scopes.split(' ') as Scope[] }))
}

export async function writeClient(tx: Transaction, client: Client): Promise<void> {
  await tx
    .knex('clients')
    .insert({
      id: client.id,
      department: client.department,
      title: client.title,
      secret_hash: client.secretHash,
      scopes: client.scopes.join(' '),
      status: client.status,
      created_at: client.createdAt,
    })
    .onConflict('id')
    .merge()
}
