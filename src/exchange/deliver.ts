/**
 * A delivery: bytes → parse → group → map → validate → store, in batches, under a lease.
 *
 * Each batch is one transaction that renews the lease, keeps records, puts rejects into quarantine and moves the
 * counts on. Killed between two, a delivery leaves whole batches; run again, it finds them unchanged and goes on.
 */
import type { Receipt } from '../record.ts'
import type { DeliveryRequest, DocumentsRequest } from './delivery-request.ts'
import { batches, sourceRecordsOf } from './grouped.ts'
import { carry, type Hub } from './hub.ts'
import { batchRecords } from './delivery-run.ts'
import { RunningDelivery } from './running-delivery.ts'

/**
 * @throws {HubError} `adapter-unknown`, `delivery-busy` before anything is kept
 * @throws {DeliveryFailure} where the input ends early, the lease is lost, or the adapter may not look up what it resolves
 *   (`agreement-missing`, `field-not-granted`): what was good until there is kept
 */
export async function deliver(hub: Hub, { body, ...request }: DeliveryRequest): Promise<Receipt> {
  return deliverDocuments(hub, { ...request, documents: [body] })
}

/** As {@link deliver}, of an input that comes in several documents: a snapshot withdraws what all of them lack. */
export async function deliverDocuments(hub: Hub, request: DocumentsRequest): Promise<Receipt> {
  const delivery = await RunningDelivery.begin(hub, request)
  try {
    const items = sourceRecordsOf(request.documents, delivery.line.adapter, hub.limits, records =>
      delivery.passOver(records),
    )
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
