/** What a delivery is asked for, and how it fails. */
import { HubError } from '../errors.ts'
import type { Language, Receipt } from '../record.ts'
import type { Transaction } from '../store/connection.ts'
import type { By } from './hub.ts'

export type DeliveryRequest = {
  /** `department/name`. */
  readonly adapter: string
  /** The delivery's id, where it was promised before it begins. */
  readonly delivery?: string
  readonly body: AsyncIterable<Uint8Array>
  readonly by: By
  readonly language?: Language
  /** Called before every batch: throws where whoever delivers may no longer do so. */
  readonly admit?: () => Promise<void>
  /** Called after every batch. */
  readonly onProgress?: (receipt: Receipt) => void
  /** Runs in the transaction that ends the delivery well. */
  readonly atEnd?: (tx: Transaction, delivery: string) => Promise<void>
}

/** An input in several documents, each read when the one before has ended. */
export type Documents = AsyncIterable<AsyncIterable<Uint8Array>> | Iterable<AsyncIterable<Uint8Array>>

export type DocumentsRequest = Omit<DeliveryRequest, 'body'> & { readonly documents: Documents }

/** A delivery that ended early: what it had kept stays, as its receipt says. */
export class DeliveryFailure extends HubError {
  readonly receipt: Receipt

  constructor(cause: HubError, receipt: Receipt) {
    super(cause.code, cause.message, { issues: cause.issues, cause })
    this.receipt = receipt
  }
}
