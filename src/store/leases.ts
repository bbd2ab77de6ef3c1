/**
 * Leases: one delivery of an adapter at a time, whichever process runs it.
 *
 * A lease has a fencing token that grows with every holder. Each batch renews the lease by its token, in its own
 * transaction, so that a holder which was thought dead and wakes up again can write nothing.
 */
import { hostname } from 'node:os'
import { HubError } from '../errors.ts'
import type { Session } from './session.ts'

/** Longer than any batch takes; short enough that another host soon goes on after a crash. */
const leaseMs = 30_000

/** `host pid`: on its own host, a dead holder is recognised at once. */
export const holder = `${hostname()} ${process.pid}`

export type Lease = { readonly adapter: string; readonly fence: number }

/** @throws {HubError} `delivery-busy` */
export async function takeLease(tx: Session, adapter: string, now: Date): Promise<Lease> {
  await tx.run(`INSERT INTO leases (adapter, fence, holder, expires_at) VALUES (?, 0, '', 0) ON CONFLICT DO NOTHING`, [
    adapter,
  ])
  const before = await tx.get<{ fence: number; holder: string; expires_at: number }>(
    'SELECT fence, holder, expires_at FROM leases WHERE adapter = ?',
    [adapter],
  )
  if (before === undefined) throw new Error('bug: a lease row is missing')
  const left = before.expires_at - now.getTime()
  if (left > 0 && isAlive(before.holder)) {
    throw new HubError(
      'delivery-busy',
      `A delivery of ${adapter} is running; wait for its end, or for ${Math.ceil(left / 1000)} s if it has died.`,
    )
  }
  const fence = before.fence + 1
  await tx.run('UPDATE leases SET fence = ?, holder = ?, expires_at = ? WHERE adapter = ?', [
    fence,
    holder,
    now.getTime() + leaseMs,
    adapter,
  ])
  return { adapter, fence }
}

/** @throws {HubError} `delivery-superseded` where another has taken the lease since */
export async function renewLease(tx: Session, lease: Lease, now: Date): Promise<void> {
  const renewed = await tx.run('UPDATE leases SET expires_at = ? WHERE adapter = ? AND fence = ? AND expires_at > 0', [
    now.getTime() + leaseMs,
    lease.adapter,
    lease.fence,
  ])
  if (renewed === 0) {
    throw new HubError(
      'delivery-superseded',
      `Another delivery of ${lease.adapter} has taken over; nothing more is kept.`,
    )
  }
}

export async function releaseLease(tx: Session, lease: Lease): Promise<void> {
  await tx.run('UPDATE leases SET expires_at = 0 WHERE adapter = ? AND fence = ?', [lease.adapter, lease.fence])
}

/** False where a process of this host, named as {@link holder} is, has died. */
export function isAlive(name: string): boolean {
  const [host, pid] = name.split(' ')
  if (host !== hostname()) return true
  try {
    process.kill(Number(pid), 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
