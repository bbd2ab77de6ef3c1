/** Deliveries under an idempotency key: the same request sent again gets the first one's receipt. */
import { createHash } from 'node:crypto'
import { HubError } from '../errors.ts'
import type { Receipt } from '../record.ts'
import { readDelivery, readIdempotency, writeIdempotency } from '../store/deliveries.ts'
import { deliver } from './deliver.ts'
import type { DeliveryRequest } from './delivery-request.ts'
import type { Hub } from './hub.ts'

/**
 * The key is kept when the delivery has ended well; a failed or killed one is simply run again, which is harmless:
 * delivering twice changes nothing. One whose delivery was reverted since is free again: its receipt tells of nothing that
 * is there.
 *
 * @throws {HubError} `idempotency-key-reused` where the key came with another adapter or other bytes before
 */
export async function deliverOnce(
  hub: Hub,
  request: DeliveryRequest,
  { client, idempotencyKey }: { readonly client: string; readonly idempotencyKey: string },
): Promise<Receipt> {
  const before = await readIdempotency(hub.store.read, client, idempotencyKey)
  const digest = createHash('sha256')
  const body = digesting(request.body, digest)
  const first = before && (await readDelivery(hub.store.read, before.delivery))
  if (before !== undefined && first?.state !== 'reverted') {
    for await (const _ of body) if (before.adapter !== request.adapter) break
    if (before.adapter !== request.adapter || before.digest !== digest.digest('base64url')) {
      throw reusedKey()
    }
    if (first === undefined) throw new Error('bug: an idempotency key names no delivery')
    const { delivery, accepted, unchanged, withdrawn, rejected } = first
    return { delivery, accepted, unchanged, withdrawn, rejected }
  }
  return deliver(hub, {
    ...request,
    body,
    async atEnd(tx, delivery) {
      const row = { client, idempotencyKey, adapter: request.adapter, digest: digest.digest('base64url'), delivery }
      if (!(await writeIdempotency(tx, row, before?.delivery))) throw reusedKey()
    },
  })
}

export function reusedKey(): HubError {
  return new HubError('idempotency-key-reused', 'Use a new idempotency key for another input or adapter.')
}

async function* digesting(
  body: AsyncIterable<Uint8Array>,
  digest: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    digest.update(chunk)
    yield chunk
  }
}
