/**
 * Merges the records of a standard anew, where several adapters speak of them.
 *
 * Whose word counts may change with a version of the standard; a record then takes it up with its next delivery. This does
 * so for all of them now, batch by batch, beside deliveries. Killed on its way and run again it goes on where it was.
 */
import { HubError } from '../errors.ts'
import { newest } from '../versions.ts'
import { majorOf } from '../standard.ts'
import { merge, readContributions, type Merged } from '../store/contributions.ts'
import type { Writing } from '../store/keeping.ts'
import { noteDiscrepancies } from '../store/note-discrepancies.ts'
import { post } from '../store/outbox.ts'
import {
  beginRemerge,
  endRemerge,
  lockRemerge,
  mergedKeys,
  moveRemerge,
  type Remerge,
  type RemergeOf,
} from '../store/remerges.ts'
import { readCurrents, writeMerged, type RecordChange } from '../store/revisions.ts'
import type { Session } from '../store/session.ts'
import { carry, entryOf, type By, type Hub } from './hub.ts'
import { writingOf } from './keeping.ts'

/** One commit of so many keeps a delivery waiting for some hundredths of a second. */
const batchRecords = 500

/** Records that several adapters speak of, and those of them that are not what they were. */
export type Remerged = { readonly standard: string; readonly merged: number; readonly changed: number }

/** @throws {HubError} `standard-unknown`; `conflict` where another run has taken this one's place, or has ended it */
export async function remerge(
  hub: Hub,
  by: By,
  id: string,
  { onProgress }: { readonly onProgress?: (records: number) => void } = {},
): Promise<Remerged> {
  const compiled = await hub.published.standard(id)
  const begunAt = hub.clock().toISOString()
  const of = await newestOfMajors(hub, id)
  await hub.store.transact(async tx => {
    const begun = await beginRemerge(tx, id, { of, begunAt })
    const act = begun.after === '' ? 'begin-remerge' : 'resume-remerge'
    const about = { standard: id, count: begun.merged, detail: { act, versions: of } }
    await post(tx, { ...entryOf(hub, by), operation: 'settle', outcome: 'done', ...about })
  })
  for (;;) {
    const at = hub.clock().toISOString()
    const batch = await hub.store.transact(tx => mergeBatch(tx, writingOf(hub, { delivery: '', at }, compiled), of))
    if (batch === 0) break
    onProgress?.(batch)
    // Others get their turn.
    await new Promise(resolve => setImmediate(resolve))
  }
  const remerged = await hub.store.transact(async tx => {
    const { merged, changed } = await requireOwn(tx, { standard: id, of })
    await endRemerge(tx, { standard: id, of })
    const detail = { act: 'remerge', versions: of, changed }
    await post(tx, { ...entryOf(hub, by), operation: 'settle', outcome: 'done', standard: id, count: merged, detail })
    return { standard: id, merged, changed }
  })
  await carry(hub)
  return remerged
}

/** How many records it met; none where all are done. */
async function mergeBatch(tx: Session, writing: Writing, of: string): Promise<number> {
  const { id } = writing.standard
  const run = { standard: id, of }
  const state = await requireOwn(tx, run)
  const keys = await mergedKeys(tx, id, { after: state.after, limit: batchRecords })
  const last = keys.at(-1)
  if (last === undefined) return 0
  const currents = await readCurrents(tx, id, keys)
  const changes: RecordChange[] = []
  const merged: Merged[] = []
  for (const [index, key] of keys.entries()) {
    const current = currents[index]
    if (current === undefined) throw new Error('bug: a record is gone')
    const together = await merge(writing, await readContributions(tx, writing, key))
    const { contents, origin, version, delivery } = together
    changes.push({ key, current, contributions: current.contributions, contents, origin, version, delivery })
    merged.push(together)
  }
  const changed = await writeMerged(tx, writing, changes)
  await noteDiscrepancies(tx, writing, merged)
  await moveRemerge(tx, run, { after: last, merged: keys.length, changed })
  return keys.length
}

/** By what this run goes, locked. Else records that it has merged by older versions would count as done. @throws {HubError} `conflict` */
async function requireOwn(tx: Session, run: RemergeOf): Promise<Remerge> {
  const state = await lockRemerge(tx, run)
  if (state !== undefined) return state
  const detail = `Another run merges ${run.standard} anew, by other versions than this one (${run.of}), or has ended this one's work. Run it again, to be sure that all is done.`
  throw new HubError('conflict', detail)
}

async function newestOfMajors(hub: Hub, id: string): Promise<string> {
  const { index } = await hub.published.configuration()
  const rows = index.standards.filter(({ standard }) => standard === id)
  const majors = [...new Set(rows.map(({ version }) => majorOf(version)))].toSorted((a, b) => a - b)
  return majors.map(major => newest(rows.filter(({ version }) => majorOf(version) === major))?.version).join(' ')
}
