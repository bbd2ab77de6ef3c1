/** Users: people, their roles, and what they prove who they are by. Every change is an entry; no entry holds a secret. */
import { randomBytes } from 'node:crypto'
import { HubError } from '../errors.ts'
import type { JsonObject, Role } from '../record.ts'
import { hashPassword, newPassword } from '../seal/password.ts'
import { newTotpSecret, totpUri } from '../seal/totp.ts'
import type { Transaction } from '../store/connection.ts'
import { readLocks, resetSignIns, unlockSignIns } from '../store/sign-ins.ts'
import { openUser, readUsers, writeUser, writeUserStatus, type Proof, type User } from '../store/users.ts'
import { requireDepartment, requireId } from './departments.ts'
import { enterAudit } from './audit.ts'
import { change, type By, type Hub } from './hub.ts'

/** What a person is given once, and what is shown nowhere again. */
export type Credentials = {
  readonly id: string
  readonly password: string
  /** The secret in base32, and the address by which an authenticator app takes it. */
  readonly totp: { readonly secret: string; readonly uri: string }
}

/** What of a user may be seen. */
export type ShownUser = Omit<User, 'credential'> & {
  /** RFC 3339 in UTC: until then nobody is let in, after failures in a row. */
  readonly lockedUntil?: string
}

/**
 * Makes a user, with a password and a TOTP secret that are given once.
 *
 * @throws {HubError} `request-invalid` for an id or for roles that do not go together, `department-unknown`, `conflict`
 */
export async function createUser(
  hub: Hub,
  by: By,
  user: {
    readonly id: string
    readonly department?: string | undefined
    readonly title: string
    readonly roles: readonly Role[]
  },
): Promise<Credentials> {
  requireId(user.id)
  requireRoles(user)
  const { id, department, title } = user
  if (department !== undefined) await requireDepartment(hub, department)
  const roles = [...new Set(user.roles)]
  const made = await newCredentials(hub, id)
  return change(hub, by, async tx => {
    if ((await readUsers(tx)).some(other => other.id === id)) {
      throw new HubError('conflict', `There is a user ${id} already; choose another id.`)
    }
    const createdAt = hub.clock().toISOString()
    await write(hub, tx, { id, department, title, roles, status: 'active', createdAt, ...made.proof })
    const detail = { roles, ...(department === undefined ? {} : { department }) }
    return { result: made.credentials, entry: entryOn('create-user', id, detail) }
  })
}

/**
 * The users, as they may be seen; that they were is an entry.
 *
 * @throws {HubError} `log-unavailable`
 */
export async function listUsers(hub: Hub, by: By): Promise<ShownUser[]> {
  const { users } = await hub.published.configuration()
  await enterAudit(hub, by, { act: 'list-users', count: users.size })
  const locks = await readLocks(hub.store.read, hub.clock().getTime())
  return [...users.values()].map(({ credential: _, ...shown }) => {
    const until = locks.get(shown.id)
    return until === undefined ? shown : { ...shown, lockedUntil: new Date(until).toISOString() }
  })
}

/**
 * Shuts a user out, tokens and all, or lets them in again, which ends a lock too: every process obeys within a second.
 *
 * @throws {HubError} `user-unknown`, `self-administered`
 */
export async function setUserStatus(hub: Hub, by: By, id: string, status: User['status']): Promise<void> {
  requireOther(by, id)
  await change(hub, by, async tx => {
    if (!(await writeUserStatus(tx, id, status))) throw unknown(id)
    if (status === 'active') await unlockSignIns(tx, id)
    return { result: undefined, entry: entryOn(status === 'active' ? 'resume-user' : 'suspend-user', id) }
  })
}

/**
 * Gives a user a new password and a new TOTP secret: the old ones are void at once, with the tokens given for them.
 *
 * @throws {HubError} `user-unknown`, `self-administered`
 */
export async function renewUser(hub: Hub, by: By, id: string): Promise<Credentials> {
  requireOther(by, id)
  const made = await newCredentials(hub, id)
  return change(hub, by, async tx => {
    const user = await openUser(tx, hub.keys.master, id)
    if (user === undefined) throw unknown(id)
    await write(hub, tx, { ...user, ...made.proof })
    return { result: made.credentials, entry: entryOn('renew-user', id) }
  })
}

async function write(hub: Hub, tx: Transaction, user: User & Proof): Promise<void> {
  await writeUser(tx, hub.keys.master, user)
  await resetSignIns(tx, user.id)
}

async function newCredentials(
  hub: Hub,
  id: string,
): Promise<{ readonly credentials: Credentials; readonly proof: Proof & Pick<User, 'credential'> }> {
  const [password, secret] = [newPassword(), newTotpSecret()]
  const uri = totpUri(secret, { issuer: `Concord ${hub.config.logOrigin}`, label: id })
  const credential = randomBytes(9).toString('base64url')
  const proof = { credential, passwordHash: await hashPassword(password), totpSecret: secret }
  return { credentials: { id, password, totp: { secret, uri } }, proof }
}

function entryOn(act: string, user: string, detail: JsonObject = {}) {
  return { operation: 'administer', count: 1, detail: { act, user, ...detail } } as const
}

/**
 * Separation of duties: who lets people in decides nothing and checks nothing; who checks does nothing that is checked.
 * Steward and member are a department's, and may be one person: nobody decides on what they asked for.
 *
 * @throws {HubError} `request-invalid`
 */
function requireRoles({
  roles,
  department,
}: {
  readonly roles: readonly Role[]
  readonly department?: string | undefined
}): void {
  const ofHub = roles.filter(role => role === 'administrator' || role === 'auditor')
  const [alone] = ofHub
  if (roles.length === 0) throw new HubError('request-invalid', 'A user has at least one role.')
  if (alone !== undefined && new Set(roles).size > 1) {
    const detail = `Whoever is ${alone} has no other role: make another user for it, of another person.`
    throw new HubError('request-invalid', detail)
  }
  if (alone !== undefined && department !== undefined) {
    throw new HubError('request-invalid', `An ${alone} is the hub's and no department's: leave the department out.`)
  }
  if (alone === undefined && department === undefined) {
    throw new HubError('request-invalid', 'A steward or member is a department’s: name it.')
  }
}

/** A stolen session must not become a password, and nobody shuts themselves out by mistake. */
function requireOther({ actor }: By, id: string): void {
  if (actor.kind !== 'user' || actor.id !== id) return
  throw new HubError('self-administered', 'Have another administrator do this, or the hub’s operator by command line.')
}

function unknown(id: string): HubError {
  return new HubError('user-unknown', `There is no user ${id}; \`concord user list\` shows them.`)
}
