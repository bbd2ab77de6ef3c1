/**
 * Changes of contributions: what each was before a delivery changed it, so that the delivery can be undone.
 *
 * A record's first and only contribution has no row here, for a first load would else write one for every record: that
 * it was made is seen from the record's revision. Rows are written before what they tell of is done.
 */
import type { RecordKey } from '../record.ts'
import type { RecordText } from '../record-text.ts'
import { openText, type OwnText } from './contributions.ts'
import type { Keeping } from './keeping.ts'
import type { Session } from './session.ts'

/** Whose contributions: of an adapter (`department/name`), to a standard. */
export type Source = { readonly standard: string; readonly adapter: string }

/** A key that is about to change; `changed` is the fence of the delivery whose word it will be from then on. */
export type Changing = { readonly key: RecordKey; readonly changed: number }

/** A contribution as it was before a change; without a digest it was not there. */
export type Change = {
  /** Whose word the key has been since the change, and whose it was before. */
  readonly changed: number
  readonly before_changed: number | null
  readonly before_seq: number | null
  readonly delivery: string | null
  readonly scope: string | null
  readonly digest: string | null
  readonly record_id: string | null
  readonly as_of: string | null
} & OwnText

/** Notes contributions that the keeping delivery is about to change or to withdraw, unless it has noted them before. */
export async function noteChanges(tx: Session, keeping: Keeping, changing: readonly Changing[]): Promise<void> {
  const { standard, adapter, fence } = keeping
  await tx.runEach(
    `INSERT INTO contribution_changes (standard, adapter, record_key, fence, changed, before_changed, before_seq,
                                       delivery, scope, digest, body, sealed, data_key, version, record_id, as_of)
     SELECT standard, adapter, record_key, ?, ?, changed,
            CASE WHEN body IS NULL THEN (SELECT seq FROM records r
                                          WHERE r.standard = c.standard AND r.record_key = c.record_key) END,
            delivery, scope, digest, body, sealed, data_key, version, record_id, as_of
       FROM contributions c WHERE standard = ? AND record_key = ? AND adapter = ? AND changed <> ?
     ON CONFLICT DO NOTHING`,
    changing.map(({ key, changed }) => [fence, changed, standard.id, key, adapter, fence]),
  )
}

/** Notes of keys that there was no contribution before the keeping delivery, unless it has noted otherwise. */
export async function noteAbsences(tx: Session, keeping: Keeping, changing: readonly Changing[]): Promise<void> {
  const { standard, adapter, fence } = keeping
  await tx.runEach(
    `INSERT INTO contribution_changes (standard, adapter, record_key, fence, changed) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
    changing.map(({ key, changed }) => [standard.id, adapter, key, fence, changed]),
  )
}

/** What the delivery with a fence has noted of each key. */
export async function readChanges(
  session: Session,
  { standard, adapter }: Source,
  fence: number,
  keys: readonly RecordKey[],
): Promise<(Change | undefined)[]> {
  return session.getEach<Change>(
    `SELECT changed, before_changed, before_seq, delivery, scope, digest, body, sealed, data_key, version, record_id, as_of
       FROM contribution_changes WHERE standard = ? AND adapter = ? AND record_key = ? AND fence = ?`,
    keys.map(key => [standard, adapter, key, fence]),
  )
}

/** Whether the delivery with a fence has noted anything. */
export async function hasNotes(session: Session, { standard, adapter }: Source, fence: number): Promise<boolean> {
  const note = await session.get(
    'SELECT 1 FROM contribution_changes WHERE standard = ? AND adapter = ? AND fence = ? LIMIT 1',
    [standard, adapter, fence],
  )
  return note !== undefined
}

/** Whose word each key has been since it changed last, or last before a fence. Keys of which nothing is noted are left out. */
export async function lastChanges(
  session: Session,
  { standard, adapter }: Source,
  keys: readonly RecordKey[],
  before: number = Number.MAX_SAFE_INTEGER,
): Promise<ReadonlyMap<RecordKey, number>> {
  const rows = await session.getEach<{ record_key: string; changed: number }>(
    `SELECT record_key, changed FROM contribution_changes
      WHERE standard = ? AND adapter = ? AND record_key = ? AND fence < ? ORDER BY fence DESC LIMIT 1`,
    keys.map(key => [standard, adapter, key, before]),
  )
  return new Map(rows.filter(row => row !== undefined).map(row => [row.record_key, row.changed]))
}

/** The text that a contribution had before a change, and the standard's version by which it was written, where that is known. */
export async function textBefore(
  session: Session,
  keeping: Keeping,
  key: RecordKey,
  change: Change,
): Promise<{ readonly text: RecordText; readonly version: string | undefined }> {
  if (change.before_seq === null) {
    const text = await openText(session, keeping, { key, revision: keeping.adapter }, change)
    return { text, version: change.version ?? undefined }
  }
  const revision = await session.get<{ revision: number } & OwnText>(
    'SELECT revision, version, body, sealed, data_key FROM revisions WHERE standard = ? AND seq = ?',
    [keeping.standard.id, change.before_seq],
  )
  if (revision === undefined) throw new Error('bug: a change points at no revision')
  const text = await openText(session, keeping, { key, revision: revision.revision }, revision)
  return { text, version: revision.version ?? undefined }
}
