/**
 * What signing in has come to, user by user: which TOTP step was taken last, how often in a row it failed, until when
 * it is locked. In the database, since several processes let people in. Instants are in ms since 1970.
 */
import type { Transaction } from './connection.ts'
import type { Session } from './session.ts'

/** Where failures of whoever is no user go: no id is empty. */
const nobody = ''

/** Begins anew, unlocked: a user has a new secret (no step of it was taken), or was let in again by a person. */
export async function resetSignIns(tx: Transaction, user: string): Promise<void> {
  await tx.run(
    `INSERT INTO sign_ins (user_id) VALUES (?)
     ON CONFLICT (user_id) DO UPDATE SET last_step = 0, failures = 0, locked_until = 0`,
    [user],
  )
}

/** Who is locked at an instant, and until when. */
export async function readLocks(session: Session, now: number): Promise<ReadonlyMap<string, number>> {
  const rows = await session.all<{ user: string; until: number }>(
    'SELECT user_id AS user, locked_until AS until FROM sign_ins WHERE locked_until > ?',
    [now],
  )
  // Some databases give what is larger than 32 bits as text.
  return new Map(rows.map(({ user, until }) => [user, Number(until)]))
}

/** Ends a lock, and keeps the step: the secret is the same. */
export async function unlockSignIns(tx: Transaction, user: string): Promise<void> {
  await tx.run('UPDATE sign_ins SET failures = 0, locked_until = 0 WHERE user_id = ?', [user])
}

/** Takes a step, once among all processes; false where it, or a later one, was taken before, or the user is locked. */
export async function takeStep(tx: Transaction, user: string, step: number, now: number): Promise<boolean> {
  const changed = await tx.run(
    `UPDATE sign_ins SET last_step = ?, failures = 0, locked_until = 0
      WHERE user_id = ? AND last_step < ? AND locked_until <= ?`,
    [step, user, step, now],
  )
  return changed === 1
}

/**
 * Counts a failure, and locks where it is the last that is borne; a locked user's are not counted, so that the lock ends
 * when it was said to.
 *
 * @param user undefined where there is no such user: it costs the same commit
 * @returns whether this failure has locked the user
 */
export async function countFailure(
  tx: Transaction,
  user: string | undefined,
  { now, most, lockMs }: { readonly now: number; readonly most: number; readonly lockMs: number },
): Promise<boolean> {
  const id = user ?? nobody
  await tx.run(
    `UPDATE sign_ins
        SET failures_ever = failures_ever + 1, failures = CASE WHEN locked_until <= ? THEN failures + 1 ELSE failures END
      WHERE user_id = ?`,
    [now, id],
  )
  const locked = await tx.run(
    'UPDATE sign_ins SET failures = 0, locked_until = ? WHERE user_id = ? AND failures >= ? AND locked_until <= ?',
    [now + lockMs, id, most, now],
  )
  return locked === 1 && user !== undefined
}
