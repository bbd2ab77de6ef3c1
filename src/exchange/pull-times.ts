/** When a pull comes next: by its schedule, and after a failure. */
import type { AdapterDocument } from '../map/document.ts'
import { nextRun } from '../map/schedule.ts'
import { skewMs } from '../store/pulls.ts'
import { PullFailure } from './pull-source.ts'

/** The schedule as it is compared, with the time zone that it is meant in, and its first time after `now`. */
export function planOf(
  { pull, timezone = 'Z' }: Pick<AdapterDocument, 'pull' | 'timezone'>,
  now: Date,
): { readonly schedule: string; readonly nextAt: Date | null } {
  if (pull === undefined) return { schedule: '', nextAt: null }
  return { schedule: `${pull.schedule} ${timezone}`, nextAt: nextRun(pull.schedule, timezone, now) ?? null }
}

const firstRetryMs = 60_000
const lastRetryMs = 3_600_000
/** What a source asks for with Retry-After is kept up to this: a mistake there must not end the pulls. */
const longestRetryMs = 24 * 3_600_000

/**
 * Twice as late with each failure in a row, up to an hour; by up to half earlier at random, so that many hubs do not ask
 * a source at the same moment. Not before the source wants it.
 */
export function retryAt(
  now: Date,
  { error, failures, random }: { readonly error: unknown; readonly failures: number; readonly random: () => number },
): Date {
  const delayMs = Math.min(lastRetryMs, firstRetryMs * 2 ** Math.min(failures - 1, 16)) * (0.5 + random() / 2)
  const wanted = sourceFailure(error)?.notBefore?.getTime() ?? 0
  return new Date(Math.max(now.getTime() + delayMs, Math.min(wanted, now.getTime() + longestRetryMs)))
}

/**
 * Whether a run is planned for later than it may be: by a clock that was wrong.
 *
 * @param planned as in the store; `failures`: runs that have failed in a row, whose next the source may have put off
 */
export function isTooLate(
  { nextAt, failures }: { readonly nextAt: string | null; readonly failures: number },
  document: Pick<AdapterDocument, 'pull' | 'timezone'>,
  now: Date,
): boolean {
  if (nextAt === null) return false
  const ahead = new Date(now.getTime() + skewMs)
  const scheduled = planOf(document, ahead).nextAt?.getTime() ?? Infinity
  const retried = failures > 0 ? ahead.getTime() + longestRetryMs : 0
  return Date.parse(nextAt) > Math.max(scheduled, retried)
}

/** The failure of the source, which may have ended a delivery. */
function sourceFailure(error: unknown): PullFailure | undefined {
  if (error instanceof PullFailure) return error
  return error instanceof Error && error.cause !== undefined ? sourceFailure(error.cause) : undefined
}
