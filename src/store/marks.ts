/**
 * Order marks: of adapters that name one, the greatest mark that each delivery has met of a key, withdrawals included.
 *
 * A delta's mark stays when the contribution goes, so that an older word that comes late brings nothing back. It counts
 * no more once its delivery is reverted: else the same records, mended, would be taken for old.
 */
import type { RecordKey } from '../record.ts'
import type { Source } from './changes.ts'
import type { Keeping } from './keeping.ts'
import type { Session } from './session.ts'

/** The mark that counts for each key: of a delta, the last that was met; of a snapshot, that of the running delivery. */
export async function readMarks(
  session: Session,
  { standard, adapter, mode, fence }: Keeping,
  keys: readonly RecordKey[],
): Promise<(string | undefined)[]> {
  // Of marks that count, a later delivery's is the greater.
  const rows = await session.getEach<{ mark: string }>(
    `SELECT mark FROM order_marks WHERE standard = ? AND record_key = ? AND adapter = ? AND undone = 0 AND fence >= ?
      ORDER BY fence DESC LIMIT 1`,
    keys.map(key => [standard.id, key, adapter, mode === 'delta' ? 0 : fence]),
  )
  return rows.map(row => row?.mark)
}

export async function writeMarks(
  tx: Session,
  { standard, adapter, fence }: Keeping,
  marks: readonly (readonly [key: RecordKey, mark: string])[],
): Promise<void> {
  await tx.runEach(
    `INSERT INTO order_marks (standard, record_key, adapter, fence, mark) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (standard, record_key, adapter, fence) DO UPDATE SET mark = excluded.mark`,
    marks.map(([key, mark]) => [standard.id, key, adapter, fence, mark]),
  )
}

/** A snapshot's marks decide between its own records, and are of no use after it. */
export async function forgetMarks(tx: Session, { standard, adapter }: Keeping): Promise<void> {
  await tx.run('DELETE FROM order_marks WHERE standard = ? AND adapter = ?', [standard.id, adapter])
}

/**
 * Takes the marks of a delivery that is reverted out of count, or brings them back. What it has said and a later delivery
 * has confirmed is its word still, and keeps its mark.
 */
export async function settleMarks(
  tx: Session,
  { standard, adapter, fence }: Source & { readonly fence: number },
  isReverted: boolean,
): Promise<void> {
  await tx.run('UPDATE order_marks SET undone = 0 WHERE standard = ? AND adapter = ? AND fence = ?', [
    standard,
    adapter,
    fence,
  ])
  if (!isReverted) return
  await tx.run(
    `UPDATE order_marks AS m SET undone = 1 WHERE standard = ? AND adapter = ? AND fence = ?
        AND NOT EXISTS (SELECT 1 FROM contributions c WHERE c.standard = m.standard AND c.record_key = m.record_key
                           AND c.adapter = m.adapter AND c.changed = m.fence)`,
    [standard, adapter, fence],
  )
}
