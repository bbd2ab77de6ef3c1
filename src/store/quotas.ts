/** How many records were disclosed under each agreement on each day: exact across processes, for each asks the database. */
import { hasRoom } from '../agreement/quota.ts'
import type { Session } from './session.ts'

/** Records that are about to be disclosed, at an instant (RFC 3339 in UTC) of a day, under an agreement with a quota. */
export type Charge = {
  readonly agreement: string
  readonly day: string
  readonly at: string
  readonly records: number
  readonly dailyQuota: number
}

/** `usedUpAt`: when the quota was reached; null where it was not. */
export type QuotaUse = { readonly used: number; readonly usedUpAt: string | null }

/** Of a day on which nothing was disclosed, nothing. */
export async function readQuotaUse(session: Session, agreement: string, day: string): Promise<QuotaUse> {
  const row = await session.get<QuotaUse>(
    'SELECT used, used_up_at AS usedUpAt FROM quota_use WHERE agreement = ? AND day = ?',
    [agreement, day],
  )
  return row ?? { used: 0, usedUpAt: null }
}

/**
 * Takes the records off the quota, all of them or none; in a transaction, which it begins by writing.
 *
 * @returns whether there was room, and if not, for how many records there is
 */
export async function reserve(tx: Session, charge: Charge): Promise<{ readonly room: number } | 'reserved'> {
  const { agreement, day, at, records, dailyQuota } = charge
  await tx.run('INSERT INTO quota_use (agreement, day, used) VALUES (?, ?, 0) ON CONFLICT DO NOTHING', [agreement, day])
  const { used } = await readQuotaUse(tx, agreement, day)
  if (!hasRoom(dailyQuota, used, records)) return { room: Math.max(0, dailyQuota - used) }
  const usedUpAt = used + records === dailyQuota ? at : null
  await tx.run('UPDATE quota_use SET used = ?, used_up_at = ? WHERE agreement = ? AND day = ?', [
    used + records,
    usedUpAt,
    agreement,
    day,
  ])
  return 'reserved'
}

/** Gives back what was reserved and not disclosed. */
export async function giveBack(tx: Session, { agreement, day, records }: Charge): Promise<void> {
  await tx.run('UPDATE quota_use SET used = used - ?, used_up_at = NULL WHERE agreement = ? AND day = ?', [
    records,
    agreement,
    day,
  ])
}
