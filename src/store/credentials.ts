/**
 * Credentials for the sources that records are pulled from: sealed under the master key, each bound to one origin.
 *
 * Name, kind and origin are what the seal is bound to, so that a row whose origin was changed does not open.
 */
import type { MasterKeys } from '../seal/master-keys.ts'
import { newDataKey, seal, unseal, type Place } from '../seal/seal.ts'
import { keyOf, readDataKeys, writeDataKeys } from './data-keys.ts'
import type { Session } from './session.ts'

/**
 * What the secret is, and how it is sent: `bearer` a token; `basic` and `password` (of a database) `user:password`;
 * `header` `Name: value`; `query` `parameter=value`.
 */
export type CredentialKind = 'bearer' | 'basic' | 'header' | 'query' | 'password'

export type Credential = {
  /** `department/name`: adapters use those of their own department. */
  readonly name: string
  readonly kind: CredentialKind
  /** `https://host:port`, or `postgres://host:port/database`: it is sent nowhere else. */
  readonly origin: string
  readonly createdAt: string
}

export async function listCredentials(session: Session): Promise<Credential[]> {
  return session.all<Credential>('SELECT name, kind, origin, created_at AS createdAt FROM credentials ORDER BY name')
}

/** A credential with its secret; undefined where there is none of that name. */
export async function openCredential(
  session: Session,
  master: MasterKeys,
  name: string,
): Promise<(Credential & { readonly secret: string }) | undefined> {
  const row = await session.get<Credential & { sealed: string; dataKey: string }>(
    `SELECT name, kind, origin, created_at AS createdAt, sealed, data_key AS dataKey FROM credentials WHERE name = ?`,
    [name],
  )
  if (row === undefined) return undefined
  const { sealed, dataKey, ...credential } = row
  const keys = await readDataKeys(session, master, [dataKey])
  return { ...credential, secret: unseal(keyOf(keys, dataKey), placeOf(credential), sealed) }
}

/** Writes a credential in place of the one of its name, under a new data key. */
export async function writeCredential(
  tx: Session,
  master: MasterKeys,
  { secret, ...credential }: Credential & { readonly secret: string },
): Promise<void> {
  const { name, kind, origin, createdAt } = credential
  await deleteCredential(tx, name)
  const dataKey = newDataKey()
  const subject = subjectOf(name)
  await writeDataKeys(tx, master, new Map([[subject, dataKey]]))
  await tx.run('INSERT INTO credentials (name, kind, origin, sealed, data_key, created_at) VALUES (?, ?, ?, ?, ?, ?)', [
    name,
    kind,
    origin,
    seal(dataKey, placeOf(credential), secret),
    subject,
    createdAt,
  ])
}

/** Deletes a credential and its data key, without which a copy of the row does not open; false where there is none. */
export async function deleteCredential(tx: Session, name: string): Promise<boolean> {
  await tx.run('DELETE FROM data_keys WHERE subject = ?', [subjectOf(name)])
  return (await tx.run('DELETE FROM credentials WHERE name = ?', [name])) === 1
}

function subjectOf(name: string): string {
  return `credential ${name}`
}

function placeOf({ name, kind, origin }: Omit<Credential, 'createdAt'>): Place {
  return { standard: 'credential', key: name, revision: origin, field: kind }
}
