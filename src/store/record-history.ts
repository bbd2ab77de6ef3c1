/** Reads what a record was: its revisions, newest first, along the chain in which each names the one before it. */
import type { RecordKey } from '../record.ts'
import { currentColumns, recordOf, type Columns, type StoredRecord } from './records.ts'
import type { Session } from './session.ts'

/** A revision of a record: the record as it was, or its withdrawal, whose texts are empty. */
export type PastRevision = {
  readonly seq: number
  readonly isWithdrawal: boolean
  readonly record: StoredRecord
}

/**
 * The record as it stood at an instant: its last revision not after it. Costs O(revisions since).
 *
 * @param instant RFC 3339 in UTC, with milliseconds
 * @returns undefined where there was none yet, or it was withdrawn
 */
export async function readRecordAt(
  session: Session,
  standard: string,
  { key, instant }: { readonly key: RecordKey; readonly instant: string },
): Promise<StoredRecord | undefined> {
  const [row] = await session.allColumns<Columns>(readAt, [standard, key, instant, instant])
  return row && recordOf(row)
}

// Each step says which revision of which record comes next, so that a chain that was led elsewhere is known for it.
const readAt = `WITH RECURSIVE c (standard, record_key, seq, revision) AS (
    SELECT standard, record_key, seq, revision FROM records WHERE standard = ? AND record_key = ?
    UNION ALL
    SELECT c.standard, c.record_key, r.previous, c.revision - 1
      FROM c JOIN revisions r ON r.standard = c.standard AND r.seq = c.seq
     WHERE r.updated_at > ? AND r.previous IS NOT NULL)
  SELECT ${currentColumns} FROM c JOIN revisions r ON r.standard = c.standard AND r.seq = c.seq
   WHERE r.updated_at <= ? AND r.withdrawn = 0`

/**
 * Up to `limit` revisions of a record, newest first, from the one with the number `from` on, or from the current one.
 *
 * None where there is no such record, or `from` is no number of its revisions.
 */
export async function readPastRevisions(
  session: Session,
  standard: string,
  past: { readonly key: RecordKey; readonly from: number | undefined; readonly limit: number },
): Promise<PastRevision[]> {
  const { key, from, limit } = past
  const rows = await session.allColumns<[seq: number, withdrawn: number, ...Columns]>(
    from === undefined ? readNewest : readFrom,
    from === undefined ? [standard, key, limit] : [standard, from, key, limit],
  )
  return rows.map(([seq, withdrawn, ...own]) => ({ seq, isWithdrawal: withdrawn === 1, record: recordOf(own) }))
}

/** @param table what holds the first revision of the chain, by the parameters of `where` */
const chainFrom = (
  table: string,
  where: string,
): string => `WITH RECURSIVE c (standard, record_key, seq, revision, place) AS (
    SELECT standard, record_key, seq, revision, 1 FROM ${table} WHERE ${where}
    UNION ALL
    SELECT c.standard, c.record_key, r.previous, c.revision - 1, c.place + 1
      FROM c JOIN revisions r ON r.standard = c.standard AND r.seq = c.seq
     WHERE r.previous IS NOT NULL AND c.place < ?)
  SELECT r.seq, r.withdrawn, ${currentColumns}
    FROM c JOIN revisions r ON r.standard = c.standard AND r.seq = c.seq ORDER BY c.place`

const readNewest = chainFrom('records', 'standard = ? AND record_key = ?')

const readFrom = chainFrom('revisions', 'standard = ? AND seq = ? AND record_key = ?')
