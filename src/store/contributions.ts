/**
 * Contributions: what each adapter says of a record, and the record that they make together.
 *
 * Field by field, the word of the department that the standard names as its authority stands; where that is silent, the
 * next one's. Where that makes what no department's record was, one that its own standard refuses, the first department's
 * stands whole. Contributions of several majors are not merged: the highest stands, and lower ones are kept aside until it
 * is withdrawn. So the record does not depend on the order in which they came.
 *
 * While a record has one contribution, the record's revision holds its text and the contribution's row none. A second
 * one makes both rows keep a text of their own, sealed under the adapter's name in place of a revision number.
 */
import type { JsonObject } from '../record.ts'
import { readText, type RecordText } from '../record-text.ts'
import type { Contents } from '../seal/contents.ts'
import type { Session } from './session.ts'
import { ensureDataKeys, keyOf, readDataKeys, sealTexts, unsealTexts } from './data-keys.ts'
import { majorOf, type Version } from '../standard.ts'
import type { Form, Keeping, Origin, Writing } from './keeping.ts'
import { dataKeySubject } from './revisions.ts'

/** A stored text: open lines, sealed texts as JSON, and the subject whose data key sealed them. */
export type StoredText = {
  readonly body: string | null
  readonly sealed: string | null
  readonly data_key: string | null
}

/**
 * The text that a contribution keeps for itself, none where it has none, and the standard's version by which it is written;
 * null of one from before that was noted.
 */
export type OwnText = StoredText & { readonly version: string | null }

/** One adapter's word on a record. */
export type Contribution = Origin & {
  readonly record: JsonObject
  /** Of the standard by whose version it is written. */
  readonly major: number
  /** The delivery that has met it last. */
  readonly delivery: string
}

/** The record that contributions make together, and what it was made of. */
export type Merged = {
  readonly contents: Contents
  readonly origin: Origin
  readonly version: Version
  readonly form: Form
  /** Those of the highest major, which are not kept aside. */
  readonly standing: readonly Contribution[]
  /** The contribution that stands whole, because field by field they would make no valid record. */
  readonly whole: Contribution | undefined
  /** Of whoever the record as a whole is from. */
  readonly delivery: string
}

/** What adapters say of a record, whatever the order in which they are given. */
export async function merge(writing: Writing, contributions: readonly Contribution[]): Promise<Merged> {
  const major = Math.max(...contributions.map(contribution => contribution.major))
  const form = major === writing.standard.major ? writing : await writing.formOf(major)
  const { standard, precedence } = form
  const standing = contributions
    .filter(contribution => contribution.major === major)
    .toSorted((a, b) => precedence(a.adapter, b.adapter))
  const [first] = standing
  if (first === undefined) throw new Error('bug: a record without a contribution cannot be merged')
  const together: JsonObject = {}
  for (const name of standard.names) {
    const value = firstOn(form, standing, name)?.record[name]
    if (value !== undefined) together[name] = value
  }
  const whole = standing.length > 1 && isMadeInvalid(form, together, standing) ? first : undefined
  const contents = form.contentsOf(whole?.record ?? together)
  const { adapter, recordId, asOf, delivery } = first
  const origin = { adapter, recordId, asOf }
  return { contents, origin, version: standard.version, form, standing, whole, delivery }
}

/** Whether it is putting them together that makes the record invalid: what came before a code list changed stays merged. */
function isMadeInvalid({ isValid }: Form, together: JsonObject, standing: readonly Contribution[]): boolean {
  return !isValid(together) && standing.every(({ record }) => isValid(record))
}

/** The contribution whose word on a top-level field counts, of those that have it; undefined where none has. */
export function firstOn<Said extends Pick<Contribution, 'adapter' | 'record'>>(
  { precedence }: Pick<Form, 'precedence'>,
  contributions: readonly Said[],
  field: string,
): Said | undefined {
  let first: Said | undefined
  for (const contribution of contributions) {
    if (contribution.record[field] === undefined) continue
    if (first === undefined || precedence(contribution.adapter, first.adapter, field) < 0) first = contribution
  }
  return first
}

/** What adapters say of a record, but for one of them. Each must have a text of its own. */
export async function readContributions(
  session: Session,
  writing: Pick<Writing, 'standard' | 'master'>,
  key: string,
  except = '',
): Promise<Contribution[]> {
  type Row = { adapter: string; record_id: string | null; as_of: string | null; delivery: string } & OwnText
  const rows = await session.all<Row>(
    `SELECT adapter, body, sealed, data_key, version, record_id, as_of, delivery FROM contributions
      WHERE standard = ? AND record_key = ? AND adapter <> ?`,
    [writing.standard.id, key, except],
  )
  const found: Contribution[] = []
  for (const { adapter, record_id: recordId, as_of: asOf, version, delivery, ...row } of rows) {
    const text = await openText(session, writing, { key, revision: adapter }, row)
    // What came before versions were noted is of the only major that there was.
    const major = version === null ? writing.standard.major : majorOf(version)
    found.push({ adapter, recordId, asOf, delivery, major, record: readText(text) })
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
  keeping: Pick<Writing, 'standard' | 'master'>,
  place: { key: string; revision: number | string },
  stored: StoredText,
): Promise<RecordText> {
  if (stored.body === null) throw new Error('bug: a contribution among several has no text')
  if (stored.data_key === null) return { open: stored.body, sealed: [] }
  const keys = await readDataKeys(session, keeping.master, [stored.data_key])
  const dataKey = keyOf(keys, stored.data_key)
  return { open: stored.body, sealed: unsealTexts(dataKey, { standard: keeping.standard.id, ...place }, stored.sealed) }
}
