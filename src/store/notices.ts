/**
 * Notices: what the consumers of a standard are told of it, in the order of its changes.
 *
 * Each takes the next number of the standard's head row, under its lock, as revisions do: whoever has passed a number has
 * passed every notice before it.
 */
import { takeNumbers } from './heads.ts'
import type { Session } from './session.ts'

export type NoticeKind = 'published' | 'deprecated' | 'restored' | 'retired'

export type Notice = {
  readonly standard: string
  readonly kind: NoticeKind
  readonly major: number
  /** Of a version that was published. */
  readonly version: string | null
  /** Of a major that was deprecated: RFC 3339 in UTC. */
  readonly sunset: string | null
  /** RFC 3339 in UTC. */
  readonly at: string
}

export type NumberedNotice = Notice & { readonly seq: number }

/** Inside a transaction that has written before. */
export async function writeNotice(tx: Session, { standard, kind, major, version, sunset, at }: Notice): Promise<void> {
  const seq = await takeNumbers(tx, standard, 1)
  await tx.run('INSERT INTO notices (standard, seq, kind, major, version, sunset, at) VALUES (?, ?, ?, ?, ?, ?, ?)', [
    standard,
    seq,
    kind,
    major,
    version,
    sunset,
    at,
  ])
}

/** Those numbered after `after` and up to `upTo`, in order. There are few: a standard's life has some dozens. */
export async function readNotices(
  session: Session,
  standard: string,
  { after, upTo }: { readonly after: number; readonly upTo: number },
): Promise<NumberedNotice[]> {
  return session.all<NumberedNotice>(
    `SELECT standard, seq, kind, major, version, sunset, at FROM notices
      WHERE standard = ? AND seq > ? AND seq <= ? ORDER BY seq`,
    [standard, after, upTo],
  )
}
