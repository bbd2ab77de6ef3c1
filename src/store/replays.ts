/** What a replay of rejects goes by: which are open, in the order in which they came, and what has come since. */
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

/** Open rejects in the order of their deliveries, and in that of the input within each; after one that was read before. */
export async function readOpenRejects(
  session: Session,
  { adapter, delivery, ids }: Selection,
  {
    after,
    limit,
  }: { readonly after: Pick<OpenReject, 'fence' | 'ordinal' | 'id'> | undefined; readonly limit: number },
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
  const rows = await session.all<Omit<OpenReject, 'isUnreadable'> & { unreadable: number }>(
    `SELECT q.id, q.delivery, d.fence, q.ordinal, q.unreadable FROM quarantine q JOIN deliveries d ON d.id = q.delivery
      WHERE ${where} ORDER BY d.fence, q.ordinal, q.id LIMIT ?`,
    [...parameters, limit],
  )
  return rows.map(({ unreadable, ...row }) => ({ ...row, isUnreadable: unreadable === 1 }))
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
 * The fence of the newest snapshot that has met a scope, 0 where there is none: a reject that came before it, and that it
 * has not met, is no longer at the source. Reads every contribution of the adapter once.
 */
export async function newestSnapshot(
  session: Session,
  of: { readonly standard: string; readonly adapter: string; readonly scope: string },
): Promise<number> {
  const row = await session.get<{ fence: number | null }>(
    `SELECT MAX(d.fence) AS fence FROM deliveries d
      WHERE d.adapter = ? AND d.kind = 'delivery' AND d.state = 'done'
        AND d.id IN (SELECT delivery FROM contributions WHERE standard = ? AND adapter = ? AND scope = ?)`,
    [of.adapter, of.standard, of.adapter, of.scope],
  )
  return row?.fence ?? 0
}
