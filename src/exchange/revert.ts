/**
 * Reverts a delivery: what it has done to its adapter's contributions is undone as new revisions, by a delivery of its
 * own, which can be reverted as well.
 *
 * What a later delivery has said of a key stays, and is counted. Killed on its way and run again, it finds what it has
 * undone as it was before the delivery, and goes on; run once more, it changes nothing.
 */
import { HubError } from '../errors.ts'
import { readAdapterDocument } from '../store/adapters.ts'
import { readDelivery, readExtent, settleReverted, type Counts, type DeliveryRow } from '../store/deliveries.ts'
import { hasNotes } from '../store/changes.ts'
import type { Keeping } from '../store/keeping.ts'
import { settleMarks } from '../store/marks.ts'
import { putBackRejects } from '../store/rejects.ts'
import { changedKeys, planUndo, undo, type Step, type Undoing, type Verdict } from '../store/undo.ts'
import { majorOf, type Version } from '../standard.ts'
import { batchRecords, DeliveryRun, type Added } from './delivery-run.ts'
import { carry, type By, type Hub } from './hub.ts'
import { undoingOf, type RunOf } from './keeping.ts'

/** `accepted` counts what is again what it was, `withdrawn` what the delivery had made, `kept` what is left. */
export type RevertReceipt = Counts & { readonly of: string }

/**
 * @throws {HubError} `delivery-unknown`, `delivery-busy`; `delivery-reverted` where it is already; `delivery-unnoted`
 *   where it is from before the hub noted what deliveries change
 * @throws {DeliveryFailure} where the lease is lost: what was undone until there stays so
 */
export async function revertDelivery(
  hub: Hub,
  { delivery: id, by }: { readonly delivery: string; readonly by: By },
): Promise<RevertReceipt> {
  const of = await find(hub, id)
  const { adapter, adapterVersion, standard } = of
  const undoing = await extentOf(hub, of)
  const run = await DeliveryRun.begin(hub, { kind: 'revert', of: id, adapter, adapterVersion, standard, by })
  try {
    for await (const keys of changedKeys(hub.store.read, { standard, adapter }, undoing, batchRecords)) {
      await run.batch(async (tx, at) => {
        const keepingBy = await keepings(hub, of, { delivery: run.delivery, fence: run.fence, at })
        const steps = await planUndo(tx, { standard, adapter }, undoing.fence, keys)
        await undo(tx, keepingBy, steps)
        return counted(steps)
      })
    }
    await run.end(async tx => {
      await putBackRejects(tx, { adapter, delivery: run.delivery, of: id })
      const root = await settleReverted(tx, id)
      // Else the same records, mended, would be taken for old.
      await settleMarks(tx, { standard, adapter, fence: root.fence }, root.state === 'reverted')
    })
    return { ...run.counts, of: id }
  } catch (error) {
    throw await run.fail(error)
  } finally {
    run.stop()
    await carry(hub)
  }
}

/** What reverting would do now; nothing is written. */
export async function previewRevert(hub: Hub, id: string): Promise<Omit<RevertReceipt, 'delivery'>> {
  const delivery = await find(hub, id)
  const { adapter, standard } = delivery
  const of = { standard, adapter }
  const undoing = await extentOf(hub, delivery)
  const counts = { accepted: 0, unchanged: 0, withdrawn: 0, rejected: 0, kept: 0 }
  for await (const keys of changedKeys(hub.store.read, of, undoing, batchRecords)) {
    for (const { verdict } of await planUndo(hub.store.read, of, undoing.fence, keys)) counts[countOf[verdict]]++
  }
  return { ...counts, of: id }
}

const countOf = {
  restore: 'accepted',
  withdraw: 'withdrawn',
  forget: 'unchanged',
  unchanged: 'unchanged',
  kept: 'kept',
} as const satisfies Record<Verdict, keyof Added>

function counted(steps: readonly Step[]): Added {
  const counts = { accepted: 0, unchanged: 0, withdrawn: 0, kept: 0 }
  for (const { verdict } of steps) counts[countOf[verdict]]++
  return counts
}

async function find(hub: Hub, id: string): Promise<DeliveryRow> {
  const delivery = await readDelivery(hub.store.read, id)
  if (delivery === undefined) throw new HubError('delivery-unknown', `There is no delivery with the id ${id}.`)
  if (delivery.state === 'reverted') {
    throw new HubError(
      'delivery-reverted',
      `The delivery ${id} is reverted already. To have it count again, revert the delivery that has reverted it.`,
    )
  }
  return delivery
}

async function extentOf(hub: Hub, { delivery, adapter, standard, accepted, withdrawn }: DeliveryRow): Promise<Undoing> {
  const { read } = hub.store
  const extent = await readExtent(read, delivery)
  if (extent === undefined) throw new Error('bug: a delivery is gone')
  const hasWritten = accepted + withdrawn > 0
  if (hasWritten && extent.firstSeq === null && !(await hasNotes(read, { standard, adapter }, extent.fence))) {
    throw new HubError(
      'delivery-unnoted',
      `The delivery ${delivery} is from before the hub noted what deliveries change, so what it changed cannot be told. ` +
        'Deliver what is right instead, or withdraw what it brought.',
    )
  }
  return { delivery, ...extent }
}

/**
 * The keeping for a text of each version of the standard: what an adapter said before it moved to another major is written
 * by its own major again, else fields that the other lacks were lost. A text without a version is of the delivery's major.
 */
async function keepings(
  hub: Hub,
  { adapter, adapterVersion, standard }: DeliveryRow,
  run: RunOf,
): Promise<(version: Version | undefined) => Promise<Keeping>> {
  const document = await readAdapterDocument(hub.store.read, adapter, adapterVersion)
  const { major: usual } = (document as { standard: { major: number } }).standard
  const byMajor = new Map<number, Keeping>()
  return async version => {
    const major = version === undefined ? usual : majorOf(version)
    let keeping = byMajor.get(major)
    if (keeping === undefined) {
      keeping = undoingOf(hub, run, { adapter, compiled: await hub.published.standard(standard, major) })
      byMajor.set(major, keeping)
    }
    return keeping
  }
}
