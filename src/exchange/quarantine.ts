/** Rejected source records, as whoever mends them must see them, and what a person decides of them. */
import { HubError } from '../errors.ts'
import { readDelivery } from '../store/deliveries.ts'
import { post } from '../store/outbox.ts'
import { listRejects, readReject, type QuarantineRow } from '../store/quarantine.ts'
import { dismissReject } from '../store/rejects.ts'
import type { Selection } from '../store/replays.ts'
import { carry, entryOf, type By, type Hub } from './hub.ts'

/**
 * A reject with the source record as JSON text, which may hold anything that the department sent: the entry that says
 * who saw it is durable before this returns.
 *
 * @throws {HubError} `reject-unknown`, `log-unavailable`
 */
export async function discloseReject(
  hub: Hub,
  by: By,
  id: string,
): Promise<{ readonly reject: QuarantineRow; readonly source: string }> {
  const reject = await findReject(hub, id)
  const source = await readReject(hub.store.read, hub.keys.master, id)
  if (source === undefined) throw unknown(id)
  const { adapter, standard, delivery } = reject
  await hub.log.append({
    ...entryOf(hub, by),
    operation: 'read',
    outcome: 'disclosed',
    standard,
    count: 1,
    detail: { quarantine: id, adapter, delivery },
  })
  return { reject, source }
}

/**
 * Enters that reasons of rejects were listed; resolves when the entry is durable.
 *
 * @throws {HubError} `log-unavailable`
 */
export async function enterListing(hub: Hub, by: By, count: number): Promise<void> {
  await hub.log.append({
    ...entryOf(hub, by),
    operation: 'list',
    outcome: 'disclosed',
    count,
    detail: { of: 'quarantine' },
  })
}

/**
 * Gives open rejects up, all or none; the reason stays with them, and not in the log, for people write what they like.
 *
 * @throws {HubError} `reject-unknown`; `reject-decided` where one is not open any more
 */
export async function dismissRejects(
  hub: Hub,
  by: By,
  { ids, reason }: { readonly ids: readonly string[]; readonly reason: string },
): Promise<void> {
  const rejects = await findOpen(hub, ids)
  const at = hub.clock().toISOString()
  await hub.store.transact(async tx => {
    for (const { id, adapter, standard, delivery } of rejects) {
      if (!(await dismissReject(tx, id, { by: `${by.actor.kind}:${by.actor.id}`, at, reason }))) throw decided(id)
      const detail = { quarantine: id, adapter, delivery }
      await post(tx, { ...entryOf(hub, by), operation: 'dismiss', outcome: 'done', standard, count: 1, detail })
    }
  })
  await carry(hub)
}

/** Which rejects are to be replayed: those of an adapter, of a delivery, or named one by one. */
export type Asked =
  { readonly adapter: string } | { readonly delivery: string } | { readonly ids: readonly [string, ...string[]] }

/**
 * What is asked for, adapter by adapter: a replay is of one.
 *
 * @throws {HubError} `delivery-unknown`, `reject-unknown`; `reject-decided` where one that is named is not open any more
 */
export async function selectionsOf(hub: Hub, asked: Asked): Promise<Selection[]> {
  if ('adapter' in asked) return [{ adapter: (await hub.published.adapter(asked.adapter)).id }]
  if ('delivery' in asked) {
    const delivery = await readDelivery(hub.store.read, asked.delivery)
    if (delivery === undefined) {
      throw new HubError('delivery-unknown', `There is no delivery with the id ${asked.delivery}.`)
    }
    return [{ adapter: delivery.adapter, delivery: asked.delivery }]
  }
  const byAdapter = new Map<string, string[]>()
  for (const { id, adapter } of await findOpen(hub, asked.ids)) {
    byAdapter.set(adapter, [...(byAdapter.get(adapter) ?? []), id])
  }
  return [...byAdapter].map(([adapter, ids]) => ({ adapter, ids }))
}

/** @throws {HubError} `reject-unknown` */
export async function findReject(hub: Hub, id: string, department?: string): Promise<QuarantineRow> {
  const [reject] = await listRejects(hub.store.read, { id, ...(department !== undefined && { department }), limit: 1 })
  if (reject === undefined) throw unknown(id)
  return reject
}

async function findOpen(hub: Hub, ids: readonly string[]): Promise<QuarantineRow[]> {
  const rejects: QuarantineRow[] = []
  for (const id of new Set(ids)) {
    const reject = await findReject(hub, id)
    if (reject.state !== 'open') throw decided(id)
    rejects.push(reject)
  }
  return rejects
}

function unknown(id: string): HubError {
  return new HubError('reject-unknown', `There is nothing in quarantine under the id ${id}.`)
}

function decided(id: string): HubError {
  return new HubError('reject-decided', `The reject ${id} is not open any more; \`state\` says what became of it.`)
}
