/**
 * Writes revisions: one append-only row for each change of a record, numbered in commit order and without a gap.
 *
 * Runs inside a transaction that has written before, so that the numbers taken from the standard's head row are its own.
 */
import type { Contents, Term } from '../seal/contents.ts'
import { majorOf, type Version } from '../standard.ts'
import type { Session, Value } from './session.ts'
import { noteSeqs } from './deliveries.ts'
import { ensureDataKeys, keyOf, sealTexts } from './data-keys.ts'
import { noteCorrected } from './watched-fields.ts'
import { takeNumbers } from './heads.ts'
import type { Origin, Writing } from './keeping.ts'

/** A record's current revision as far as the next one needs it. */
export type Current = {
  readonly seq: number
  readonly revision: number
  readonly withdrawn: number
  readonly contributions: number
  /** The record's terms as JSON text. */
  readonly terms: string
}

/** What becomes of a record; `contents` undefined withdraws it. */
export type RecordChange = {
  readonly key: string
  readonly current: Current | undefined
  readonly contents: Contents | undefined
  readonly contributions: number
  readonly origin: Origin
  /** By which the record is written: of a higher major than the keeping one, where somebody speaks of it in that. */
  readonly version: Version
  /** The delivery that it is from; the keeping one where it is left out. */
  readonly delivery?: string
}

/**
 * Writes those changes that change a record: what several contributions make together may be what it was before.
 * Of the others only the number of contributions is kept. Gives how many were changed.
 */
export async function writeMerged(tx: Session, keeping: Writing, changes: readonly RecordChange[]): Promise<number> {
  const standard = keeping.standard.id
  const before = await tx.getEach<{ digest: string; withdrawn: number; version: Version }>(
    'SELECT digest, withdrawn, version FROM revisions WHERE standard = ? AND seq = ?',
    changes.map(({ current }) => [standard, current?.seq ?? 0]),
  )
  const isSame = ({ contents, version }: RecordChange, index: number): boolean => {
    const was = before[index]
    return was?.withdrawn === 0 && was.digest === contents?.digest && majorOf(was.version) === majorOf(version)
  }
  await tx.runEach(
    'UPDATE records SET contributions = ? WHERE standard = ? AND record_key = ?',
    changes.filter(isSame).map(({ contributions, key }) => [contributions, standard, key]),
  )
  const changed = changes.filter((change, index) => !isSame(change, index))
  await writeRevisions(tx, keeping, changed)
  return changed.length
}

export async function readCurrents(
  session: Session,
  standard: string,
  keys: readonly string[],
): Promise<(Current | undefined)[]> {
  return session.getEach<Current>(
    `SELECT seq, revision, withdrawn, contributions, terms FROM records WHERE standard = ? AND record_key = ?`,
    keys.map(key => [standard, key]),
  )
}

export async function writeRevisions(tx: Session, keeping: Writing, changes: readonly RecordChange[]): Promise<void> {
  if (changes.length === 0) return
  const standard = keeping.standard.id
  const first = await takeNumbers(tx, standard, changes.length)
  await noteSeqs(tx, keeping.delivery, first, first + changes.length - 1)
  const sealing = changes.filter(({ contents }) => contents !== undefined && contents.text.sealed.length > 0)
  const keys = await ensureDataKeys(
    tx,
    keeping.master,
    sealing.map(({ contents }) => dataKeySubject(contents as Contents)),
  )
  const terms = changes.map(({ contents }) => JSON.stringify(contents?.terms ?? []))
  const revisions: Value[][] = []
  const records: Value[][] = []
  for (const [index, change] of changes.entries()) {
    const { contents, current, origin, key } = change
    const seq = first + index
    const revision = (current?.revision ?? 0) + 1
    const subject = contents && contents.text.sealed.length > 0 ? dataKeySubject(contents) : null
    const sealed = subject === null ? null
      : sealTexts(keyOf(keys, subject), { standard, key, revision }, contents?.text.sealed ?? []) // prettier-ignore
    revisions.push([
      standard, seq, key, revision, current?.seq ?? null, change.version, contents ? 0 : 1,
      contents?.text.open ?? '', sealed, subject, contents?.digest ?? '', contents?.pseudonym ?? '',
      contents?.subjects.join(' ') ?? '', origin.adapter, change.delivery ?? keeping.delivery, origin.recordId, origin.asOf, keeping.at,
    ]) // prettier-ignore
    records.push([standard, key, seq, revision, contents ? 0 : 1, change.contributions, terms[index] as string])
  }
  await tx.runEach(
    `INSERT INTO revisions (standard, seq, record_key, revision, previous, version, withdrawn, body, sealed, data_key,
                            digest, pseudonym, subjects, adapter, delivery, record_id, as_of, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    revisions,
  )
  await tx.runEach(
    `INSERT INTO records (standard, record_key, seq, revision, withdrawn, contributions, terms)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (standard, record_key) DO UPDATE SET
       seq = excluded.seq, revision = excluded.revision, withdrawn = excluded.withdrawn,
       contributions = excluded.contributions, terms = excluded.terms`,
    records,
  )
  await writeTerms(
    tx,
    standard,
    changes.map(({ key, current }, index) => ({ key, before: current?.terms ?? '[]', after: terms[index] as string })),
  )
  await noteCorrected(tx, keeping, changes)
}

/** The subject under whose data key a record is sealed: its first, or the record itself. */
export function dataKeySubject(contents: Contents): string {
  return contents.subjects[0] ?? contents.pseudonym
}

/** The index of terms after some records' terms have changed; `before` and `after` are JSON texts. */
export async function writeTerms(
  tx: Session,
  standard: string,
  changes: readonly { readonly key: string; readonly before: string; readonly after: string }[],
): Promise<void> {
  const gone: Value[][] = []
  const come: Value[][] = []
  for (const { key, before, after } of changes) {
    if (before === after) continue
    for (const [field, value] of JSON.parse(before) as Term[]) gone.push([standard, field, value, key])
    for (const [field, value] of JSON.parse(after) as Term[]) come.push([standard, field, value, key])
  }
  await tx.runEach('DELETE FROM record_terms WHERE standard = ? AND field = ? AND value = ? AND record_key = ?', gone)
  // Two elements of one record may have the same value in an indexed field.
  await tx.runEach(
    'INSERT INTO record_terms (standard, field, value, record_key) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    come,
  )
}
