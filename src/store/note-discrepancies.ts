/**
 * Keeps discrepancies in step with what departments say: written in the transaction that changes it, by a delivery, a
 * withdrawal, a revert.
 *
 * Law: which discrepancies are there is a function of the contributions. What was decided of one stands whenever the
 * two values are those that it was decided of, whatever they were in between.
 */
import { randomUUID } from 'node:crypto'
import type { Merged } from './contributions.ts'
import { differencesAmong, type Difference } from './differences.ts'
import type { Writing } from './keeping.ts'
import { dataKeySubject } from './revisions.ts'
import type { Session, Value } from './session.ts'

/** @param merged records of which several adapters speak, or did until now */
export async function noteDiscrepancies(tx: Session, writing: Writing, merged: readonly Merged[]): Promise<void> {
  for (const { contents, form, standing, whole } of merged) {
    const { key } = contents
    const differences = differencesAmong({ form, standing, whole }, { key, pseudonymKey: writing.pseudonymKey })
    const known = await tx.all<Known>(
      `SELECT field, department, other, mark, other_mark, adapter, other_adapter, leaves, stands, state
         FROM discrepancies WHERE standard = ? AND record_key = ?`,
      [form.standard.id, key],
    )
    if (differences.length === 0 && known.length === 0) continue
    const of = { standard: form.standard.id, key, pseudonym: contents.pseudonym, subject: dataKeySubject(contents) }
    await writeDifferences(tx, { ...of, at: writing.at }, differences, known)
    await closeOthers(tx, { ...of, at: writing.at }, differences, known)
  }
}

type Of = {
  readonly standard: string
  readonly key: string
  readonly pseudonym: string
  readonly subject: string
  readonly at: string
}

type Known = {
  readonly field: string
  readonly department: string
  readonly other: string
  readonly mark: string
  readonly other_mark: string
  readonly adapter: string
  readonly other_adapter: string
  readonly leaves: string
  readonly stands: string
  readonly state: string
}

async function writeDifferences(
  tx: Session,
  { standard, key, pseudonym, subject, at }: Of,
  differences: readonly Difference[],
  known: readonly Known[],
): Promise<void> {
  const rows: Value[][] = []
  for (const { field, leaves, stands, sides } of differences) {
    const [one, other] = sides
    const before = known.find(row => isOf(row, field, sides))
    const after = [one.adapter, other.adapter, one.mark, other.mark, JSON.stringify(leaves), stands]
    const was = before && [
      before.adapter,
      before.other_adapter,
      before.mark,
      before.other_mark,
      before.leaves,
      before.stands,
    ]
    if (before?.state !== 'gone' && was?.every((value, index) => value === after[index])) continue
    rows.push([standard, key, field, one.department, other.department, randomUUID(), ...after, pseudonym, subject, at])
  }
  const isDecided = 'COALESCE(decided_mark = excluded.mark AND decided_other_mark = excluded.other_mark, FALSE)'
  await tx.runEach(
    `INSERT INTO discrepancies (standard, record_key, field, department, other, id, adapter, other_adapter, mark, other_mark,
                                leaves, stands, pseudonym, subject, since, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open')
     ON CONFLICT (standard, record_key, field, department, other) DO UPDATE SET
       state = CASE WHEN ${isDecided} THEN 'settled' ELSE 'open' END,
       since = CASE WHEN state = 'open' OR ${isDecided} THEN since ELSE excluded.since END, gone_at = NULL, adapter = excluded.adapter, other_adapter = excluded.other_adapter, mark = excluded.mark,
       other_mark = excluded.other_mark, leaves = excluded.leaves, stands = excluded.stands, subject = excluded.subject`,
    rows,
  )
}

async function closeOthers(
  tx: Session,
  { standard, key, at }: Of,
  differences: readonly Difference[],
  known: readonly Known[],
): Promise<void> {
  const gone = known.filter(
    row => row.state !== 'gone' && !differences.some(({ field, sides }) => isOf(row, field, sides)),
  )
  await tx.runEach(
    `UPDATE discrepancies SET state = 'gone', gone_at = ?
      WHERE standard = ? AND record_key = ? AND field = ? AND department = ? AND other = ?`,
    gone.map(({ field, department, other }) => [at, standard, key, field, department, other]),
  )
}

function isOf(row: Known, field: string, [one, other]: Difference['sides']): boolean {
  return row.field === field && row.department === one.department && row.other === other.department
}
