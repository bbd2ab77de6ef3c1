/**
 * Contributions: what each adapter says of a record, and the record that they make together.
 *
 * While a record has one contribution, the record's revision holds its text and the contribution's row none. A second
 * one makes both rows keep a text of their own, sealed under the adapter's name in place of a revision number.
 */
import type { JsonObject } from '../record.ts'
import { readText, type RecordText } from '../record-text.ts'
import type { Contents } from '../seal/contents.ts'
import type { Session } from './session.ts'
import { ensureDataKeys, keyOf, readDataKeys, sealTexts, unsealTexts } from './data-keys.ts'
import type { Keeping, Origin } from './keeping.ts'
import { dataKeySubject } from './revisions.ts'

/** A stored text: open lines, sealed texts as JSON, and the subject whose data key sealed them. */
export type StoredText = {
  readonly body: string | null
  readonly sealed: string | null
  readonly data_key: string | null
}

/** The text that a contribution keeps for itself, and the standard's version by which it is written; none where it has none. */
export type OwnText = StoredText & { readonly version: string | null }

/** One adapter's word on a record. */
export type Contribution = Origin & { readonly record: JsonObject }

/** What adapters say of a record: field by field, the first in order of precedence that has it. */
export function merge(
  keeping: Keeping,
  contributions: readonly Contribution[],
): { contents: Contents; origin: Origin } {
  const ordered = contributions.toSorted((a, b) => keeping.precedence(a.adapter, b.adapter))
  const first = ordered[0]
  if (first === undefined) throw new Error('bug: a record without a contribution cannot be merged')
  const record: JsonObject = {}
  for (const name of keeping.standard.names) {
    const value = ordered.find(contribution => contribution.record[name] !== undefined)?.record[name]
    if (value !== undefined) record[name] = value
  }
  const { adapter, recordId, asOf } = first
  return { contents: keeping.contentsOf(record), origin: { adapter, recordId, asOf } }
}

/** What adapters other than the keeping one say of a record. Each must have a text of its own. */
export async function readOthers(session: Session, keeping: Keeping, key: string): Promise<Contribution[]> {
  type Row = { adapter: string; record_id: string | null; as_of: string | null } & StoredText
  const rows = await session.all<Row>(
    `SELECT adapter, body, sealed, data_key, record_id, as_of FROM contributions
      WHERE standard = ? AND record_key = ? AND adapter <> ?`,
    [keeping.standard.id, key, keeping.adapter],
  )
  const found: Contribution[] = []
  for (const row of rows) {
    const text = await openText(session, keeping, { key, revision: row.adapter }, row)
    found.push({ adapter: row.adapter, recordId: row.record_id, asOf: row.as_of, record: readText(text) })
  }
  return found
}

/** Gives the contribution that a record's revision has stood for a text of its own. */
export async function giveOwnText(tx: Session, keeping: Keeping, key: string, seq: number): Promise<void> {
  const standard = keeping.standard.id
  const current = await tx.get<{ revision: number; adapter: string } & OwnText>(
    'SELECT revision, adapter, version, body, sealed, data_key FROM revisions WHERE standard = ? AND seq = ?',
    [standard, seq],
  )
  if (current === undefined) throw new Error('bug: a record points at no revision')
  const { adapter, revision } = current
  const text = await openText(tx, keeping, { key, revision }, current)
  const sealed =
    current.data_key === null
      ? null
      : await sealUnder(tx, keeping, { key, adapter }, { subject: current.data_key, text })
  await tx.run(
    `UPDATE contributions SET body = ?, sealed = ?, data_key = ?, version = ?
      WHERE standard = ? AND record_key = ? AND adapter = ? AND body IS NULL`,
    [text.open, sealed, current.data_key, current.version, standard, key, adapter],
  )
}

/** What a contribution keeps for itself. */
export async function ownText(tx: Session, keeping: Keeping, contents: Contents): Promise<OwnText> {
  const { key, text } = contents
  const subject = text.sealed.length > 0 ? dataKeySubject(contents) : null
  const sealed =
    subject === null ? null : await sealUnder(tx, keeping, { key, adapter: keeping.adapter }, { subject, text })
  return { body: text.open, sealed, data_key: subject, version: keeping.standard.version }
}

async function sealUnder(
  tx: Session,
  keeping: Keeping,
  place: { key: string; adapter: string },
  what: { subject: string; text: RecordText },
): Promise<string | null> {
  const keys = await ensureDataKeys(tx, keeping.master, [what.subject])
  const { key, adapter } = place
  return sealTexts(
    keyOf(keys, what.subject),
    { standard: keeping.standard.id, key, revision: adapter },
    what.text.sealed,
  )
}

/** Opens a stored text, sealed for a place: a revision, or an adapter's contribution. */
export async function openText(
  session: Session,
  keeping: Keeping,
  place: { key: string; revision: number | string },
  stored: StoredText,
): Promise<RecordText> {
  if (stored.body === null) throw new Error('bug: a contribution among several has no text')
  if (stored.data_key === null) return { open: stored.body, sealed: [] }
  const keys = await readDataKeys(session, keeping.master, [stored.data_key])
  const dataKey = keyOf(keys, stored.data_key)
  return { open: stored.body, sealed: unsealTexts(dataKey, { standard: keeping.standard.id, ...place }, stored.sealed) }
}
