/** Reads records: the current revision of one, a page of them, or a page by the values of indexed fields. */
import type { FieldPath, RecordKey } from '../record.ts'
import type { Term } from '../seal/contents.ts'
import type { Utf8Text } from '../utf8-text.ts'
import type { Session, Value } from './session.ts'
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

const columns = `r.standard, r.record_key, r.revision, r.version, CAST(r.body AS BLOB), r.sealed, r.data_key, r.digest, r.pseudonym,
  r.subjects, r.adapter, r.delivery, r.record_id, r.as_of, r.updated_at`

type Columns = [
  standard: string, key: string, revision: number, version: string, body: Buffer, sealed: string | null,
  dataKey: string | null, digest: string, pseudonym: string, subjects: string, adapter: string, delivery: string,
  recordId: string | null, asOf: string | null, updatedAt: string,
] // prettier-ignore

function recordOf(row: Columns): StoredRecord {
  const [standard, key, revision, version, body, sealed, dataKey, digest, pseudonym, subjects, adapter, ...rest] = row
  const [delivery, recordId, asOf, updatedAt] = rest
  return {
    standard, key, revision, version, body: body.toString('latin1'), sealed, dataKey, digest, pseudonym, subjects, adapter,
    delivery, recordId, asOf, updatedAt,
  } // prettier-ignore
}

const readOne = `SELECT ${columns} FROM records c JOIN revisions r ON r.standard = c.standard AND r.seq = c.seq
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
export function readRecords(
  session: Session,
  standard: string,
  keys: readonly RecordKey[],
): Promise<(StoredRecord | undefined)[]> {
  // Statements that are asked for in one turn read one snapshot; each is a point read by the prepared statement.
  return Promise.all(keys.map(key => readRecord(session, standard, key)))
}

/**
 * A page of records in the order of their keys, each having every one of `terms`.
 *
 * Costs O(limit · log n) without a term or with one; further terms are looked up for each candidate.
 */
export async function readPage(
  session: Session,
  standard: string,
  page: { readonly after: RecordKey; readonly limit: number; readonly terms: readonly Term[] },
): Promise<StoredRecord[]> {
  const [first, ...others] = page.terms
  const parameters: Value[] = []
  let from = 'records c'
  let where = 'c.standard = ? AND c.record_key > ?'
  if (first !== undefined) {
    from = `record_terms t JOIN records c ON c.standard = t.standard AND c.record_key = t.record_key`
    where = 't.standard = ? AND t.field = ? AND t.value = ? AND t.record_key > ?'
    parameters.push(standard, ...first, page.after)
  } else {
    parameters.push(standard, page.after)
  }
  for (const term of others) {
    where += ` AND EXISTS (SELECT 1 FROM record_terms o WHERE o.standard = c.standard AND o.field = ? AND o.value = ?
                            AND o.record_key = c.record_key)`
    parameters.push(...term)
  }
  const order = first === undefined ? 'c.record_key' : 't.record_key'
  const rows = await session.allColumns<Columns>(
    `SELECT ${columns} FROM ${from} JOIN revisions r ON r.standard = c.standard AND r.seq = c.seq
      WHERE ${where} AND c.withdrawn = 0 ORDER BY ${order} LIMIT ?`,
    [...parameters, page.limit],
  )
  return rows.map(recordOf)
}

/** Unseals the named fields of some records, and no other; for each record a text by field. */
export async function unsealRecords(
  session: Session,
  master: Buffer,
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
