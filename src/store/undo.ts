/**
 * Undoes what a delivery has done to contributions: what it made is withdrawn, what it changed is what it was before,
 * what it withdrew is back.
 *
 * A key whose word is a later delivery's is left. Whose word a key is falls back with it, so that of several deliveries
 * each can be undone, the last first. What is done here is noted like any change, so that it can be undone as well.
 */
import type { RecordKey } from '../record.ts'
import { readText } from '../record-text.ts'
import {
  lastChanges,
  noteAbsences,
  readChanges,
  textBefore,
  type Change,
  type Changing,
  type Source,
} from './changes.ts'
import { withdrawNoted } from './keep.ts'
import type { Keeping } from './keeping.ts'
import type { Session } from './session.ts'
import { fenceMet } from './words.ts'
import { writeContributions, type Fresh } from './write-contributions.ts'

/** A delivery that is to be undone. */
export type Undoing = {
  readonly delivery: string
  readonly fence: number
  /** The change numbers that it has written lie between these; null where it has written none. */
  readonly firstSeq: number | null
  readonly lastSeq: number | null
}

/**
 * What undoing makes of a key: `kept` where a later delivery has changed it since, or has said the same; `unchanged` where it is already what
 * it was before; `forget` where the delivery had only said of what was not there that it is not.
 */
export type Verdict = 'restore' | 'withdraw' | 'forget' | 'unchanged' | 'kept'

export type Step = {
  readonly key: RecordKey
  readonly verdict: Verdict
  /** What was before; undefined where it was not there. */
  readonly change: Change | undefined
  /** Whose word the contribution is now; undefined where there is none. */
  readonly now: number | undefined
  /** Whose word the key will be. */
  readonly word: number
}

/** Every key that a delivery has changed, once, some at a time. What undoing writes in the meantime does not disturb it. */
export async function* changedKeys(
  session: Session,
  { standard, adapter }: Source,
  { delivery, fence, firstSeq, lastSeq }: Undoing,
  limit: number,
): AsyncGenerator<RecordKey[]> {
  for (let after = ''; ;) {
    const rows = await session.all<{ record_key: string }>(
      `SELECT record_key FROM contribution_changes
        WHERE standard = ? AND adapter = ? AND fence = ? AND record_key > ? ORDER BY record_key LIMIT ?`,
      [standard, adapter, fence, after, limit],
    )
    if (rows.length === 0) break
    yield rows.map(row => row.record_key)
    after = rows.at(-1)?.record_key ?? after
  }
  // Of what it made alone, there are only revisions; of each key the first, whoever has spoken of it in between.
  for (let after = (firstSeq ?? 0) - 1; ;) {
    const rows = await session.all<{ seq: number; record_key: string }>(
      `SELECT seq, record_key FROM revisions r
        WHERE standard = ? AND seq > ? AND seq <= ? AND delivery = ?
          AND NOT EXISTS (SELECT 1 FROM contribution_changes c
                           WHERE c.standard = r.standard AND c.adapter = ? AND c.record_key = r.record_key AND c.fence = ?)
          AND NOT EXISTS (WITH RECURSIVE p (previous, delivery) AS (
                            SELECT r.previous, NULL
                             UNION ALL
                            SELECT e.previous, e.delivery FROM p JOIN revisions e ON e.standard = r.standard AND e.seq = p.previous
                             WHERE p.delivery IS NOT r.delivery AND e.seq >= ?)
                          SELECT 1 FROM p WHERE p.delivery = r.delivery)
        ORDER BY seq LIMIT ?`,
      [standard, after, lastSeq ?? -1, delivery, adapter, fence, firstSeq ?? 0, limit],
    )
    if (rows.length === 0) break
    yield rows.map(row => row.record_key)
    after = rows.at(-1)?.seq ?? after
  }
}

/** What undoing a delivery makes of some keys. Reads, and writes nothing. */
export async function planUndo(
  session: Session,
  of: Source,
  fence: number,
  keys: readonly RecordKey[],
): Promise<Step[]> {
  const { standard, adapter } = of
  const changes = await readChanges(session, of, fence, keys)
  const now = await session.getEach<{ changed: number; met: number }>(
    `SELECT c.changed, ${fenceMet} AS met FROM contributions c JOIN deliveries d ON d.id = c.delivery
      WHERE c.standard = ? AND c.record_key = ? AND c.adapter = ?`,
    keys.map(key => [standard, key, adapter]),
  )
  const latest = await lastChanges(session, of, keys)
  const earlier = await lastChanges(session, of, keys, fence)
  return keys.map((key, index) => {
    const [change, contribution] = [changes[index], now[index]]
    const wasThere = change !== undefined && change.digest !== null
    const current = contribution?.changed ?? latest.get(key) ?? 0
    const after = change?.changed ?? fence
    const word = (wasThere ? change.before_changed : earlier.get(key)) ?? 0
    const step = { key, change: wasThere ? change : undefined, now: contribution?.changed, word }
    if (current !== after) return { ...step, verdict: current === word ? 'unchanged' : 'kept' }
    if (contribution !== undefined && contribution.met > fence) return { ...step, verdict: 'kept' }
    if (wasThere) return { ...step, verdict: 'restore' }
    return { ...step, verdict: contribution === undefined ? 'forget' : 'withdraw' }
  })
}

/**
 * Takes the steps of a plan that was made in the same transaction.
 *
 * @param keepingBy the keeping by which a text of some version of the standard is written; without one, of a text whose
 *   version is not known
 */
export async function undo(
  tx: Session,
  keepingBy: (version: string | undefined) => Promise<Keeping>,
  steps: readonly Step[],
): Promise<void> {
  const keeping = await keepingBy(undefined)
  const restored = new Map<Keeping, Fresh[]>()
  for (const { key, verdict, change, now, word } of steps) {
    if (verdict !== 'restore' || change === undefined) continue
    const { text, version } = await textBefore(tx, keeping, key, change)
    const by = await keepingBy(version)
    const { scope, record_id: recordId, as_of: asOf, delivery } = change
    const offer = { contents: by.contentsOf(readText(text)), scope: scope ?? '', recordId, asOf }
    const fresh = restored.get(by) ?? []
    fresh.push({ offer, delivery: delivery ?? keeping.delivery, changed: word, before: now })
    restored.set(by, fresh)
  }
  for (const [by, fresh] of restored) await writeContributions(tx, by, fresh)
  const changing = (wanted: Verdict): Changing[] =>
    steps.filter(({ verdict }) => verdict === wanted).map(({ key, word }) => ({ key, changed: word }))
  await withdrawNoted(tx, keeping, changing('withdraw'))
  await noteAbsences(tx, keeping, changing('forget'))
}
