/**
 * The head row of a standard: the number of its last change, and the lock under which numbers are given.
 *
 * Every number is of one revision or of one notice, written in the transaction that takes it.
 */
import type { Session } from './session.ts'

/** The number of the last change of a standard; 0 where there was none. */
export async function readHead(session: Session, standard: string): Promise<number> {
  const row = await session.get<{ seq: number }>('SELECT seq FROM heads WHERE standard = ?', [standard])
  return row?.seq ?? 0
}

/** Takes the next `count` numbers, and gives the first. Inside a transaction that has written before. */
export async function takeNumbers(tx: Session, standard: string, count: number): Promise<number> {
  const head = await tx.get<{ seq: number }>(
    `INSERT INTO heads (standard, seq) VALUES (?, ?)
     ON CONFLICT (standard) DO UPDATE SET seq = heads.seq + excluded.seq RETURNING seq`,
    [standard, count],
  )
  if (head === undefined) throw new Error('bug: a head row was not returned')
  return head.seq - count + 1
}
