/**
 * Users: people who sign in. Of a password its Argon2id hash is kept, the TOTP secret is sealed.
 *
 * The seal is bound to the user and to the credential, so that a row in which another's secret, or an earlier one, was
 * put does not open.
 */
import type { Role } from '../record.ts'
import type { MasterKeys } from '../seal/master-keys.ts'
import { newDataKey, seal, unseal, type Place } from '../seal/seal.ts'
import type { Transaction } from './connection.ts'
import { keyOf, readDataKeys, writeDataKeys } from './data-keys.ts'
import type { Session } from './session.ts'

export type User = {
  readonly id: string
  /** Undefined for whoever belongs to the hub as a whole. */
  readonly department: string | undefined
  readonly title: string
  readonly roles: readonly Role[]
  readonly status: 'active' | 'suspended'
  /** Changes with password and TOTP secret: a token of another one is void. Tells nothing of them. */
  readonly credential: string
  readonly createdAt: string
}

/** What a user proves who they are by. */
export type Proof = { readonly passwordHash: string; readonly totpSecret: string }

type Row = Omit<User, 'department' | 'roles'> & { department: string | null; roles: string }

const columns = 'id, department, title, roles, status, credential, created_at AS createdAt'

export async function readUsers(session: Session): Promise<User[]> {
  return (await session.all<Row>(`SELECT ${columns} FROM users ORDER BY created_at, id`)).map(userOf)
}

/** A user with what they prove who they are by; undefined where there is none of that id. */
export async function openUser(session: Session, master: MasterKeys, id: string): Promise<(User & Proof) | undefined> {
  const row = await session.get<Row & { passwordHash: string; totp: string; dataKey: string }>(
    `SELECT ${columns}, password_hash AS passwordHash, totp, data_key AS dataKey FROM users WHERE id = ?`,
    [id],
  )
  if (row === undefined) return undefined
  const { passwordHash, totp, dataKey, ...rest } = row
  const user = userOf(rest)
  const keys = await readDataKeys(session, master, [dataKey])
  return { ...user, passwordHash, totpSecret: unseal(keyOf(keys, dataKey), placeOf(user), totp) }
}

/** Writes a user in place of the one of that id, with a proof of their own under a new data key. */
export async function writeUser(tx: Transaction, master: MasterKeys, user: User & Proof): Promise<void> {
  const dataKey = newDataKey()
  const subject = `user ${user.id}`
  await tx.run('DELETE FROM data_keys WHERE subject = ?', [subject])
  await writeDataKeys(tx, master, new Map([[subject, dataKey]]))
  await tx
    .knex('users')
    .insert({
      id: user.id,
      department: user.department ?? null,
      title: user.title,
      roles: user.roles.join(' '),
      status: user.status,
      credential: user.credential,
      password_hash: user.passwordHash,
      totp: seal(dataKey, placeOf(user), user.totpSecret),
      data_key: subject,
      created_at: user.createdAt,
    })
    .onConflict('id')
    .merge()
}

/** @returns whether there is such a user */
export async function writeUserStatus(tx: Transaction, id: string, status: User['status']): Promise<boolean> {
  return (await tx.run('UPDATE users SET status = ? WHERE id = ?', [status, id])) === 1
}

function userOf({ department, roles, ...row }: Row): User {
  return { ...row, department: department ?? undefined, roles: roles.split(' ') as Role[] }
}

function placeOf({ id, credential }: User): Place {
  return { standard: 'user', key: id, revision: credential, field: 'totp' }
}
