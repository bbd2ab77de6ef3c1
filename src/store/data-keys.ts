/** Data keys, one for each subject, wrapped by the master key. */
import type { SealedText } from '../record-text.ts'
import type { MasterKeys } from '../seal/master-keys.ts'
import { newDataKey, seal, unseal, type Place } from '../seal/seal.ts'
import { readMaster } from './hub-row.ts'
import type { Session } from './session.ts'

/** Data keys by subject, unwrapped. */
export type DataKeys = ReadonlyMap<string, Buffer>

/** The data keys of some subjects; a subject that has none is left out. */
export async function readDataKeys(
  session: Session,
  master: MasterKeys,
  subjects: readonly string[],
): Promise<DataKeys> {
  const wanted = [...new Set(subjects)]
  const rows = await session.getEach<{ subject: string; wrapped: string }>(
    'SELECT subject, wrapped FROM data_keys WHERE subject = ?',
    wanted.map(subject => [subject]),
  )
  const found = rows.filter(row => row !== undefined)
  return new Map(found.map(row => [row.subject, master.unwrap(row.subject, row.wrapped)]))
}

/** The data keys of some subjects, made for those that have none. Inside a transaction that has written. */
export async function ensureDataKeys(
  session: Session,
  master: MasterKeys,
  subjects: readonly string[],
): Promise<DataKeys> {
  const keys = new Map(await readDataKeys(session, master, subjects))
  const made = [...new Set(subjects)].filter(subject => !keys.has(subject))
  for (const subject of made) keys.set(subject, newDataKey())
  await writeDataKeys(session, master, new Map(made.map(subject => [subject, keyOf(keys, subject)])))
  return keys
}

/**
 * Writes new data keys. Inside a transaction that has written: the master key that is current stays so until its end, and
 * a rotation that comes later finds what was wrapped here.
 */
export async function writeDataKeys(tx: Session, master: MasterKeys, keys: DataKeys): Promise<void> {
  if (keys.size === 0) return
  const current = await readMaster(tx)
  await tx.runEach(
    'INSERT INTO data_keys (subject, wrapped) VALUES (?, ?)',
    [...keys].map(([subject, key]) => [subject, master.wrap(current, subject, key)]),
  )
}

/** The `sealed` column: sealed text by field, as JSON; null where nothing is sealed. */
export function sealTexts(dataKey: Buffer, place: Omit<Place, 'field'>, texts: readonly SealedText[]): string | null {
  if (texts.length === 0) return null
  return JSON.stringify(
    Object.fromEntries(texts.map(({ field, text }) => [field, seal(dataKey, { ...place, field }, text)])),
  )
}

/** The inverse of {@link sealTexts}, for those of `fields` that the record has, or for all. */
export function unsealTexts(
  dataKey: Buffer,
  place: Omit<Place, 'field'>,
  sealed: string | null,
  fields?: readonly string[],
): SealedText[] {
  if (sealed === null) return []
  const texts = Object.entries(JSON.parse(sealed) as Record<string, string>)
  return texts
    .filter(([field]) => fields === undefined || fields.includes(field))
    .map(([field, text]) => ({ field, text: unseal(dataKey, { ...place, field }, text) }))
}

export function keyOf(keys: DataKeys, subject: string): Buffer {
  const key = keys.get(subject)
  if (key === undefined) throw new Error('bug: a sealed text has no data key')
  return key
}
