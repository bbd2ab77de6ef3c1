/**
 * Writes revisions: one append-only row for each change of a record, numbered in commit order and without a gap.
 *
 * Runs inside a transaction that has written before, so that the numbers taken from the standard's head row are its own.
 */
import type { Contents, Term } from '../seal/contents.ts'
import type { Session, Value } from './session.ts'
import { noteSeqs } from './deliveries.ts'
import { ensureDataKeys, keyOf, sealTexts } from './data-keys.ts'
import type { Keeping, Origin } from './keeping.ts'

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
}

/**
 * Writes those changes that change a record: what several contributions make together may be what it was before.
 * Of the others only the number of contributions is kept.
 */
export async function writeMerged(tx: Session, keeping: Keeping, changes: readonly RecordChange[]): Promise<void> {
  const standard = keeping.standard.id
  const before = await tx.getEach<{ digest: string; withdrawn: number }>(
    'SELECT digest, withdrawn FROM revisions WHERE standard = ? AND seq = ?',
    changes.map(({ current }) => [standard, current?.seq ?? 0]),
  )
  const isSame = (change: RecordChange, index: number): boolean =>
    before[index]?.withdrawn === 0 && before[index].digest === change.contents?.digest
  await tx.runEach(
    'UPDATE records SET contributions = ? WHERE standard = ? AND record_key = ?',
    changes.filter(isSame).map(({ contributions, key }) => [contributions, standard, key]),
  )
  await writeRevisions(
    tx,
    keeping,
    changes.filter((change, index) => !isSame(change, index)),
  )
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

export async function writeRevisions(tx: Session, keeping: Keeping, changes: readonly RecordChange[]): Promise<void> {
  if (changes.length === 0) return
  const standard = keeping.standard.id
  const head = await tx.get<{ seq: number }>(
    `INSERT INTO heads (standard, seq) VALUES (?, ?)
     ON CONFLICT (standard) DO UPDATE SET seq = heads.seq + excluded.seq RETURNING seq`,
    [standard, changes.length],
  )
  if (head === undefined) throw new Error('bug: a head row was not returned')
  const first = head.seq - changes.length + 1
  await noteSeqs(tx, keeping.delivery, first, head.seq)
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
      standard, seq, key, revision, current?.seq ?? null, keeping.standard.version, contents ? 0 : 1,
      contents?.text.open ?? '', sealed, subject, contents?.digest ?? '', contents?.pseudonym ?? '',
      contents?.subjects.join(' ') ?? '', origin.adapter, keeping.delivery, origin.recordId, origin.asOf, keeping.at,
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
  await writeTerms(tx, standard, changes, terms)
}

/** The subject under whose data key a record is sealed: its first, or the record itself. */
export function dataKeySubject(contents: Contents): string {
  return contents.subjects[0] ?? contents.pseudonym
}

async function writeTerms(
  tx: Session,
  standard: string,
  changes: readonly RecordChange[],
  terms: readonly string[],
): Promise<void> {
  const gone: Value[][] = []
  const come: Value[][] = []
  for (const [index, { key, current, contents }] of changes.entries()) {
    const before = current?.terms ?? '[]'
    if (before === terms[index]) continue
    for (const [field, value] of JSON.parse(before) as Term[]) gone.push([standard, field, value, key])
    for (const [field, value] of contents?.terms ?? []) come.push([standard, field, value, key])
  }
  await tx.runEach('DELETE FROM record_terms WHERE standard = ? AND field = ? AND value = ? AND record_key = ?', gone)
  // Two elements of one record may have the same value in an indexed field.
  await tx.runEach(
    'INSERT INTO record_terms (standard, field, value, record_key) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    come,
  )
}
