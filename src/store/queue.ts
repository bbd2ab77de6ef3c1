/**
 * The queue: deliveries that were taken in and wait for their turn, one after the other for each adapter.
 *
 * A process claims what it works off, for a while that it goes on prolonging; what a dead one has claimed, any process
 * takes over. All of it stays as a row when it has ended, so that a delivery is found under the id it was promised by.
 */
import { randomUUID } from 'node:crypto'
import type { Language } from '../record.ts'
import { holder, isAlive } from './leases.ts'
import type { Session, Value } from './session.ts'

/** What was taken in. */
export type Taken = {
  readonly id: string
  /** `department/name`. */
  readonly adapter: string
  readonly standard: string
  /** Who delivers, as JSON text. */
  readonly caller: string
  readonly client: string
  readonly idempotencyKey: string | null
  /** SHA-256 of the input. */
  readonly digest: string
  readonly language: Language
  readonly bytes: number
  readonly queuedAt: string
}

export type QueueState = 'queued' | 'running' | 'done' | 'failed'

export type Queued = Taken & {
  readonly number: number
  readonly state: QueueState
  /** The run that stands for it; null while there was none. */
  readonly delivery: string | null
  /** Runs that were begun. */
  readonly attempts: number
  readonly readBytes: number
  readonly finishedAt: string | null
  readonly problem: string | null
  readonly problemDetail: string | null
}

/** A process's hold on a queued delivery. */
export type Claim = { readonly number: number; readonly holder: string }

/** Longer than any batch takes. */
const claimMs = 30_000

const columns = `number, id, adapter, standard, caller, client, idempotency_key AS idempotencyKey, digest, language, bytes,
  read_bytes AS readBytes, state, delivery, attempts, queued_at AS queuedAt, finished_at AS finishedAt, problem,
  problem_detail AS problemDetail`

const isOpen = `state IN ('queued', 'running')`

/** How many deliveries of a client wait or run, and the bytes of their inputs. */
export async function readLoad(
  session: Session,
  client: string,
): Promise<{ readonly count: number; readonly bytes: number }> {
  const load = await session.get<{ count: number; bytes: number }>(
    `SELECT COUNT(*) AS count, COALESCE(SUM(bytes), 0) AS bytes FROM queue WHERE ${isOpen} AND client = ?`,
    [client],
  )
  return load ?? { count: 0, bytes: 0 }
}

export async function readQueued(session: Session, id: string): Promise<Queued | undefined> {
  return session.get<Queued>(`SELECT ${columns} FROM queue WHERE id = ?`, [id])
}

/** What a client has sent under an idempotency key. */
export async function readQueuedByKey(
  session: Session,
  client: string,
  idempotencyKey: string,
): Promise<Queued | undefined> {
  return session.get<Queued>(`SELECT ${columns} FROM queue WHERE client = ? AND idempotency_key = ?`, [
    client,
    idempotencyKey,
  ])
}

/** Those that have not begun, in their order. */
export async function listQueued(
  session: Session,
  { adapter = null, limit }: { readonly adapter?: string | null; readonly limit: number },
): Promise<Queued[]> {
  return session.all<Queued>(
    `SELECT ${columns} FROM queue WHERE state = 'queued' AND (? IS NULL OR adapter = ?) ORDER BY number LIMIT ?`,
    [adapter, adapter, limit],
  )
}

export async function enqueue(tx: Session, taken: Taken): Promise<void> {
  const { id, adapter, standard, caller, client, idempotencyKey, digest, language, bytes, queuedAt } = taken
  // A delivery that has failed, or was reverted, gives its key up.
  await tx.run('UPDATE queue SET idempotency_key = NULL WHERE client = ? AND idempotency_key = ?', [
    client,
    idempotencyKey,
  ])
  await tx.run(
    `INSERT INTO queue (id, adapter, standard, caller, client, idempotency_key, digest, language, bytes, read_bytes, state,
                        attempts, expires_at, next_at, queued_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 'queued', 0, 0, 0, ?)`,
    [id, adapter, standard, caller, client, idempotencyKey, digest, language, bytes, queuedAt],
  )
}

/** A delivery whose turn it is: the first of its adapter, which nobody works off and which need not wait. */
const next = `SELECT q.number FROM queue q
  WHERE q.${isOpen} AND q.next_at <= ? AND (q.state = 'queued' OR q.expires_at <= ?)
    AND NOT EXISTS (SELECT 1 FROM queue e WHERE e.adapter = q.adapter AND e.number < q.number AND e.${isOpen})
  ORDER BY q.number LIMIT 1`

/** Claims the delivery whose turn it is; undefined where there is none. Writes only where there may be one. */
export async function claimNext(
  db: { readonly read: Session; transact<Result>(work: (tx: Session) => Promise<Result>): Promise<Result> },
  now: Date,
): Promise<{ readonly queued: Queued; readonly delivery: string; readonly claim: Claim } | undefined> {
  const dead = await deadClaims(db.read, now)
  const ms = now.getTime()
  if (dead.length === 0 && (await db.read.get(next, [ms, ms])) === undefined) return undefined
  return db.transact(async tx => {
    // The first statement writes, whether or not there is anything to free.
    await tx.run('UPDATE queue SET expires_at = expires_at WHERE number = 0')
    await tx.runEach('UPDATE queue SET expires_at = 0 WHERE number = ? AND holder = ?', dead)
    const first = await tx.get<{ number: number }>(next, [ms, ms])
    if (first === undefined) return undefined
    const claim: Claim = { number: first.number, holder: `${holder} ${randomUUID()}` }
    // A run that has died left the delivery's own id behind, with what it had kept.
    const queued = await tx.get<Queued>(
      `UPDATE queue SET state = 'running', holder = ?, expires_at = ?, attempts = attempts + 1, read_bytes = 0,
                        delivery = CASE WHEN EXISTS (SELECT 1 FROM deliveries d WHERE d.id = queue.id) THEN ? ELSE id END
        WHERE number = ? RETURNING ${columns}`,
      [claim.holder, ms + claimMs, randomUUID(), first.number],
    )
    if (queued === undefined || queued.delivery === null) throw new Error('bug: a claimed delivery is not there')
    return { queued, delivery: queued.delivery, claim }
  })
}

/** On its own host, a dead holder is recognised at once. */
async function deadClaims(session: Session, now: Date): Promise<Value[][]> {
  const running = await session.all<Claim>(
    `SELECT number, holder FROM queue WHERE state = 'running' AND expires_at > ?`,
    [now.getTime()],
  )
  return running.filter(claim => !isAlive(claim.holder)).map(claim => [claim.number, claim.holder])
}

/** Prolongs a claim and notes how much was read; false where another has taken over. */
export async function prolongClaim(tx: Session, claim: Claim, readBytes: number, now: Date): Promise<boolean> {
  const { number } = claim
  return (
    (await tx.run(
      `UPDATE queue SET expires_at = ?, read_bytes = ? WHERE number = ? AND holder = ? AND state = 'running'`,
      [now.getTime() + claimMs, readBytes, number, claim.holder],
    )) === 1
  )
}

/** Puts a delivery back, which has not ended. @param isAttempt whether this counts as a run of it */
export async function putBack(
  tx: Session,
  claim: Claim,
  { nextAt, isAttempt }: { readonly nextAt: number; readonly isAttempt: boolean },
): Promise<void> {
  await tx.run(
    `UPDATE queue SET state = 'queued', holder = NULL, expires_at = 0, next_at = ?, attempts = attempts - ?
      WHERE number = ? AND holder = ? AND state = 'running'`,
    [nextAt, isAttempt ? 0 : 1, claim.number, claim.holder],
  )
}

/** Ends a delivery; false where another has taken over. */
export async function endQueued(
  tx: Session,
  claim: Claim,
  end: {
    readonly state: 'done' | 'failed'
    readonly at: string
    readonly problem?: string
    readonly problemDetail?: string | undefined
    readonly readBytes: number
  },
): Promise<boolean> {
  const ended = await tx.run(
    `UPDATE queue SET state = ?, finished_at = ?, problem = ?, problem_detail = ?, read_bytes = ?, holder = NULL
      WHERE number = ? AND holder = ? AND state = 'running'`,
    [end.state, end.at, end.problem ?? null, end.problemDetail ?? null, end.readBytes, claim.number, claim.holder],
  )
  return ended === 1
}
