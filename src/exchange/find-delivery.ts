/** A delivery under the id that its sender knows: also while it waits, and where a process has died with it. */
import { readDelivery, type DeliveryRow, type DeliveryState } from '../store/deliveries.ts'
import { listDeliveries } from '../store/deliveries.ts'
import { listQueued, readQueued, type Queued } from '../store/queue.ts'
import type { Hub } from './hub.ts'

export type FoundDelivery = Omit<DeliveryRow, 'state' | 'startedAt' | 'adapterVersion'> & {
  readonly state: DeliveryState | 'queued'
  /** Null while it waits. */
  readonly startedAt: string | null
  readonly adapterVersion: string | null
  /** Of one that was taken in first. */
  readonly queuedAt?: string
  readonly progress?: { readonly readBytes: number; readonly totalBytes: number }
  /** The delivery that stands for it, where a process has died with the first run. */
  readonly continuedAs?: string
}

export async function findDelivery(hub: Hub, id: string): Promise<FoundDelivery | undefined> {
  const queued = await readQueued(hub.store.read, id)
  const row = await readDelivery(hub.store.read, queued?.delivery ?? id)
  return queued === undefined ? row : foundOf(queued, row)
}

/** Those that wait, then the others, newest first. */
export async function findDeliveries(
  hub: Hub,
  filter: { readonly adapter?: string; readonly limit: number },
): Promise<FoundDelivery[]> {
  const waiting = await listQueued(hub.store.read, filter)
  const begun = await listDeliveries(hub.store.read, filter)
  return [...waiting.map(queued => foundOf(queued, undefined)), ...begun].slice(0, filter.limit)
}

function foundOf(queued: Queued, row: DeliveryRow | undefined): FoundDelivery {
  const { id, delivery, adapter, standard, queuedAt, readBytes, bytes, finishedAt, problem, problemDetail } = queued
  return {
    ...(row ?? { ...nothing, adapter, standard, actor: actorOf(queued) }),
    delivery: id,
    // One that was done may be reverted by now; one that runs again had failed before.
    state: queued.state === 'done' ? (row?.state ?? 'done') : queued.state,
    finishedAt,
    problem,
    problemDetail,
    queuedAt,
    progress: { readBytes, totalBytes: bytes },
    ...(delivery !== null && delivery !== id && { continuedAs: delivery }),
  }
}

function actorOf({ caller }: Queued): string {
  const { actor } = JSON.parse(caller) as { actor: { kind: string; id: string } }
  return `${actor.kind}:${actor.id}`
}

const nothing = {
  kind: 'delivery',
  of: null,
  accepted: 0,
  unchanged: 0,
  withdrawn: 0,
  rejected: 0,
  kept: 0,
  warned: 0,
  passedOver: 0,
  adapterVersion: null,
  startedAt: null,
} as const
