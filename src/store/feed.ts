/**
 * The change feed of a standard: its revisions in the order of their commits, each beside the one before it of the same
 * record; between them its notices (`notices.ts`).
 *
 * Numbers are given under the lock of the standard's head row, so that whoever sees one sees all before it: no gap.
 */
import { readNotices } from './notices.ts'
import { columns, recordOf, type Columns, type StoredRecord } from './records.ts'
import type { Session, Value } from './session.ts'

/** A revision as the feed has it. */
export type Revision = {
  readonly seq: number
  readonly key: string
  readonly revision: number
  readonly updatedAt: string
  /** Undefined where the revision withdraws the record. */
  readonly record: StoredRecord | undefined
  /** Undefined where there was no record before. */
  readonly previous: StoredRecord | undefined
}

/**
 * What tells one history of a standard from another at a number: the run that has written there, and when, or the notice
 * that was given there; undefined where nothing was. A store that was put back to an earlier state and went on has others
 * under the same numbers.
 */
export async function readWriter(session: Session, standard: string, seq: number): Promise<string | undefined> {
  const row = await session.get<{ delivery: string; updatedAt: string }>(
    'SELECT delivery, updated_at AS updatedAt FROM revisions WHERE standard = ? AND seq = ?',
    [standard, seq],
  )
  if (row !== undefined) return `${row.delivery} ${row.updatedAt}`
  const [notice] = await readNotices(session, standard, { after: seq - 1, upTo: seq })
  return notice && `notice ${notice.kind} ${notice.major} ${notice.version ?? notice.sunset ?? ''} ${notice.at}`
}

/** Up to `limit` revisions after the number `after`, in order. Costs O(limit · log n). */
export async function readRevisions(
  session: Session,
  standard: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<Revision[]> {
  const rows = await session.allColumns<[number, number, number | null, ...Value[]]>(readFeed, [standard, after, limit])
  return rows.map(([seq, withdrawn, previousWithdrawn, ...both]) => {
    const own = both.slice(0, columnCount) as unknown as Columns
    const [, key, revision] = own
    return {
      seq,
      key,
      revision,
      updatedAt: own[columnCount - 1] as string,
      record: withdrawn === 0 ? recordOf(own) : undefined,
      previous: previousWithdrawn === 0 ? recordOf(both.slice(columnCount) as unknown as Columns) : undefined,
    }
  })
}

const columnCount = columns.split(',').length

const readFeed = `SELECT r.seq, r.withdrawn, p.withdrawn, ${columns}, ${columns.replaceAll(/\br\./g, 'p.')}
  FROM revisions r LEFT JOIN revisions p ON p.standard = r.standard AND p.seq = r.previous
  WHERE r.standard = ? AND r.seq > ? ORDER BY r.seq LIMIT ?`
