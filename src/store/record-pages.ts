/** Reads pages of records in the order of their keys: of all records, or of those that have values in indexed fields. */
import type { FieldPath, RecordKey } from '../record.ts'
import { currentColumns, readRecords, recordOf, type Columns, type StoredRecord } from './records.ts'
import type { Session, Value } from './session.ts'

/** A record has one of these values in an indexed field, or in an element of it. */
export type OneOf = readonly [field: FieldPath, values: readonly string[]]

export type Page = {
  readonly records: readonly StoredRecord[]
  /** The key to go on after; undefined where there are no more. */
  readonly next: RecordKey | undefined
}

/** A page looks up as many keys for each value of a field: for more values than this, that would hold up other calls. */
export const valuesAtMost = 100

/**
 * Up to `limit` records whose keys come after a key, each of which has every one of `terms`.
 *
 * Costs O(limit · log n) without terms, and O(limit · values · log n) by one. Of several, the one that the fewest records
 * have leads, and the others are looked up for each of its records.
 */
export async function readPage(
  session: Session,
  standard: string,
  page: { readonly after: RecordKey; readonly limit: number; readonly terms: readonly OneOf[] },
): Promise<Page> {
  const { after, limit, terms } = page
  if (terms.length === 0) {
    const rows = await session.allColumns<Columns>(readAll, [standard, after, limit])
    const records = rows.map(recordOf)
    return { records, next: records.length < limit ? undefined : records.at(-1)?.key }
  }
  if (terms.some(([, values]) => values.length === 0)) return { records: [], next: undefined }
  const { sql, parameters } = keysStatement(standard, {
    after,
    limit,
    terms: await rarestFirst(session, standard, page),
  })
  const keys = (await session.allColumns<[RecordKey]>(sql, parameters)).map(([key]) => key)
  // Of keys that came out of the index, one may have gone since, where another transaction has ended in between.
  const records = (await readRecords(session, standard, keys)).filter(record => record !== undefined)
  return { records, next: keys.length < limit ? undefined : keys.at(-1) }
}

const readAll = `SELECT ${currentColumns} FROM records c JOIN revisions r ON r.standard = c.standard AND r.seq = c.seq
  WHERE c.standard = ? AND c.record_key > ? AND c.withdrawn = 0 ORDER BY c.record_key LIMIT ?`

/** The keys of a page, by the values of the first term: no more of each than the page takes. A withdrawn record has no terms. */
function keysStatement(
  standard: string,
  page: { readonly after: RecordKey; readonly limit: number; readonly terms: readonly OneOf[] },
): { readonly sql: string; readonly parameters: readonly Value[] } {
  const { after, limit, terms } = page
  const [[field, values] = ['', []], ...others] = terms
  const also = others.map(
    ([, wanted]) => ` AND EXISTS (SELECT 1 FROM record_terms o WHERE o.standard = t.standard AND o.field = ?
      AND o.value IN (${wanted.map(() => '?').join()}) AND o.record_key = t.record_key)`,
  )
  const ofValue = `SELECT record_key FROM (SELECT t.record_key FROM record_terms t
      WHERE t.standard = ? AND t.field = ? AND t.value = ? AND t.record_key > ?${also.join('')}
      ORDER BY t.record_key LIMIT ?) AS k`
  const asked = others.flatMap(([name, wanted]) => [name, ...wanted])
  return {
    sql: `${values.map(() => ofValue).join(' UNION ')} ORDER BY record_key LIMIT ?`,
    parameters: [...values.flatMap(value => [standard, field, value, after, ...asked, limit]), limit],
  }
}

/** Enough to tell a rare value from a common one; counting on would cost what it is to save. */
const countAtMost = 200

async function rarestFirst(
  session: Session,
  standard: string,
  { after, terms }: { readonly after: RecordKey; readonly terms: readonly OneOf[] },
): Promise<readonly OneOf[]> {
  if (terms.length === 1) return terms
  const counts = await session.getEachColumns<[number]>(
    `SELECT count(*) FROM (SELECT 1 FROM record_terms WHERE standard = ? AND field = ? AND value = ? AND record_key > ?
      LIMIT ${countAtMost}) AS counted`,
    terms.flatMap(([field, values]) => values.map(value => [standard, field, value, after])),
  )
  const ofValues = counts.values()
  const sized = terms.map(term => ({
    term,
    size: term[1].reduce(sum => sum + (ofValues.next().value?.[0] ?? 0), 0),
  }))
  return sized.toSorted((a, b) => a.size - b.size).map(({ term }) => term)
}
