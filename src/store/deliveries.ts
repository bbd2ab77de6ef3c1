/**
 * Deliveries: their state and counts, which grow with every batch, so that progress is seen and survives a crash.
 *
 * What is done to what an adapter says is a delivery too: a `replay` of its rejects, the `revert` of another delivery.
 */
import type { Receipt } from '../record.ts'
import type { Session } from './session.ts'

export type DeliveryKind = 'delivery' | 'replay' | 'revert'

/** `reverted`: it was done, or had failed, and another delivery has undone it since. */
export type DeliveryState = 'running' | 'done' | 'failed' | 'reverted'

/** A receipt, and what a revert left as it was, since a later delivery had changed it. */
export type Counts = Receipt & { readonly kept: number }

export type DeliveryRow = Counts & {
  readonly kind: DeliveryKind
  /** Of a revert: the delivery that it undoes. */
  readonly of: string | null
  readonly adapter: string
  readonly adapterVersion: string
  readonly standard: string
  readonly actor: string
  /** Kept records of which something is doubtful, like a check digit whose rule is not certain. */
  readonly warned: number
  /** Source records, or rows before they were grouped, that the adapter does not count; of a delivery that ended well. */
  readonly passedOver: number
  readonly state: DeliveryState
  readonly startedAt: string
  readonly finishedAt: string | null
  /** The code of the problem that ended a failed delivery. */
  readonly problem: string | null
  /** What it said to do next: no value of a record. */
  readonly problemDetail: string | null
}

/** Ends deliveries of an adapter that still say that they run: whoever holds the lease knows that they have died. */
export async function abandonDeliveries(
  tx: Session,
  adapter: string,
  at: string,
): Promise<(Counts & Pick<DeliveryRow, 'kind'>)[]> {
  return tx.all(
    `UPDATE deliveries SET state = 'failed', finished_at = ?, problem = 'delivery-superseded'
      WHERE adapter = ? AND state = 'running'
      RETURNING id AS delivery, accepted, unchanged, withdrawn, rejected, kept, kind`,
    [at, adapter],
  )
}

export async function beginDelivery(
  tx: Session,
  delivery: Pick<
    DeliveryRow,
    'delivery' | 'kind' | 'of' | 'adapter' | 'adapterVersion' | 'standard' | 'actor' | 'startedAt'
  > & {
    readonly fence: number
  },
): Promise<void> {
  const { kind, of, adapter, adapterVersion, standard, fence, actor, startedAt } = delivery
  await tx.run(
    `INSERT INTO deliveries (id, kind, of, adapter, adapter_version, standard, fence, actor, state,
                             accepted, unchanged, withdrawn, rejected, warned, started_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running', 0, 0, 0, 0, 0, ?)`,
    [delivery.delivery, kind, of, adapter, adapterVersion, standard, fence, actor, startedAt],
  )
}

export async function addWarned(tx: Session, delivery: string, records: number): Promise<void> {
  await tx.run('UPDATE deliveries SET warned = warned + ? WHERE id = ?', [records, delivery])
}

export async function notePassedOver(tx: Session, delivery: string, records: number): Promise<void> {
  await tx.run('UPDATE deliveries SET passed_over = ? WHERE id = ?', [records, delivery])
}

export async function writeCounts(tx: Session, counts: Counts): Promise<void> {
  const { accepted, unchanged, withdrawn, rejected, kept, delivery } = counts
  await tx.run(
    'UPDATE deliveries SET accepted = ?, unchanged = ?, withdrawn = ?, rejected = ?, kept = ? WHERE id = ?',
    [accepted, unchanged, withdrawn, rejected, kept, delivery],
  )
}

/** Notes change numbers that a delivery has written, so that its revisions are found without reading all. */
export async function noteSeqs(tx: Session, delivery: string, first: number, last: number): Promise<void> {
  await tx.run('UPDATE deliveries SET first_seq = COALESCE(first_seq, ?), last_seq = ? WHERE id = ?', [
    first,
    last,
    delivery,
  ])
}

export async function endDelivery(
  tx: Session,
  delivery: string,
  end: {
    readonly state: 'done' | 'failed'
    readonly at: string
    readonly problem?: string
    readonly problemDetail?: string | undefined
  },
): Promise<void> {
  await tx.run('UPDATE deliveries SET state = ?, finished_at = ?, problem = ?, problem_detail = ? WHERE id = ?', [
    end.state,
    end.at,
    end.problem ?? null,
    end.problemDetail ?? null,
    delivery,
  ])
}

/**
 * Brings the state of a delivery in line with the reverts of it; of one that is a revert itself, then of what that undid.
 * Gives the delivery that is no revert, at which all of them end.
 */
export async function settleReverted(
  tx: Session,
  delivery: string,
): Promise<{ readonly fence: number; readonly state: DeliveryState }> {
  const settled = await tx.get<{ kind: DeliveryKind; of: string | null; fence: number; state: DeliveryState }>(
    `UPDATE deliveries SET state = CASE
       WHEN EXISTS (SELECT 1 FROM deliveries r WHERE r.of = deliveries.id AND r.kind = 'revert' AND r.state = 'done')
         THEN 'reverted'
       WHEN problem IS NULL THEN 'done' ELSE 'failed' END
      WHERE id = ? RETURNING kind, of, fence, state`,
    [delivery],
  )
  if (settled === undefined) throw new Error('bug: a delivery that was reverted is gone')
  return settled.kind === 'revert' && settled.of !== null ? settleReverted(tx, settled.of) : settled
}

const columns = `id AS delivery, kind, of, accepted, unchanged, withdrawn, rejected, kept, adapter,
  adapter_version AS adapterVersion, standard, actor, warned, passed_over AS passedOver, state, started_at AS startedAt,
  finished_at AS finishedAt, problem, problem_detail AS problemDetail`

export async function readDelivery(session: Session, id: string): Promise<DeliveryRow | undefined> {
  return session.get<DeliveryRow>(`SELECT ${columns} FROM deliveries WHERE id = ?`, [id])
}

/** Deliveries, the newest first. */
export async function listDeliveries(
  session: Session,
  { adapter = null, limit }: { readonly adapter?: string | null; readonly limit: number },
): Promise<DeliveryRow[]> {
  return session.all<DeliveryRow>(
    `SELECT ${columns} FROM deliveries WHERE ? IS NULL OR adapter = ? ORDER BY started_at DESC, fence DESC, id LIMIT ?`,
    [adapter, adapter, limit],
  )
}

/** Where to find what a delivery has written. */
export async function readExtent(
  session: Session,
  id: string,
): Promise<{ readonly fence: number; readonly firstSeq: number | null; readonly lastSeq: number | null } | undefined> {
  return session.get('SELECT fence, first_seq AS firstSeq, last_seq AS lastSeq FROM deliveries WHERE id = ?', [id])
}

/** What a client has sent under an idempotency key before. */
export async function readIdempotency(
  session: Session,
  client: string,
  idempotencyKey: string,
): Promise<{ adapter: string; digest: string; delivery: string } | undefined> {
  return session.get('SELECT adapter, digest, delivery FROM idempotency WHERE client = ? AND idempotency_key = ?', [
    client,
    idempotencyKey,
  ])
}

/** Keeps the key, anew where it named the delivery that is replaced; false where it was used in the meantime. */
export async function writeIdempotency(
  tx: Session,
  row: { client: string; idempotencyKey: string; adapter: string; digest: string; delivery: string },
  replaced: string | undefined,
): Promise<boolean> {
  const written = await tx.run(
    `INSERT INTO idempotency (client, idempotency_key, adapter, digest, delivery) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (client, idempotency_key) DO UPDATE SET
       adapter = excluded.adapter, digest = excluded.digest, delivery = excluded.delivery
       WHERE idempotency.delivery = ?`,
    [row.client, row.idempotencyKey, row.adapter, row.digest, row.delivery, replaced ?? null],
  )
  return written === 1
}
