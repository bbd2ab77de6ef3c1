/** Merging anew: how far the records of a standard are that several adapters speak of. */
import type { RecordKey } from '../record.ts'
import type { Session } from './session.ts'

export type Remerge = {
  /** The versions that it goes by; with others it begins anew. */
  readonly of: string
  /** Up to this key it is done. */
  readonly after: RecordKey
  readonly merged: number
  readonly changed: number
  /** RFC 3339, UTC. */
  readonly begunAt: string
}

/** Begins, or goes on where one by the same versions was left. The first statement of a transaction. */
export async function beginRemerge(
  tx: Session,
  standard: string,
  { of, begunAt }: Pick<Remerge, 'of' | 'begunAt'>,
): Promise<Remerge> {
  const anew = 'WHEN remerges.of <> excluded.of THEN excluded'
  const columns = ['after', 'merged', 'changed', 'begun_at']
  const row = await tx.get<Remerge>(
    `INSERT INTO remerges (standard, of, after, merged, changed, begun_at) VALUES (?, ?, '', 0, 0, ?)
     ON CONFLICT (standard) DO UPDATE SET of = excluded.of,
       ${columns.map(name => `${name} = CASE ${anew}.${name} ELSE remerges.${name} END`).join(', ')}
     RETURNING of, after, merged, changed, begun_at AS begunAt`,
    [standard, of, begunAt],
  )
  if (row === undefined) throw new Error('bug: a row was not returned')
  return row
}

/** A run is known by what it goes by: one that goes by other versions has taken its place. */
export type RemergeOf = { readonly standard: string; readonly of: string }

/**
 * Locks it; the first statement of a transaction, before what is merged in it is read. Undefined where it has ended, or
 * another has taken its place.
 */
export async function lockRemerge(tx: Session, { standard, of }: RemergeOf): Promise<Remerge | undefined> {
  return tx.get<Remerge>(
    `UPDATE remerges SET standard = standard WHERE standard = ? AND of = ?
     RETURNING of, after, merged, changed, begun_at AS begunAt`,
    [standard, of],
  )
}

export async function moveRemerge(
  tx: Session,
  { standard, of }: RemergeOf,
  { after, merged, changed }: Pick<Remerge, 'after' | 'merged' | 'changed'>,
): Promise<void> {
  await tx.run(
    'UPDATE remerges SET after = ?, merged = merged + ?, changed = changed + ? WHERE standard = ? AND of = ?',
    [after, merged, changed, standard, of],
  )
}

export async function endRemerge(tx: Session, { standard, of }: RemergeOf): Promise<void> {
  await tx.run('DELETE FROM remerges WHERE standard = ? AND of = ?', [standard, of])
}

/** Keys of records that several adapters speak of, in order. */
export async function mergedKeys(
  session: Session,
  standard: string,
  { after, limit }: { readonly after: RecordKey; readonly limit: number },
): Promise<RecordKey[]> {
  const rows = await session.all<{ key: RecordKey }>(
    `SELECT record_key AS key FROM records
      WHERE standard = ? AND contributions > 1 AND record_key > ? ORDER BY record_key LIMIT ?`,
    [standard, after, limit],
  )
  return rows.map(({ key }) => key)
}

/** How many records several adapters speak of. Costs O(n). */
export async function countMerged(session: Session, standard: string): Promise<number> {
  const sql = 'SELECT COUNT(*) AS records FROM records WHERE standard = ? AND contributions > 1'
  return (await session.get<{ records: number }>(sql, [standard]))?.records ?? 0
}
