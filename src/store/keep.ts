/**
 * Keeps what an adapter delivers: contributions in, one revision for each change of a record out.
 *
 * Laws: keeping the same again makes no revision; a revision is never lost; what other adapters say stays; whatever a
 * delivery changes can be undone (`undo.ts`).
 */
import type { RecordKey } from '../record.ts'
import { noteAbsences, noteChanges, type Changing } from './changes.ts'
import { merge, readContributions, type Merged } from './contributions.ts'
import type { Keeping } from './keeping.ts'
import { writeMarks } from './marks.ts'
import { noteDiscrepancies } from './note-discrepancies.ts'
import { readCurrents, writeMerged, type RecordChange } from './revisions.ts'
import type { Session } from './session.ts'
import { fenceMet, weigh, type Deciding, type Outcome, type Word } from './words.ts'
import { writeContributions, type Fresh } from './write-contributions.ts'

/** Keeps a batch of words; the outcome of each, in their order. */
export async function keep(tx: Session, keeping: Keeping, words: readonly Word[]): Promise<readonly Outcome[]> {
  const { outcomes, deciding } = await weigh(tx, keeping, words)
  const confirmed: (string | null)[][] = []
  const fresh: Fresh[] = []
  const gone: Changing[] = []
  const denied: Changing[] = []
  for (const { word, index, before } of deciding) {
    const outcome = outcomes[index]
    const delivery = word.met?.delivery ?? keeping.delivery
    if ('withdrawn' in word) {
      const changing = { key: word.withdrawn, changed: word.met?.fence ?? keeping.fence }
      if (outcome === 'withdrawn') gone.push(changing)
      // The same delivery may say otherwise later, which contradicts this, although nothing was there.
      else denied.push(changing)
    } else if (outcome === 'unchanged') {
      const { standard, adapter } = keeping
      confirmed.push([delivery, delivery, word.scope, standard.version, standard.id, word.contents.key, adapter])
    } else {
      fresh.push({ offer: word, delivery, changed: keeping.fence, before: before?.changed })
    }
  }
  await tx.runEach(
    `UPDATE contributions SET
       met_before = (SELECT CASE WHEN d.id = ? THEN c.met_before ELSE ${fenceMet} END
                       FROM contributions c JOIN deliveries d ON d.id = c.delivery
                      WHERE c.standard = contributions.standard AND c.record_key = contributions.record_key
                        AND c.adapter = contributions.adapter),
       delivery = ?, scope = ?, version = COALESCE(version, ?)
     WHERE standard = ? AND record_key = ? AND adapter = ?`,
    confirmed,
  )
  await noteAbsences(tx, keeping, denied)
  await writeContributions(tx, keeping, fresh)
  await withdrawNoted(tx, keeping, gone)
  if (keeping.order === 'mark') await keepMarks(tx, keeping, deciding, outcomes)
  return outcomes
}

/** Withdraws what the keeping adapter says of some records; every key must have a contribution of it. */
export async function withdraw(tx: Session, keeping: Keeping, keys: readonly RecordKey[]): Promise<void> {
  await withdrawNoted(
    tx,
    keeping,
    keys.map(key => ({ key, changed: keeping.fence })),
  )
}

/** As {@link withdraw}; `changed` says whose word it will be that there is none. */
export async function withdrawNoted(tx: Session, keeping: Keeping, changing: readonly Changing[]): Promise<void> {
  if (changing.length === 0) return
  const { standard, adapter } = keeping
  const keys = changing.map(({ key }) => key)
  await noteChanges(tx, keeping, changing)
  // Of those that the same delivery has made, which it has not noted then.
  await noteAbsences(tx, keeping, changing)
  await tx.runEach(
    'DELETE FROM contributions WHERE standard = ? AND record_key = ? AND adapter = ?',
    keys.map(key => [standard.id, key, adapter]),
  )
  const currents = await readCurrents(tx, standard.id, keys)
  const changes: RecordChange[] = []
  const merged: Merged[] = []
  for (const [index, key] of keys.entries()) {
    const current = currents[index]
    if (current === undefined) throw new Error('bug: a contribution has no record')
    const contributions = current.contributions - 1
    if (contributions === 0) {
      const origin = { adapter, recordId: null, asOf: null }
      changes.push({ key, current, contributions, contents: undefined, origin, version: standard.version })
      continue
    }
    const left = await merge(keeping, await readContributions(tx, keeping, key, adapter))
    const { contents, origin, version } = left
    changes.push({ key, current, contributions, contents, origin, version })
    merged.push(left)
  }
  await writeMerged(tx, keeping, changes)
  await noteDiscrepancies(tx, keeping, merged)
}

/** Keys that the adapter has contributed within a scope and that a delivery has not met, in order, after a key. */
export async function missingKeys(
  session: Session,
  where: { standard: string; adapter: string; scope: string; delivery: string; after: string; limit: number },
): Promise<RecordKey[]> {
  const rows = await session.all<{ record_key: string }>(
    `SELECT record_key FROM contributions c
      WHERE standard = ? AND adapter = ? AND scope = ? AND delivery <> ? AND record_key > ?
        AND NOT EXISTS (SELECT 1 FROM quarantine q
                         WHERE q.adapter = c.adapter AND q.record_key = c.record_key AND q.delivery = ?)
      ORDER BY record_key LIMIT ?`,
    [where.standard, where.adapter, where.scope, where.delivery, where.after, where.delivery, where.limit],
  )
  return rows.map(row => row.record_key)
}

/** Keeps the marks of words that decide; of a delta, unless a contribution is merely confirmed with the mark that it has. */
async function keepMarks(
  tx: Session,
  keeping: Keeping,
  deciding: readonly Deciding[],
  outcomes: readonly Outcome[],
): Promise<void> {
  const marks = deciding.flatMap(({ key, mark, before, digest, index }): [RecordKey, string][] => {
    const isConfirmed = outcomes[index] === 'unchanged' && digest !== undefined
    const isKnown = keeping.mode === 'delta' && isConfirmed && mark === before?.mark
    return mark === undefined || isKnown ? [] : [[key, mark]]
  })
  await writeMarks(tx, keeping, marks)
}
