/** What consumers of a standard are told of it in its changes: versions, and the end of majors. */
import type { JsonObject } from '../record.ts'
import { majorOf, type Version } from '../standard.ts'
import { hasAgreements } from '../store/agreements.ts'
import { writeNotice, type Notice, type NoticeKind } from '../store/notices.ts'
import type { Session } from '../store/session.ts'

/**
 * Tells of a version that is published, in the transaction that publishes it.
 *
 * Nobody is told of a standard that no agreement is about: a standard's first version is no news to anybody.
 *
 * @param of.at RFC 3339 in UTC
 */
export async function noticePublished(
  tx: Session,
  { standard, version, at }: { readonly standard: string; readonly version: Version; readonly at: string },
): Promise<void> {
  if (!(await hasAgreements(tx, standard))) return
  await writeNotice(tx, { standard, kind: 'published', major: majorOf(version), version, sunset: null, at })
}

/** Tells of the end of a major, in the transaction that decides it. */
export async function noticeMajor(
  tx: Session,
  notice: Pick<Notice, 'standard' | 'major' | 'at'> & {
    readonly kind: Exclude<NoticeKind, 'published'>
    readonly sunset?: string
  },
): Promise<void> {
  await writeNotice(tx, { ...notice, version: null, sunset: notice.sunset ?? null })
}

/**
 * Whether a notice is for those who are served a major: new versions of it and above it, its own end; and that another one
 * was retired, since what only that one's adapters delivered is renewed no more.
 */
export function concerns({ kind, major }: Notice, served: number): boolean {
  if (kind === 'retired') return true
  return kind === 'published' ? major >= served : major === served
}

/** As it is sent: a version or a major, and what is known of it. */
export function noticeDocument({ kind, standard, major, version, sunset, at }: Notice): JsonObject {
  return { kind, standard, major, ...(version !== null && { version }), ...(sunset !== null && { sunset }), at }
}
