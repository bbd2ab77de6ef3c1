/**
 * Pulls: for each adapter that fetches its input, when it does next, how its last run went, what the next goes on from.
 *
 * A run is claimed by moving `next_at` on, in one statement: of several processes one gets it. While it goes on the
 * claim is renewed; of a process that has died it lapses, and the run is due again.
 */
import { HubError } from '../errors.ts'
import type { Receipt } from '../record.ts'
import type { Session } from './session.ts'

/** How the last run ended; `running` until it has, and where its process has died until it is claimed again. */
export type PullOutcome = 'running' | 'delivered' | 'not-modified' | 'nothing-new' | 'failed'

/** What the next run goes on from; each kind of source has its own. */
export type Resume = {
  /** The validators of the last good answer, and the version of the adapter that read it. */
  readonly validators?: { readonly version: string; readonly etag?: string; readonly lastModified?: string }
  readonly watermark?: { readonly column: string; readonly value: string }
  /** Files that were delivered and may still lie where they were dropped. */
  readonly files?: readonly TakenFile[]
}

/** `digest`: SHA-256 of its bytes, base64url. */
export type TakenFile = {
  readonly name: string
  readonly size: number
  readonly mtimeMs: number
  readonly digest: string
}

export type PullRow = {
  readonly adapter: string
  /** By which `nextAt` was reckoned. */
  readonly schedule: string
  /** Null where the adapter no longer pulls. */
  readonly nextAt: string | null
  readonly startedAt: string | null
  readonly endedAt: string | null
  readonly outcome: PullOutcome | null
  readonly problem: PullProblem | null
  /** The last delivery that a run has made. */
  readonly delivery: string | null
  /** Runs that have failed since the last that did not. */
  readonly failures: number
  readonly resume: Resume
}

export type PullProblem = { readonly code: string; readonly detail: string }

/** A run that this process has claimed; `startedAt` tells it from every other of the adapter. */
export type Claim = { readonly adapter: string; readonly startedAt: string }

export async function readPulls(session: Session, adapter?: string): Promise<PullRow[]> {
  type Row = Omit<PullRow, 'problem' | 'resume'> & { readonly problem: string | null; readonly resume: string }
  const rows = await session.all<Row>(
    `SELECT adapter, schedule, next_at AS nextAt, started_at AS startedAt, ended_at AS endedAt, outcome, problem,
            delivery, failures, resume
       FROM pulls WHERE ? IS NULL OR adapter = ? ORDER BY adapter`,
    [adapter ?? null, adapter ?? null],
  )
  return rows.map(row => ({
    ...row,
    problem: row.problem === null ? null : (JSON.parse(row.problem) as PullProblem),
    resume: JSON.parse(row.resume) as Resume,
  }))
}

/** How long a claim holds without being renewed, in ms: as long a process that died keeps others waiting. */
export const claimMs = 120_000

/** How far the clocks of two hosts may be apart, in ms. What is further ahead was written by a clock that was wrong. */
export const skewMs = 300_000

/** A claim ends so early that one which ends later was made by a wrong clock, and counts as lapsed. */
function latestClaim(now: Date): string {
  return new Date(now.getTime() + claimMs + skewMs).toISOString()
}

/** The adapters whose next run has come, the longest overdue first. */
export async function duePulls(session: Session, now: Date): Promise<string[]> {
  const rows = await session.all<{ adapter: string }>(
    `SELECT adapter FROM pulls WHERE next_at <= ? OR outcome = 'running' AND next_at > ? ORDER BY next_at, adapter`,
    [now.toISOString(), latestClaim(now)],
  )
  return rows.map(({ adapter }) => adapter)
}

/** Plans an adapter's next run; null: no more. False while one is running, whose end plans the next. */
export async function planPull(
  tx: Session,
  adapter: string,
  { schedule, nextAt }: { readonly schedule: string; readonly nextAt: Date | null },
): Promise<boolean> {
  const at = nextAt?.toISOString() ?? null
  const planned = await tx.run(
    `INSERT INTO pulls (adapter, schedule, next_at, failures, resume) VALUES (?, ?, ?, 0, '{}')
     ON CONFLICT (adapter) DO UPDATE SET schedule = excluded.schedule, next_at = excluded.next_at
      WHERE outcome IS NULL OR outcome <> 'running'`,
    [adapter, schedule, at],
  )
  return planned === 1
}

/** @param options.onlyDue false where somebody wants it now @returns undefined where it is running, or not due */
export async function claimPull(
  tx: Session,
  adapter: string,
  { now, onlyDue }: { readonly now: Date; readonly onlyDue: boolean },
): Promise<Claim | undefined> {
  const startedAt = now.toISOString()
  const claimed = await tx.run(
    `UPDATE pulls SET outcome = 'running', started_at = ?, next_at = ?
      WHERE adapter = ? AND (next_at <= ? OR outcome = 'running' AND next_at > ?
                             OR ? AND (outcome IS NULL OR outcome <> 'running'))`,
    [startedAt, claimedUntil(now), adapter, startedAt, latestClaim(now), onlyDue ? 0 : 1],
  )
  return claimed === 0 ? undefined : { adapter, startedAt }
}

function claimedUntil(now: Date): string {
  return new Date(now.getTime() + claimMs).toISOString()
}

/** False where another run has taken over. */
export async function renewClaim(tx: Session, { adapter, startedAt }: Claim, now: Date): Promise<boolean> {
  const renewed = await tx.run(
    `UPDATE pulls SET next_at = ? WHERE adapter = ? AND started_at = ? AND outcome = 'running'`,
    [claimedUntil(now), adapter, startedAt],
  )
  return renewed === 1
}

/** @throws {HubError} `delivery-superseded` where another run has taken over, whose input is newer */
export async function requireClaim(session: Session, { adapter, startedAt }: Claim): Promise<void> {
  const held = await session.get(`SELECT 1 FROM pulls WHERE adapter = ? AND started_at = ? AND outcome = 'running'`, [
    adapter,
    startedAt,
  ])
  if (held === undefined) throw superseded(adapter)
}

/**
 * Belongs into the transaction that ends a delivery well: what was taken and where to go on must agree.
 *
 * @throws {HubError} as {@link requireClaim}
 */
export async function writeResume(tx: Session, { adapter, startedAt }: Claim, resume: Resume): Promise<void> {
  const written = await tx.run(
    `UPDATE pulls SET resume = ? WHERE adapter = ? AND started_at = ? AND outcome = 'running'`,
    [JSON.stringify(resume), adapter, startedAt],
  )
  if (written === 0) throw superseded(adapter)
}

function superseded(adapter: string): HubError {
  return new HubError(
    'delivery-superseded',
    `Another run of the pull of ${adapter} has taken over; nothing more is kept.`,
  )
}

/** Ends a run; nothing happens where its claim has lapsed and another has taken over. */
export async function endPull(
  tx: Session,
  { adapter, startedAt }: Claim,
  end: {
    readonly at: Date
    readonly outcome: PullOutcome
    readonly problem: PullProblem | null
    readonly receipt: Receipt | undefined
    readonly failures: number
    readonly nextAt: Date | null
  },
): Promise<void> {
  await tx.run(
    `UPDATE pulls SET ended_at = ?, outcome = ?, problem = ?, delivery = coalesce(?, delivery), failures = ?, next_at = ?
      WHERE adapter = ? AND started_at = ? AND outcome = 'running'`,
    [
      end.at.toISOString(),
      end.outcome,
      end.problem && JSON.stringify(end.problem),
      end.receipt?.delivery ?? null,
      end.failures,
      end.nextAt?.toISOString() ?? null,
      adapter,
      startedAt,
    ],
  )
}
