/** A rotation of the master key: how far it is, and the data keys that it has still to rewrap. */
import type { MasterKeys } from '../seal/master-keys.ts'
import { readMaster } from './hub-row.ts'
import type { Session } from './session.ts'

export type Rotation = {
  /** Fingerprints of master keys. */
  readonly newKey: string
  readonly oldKey: string
  /** Whether the old key stays in the file when nothing needs it any more. */
  readonly keepsOld: boolean
  readonly rewrapped: number
  /** When it began or last went on: RFC 3339, UTC. */
  readonly touchedAt: string
}

/**
 * The first statement of a transaction that reads or changes the file of master keys: from here on no other process
 * does so, and none wraps a data key.
 */
export async function lockMaster(tx: Session): Promise<string> {
  await tx.run(`UPDATE hub SET value = value WHERE name = 'key master'`)
  return readMaster(tx)
}

/** The rotation that has begun and not ended. */
export async function readRotation(session: Session): Promise<Rotation | undefined> {
  const row = await session.get<Omit<Rotation, 'keepsOld'> & { keepsOld: number }>(
    `SELECT new_key AS newKey, old_key AS oldKey, keeps_old AS keepsOld, rewrapped, touched_at AS touchedAt FROM rotation`,
  )
  return row && { ...row, keepsOld: row.keepsOld === 1 }
}

/** From here on data keys are wrapped by the new key. */
export async function writeRotation(tx: Session, rotation: Rotation): Promise<void> {
  const { newKey, oldKey, keepsOld, rewrapped, touchedAt } = rotation
  await tx.run(`UPDATE hub SET value = ? WHERE name = 'key master'`, [newKey])
  await tx.run('INSERT INTO rotation (new_key, old_key, keeps_old, rewrapped, touched_at) VALUES (?, ?, ?, ?, ?)', [
    newKey,
    oldKey,
    keepsOld ? 1 : 0,
    rewrapped,
    touchedAt,
  ])
}

export async function endRotation(tx: Session): Promise<void> {
  await tx.run('DELETE FROM rotation')
}

/** A data key that the new master key does not wrap. */
export type OldDataKey = { readonly subject: string; readonly wrapped: string }

/** In the order of their subjects. */
export async function readOldDataKeys(
  session: Session,
  newKey: string,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<OldDataKey[]> {
  return session.all<OldDataKey>(
    `SELECT subject, wrapped FROM data_keys WHERE subject > ? AND substr(wrapped, 1, 16) <> ? ORDER BY subject LIMIT ?`,
    [after, newKey, limit],
  )
}

/** Puts a newly wrapped key in the place of the old one, unless the row was changed or deleted since it was read. */
export async function rewrapDataKeys(
  tx: Session,
  master: MasterKeys,
  { newKey, old, at }: { readonly newKey: string; readonly old: readonly OldDataKey[]; readonly at: string },
): Promise<void> {
  await tx.run('UPDATE rotation SET rewrapped = rewrapped + ?, touched_at = ? WHERE new_key = ?', [
    old.length,
    at,
    newKey,
  ])
  await tx.runEach(
    'UPDATE data_keys SET wrapped = ? WHERE subject = ? AND wrapped = ?',
    old.map(({ subject, wrapped }) => [
      master.wrap(newKey, subject, master.unwrap(subject, wrapped)),
      subject,
      wrapped,
    ]),
  )
}

/** How many data keys each master key wraps, by its fingerprint. */
export async function countDataKeys(session: Session): Promise<ReadonlyMap<string, number>> {
  const rows = await session.all<{ name: string; count: number }>(
    'SELECT substr(wrapped, 1, 16) AS name, COUNT(*) AS count FROM data_keys GROUP BY 1 ORDER BY 1',
  )
  return new Map(rows.map(({ name, count }) => [name, count]))
}
