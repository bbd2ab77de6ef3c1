/**
 * One run under an adapter's lease, whatever it does there: it takes the lease, works in transactions, and ends with an
 * entry in the log.
 *
 * Every transaction renews the lease first, so that a run which has lost it keeps nothing more, and moves the counts on
 * last. Who takes the lease ends the runs that have died with it.
 */
import { randomUUID } from 'node:crypto'
import { HubError } from '../errors.ts'
import type { Ending, Entry } from '../log/entry.ts'
import type { JsonObject, Receipt } from '../record.ts'
import type { Transaction } from '../store/connection.ts'
import {
  abandonDeliveries,
  beginDelivery,
  endDelivery,
  writeCounts,
  type Counts,
  type DeliveryKind,
} from '../store/deliveries.ts'
import { releaseLease, renewLease, takeLease, type Lease } from '../store/leases.ts'
import { post } from '../store/outbox.ts'
import { DeliveryFailure } from './delivery-request.ts'
import { entryOf, type By, type Hub } from './hub.ts'

/** One commit of so many records costs little a record; between two batches others get their turn. */
export const batchRecords = 1000

export type Run = {
  readonly kind: DeliveryKind
  /** Of a revert: the delivery that it undoes. */
  readonly of?: string
  /** `department/name`. */
  readonly adapter: string
  readonly adapterVersion: string
  readonly standard: string
  readonly by: By
  /** Its id, where it was promised before. */
  readonly delivery?: string
}

/** What a transaction adds to the counts. */
export type Added = Partial<Omit<Counts, 'delivery'>>

export class DeliveryRun {
  readonly delivery: string
  readonly #hub: Hub
  readonly #run: Run
  readonly #lease: Lease
  readonly #heartbeat: NodeJS.Timeout
  #counts: Counts

  private constructor(hub: Hub, run: Run, state: { delivery: string; lease: Lease }) {
    this.#hub = hub
    this.#run = run
    this.delivery = state.delivery
    this.#lease = state.lease
    this.#counts = { delivery: this.delivery, accepted: 0, unchanged: 0, withdrawn: 0, rejected: 0, kept: 0 }
    // A slow sender may pause for longer than the lease lasts.
    this.#heartbeat = setInterval(() => void this.#beat(), 10_000).unref()
  }

  /** @throws {HubError} `delivery-busy` */
  static async begin(hub: Hub, run: Run): Promise<DeliveryRun> {
    const delivery = run.delivery ?? randomUUID()
    const { kind, of = null, adapter, adapterVersion, standard, by } = run
    const lease = await hub.store.transact(async tx => {
      const taken = await takeLease(tx, adapter, hub.clock())
      const startedAt = hub.clock().toISOString()
      for (const { kind: deadKind, kept, ...dead } of await abandonDeliveries(tx, adapter, startedAt)) {
        await post(tx, {
          ...entryOf(hub, hubItself),
          outcome: 'failed',
          problem: 'delivery-superseded',
          operation: operations[deadKind],
          standard,
          count: dead.accepted + dead.withdrawn,
          detail: { adapter, ...dead, ...(deadKind === 'revert' && { kept }) },
        })
      }
      const actor = `${by.actor.kind}:${by.actor.id}`
      const { fence } = taken
      await beginDelivery(tx, { delivery, kind, of, adapter, adapterVersion, standard, fence, actor, startedAt })
      return taken
    })
    return new DeliveryRun(hub, run, { delivery, lease })
  }

  get fence(): number {
    return this.#lease.fence
  }

  get counts(): Counts {
    return this.#counts
  }

  get receipt(): Receipt {
    const { kept: _, ...receipt } = this.#counts
    return receipt
  }

  /** One transaction of the run. Its `at` is RFC 3339, UTC. */
  async batch(work: (tx: Transaction, at: string) => Promise<Added>): Promise<void> {
    const now = this.#hub.clock()
    this.#counts = await this.#hub.store.transact(async tx => {
      await renewLease(tx, this.#lease, now)
      const counts = sum(this.#counts, await work(tx, now.toISOString()))
      await writeCounts(tx, counts)
      return counts
    })
    // Others get their turn: what is in memory already would else be kept in one.
    await new Promise(resolve => setImmediate(resolve))
  }

  /** @param atEnd runs in the transaction that ends the run well */
  async end(atEnd?: (tx: Transaction, at: string) => Promise<void>): Promise<void> {
    await this.#hub.store.transact(async tx => {
      const now = this.#hub.clock()
      await renewLease(tx, this.#lease, now)
      await endDelivery(tx, this.delivery, { state: 'done', at: now.toISOString() })
      await atEnd?.(tx, now.toISOString())
      await this.#postEntry(tx, { outcome: 'done' })
      await releaseLease(tx, this.#lease)
    })
  }

  /** Ends the run as failed, and gives the error to throw. */
  async fail(error: unknown): Promise<unknown> {
    const problem = error instanceof HubError ? error.code : 'internal'
    const problemDetail = error instanceof HubError ? error.message : undefined
    try {
      await this.#hub.store.transact(async tx => {
        await renewLease(tx, this.#lease, this.#hub.clock())
        const at = this.#hub.clock().toISOString()
        await endDelivery(tx, this.delivery, { state: 'failed', at, problem, problemDetail })
        await this.#postEntry(tx, { outcome: 'failed', problem })
        await releaseLease(tx, this.#lease)
      })
    } catch {
      // The lease is another's, or the store is gone: whoever takes the lease next ends and enters this run.
    }
    return error instanceof HubError ? new DeliveryFailure(error, this.receipt) : error
  }

  stop(): void {
    clearInterval(this.#heartbeat)
  }

  async #postEntry(tx: Transaction, ending: Ending): Promise<void> {
    const { adapter, adapterVersion: version, standard, kind, of, by } = this.#run
    const { kept, ...receipt } = this.#counts
    const undone: JsonObject = of === undefined ? {} : { of, kept }
    await post(tx, {
      ...entryOf(this.#hub, by),
      ...ending,
      operation: operations[kind],
      standard,
      count: receipt.accepted + receipt.withdrawn,
      detail: { adapter, version, ...receipt, ...undone },
    })
  }

  async #beat(): Promise<void> {
    try {
      await this.#hub.store.transact(tx => renewLease(tx, this.#lease, this.#hub.clock()))
    } catch {
      // The next transaction meets the same, and says so.
    }
  }
}

const operations = { delivery: 'deliver', replay: 'release', revert: 'revert' } as const satisfies Record<
  DeliveryKind,
  Entry['operation']
>

function sum(counts: Counts, added: Added): Counts {
  return {
    delivery: counts.delivery,
    accepted: counts.accepted + (added.accepted ?? 0),
    unchanged: counts.unchanged + (added.unchanged ?? 0),
    withdrawn: counts.withdrawn + (added.withdrawn ?? 0),
    rejected: counts.rejected + (added.rejected ?? 0),
    kept: counts.kept + (added.kept ?? 0),
  }
}

const hubItself: By = { actor: { kind: 'hub', id: 'hub' }, request: 'recovery' }
