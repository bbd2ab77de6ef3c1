/** Writes contributions that differ from what stood, and the revisions that follow. */
import { readText } from '../record-text.ts'
import { noteAbsences, noteChanges, type Changing } from './changes.ts'
import { giveOwnText, merge, ownText, readContributions, type Merged, type OwnText } from './contributions.ts'
import { noteDiscrepancies } from './note-discrepancies.ts'
import type { Keeping, Origin } from './keeping.ts'
import { readCurrents, writeMerged, writeRevisions, type Current, type RecordChange } from './revisions.ts'
import type { Session, Value } from './session.ts'
import type { Contents } from '../seal/contents.ts'
import type { Version } from '../standard.ts'
import type { Offer } from './words.ts'

export type Fresh = {
  readonly offer: Offer
  /** The delivery that has met it last: the keeping one, or the one whose word is tried again or restored. */
  readonly delivery: string
  /** The fence of the delivery whose word it is. */
  readonly changed: number
  /** Whose word the contribution was; undefined where there was none. */
  readonly before: number | undefined
}

export async function writeContributions(tx: Session, keeping: Keeping, fresh: readonly Fresh[]): Promise<void> {
  if (fresh.length === 0) return
  const { standard, adapter } = keeping
  const currents = await readCurrents(
    tx,
    standard.id,
    fresh.map(({ offer }) => offer.contents.key),
  )
  await note(tx, keeping, fresh, currents)
  const changes: RecordChange[] = []
  const merged: Merged[] = []
  const rows: Value[][] = []
  for (const [index, each] of fresh.entries()) {
    const { contents, scope, recordId, asOf } = each.offer
    const { key } = contents
    const current = currents[index]
    const contributions = contributionsAfter(each, current)
    const together = contributions === 1 ? alone(keeping, each.offer) : await amongOthers(tx, keeping, each, current)
    const { contents: whole, origin, version: writtenBy } = together
    changes.push({ key, current, contributions, contents: whole, origin, version: writtenBy })
    if (together.merged !== undefined) merged.push(together.merged)
    const { body, sealed, data_key: dataKey, version } = together.stored
    rows.push([
      standard.id, key, adapter, scope, contents.digest, each.delivery, each.changed,
      body, sealed, dataKey, version, recordId, asOf,
    ]) // prettier-ignore
  }
  await tx.runEach(
    `INSERT INTO contributions (standard, record_key, adapter, scope, digest, delivery, changed,
                                body, sealed, data_key, version, record_id, as_of)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (standard, record_key, adapter) DO UPDATE SET
       scope = excluded.scope, digest = excluded.digest, delivery = excluded.delivery, changed = excluded.changed,
       met_before = NULL, version = excluded.version, body = excluded.body, sealed = excluded.sealed, data_key = excluded.data_key,
       record_id = excluded.record_id, as_of = excluded.as_of`,
    rows,
  )
  const isAlone = ({ contributions }: RecordChange): boolean => contributions === 1
  await writeRevisions(tx, keeping, changes.filter(isAlone))
  await writeMerged(
    tx,
    keeping,
    changes.filter(change => !isAlone(change)),
  )
  await noteDiscrepancies(tx, keeping, merged)
}

/** Notes what stood before; not of a record's first contribution, where it is the keeping delivery's own word. */
async function note(
  tx: Session,
  keeping: Keeping,
  fresh: readonly Fresh[],
  currents: readonly (Current | undefined)[],
): Promise<void> {
  const changed: Changing[] = []
  const made: Changing[] = []
  for (const [index, each] of fresh.entries()) {
    const changing = { key: each.offer.contents.key, changed: each.changed }
    if (each.before === undefined) {
      const isSeenFromRevision = contributionsAfter(each, currents[index]) === 1 && each.changed === keeping.fence
      if (!isSeenFromRevision) made.push(changing)
    } else if (each.before !== keeping.fence) changed.push(changing)
  }
  await noteChanges(tx, keeping, changed)
  await noteAbsences(tx, keeping, made)
}

function contributionsAfter({ before }: Fresh, current: Current | undefined): number {
  return (current?.contributions ?? 0) + (before === undefined ? 1 : 0)
}

type Together = {
  readonly contents: Contents
  readonly origin: Origin
  /** By which the record is written. */
  readonly version: Version
  readonly merged: Merged | undefined
  readonly stored: OwnText
}

/** The record's only contribution: its revision will hold the text. */
function alone(keeping: Keeping, { contents, recordId, asOf }: Offer): Together {
  return {
    contents,
    origin: { adapter: keeping.adapter, recordId, asOf },
    version: keeping.standard.version,
    merged: undefined,
    stored: { body: null, sealed: null, data_key: null, version: keeping.standard.version },
  }
}

async function amongOthers(
  tx: Session,
  keeping: Keeping,
  { offer, before, delivery }: Fresh,
  current: Current | undefined,
): Promise<Together> {
  const { contents, recordId, asOf } = offer
  if (before === undefined && current?.contributions === 1) await giveOwnText(tx, keeping, contents.key, current.seq)
  const record = readText(contents.text)
  const others = await readContributions(tx, keeping, contents.key, keeping.adapter)
  const { major } = keeping.standard
  const merged = await merge(keeping, [
    ...others,
    { adapter: keeping.adapter, recordId, asOf, record, major, delivery },
  ])
  const { contents: whole, origin, version } = merged
  return { contents: whole, origin, version, merged, stored: await ownText(tx, keeping, contents) }
}
