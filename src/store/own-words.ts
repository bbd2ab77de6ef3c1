/** What one adapter says of records as it stands, beside whatever others say of them. Reads, and writes nothing. */
import type { JsonObject, RecordKey } from '../record.ts'
import { readText } from '../record-text.ts'
import { openText, type StoredText } from './contributions.ts'
import type { Writing } from './keeping.ts'
import type { Session } from './session.ts'

export type OwnWords = { readonly standard: string; readonly adapter: string }

/** The records as the adapter has given them, opened, in the order of the keys; undefined where it says nothing. */
export async function readOwnWords(
  session: Session,
  writing: Pick<Writing, 'standard' | 'master'>,
  adapter: string,
  keys: readonly RecordKey[],
): Promise<(JsonObject | undefined)[]> {
  const rows = await session.getEach<Row>(
    `SELECT c.body, c.sealed, c.data_key, r.revision, r.body AS revisionBody, r.sealed AS revisionSealed,
            r.data_key AS revisionKey
       FROM contributions c JOIN records s ON s.standard = c.standard AND s.record_key = c.record_key
       JOIN revisions r ON r.standard = s.standard AND r.seq = s.seq
      WHERE c.standard = ? AND c.record_key = ? AND c.adapter = ?`,
    keys.map(key => [writing.standard.id, key, adapter]),
  )
  const found: (JsonObject | undefined)[] = []
  for (const [index, row] of rows.entries()) {
    const key = keys[index] as RecordKey
    found.push(row && readText(await openText(session, writing, ...placed(row, key, adapter))))
  }
  return found
}

type Row = StoredText & {
  readonly revision: number
  readonly revisionBody: string
  readonly revisionSealed: string | null
  readonly revisionKey: string | null
}

/** While a contribution is the only one, the record's revision holds its text. */
function placed(
  row: Row,
  key: RecordKey,
  adapter: string,
): [place: { key: RecordKey; revision: number | string }, stored: StoredText] {
  if (row.body !== null) return [{ key, revision: adapter }, row]
  const { revisionBody, revisionSealed, revisionKey, revision } = row
  return [
    { key, revision },
    { body: revisionBody, sealed: revisionSealed, data_key: revisionKey },
  ]
}

/** Keys of which the adapter says something within a scope, in order, after a key. */
export async function ownKeys(
  session: Session,
  { standard, adapter }: OwnWords,
  { scope, after, limit }: { readonly scope: string; readonly after: RecordKey; readonly limit: number },
): Promise<RecordKey[]> {
  const rows = await session.all<{ record_key: string }>(
    `SELECT record_key FROM contributions
      WHERE standard = ? AND adapter = ? AND scope = ? AND record_key > ? ORDER BY record_key LIMIT ?`,
    [standard, adapter, scope, after, limit],
  )
  return rows.map(row => row.record_key)
}
