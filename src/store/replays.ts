/** What a replay of rejects goes by: which are open, in the order in which they came, and what has come since. */
import type { Source } from './changes.ts'
import type { Session, Value } from './session.ts'

export type OpenReject = {
  readonly id: string
  /** The delivery that met it last, and its fence. */
  readonly delivery: string
  readonly fence: number
  readonly ordinal: number
  /** What was kept is text that could not be read as a record. */
  readonly isUnreadable: boolean
}

/** Which rejects of an adapter are tried again. */
export type Selection = {
  readonly adapter: string
  readonly delivery?: string
  readonly ids?: readonly string[]
}

/**
 * Open rejects in the order of their deliveries, and in that of the input within each; after one that was read before.
 *
 * At most `limit` of them, and fewer where their sealed texts come to more than `text` characters; never none for that.
 */
export async function readOpenRejects(
  session: Session,
  { adapter, delivery, ids }: Selection,
  {
    after,
    limit,
    text,
  }: {
    readonly after: Pick<OpenReject, 'fence' | 'ordinal' | 'id'> | undefined
    readonly limit: number
    readonly text: number
  },
): Promise<OpenReject[]> {
  let where = `q.adapter = ? AND q.state = 'open'`
  const parameters: Value[] = [adapter]
  if (delivery !== undefined) {
    where += ' AND q.delivery = ?'
    parameters.push(delivery)
  }
  if (ids !== undefined) {
    where += ' AND q.id IN (SELECT value FROM json_each(?))'
    parameters.push(JSON.stringify(ids))
  }
  if (after !== undefined) {
    where += ' AND (d.fence, q.ordinal, q.id) > (?, ?, ?)'
    parameters.push(after.fence, after.ordinal, after.id)
  }
  const rows = await session.all<Omit<OpenReject, 'isUnreadable'> & { unreadable: number; size: number }>(
    `SELECT q.id, q.delivery, d.fence, q.ordinal, q.unreadable, length(q.sealed) AS size
       FROM quarantine q JOIN deliveries d ON d.id = q.delivery
      WHERE ${where} ORDER BY d.fence, q.ordinal, q.id LIMIT ?`,
    [...parameters, limit],
  )
  let left = text
  const first = rows.findIndex(({ size }) => (left -= size) < 0)
  const page = first === -1 ? rows : rows.slice(0, Math.max(first, 1))
  return page.map(({ unreadable, size: _, ...row }) => ({ ...row, isUnreadable: unreadable === 1 }))
}

/** Of some rejects, those that are open still. */
export async function stillOpen(session: Session, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await session.getEach<{ id: string }>(
    `SELECT id FROM quarantine WHERE id = ? AND state = 'open'`,
    ids.map(id => [id]),
  )
  return new Set(rows.filter(row => row !== undefined).map(({ id }) => id))
}

/**
 * The fence of the newest snapshot that has said all of a scope, 0 where there is none: a reject that came before it, and
 * that it has not met, is no longer at the source. One that was reverted since is as if it had not come.
 */
export async function newestSnapshot(
  session: Session,
  { standard, adapter, scope }: Source & { readonly scope: string },
): Promise<number> {
  const row = await session.get<{ fence: number }>(
    `SELECT s.fence FROM snapshots s JOIN deliveries d ON d.id = s.delivery
      WHERE s.standard = ? AND s.adapter = ? AND s.scope = ? AND d.state = 'done' ORDER BY s.fence DESC LIMIT 1`,
    [standard, adapter, scope],
  )
  return row?.fence ?? 0
}

/** Notes that a snapshot, which ends well in this transaction, has said all of some scopes. */
export async function noteSnapshot(
  tx: Session,
  { standard, adapter, delivery, fence }: Source & { readonly delivery: string; readonly fence: number },
  scopes: Iterable<string>,
): Promise<void> {
  await tx.runEach(
    'INSERT INTO snapshots (standard, adapter, scope, fence, delivery) VALUES (?, ?, ?, ?, ?)',
    [...scopes].map(scope => [standard, adapter, scope, fence, delivery]),
  )
}
