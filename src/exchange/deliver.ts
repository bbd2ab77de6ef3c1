/**
 * A delivery: bytes → parse → map → validate → store, in batches, under a lease.
 *
 * Each batch is one transaction that renews the lease, keeps records, puts rejects into quarantine and moves the
 * counts on. Killed between two, a delivery leaves whole batches; run again, it finds them unchanged and goes on.
 */
import { parse } from '../parse/parse.ts'
import type { Receipt } from '../record.ts'
import type { DeliveryRequest } from './delivery-request.ts'
import { carry, type Hub } from './hub.ts'
import { batchRecords, RunningDelivery } from './running-delivery.ts'

/**
 * @throws {HubError} `adapter-unknown`, `delivery-busy` before anything is kept
 * @throws {DeliveryFailure} where the input ends early or the lease is lost: what was good until there is kept
 */
export async function deliver(hub: Hub, request: DeliveryRequest): Promise<Receipt> {
  const delivery = await RunningDelivery.begin(hub, request)
  try {
    const { source, context } = delivery.line.adapter
    const items = parse(request.body, source, { limits: hub.limits, context })
    for await (const batch of batches(items, batchRecords)) await delivery.keep(batch)
    await delivery.withdrawMissing()
    return await delivery.end()
  } catch (error) {
    throw await delivery.fail(error)
  } finally {
    delivery.stop()
    await carry(hub)
  }
}

/** Items in batches of a size; those before an error come before it. */
async function* batches<Item>(items: AsyncIterable<readonly Item[]>, size: number): AsyncGenerator<Item[]> {
  let batch: Item[] = []
  try {
    for await (const more of items) {
      for (const item of more) {
        batch.push(item)
        if (batch.length < size) continue
        yield batch
        batch = []
      }
    }
  } catch (error) {
    if (batch.length > 0) yield batch
    throw error
  }
  if (batch.length > 0) yield batch
}
