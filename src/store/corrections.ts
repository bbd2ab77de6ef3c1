/**
 * Corrections: a consumer says that a field of a record is wrong, and what its deliverer answers.
 *
 * What people write is sealed under the data key of the record's subject, as the record is. States: `open`, until it is
 * answered; to be passed on is an answer that leaves it open, for another department.
 */
import { randomUUID } from 'node:crypto'
import type { FieldPath, RecordKey } from '../record.ts'
import type { MasterKeys } from '../seal/master-keys.ts'
import { seal, unseal } from '../seal/seal.ts'
import { ensureDataKeys, keyOf, readDataKeys } from './data-keys.ts'
import { newestAmong, type Branch } from './newest-among.ts'
import type { Session } from './session.ts'

export const correctionStates = ['open', 'answered'] as const

export type CorrectionState = (typeof correctionStates)[number]

export const correctionOutcomes = ['corrected', 'rejected', 'passed-on'] as const

export type CorrectionOutcome = (typeof correctionOutcomes)[number]

export type Correction = {
  readonly id: string
  readonly standard: string
  /** As stored: of a standard whose key is sealed, its keyed hash. */
  readonly key: RecordKey
  readonly pseudonym: string
  /** A leaf. */
  readonly field: FieldPath
  /** Who asks, and who is to answer. */
  readonly department: string
  readonly addressee: string
  readonly askedAt: string
  /** YYYY-MM-DD: the last day for an answer. */
  readonly dueOn: string
  readonly state: CorrectionState
  /** When a delivery changed the field after it was asked about. */
  readonly changedAt: string | null
}

export type CorrectionTexts = {
  /** As the consumer knows it, also where the stored one is a keyed hash. */
  readonly key: RecordKey
  readonly message: string
  readonly proposed?: string
}

export type CorrectionAnswer = {
  readonly outcome: CorrectionOutcome
  readonly department: string
  readonly answeredAt: string
  readonly passedTo: string | null
  readonly message: string
}

/** What is kept of a correction and not shown. */
type Hidden = {
  readonly subject: string
  /** The field as the record's own major names it. */
  readonly watched: FieldPath
  readonly askedBy: string
  readonly agreement: string
  readonly mark: string
}

/**
 * Keeps a new one; undefined where the department has an open one on the same field of the record. In a transaction that
 * has written.
 */
export async function writeCorrection(
  tx: Session,
  master: MasterKeys,
  correction: Omit<Correction, 'id' | 'state' | 'changedAt'> & Hidden,
  texts: CorrectionTexts,
): Promise<string | undefined> {
  const id = randomUUID()
  const { standard, key, field, watched, pseudonym, subject, department, askedBy, agreement } = correction
  const { askedAt, dueOn, addressee, mark } = correction
  const keys = await ensureDataKeys(tx, master, [subject])
  const sealed = seal(keyOf(keys, subject), placeOf({ id, standard, key }, 'asked'), JSON.stringify(texts))
  const written = await tx.run(
    `INSERT INTO corrections (id, standard, record_key, field, watched, pseudonym, subject, department, asked_by, agreement,
                              asked_at, due_on, addressee, state, mark, sealed)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?) ON CONFLICT DO NOTHING`,
    [
      id, standard, key, field, watched, pseudonym, subject, department, askedBy, agreement,
      askedAt, dueOn, addressee, mark, sealed,
    ], // prettier-ignore
  )
  return written === 1 ? id : undefined
}

/** Keeps an answer to one that is open and still the addressee's; false where it is not. */
export async function writeAnswer(
  tx: Session,
  master: MasterKeys,
  { id, addressee }: Pick<Correction, 'id' | 'addressee'>,
  answer: CorrectionAnswer & { readonly answeredBy: string },
): Promise<boolean> {
  const { outcome, department, answeredBy, answeredAt, passedTo, message } = answer
  const state: CorrectionState = outcome === 'passed-on' ? 'open' : 'answered'
  // What is right as it is, is not waited for, nor what has changed by the time of the answer.
  const moved = await tx.get<{ standard: string; key: RecordKey; subject: string; askedAt: string }>(
    `UPDATE corrections SET state = ?, addressee = COALESCE(?, addressee), 
       mark = CASE WHEN ? = 'open' OR (? = 'corrected' AND changed_at IS NULL) THEN mark END
      WHERE id = ? AND state = 'open' AND addressee = ?
      RETURNING standard, record_key AS key, subject, asked_at AS askedAt`,
    [state, passedTo, state, outcome, id, addressee],
  )
  if (moved === undefined) return false
  const before = await tx.get<{ number: number }>(
    'SELECT COUNT(*) AS number FROM correction_answers WHERE correction = ?',
    [id],
  )
  const number = (before?.number ?? 0) + 1
  const keys = await ensureDataKeys(tx, master, [moved.subject])
  const sealed = seal(keyOf(keys, moved.subject), placeOf({ id, ...moved }, `answer ${number}`), message)
  await tx.run(
    `INSERT INTO correction_answers (correction, number, outcome, department, answered_by, answered_at, passed_to, sealed,
                                     asked_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [id, number, outcome, department, answeredBy, answeredAt, passedTo, sealed, moved.askedAt],
  )
  return true
}

export type CorrectionFilter = {
  readonly standard?: string | undefined
  readonly state?: CorrectionState | undefined
  /** Whose corrections: what a department asked, what it is to answer, or both; of everybody where it is left out. */
  readonly of?: { readonly department: string; readonly role: 'asked' | 'to-answer' | undefined } | undefined
  /** The last one of the page before. */
  readonly after?: { readonly askedAt: string; readonly id: string } | undefined
  readonly limit: number
}

const columns = `id, standard, record_key AS key, pseudonym, field, department, addressee, asked_at AS askedAt,
  due_on AS dueOn, state, changed_at AS changedAt`

/** Newest first; without what people have written. */
export async function listCorrections(session: Session, filter: CorrectionFilter): Promise<Correction[]> {
  const { after, limit } = filter
  const page = { after: after && { at: after.askedAt, id: after.id }, limit }
  const ids = await newestAmong(session, branchesOf(filter), page)
  const rows = await session.getEach<Correction>(
    `SELECT ${columns} FROM corrections WHERE id = ?`,
    ids.map(id => [id]),
  )
  return rows.filter(row => row !== undefined)
}

/** One for each index by which they are found, and each state. */
function branchesOf({ standard, state, of }: CorrectionFilter): Branch[] {
  const states = state === undefined ? correctionStates : [state]
  const [narrowed, values] = standard === undefined ? ['', []] : [' AND c.standard = ?', [standard]]
  const branch = (begin: string, first: readonly string[]): Branch => ({
    select: `SELECT c.asked_at AS at, c.id AS id FROM corrections c WHERE ${begin}${narrowed}`,
    values: [...first, ...values],
    order: ['c.asked_at', 'c.id'],
  })
  if (of === undefined) return states.map(one => branch('c.state = ?', [one]))
  const { department, role } = of
  const asked = states.map(one => branch('c.department = ? AND c.state = ?', [department, one]))
  const toAnswer = states.map(one => branch('c.addressee = ? AND c.state = ?', [department, one]))
  if (role !== undefined) return role === 'asked' ? asked : toAnswer
  const passedOn: Branch = {
    select: `SELECT DISTINCT a.asked_at AS at, a.correction AS id FROM correction_answers a CROSS JOIN corrections c
      WHERE c.id = a.correction AND a.department = ? AND a.passed_to IS NOT NULL AND c.state IN (?, ?)${narrowed}`,
    values: [department, states[0] ?? 'open', states.at(-1) ?? 'open', ...values],
    order: ['a.asked_at', 'a.correction'],
  }
  return [...asked, ...toAnswer, passedOn]
}

/** Who has passed one on sees what becomes of it. */
const isOf = `(department = ? OR addressee = ? OR EXISTS (SELECT 1 FROM correction_answers a
  WHERE a.correction = corrections.id AND a.department = ?))`

/** One, if it is of the department or the department is left out. */
export async function readCorrection(
  session: Session,
  id: string,
  department?: string,
): Promise<Correction | undefined> {
  const select = `SELECT ${columns} FROM corrections WHERE id = ?`
  if (department === undefined) return session.get<Correction>(select, [id])
  return session.get<Correction>(`${select} AND ${isOf}`, [id, department, department, department])
}

/** The one that a department waits for an answer on, on a field of a record. */
export async function readOpenCorrection(
  session: Session,
  { standard, key, field, department }: Pick<Correction, 'standard' | 'key' | 'field' | 'department'>,
): Promise<string | undefined> {
  const row = await session.get<{ id: string }>(
    `SELECT id FROM corrections WHERE standard = ? AND record_key = ? AND field = ? AND department = ? AND state = 'open'`,
    [standard, key, field, department],
  )
  return row?.id
}

/** What people have written, unsealed: whoever calls has entered that it is read. */
export async function readCorrectionTexts(
  session: Session,
  master: MasterKeys,
  id: string,
): Promise<CorrectionTexts & { readonly answers: readonly CorrectionAnswer[] }> {
  const row = await session.get<{ standard: string; key: RecordKey; subject: string; sealed: string }>(
    'SELECT standard, record_key AS key, subject, sealed FROM corrections WHERE id = ?',
    [id],
  )
  if (row === undefined) throw new Error('bug: a correction is gone, and none is ever deleted')
  const { subject, sealed, ...of } = row
  const dataKey = keyOf(await readDataKeys(session, master, [subject]), subject)
  type Answer = Omit<CorrectionAnswer, 'message'> & { number: number; sealed: string }
  const answers = await session.all<Answer>(
    `SELECT number, outcome, department, answered_at AS answeredAt, passed_to AS passedTo, sealed
       FROM correction_answers WHERE correction = ? ORDER BY number`,
    [id],
  )
  return {
    ...(JSON.parse(unseal(dataKey, placeOf({ id, ...of }, 'asked'), sealed)) as CorrectionTexts),
    answers: answers.map(({ number, sealed: message, ...answer }) => ({
      ...answer,
      message: unseal(dataKey, placeOf({ id, ...of }, `answer ${number}`), message),
    })),
  }
}

function placeOf({ id, standard, key }: Pick<Correction, 'id' | 'standard' | 'key'>, field: string) {
  return { standard, key, revision: `correction ${id}`, field }
}
