/**
 * Keeps what an adapter delivers: contributions in, one revision for each change of a record out.
 *
 * Laws: keeping the same again makes no revision; a revision is never lost; what other adapters say stays.
 */
import { readText } from '../record-text.ts'
import type { Contents } from '../seal/contents.ts'
import type { Session, Value } from './session.ts'
import { giveOwnText, merge, ownText, readOthers, type StoredText } from './contributions.ts'
import type { Keeping, Origin } from './keeping.ts'
import { readCurrents, writeMerged, writeRevisions, type Change, type Current } from './revisions.ts'

/** One record as one adapter offers it. */
export type Offer = {
  readonly contents: Contents
  readonly scope: string
  readonly recordId: string | null
  readonly asOf: string | null
}

/** `duplicate`: it differs from what the same delivery has said of the same key before. */
export type Outcome = 'accepted' | 'unchanged' | 'duplicate'

/** Keeps a batch of offers; the outcome of each, in their order. Within a delivery the first of two that differ stands. */
export async function keep(tx: Session, keeping: Keeping, offers: readonly Offer[]): Promise<Outcome[]> {
  const { standard, adapter, delivery } = keeping
  const known = await tx.getEach<{ digest: string; delivery: string }>(
    'SELECT digest, delivery FROM contributions WHERE standard = ? AND record_key = ? AND adapter = ?',
    offers.map(offer => [standard.id, offer.contents.key, adapter]),
  )
  const said = new Map<string, string>()
  const fresh: Fresh[] = []
  const confirmed: Value[][] = []
  const outcomes = offers.map((offer, index): Outcome => {
    const { key, digest } = offer.contents
    const before = known[index]
    const saidNow = said.get(key) ?? (before?.delivery === delivery ? before.digest : undefined)
    if (saidNow !== undefined) return saidNow === digest ? 'unchanged' : 'duplicate'
    said.set(key, digest)
    if (before?.digest === digest) {
      confirmed.push([delivery, offer.scope, standard.id, key, adapter])
      return 'unchanged'
    }
    fresh.push({ offer, isNew: before === undefined })
    return 'accepted'
  })
  await tx.runEach(
    'UPDATE contributions SET delivery = ?, scope = ? WHERE standard = ? AND record_key = ? AND adapter = ?',
    confirmed,
  )
  await keepFresh(tx, keeping, fresh)
  return outcomes
}

/** Withdraws what the keeping adapter says of some records; every key must have a contribution of it. */
export async function withdraw(tx: Session, keeping: Keeping, keys: readonly string[]): Promise<void> {
  const { standard, adapter } = keeping
  await tx.runEach(
    'DELETE FROM contributions WHERE standard = ? AND record_key = ? AND adapter = ?',
    keys.map(key => [standard.id, key, adapter]),
  )
  const currents = await readCurrents(tx, standard.id, keys)
  const changes: Change[] = []
  for (const [index, key] of keys.entries()) {
    const current = currents[index]
    if (current === undefined) throw new Error('bug: a contribution has no record')
    const contributions = current.contributions - 1
    const others = contributions > 0 ? await readOthers(tx, keeping, key) : []
    const left =
      others.length > 0
        ? merge(keeping, others)
        : { contents: undefined, origin: { adapter, recordId: null, asOf: null } }
    changes.push({ key, current, contributions, ...left })
  }
  await writeMerged(tx, keeping, changes)
}

/** Keys that the adapter has contributed within a scope and that a delivery has not met, in order, after a key. */
export async function missingKeys(
  session: Session,
  where: { standard: string; adapter: string; scope: string; delivery: string; after: string; limit: number },
): Promise<string[]> {
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

type Fresh = { readonly offer: Offer; readonly isNew: boolean }

async function keepFresh(tx: Session, keeping: Keeping, fresh: readonly Fresh[]): Promise<void> {
  if (fresh.length === 0) return
  const { standard, adapter, delivery } = keeping
  const currents = await readCurrents(
    tx,
    standard.id,
    fresh.map(({ offer }) => offer.contents.key),
  )
  const changes: Change[] = []
  const rows: Value[][] = []
  for (const [index, { offer, isNew }] of fresh.entries()) {
    const { contents, scope, recordId, asOf } = offer
    const { key } = contents
    const current = currents[index]
    const contributions = (current?.contributions ?? 0) + (isNew ? 1 : 0)
    const together =
      contributions === 1 ? alone(keeping, offer) : await amongOthers(tx, keeping, { offer, isNew, current })
    changes.push({ key, current, contributions, contents: together.contents, origin: together.origin })
    const { body, sealed, data_key: dataKey } = together.stored
    rows.push([
      standard.id, key, adapter, scope, contents.digest, delivery,
      body, sealed, dataKey, recordId, asOf,
    ]) // prettier-ignore
  }
  await tx.runEach(
    `INSERT INTO contributions (standard, record_key, adapter, scope, digest, delivery,
                                body, sealed, data_key, record_id, as_of)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (standard, record_key, adapter) DO UPDATE SET
       scope = excluded.scope, digest = excluded.digest, delivery = excluded.delivery,
       body = excluded.body, sealed = excluded.sealed, data_key = excluded.data_key,
       record_id = excluded.record_id, as_of = excluded.as_of`,
    rows,
  )
  const isAlone = ({ contributions }: Change): boolean => contributions === 1
  await writeRevisions(tx, keeping, changes.filter(isAlone))
  await writeMerged(
    tx,
    keeping,
    changes.filter(change => !isAlone(change)),
  )
}

type Together = { readonly contents: Contents; readonly origin: Origin; readonly stored: StoredText }

/** The record's only contribution: its revision will hold the text. */
function alone(keeping: Keeping, { contents, recordId, asOf }: Offer): Together {
  return {
    contents,
    origin: { adapter: keeping.adapter, recordId, asOf },
    stored: { body: null, sealed: null, data_key: null },
  }
}

async function amongOthers(
  tx: Session,
  keeping: Keeping,
  fresh: Fresh & { current: Current | undefined },
): Promise<Together> {
  const { offer, isNew, current } = fresh
  const { contents, recordId, asOf } = offer
  if (isNew && current?.contributions === 1) await giveOwnText(tx, keeping, contents.key, current.seq)
  const record = readText(contents.text)
  const others = await readOthers(tx, keeping, contents.key)
  const merged = merge(keeping, [...others, { adapter: keeping.adapter, recordId, asOf, record }])
  return { ...merged, stored: await ownText(tx, keeping, contents) }
}
