/**
 * The outbox: log entries written in the transaction that does what they tell of, then carried into the access log.
 *
 * The record store and the log are two files; without an outbox a crash between them would leave a deed without its
 * entry. An entry arrives once: the log remembers the names of those that it has taken.
 */
import { randomUUID } from 'node:crypto'
import { encodeEntry, type Entry } from '../log/entry.ts'
import type { Database } from './connection.ts'
import { noteLogSize } from './hub-row.ts'
import type { Session } from './session.ts'

export type OutboxEntry = { readonly id: string; readonly entry: string }

export async function post(tx: Session, entry: Entry): Promise<void> {
  await tx.run('INSERT INTO outbox (id, entry) VALUES (?, ?)', [randomUUID(), encodeEntry(entry)])
}

/** In the order of posting, which is the order in which the log takes them. */
export async function readOutbox(session: Session, limit: number): Promise<OutboxEntry[]> {
  return session.all<OutboxEntry>('SELECT id, entry FROM outbox ORDER BY seq LIMIT ?', [limit])
}

/** @param logSize the entries that the log holds with these: one that is found to hold fewer later has lost some */
export async function clearOutbox(db: Database, entries: readonly OutboxEntry[], logSize: number): Promise<void> {
  await db.transact(async tx => {
    await tx.runEach(
      'DELETE FROM outbox WHERE id = ?',
      entries.map(({ id }) => [id]),
    )
    await noteLogSize(tx, logSize)
  })
}
