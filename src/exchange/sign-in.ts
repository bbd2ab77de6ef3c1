/**
 * Signing in: a person's password and the code of their authenticator app, each right, each code once.
 *
 * Whatever is wrong, the answer and its cost are the same, so that a stranger learns of nobody that they are a user.
 * After failures in a row a user is locked, in all processes; a lock is an entry, a single failure is a stranger's.
 */
import { isPassword } from '../seal/password.ts'
import { totpStep } from '../seal/totp.ts'
import { post } from '../store/outbox.ts'
import { countFailure, takeStep } from '../store/sign-ins.ts'
import { openUser, type User } from '../store/users.ts'
import { carry, entryOf, type Hub } from './hub.ts'

/** People mistype; whoever has a stolen password gets five of a million codes in a quarter of an hour. */
const mostFailures = 5
export const lockMs = 15 * 60_000

/**
 * The user who signs in; undefined where there is none, or not by these, or not now: suspended, locked, a code used before.
 *
 * @throws {HubError} `overloaded`, `store-unavailable`
 */
export async function signIn(
  hub: Hub,
  given: { readonly id: string; readonly password: string; readonly code: string; readonly request: string },
): Promise<User | undefined> {
  const user = await openUser(hub.store.read, hub.keys.master, given.id)
  const isRight = await isPassword(given.password, user?.passwordHash)
  const at = hub.clock()
  const step = user && totpStep(user.totpSecret, given.code, at)
  const mayEnter = isRight && user?.status === 'active' && step !== undefined
  const now = at.getTime()

  const outcome = await hub.store.transact(async tx => {
    // The password was compared outside: the row decides, once for all who try at the same time.
    if (mayEnter && (await takeStep(tx, user.id, step, now))) return 'in'
    const isLocked = await countFailure(tx, user?.id, { now, most: mostFailures, lockMs })
    if (!isLocked) return 'out'
    const detail = { act: 'lock-user', user: given.id, until: new Date(now + lockMs).toISOString() }
    const by = { actor: { kind: 'hub', id: 'hub' }, request: given.request } as const
    await post(tx, { ...entryOf(hub, by), operation: 'administer', outcome: 'done', count: 1, detail })
    return 'locked'
  })
  // The entry is durable in the outbox. To wait for the log would tell by the time it takes that there is such a user.
  if (outcome === 'locked') void carry(hub)
  return outcome === 'in' ? user : undefined
}
