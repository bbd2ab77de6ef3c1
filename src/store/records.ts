/** Reads records by their keys: the current revision of one, or of many. */
import type { FieldPath, RecordKey } from '../record.ts'
import type { MasterKeys } from '../seal/master-keys.ts'
import type { Utf8Text } from '../utf8-text.ts'
import type { Session } from './session.ts'
import { keyOf, readDataKeys, unsealTexts } from './data-keys.ts'

/** The current revision of a record, its texts as stored. */
export type StoredRecord = {
  readonly standard: string
  readonly key: RecordKey
  readonly revision: number
  /** The standard's version by which the text was written. */
  readonly version: string
  readonly body: Utf8Text
  readonly sealed: string | null
  /** The subject whose data key sealed `sealed`. */
  readonly dataKey: string | null
  /** Of everything that the record holds. */
  readonly digest: string
  readonly pseudonym: string
  /** Pseudonyms of the subjects, joined by blanks. */
  readonly subjects: string
  /** `department/name`. */
  readonly adapter: string
  readonly delivery: string
  readonly recordId: string | null
  readonly asOf: string | null
  readonly updatedAt: string
}

/** Of a revision `r`, in the order of {@link Columns}. */
export const columns = `r.standard, r.record_key, r.revision, r.version, CAST(r.body AS BLOB), r.sealed, r.data_key, r.digest, r.pseudonym,
  r.subjects, r.adapter, r.delivery, r.record_id, r.as_of, r.updated_at`

/**
 * The same of a record `c` and the revision that it points at. One that it does not belong to has no number: whoever can
 * write to the file has led the record back, or to another.
 */
export const currentColumns = columns.replace(
  'r.revision,',
  'CASE WHEN r.revision = c.revision AND r.record_key = c.record_key THEN r.revision END,',
)

export type Columns = [
  standard: string, key: string, revision: number, version: string, body: Buffer, sealed: string | null,
  dataKey: string | null, digest: string, pseudonym: string, subjects: string, adapter: string, delivery: string,
  recordId: string | null, asOf: string | null, updatedAt: string,
] // prettier-ignore

export function recordOf(row: Columns): StoredRecord {
  const [standard, key, revision, version, body, sealed, dataKey, digest, pseudonym, subjects, adapter, ...rest] = row
  const [delivery, recordId, asOf, updatedAt] = rest
  if ((revision as number | null) === null) throw new Error('bug: a record points at a revision that is not its own')
  return {
    standard, key, revision, version, body: body.toString('latin1'), sealed, dataKey, digest, pseudonym, subjects, adapter,
    delivery, recordId, asOf, updatedAt,
  } // prettier-ignore
}

const readOne = `SELECT ${currentColumns} FROM records c JOIN revisions r ON r.standard = c.standard AND r.seq = c.seq
  WHERE c.standard = ? AND c.record_key = ? AND c.withdrawn = 0`

/** One record; undefined where there is none or it was withdrawn. */
export async function readRecord(
  session: Session,
  standard: string,
  key: RecordKey,
): Promise<StoredRecord | undefined> {
  const [row] = await session.allColumns<Columns>(readOne, [standard, key])
  return row && recordOf(row)
}

/** Records by their keys, in the order of the keys, in one state of the store; undefined where {@link readRecord} is. */
export async function readRecords(
  session: Session,
  standard: string,
  keys: readonly RecordKey[],
): Promise<(StoredRecord | undefined)[]> {
  const rows = await session.getEachColumns<Columns>(
    readOne,
    keys.map(key => [standard, key]),
  )
  return rows.map(row => row && recordOf(row))
}

/** How many records a standard has. Costs O(n). */
export async function countRecords(session: Session, standard: string): Promise<number> {
  const sql = 'SELECT count(*) AS records FROM records WHERE standard = ? AND withdrawn = 0'
  return (await session.get<{ records: number }>(sql, [standard]))?.records ?? 0
}

/** Unseals the named fields of some records, and no other; for each record a text by field. */
export async function unsealRecords(
  session: Session,
  master: MasterKeys,
  records: readonly StoredRecord[],
  fields: readonly FieldPath[],
): Promise<ReadonlyMap<FieldPath, string>[]> {
  const subjects = records.flatMap(record => (record.dataKey === null ? [] : [record.dataKey]))
  const keys = await readDataKeys(session, master, subjects)
  return records.map(({ standard, key, revision, sealed, dataKey }) => {
    if (dataKey === null) return new Map()
    const texts = unsealTexts(keyOf(keys, dataKey), { standard, key, revision }, sealed, fields)
    return new Map(texts.map(({ field, text }) => [field, text]))
  })
}
