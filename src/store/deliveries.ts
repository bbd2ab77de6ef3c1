/** Deliveries: their state and counts, which grow with every batch, so that progress is seen and survives a crash. */
import type { Receipt } from '../record.ts'
import type { Session } from './session.ts'

export type DeliveryState = 'running' | 'done' | 'failed'

export type DeliveryRow = Receipt & {
  readonly adapter: string
  readonly adapterVersion: string
  readonly standard: string
  readonly actor: string
  /** Kept records of which something is doubtful, like a check digit whose rule is not certain. */
  readonly warned: number
  readonly state: DeliveryState
  readonly startedAt: string
  readonly finishedAt: string | null
  /** The code of the problem that ended a failed delivery. */
  readonly problem: string | null
}

/** Ends deliveries of an adapter that still say that they run: whoever holds the lease knows that they have died. */
export async function abandonDeliveries(tx: Session, adapter: string, at: string): Promise<Receipt[]> {
  return tx.all<Receipt>(
    `UPDATE deliveries SET state = 'failed', finished_at = ?, problem = 'delivery-superseded'
      WHERE adapter = ? AND state = 'running'
      RETURNING id AS delivery, accepted, unchanged, withdrawn, rejected`,
    [at, adapter],
  )
}

export async function beginDelivery(
  tx: Session,
  delivery: Pick<DeliveryRow, 'delivery' | 'adapter' | 'adapterVersion' | 'standard' | 'actor' | 'startedAt'> & {
    readonly fence: number
  },
): Promise<void> {
  const { adapter, adapterVersion, standard, fence, actor, startedAt } = delivery
  await tx.run(
    `INSERT INTO deliveries (id, adapter, adapter_version, standard, fence, actor, state,
                             accepted, unchanged, withdrawn, rejected, warned, started_at)
     VALUES (?, ?, ?, ?, ?, ?, 'running', 0, 0, 0, 0, 0, ?)`,
    [delivery.delivery, adapter, adapterVersion, standard, fence, actor, startedAt],
  )
}

export async function addWarned(tx: Session, delivery: string, records: number): Promise<void> {
  await tx.run('UPDATE deliveries SET warned = warned + ? WHERE id = ?', [records, delivery])
}

export async function writeCounts(tx: Session, receipt: Receipt): Promise<void> {
  await tx.run('UPDATE deliveries SET accepted = ?, unchanged = ?, withdrawn = ?, rejected = ? WHERE id = ?', [
    receipt.accepted,
    receipt.unchanged,
    receipt.withdrawn,
    receipt.rejected,
    receipt.delivery,
  ])
}

export async function endDelivery(
  tx: Session,
  delivery: string,
  end: { readonly state: 'done' | 'failed'; readonly at: string; readonly problem?: string },
): Promise<void> {
  await tx.run('UPDATE deliveries SET state = ?, finished_at = ?, problem = ? WHERE id = ?', [
    end.state,
    end.at,
    end.problem ?? null,
    delivery,
  ])
}

export async function readDelivery(session: Session, id: string): Promise<DeliveryRow | undefined> {
  return session.get<DeliveryRow>(
    `SELECT id AS delivery, accepted, unchanged, withdrawn, rejected, adapter, adapter_version AS adapterVersion,
            standard, actor, warned, state, started_at AS startedAt, finished_at AS finishedAt, problem
       FROM deliveries WHERE id = ?`,
    [id],
  )
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

/** False where the key was used in the meantime. */
export async function writeIdempotency(
  tx: Session,
  row: { client: string; idempotencyKey: string; adapter: string; digest: string; delivery: string },
): Promise<boolean> {
  const written = await tx.run(
    `INSERT INTO idempotency (client, idempotency_key, adapter, digest, delivery) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
    [row.client, row.idempotencyKey, row.adapter, row.digest, row.delivery],
  )
  return written === 1
}
