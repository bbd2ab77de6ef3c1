/** Rejects on their way into quarantine, and from state to state: each is moved by a delivery, or by a person. */
import { randomUUID } from 'node:crypto'
import { compareMarks } from '../map/order.ts'
import type { RecordKey } from '../record.ts'
import type { MasterKeys } from '../seal/master-keys.ts'
import { seal } from '../seal/seal.ts'
import { ensureDataKeys, keyOf } from './data-keys.ts'
import { sealedPlace, type Reject } from './quarantine.ts'
import type { Session } from './session.ts'

/** A reject, where it stood in its input, and whether it is text that could not be read as a record. */
export type PlacedReject = Reject & { readonly ordinal: number; readonly isUnreadable: boolean }

type Of = {
  readonly adapter: string
  readonly version: string
  readonly standard: string
  readonly delivery: string
  readonly at: string
}

/**
 * Puts rejects into quarantine. One that is there already is opened again, for it is the newest word on its key; what
 * is known of it, its key too, may have changed with the adapter's version. One that was dismissed stays dismissed: a
 * person has decided on these very bytes.
 */
export async function putRejects(
  tx: Session,
  master: MasterKeys,
  of: Of,
  rejects: readonly PlacedReject[],
): Promise<void> {
  if (rejects.length === 0) return
  const subject = dataKeyOf(of.adapter)
  const keys = await ensureDataKeys(tx, master, [subject])
  await tx.runEach(
    `INSERT INTO quarantine (id, adapter, fingerprint, standard, record_key, scope, mark, adapter_version, sealed,
                             data_key, issues, ordinal, unreadable, state, delivery, created_at,
                             moved_by, state_before, delivery_before)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, 'closed', ?)
     ON CONFLICT (adapter, fingerprint) DO UPDATE SET
       delivery = excluded.delivery, record_key = excluded.record_key, scope = excluded.scope, mark = excluded.mark,
       adapter_version = excluded.adapter_version, issues = excluded.issues, ordinal = excluded.ordinal,
       state = CASE quarantine.state WHEN 'dismissed' THEN 'dismissed' ELSE 'open' END,
       decided_by = CASE quarantine.state WHEN 'dismissed' THEN quarantine.decided_by END,
       decided_at = CASE quarantine.state WHEN 'dismissed' THEN quarantine.decided_at END,
       moved_by = excluded.moved_by,
       state_before = CASE WHEN quarantine.moved_by = excluded.moved_by THEN quarantine.state_before
                           ELSE quarantine.state END,
       delivery_before = CASE WHEN quarantine.moved_by = excluded.moved_by THEN quarantine.delivery_before
                              ELSE quarantine.delivery END`,
    rejects.map(reject => {
      const { fingerprint, key = null, scope = null, mark = null, source, issues, ordinal, isUnreadable } = reject
      const sealed = seal(keyOf(keys, subject), sealedPlace({ ...of, fingerprint }), source)
      return [
        randomUUID(), of.adapter, fingerprint, of.standard, key, scope, mark, of.version, sealed,
        subject, JSON.stringify(issues), ordinal, isUnreadable ? 1 : 0, of.delivery, of.at,
        of.delivery, of.delivery,
      ] // prettier-ignore
    }),
  )
}

/** A word on a key that was kept, and where it stood: open rejects of the key that came before it are overtaken. */
export type Kept = {
  readonly key: RecordKey
  /** Of the delivery that brought it. */
  readonly fence: number
  readonly ordinal: number
  /** Where the adapter's order is a mark, that decides: a reject of a greater one is not overtaken. */
  readonly mark: string | undefined
}

/** Closes the open rejects of keys on which a later word was kept, and gives their ids. */
export async function closeOvertaken(
  tx: Session,
  { adapter, delivery }: Pick<Of, 'adapter' | 'delivery'>,
  kept: readonly Kept[],
): Promise<readonly string[]> {
  const open = await tx.get(`SELECT 1 FROM quarantine WHERE adapter = ? AND state = 'open' LIMIT 1`, [adapter])
  if (open === undefined) return []
  const closed: string[] = []
  const hits = await tx.getEach(
    `SELECT 1 FROM quarantine WHERE adapter = ? AND record_key = ? AND state = 'open' LIMIT 1`,
    kept.map(({ key }) => [adapter, key]),
  )
  type Row = { id: string; fence: number; ordinal: number; mark: string | null }
  for (const word of kept.filter((_, index) => hits[index] !== undefined)) {
    const rows = await tx.all<Row>(
      `SELECT q.id, d.fence, q.ordinal, q.mark FROM quarantine q JOIN deliveries d ON d.id = q.delivery
        WHERE q.adapter = ? AND q.record_key = ? AND q.state = 'open'`,
      [adapter, word.key],
    )
    const overtaken = rows.filter(row => isOvertaken(row, word)).map(({ id }) => id)
    await closeRejects(tx, delivery, overtaken)
    closed.push(...overtaken)
  }
  return closed
}

/** A reject that was tried again and still is one, by what is known of it now. */
export type StillRejected = Pick<Reject, 'key' | 'scope' | 'mark' | 'issues'> & { readonly id: string }

/** Notes what is known now of rejects that were tried again, by which version of the adapter. */
export async function noteStillRejected(
  tx: Session,
  version: string,
  rejects: readonly StillRejected[],
): Promise<void> {
  await tx.runEach(
    `UPDATE quarantine SET adapter_version = ?, record_key = ?, scope = ?, mark = ?, issues = ?
      WHERE id = ? AND state = 'open'`,
    rejects.map(({ id, key = null, scope = null, mark = null, issues }) => [
      version,
      key,
      scope,
      mark,
      JSON.stringify(issues),
      id,
    ]),
  )
}

/** Closes open rejects on behalf of a delivery. */
export async function closeRejects(tx: Session, delivery: string, ids: readonly string[]): Promise<void> {
  await tx.runEach(
    `UPDATE quarantine SET state_before = state, delivery_before = delivery, moved_by = ?, state = 'closed'
      WHERE id = ? AND state = 'open'`,
    ids.map(id => [delivery, id]),
  )
}

/** Releases open rejects that a replay has kept. */
export async function releaseRejects(
  tx: Session,
  decided: { readonly delivery: string; readonly by: string; readonly at: string },
  ids: readonly string[],
): Promise<void> {
  await tx.runEach(
    `UPDATE quarantine SET state_before = state, delivery_before = delivery, moved_by = ?, state = 'released',
                           decided_by = ?, decided_at = ?
      WHERE id = ? AND state = 'open'`,
    ids.map(id => [decided.delivery, decided.by, decided.at, id]),
  )
}

/** A person gives an open reject up, or it is none any more: false. */
export async function dismissReject(
  tx: Session,
  id: string,
  decided: { readonly by: string; readonly at: string; readonly reason: string },
): Promise<boolean> {
  const dismissed = await tx.run(
    `UPDATE quarantine SET state = 'dismissed', reason = ?, decided_by = ?, decided_at = ?, moved_by = NULL
      WHERE id = ? AND state = 'open'`,
    [decided.reason, decided.by, decided.at, id],
  )
  return dismissed === 1
}

/**
 * Puts back where they were the rejects that a delivery has moved: those that it has met first are closed, for they came
 * with an input that is disowned, and releasing them would bring it back; those that were open before are open again.
 *
 * What another delivery, or a person, has decided since stays. One step is remembered of each reject, not its history.
 */
export async function putBackRejects(
  tx: Session,
  { adapter, delivery, of }: { readonly adapter: string; readonly delivery: string; readonly of: string },
): Promise<void> {
  await tx.run(
    `UPDATE quarantine SET state = state_before, state_before = state,
                           delivery = delivery_before, delivery_before = delivery, moved_by = ?,
                           decided_by = CASE state_before WHEN 'dismissed' THEN decided_by END,
                           decided_at = CASE state_before WHEN 'dismissed' THEN decided_at END
      WHERE adapter = ? AND moved_by = ?`,
    [delivery, adapter, of],
  )
}

function isOvertaken(
  reject: { readonly fence: number; readonly ordinal: number; readonly mark: string | null },
  { fence, ordinal, mark }: Kept,
): boolean {
  const difference = mark === undefined || reject.mark === null ? 0 : compareMarks(mark, reject.mark)
  if (difference !== 0) return difference > 0
  return reject.fence < fence || (reject.fence === fence && reject.ordinal < ordinal)
}

/** What a reject says of its subject is not known: all rejects of an adapter are sealed under one key. */
function dataKeyOf(adapter: string): string {
  return `quarantine ${adapter}`
}
