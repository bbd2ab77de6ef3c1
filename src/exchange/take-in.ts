/**
 * Takes a delivery's input in, to be worked off behind the reply: sealed in a file, then a row of the queue, and its
 * entry in the log. Killed on the way, it leaves nothing that anybody can open.
 */
import { createHash, randomUUID } from 'node:crypto'
import { HubError } from '../errors.ts'
import type { Receipt } from '../record.ts'
import { newDataKey } from '../seal/seal.ts'
import { writeDataKeys } from '../store/data-keys.ts'
import { readDelivery, readIdempotency } from '../store/deliveries.ts'
import { post } from '../store/outbox.ts'
import { enqueue, readLoad, readQueuedByKey, type QueueState, type Taken } from '../store/queue.ts'
import { lockMaster } from '../store/rotation.ts'
import type { Session } from '../store/session.ts'
import { Spool, spoolSubject } from '../store/spool.ts'
import type { DeliveryRequest } from './delivery-request.ts'
import { carry, entryOf, type By, type Hub } from './hub.ts'
import { reusedKey } from './idempotency.ts'
import { requireDelivered } from './retired.ts'

/** Of one client: enough for a nightly run of every adapter of a department, and an end to one that runs wild. */
const queuedAtMost = 50

/** Of one client, in inputs of the largest size. */
const inputsAtMost = 4

/** `receipt`: what the same request, sent before, has come to. */
export type TakenIn =
  { readonly delivery: string; readonly state: QueueState } | { readonly delivery: string; readonly receipt: Receipt }

/**
 * @throws {HubError} `adapter-unknown`, `major-retired`, `queue-full`, `body-too-large`, `store-unavailable`, `idempotency-key-reused`:
 *   then nothing of the input is kept
 */
export async function takeIn(
  hub: Hub,
  { adapter, body, by, language = 'en' }: Pick<DeliveryRequest, 'adapter' | 'body' | 'by' | 'language'>,
  idempotencyKey?: string,
): Promise<TakenIn> {
  const { standard } = await hub.published.adapter(adapter)
  requireDelivered((await hub.published.configuration()).index, { standard })
  const measured = measure(body, hub.config.bodyLimitBytes)
  const own = { client: by.actor.id, idempotencyKey: idempotencyKey ?? null }
  const before = await readBefore(hub.store.read, own)
  if (before !== undefined) {
    // Only for its digest: there may be no room for what is there already.
    if (before.adapter === adapter) for await (const _ of measured.body);
    return takenBefore(before, { adapter, ...measured.end() })
  }
  requireRoom(hub, await readLoad(hub.store.read, by.actor.id), 0)
  const [id, key, spool] = [randomUUID(), newDataKey(), new Spool(hub.config.dataDirectory)]
  await spool.write(id, key, measured.body)
  try {
    const queuedAt = hub.clock().toISOString()
    const from = { ...own, caller: JSON.stringify(by), language, queuedAt }
    const result = await keep(hub, { id, adapter, standard: standard.id, ...from, ...measured.end() }, { by, key })
    if (result.delivery !== id) await spool.remove(id)
    await carry(hub)
    return result
  } catch (error) {
    await spool.remove(id)
    throw error
  }
}

/** Writes its row, its data key and its entry; or gives what came under its idempotency key before. */
async function keep(hub: Hub, taken: Taken, { by, key }: { readonly by: By; readonly key: Buffer }): Promise<TakenIn> {
  return hub.store.transact(async tx => {
    // Of two requests that come at once, the second sees what the first has kept.
    await lockMaster(tx)
    const before = await readBefore(tx, taken)
    if (before !== undefined) return takenBefore(before, taken)
    const { id: delivery, adapter, standard, client, bytes } = taken
    requireRoom(hub, await readLoad(tx, client), bytes)
    await writeDataKeys(tx, hub.keys.master, new Map([[spoolSubject(delivery), key]]))
    await enqueue(tx, taken)
    const detail = { adapter, delivery, queued: true, bytes }
    await post(tx, { ...entryOf(hub, by), operation: 'deliver', outcome: 'done', standard, count: 0, detail })
    return { delivery, state: 'queued' }
  })
}

/** What the same client sent under the same key, unless it has failed or was reverted since. */
async function readBefore(
  session: Session,
  { client, idempotencyKey }: Pick<Taken, 'client' | 'idempotencyKey'>,
): Promise<Before | undefined> {
  if (idempotencyKey === null) return undefined
  const done = await readIdempotency(session, client, idempotencyKey)
  const row = done && (await readDelivery(session, done.delivery))
  if (done !== undefined && row !== undefined && row.state !== 'reverted') {
    const { delivery, accepted, unchanged, withdrawn, rejected } = row
    return { ...done, result: { delivery, receipt: { delivery, accepted, unchanged, withdrawn, rejected } } }
  }
  const queued = await readQueuedByKey(session, client, idempotencyKey)
  if (queued?.state !== 'queued' && queued?.state !== 'running') return undefined
  const { adapter, digest, id: delivery, state } = queued
  return { adapter, digest, result: { delivery, state } }
}

type Sent = Pick<Taken, 'adapter' | 'digest'>

type Before = Sent & { readonly result: TakenIn }

/** @throws {HubError} `idempotency-key-reused` */
function takenBefore(before: Before, now: Sent): TakenIn {
  if (before.adapter !== now.adapter || before.digest !== now.digest) throw reusedKey()
  return before.result
}

function requireRoom(hub: Hub, load: { readonly count: number; readonly bytes: number }, bytes: number): void {
  const bytesAtMost = inputsAtMost * hub.config.bodyLimitBytes
  if (load.count < queuedAtMost && load.bytes + bytes <= bytesAtMost) return
  throw new HubError(
    'queue-full',
    `${load.count} deliveries of this client wait already, with ${load.bytes} bytes; ${queuedAtMost} may, with ${bytesAtMost}. Send this one when some have ended.`,
  )
}

/** The same body; when it has ended, its length and its digest. */
function measure(
  body: AsyncIterable<Uint8Array>,
  atMost: number,
): { readonly body: AsyncIterable<Uint8Array>; end(): Pick<Taken, 'bytes' | 'digest'> } {
  const hash = createHash('sha256')
  let bytes = 0
  const through = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      bytes += chunk.length
      if (bytes > atMost)
        throw new HubError('body-too-large', `An input may have ${atMost} bytes at most; send it in parts.`)
      hash.update(chunk)
      yield chunk
    }
  }
  return { body: through(), end: () => ({ bytes, digest: hash.digest('base64url') }) }
}
