/**
 * One run of an adapter over one input: what is known of it while it goes on, and each of its transactions.
 *
 * Every transaction renews the lease first, so that a delivery which has lost it keeps nothing more.
 */
import { randomUUID } from 'node:crypto'
import { HubError } from '../errors.ts'
import type { Ending } from '../log/entry.ts'
import type { Receipt, RecordKey, SourceRecord, UnreadableRecord } from '../record.ts'
import type { Transaction } from '../store/connection.ts'
import { abandonDeliveries, addWarned, beginDelivery, endDelivery, writeCounts } from '../store/deliveries.ts'
import { keep, missingKeys, withdraw, type Outcome } from '../store/keep.ts'
import type { Keeping } from '../store/keeping.ts'
import { releaseLease, renewLease, takeLease, type Lease } from '../store/leases.ts'
import { post } from '../store/outbox.ts'
import { closeRejects, putRejects, type Reject } from '../store/quarantine.ts'
import { convert, rejectDuplicate, type Conversion, type Line } from './convert.ts'
import { DeliveryFailure, type DeliveryRequest } from './delivery-request.ts'
import { entryOf, type By, type Hub } from './hub.ts'

/** One commit of so many records costs little a record; between two batches others get their turn. */
export const batchRecords = 1000

export class RunningDelivery {
  readonly line: Line
  readonly #hub: Hub
  readonly #request: DeliveryRequest
  readonly #lease: Lease
  readonly #heartbeat: NodeJS.Timeout
  readonly #scopes = new Set<string>()
  #receipt: Receipt
  /** False once a record was met whose key, or scope, could not be read: then nothing is known to be missing. */
  #isComplete = true
  /** An input in which no record was met is more likely to be a mistake than to say that all records are gone. */
  #isEmpty = true

  private constructor(hub: Hub, request: DeliveryRequest, state: { line: Line; lease: Lease; delivery: string }) {
    this.#hub = hub
    this.#request = request
    this.line = state.line
    this.#lease = state.lease
    this.#receipt = { delivery: state.delivery, accepted: 0, unchanged: 0, withdrawn: 0, rejected: 0 }
    // A slow sender may pause for longer than the lease lasts.
    this.#heartbeat = setInterval(() => void this.#beat(), 10_000).unref()
  }

  static async begin(hub: Hub, request: DeliveryRequest): Promise<RunningDelivery> {
    const adapter = await hub.published.adapter(request.adapter)
    const compiled = await hub.published.standard(adapter.standard.id, adapter.standard.version)
    const language = request.language ?? 'en'
    const line = { adapter, compiled, pseudonymKey: hub.keys.pseudonym, language }
    const delivery = randomUUID()
    const lease = await hub.store.transact(async tx => {
      const taken = await takeLease(tx, adapter.id, hub.clock())
      const startedAt = hub.clock().toISOString()
      for (const dead of await abandonDeliveries(tx, adapter.id, startedAt)) {
        await post(tx, {
          ...entryOf(hub, hubItself),
          outcome: 'failed',
          problem: 'delivery-superseded',
          operation: 'deliver',
          standard: adapter.standard.id,
          count: dead.accepted + dead.withdrawn,
          detail: { adapter: adapter.id, ...dead },
        })
      }
      await beginDelivery(tx, {
        delivery,
        adapter: adapter.id,
        adapterVersion: adapter.version,
        standard: adapter.standard.id,
        fence: taken.fence,
        actor: `${request.by.actor.kind}:${request.by.actor.id}`,
        startedAt,
      })
      return taken
    })
    return new RunningDelivery(hub, request, { line, lease, delivery })
  }

  async keep(items: readonly (SourceRecord | UnreadableRecord)[]): Promise<void> {
    await this.#request.admit?.()
    this.#isEmpty = false
    const conversions = items.map(item => convert(this.line, item))
    const offers = conversions.filter(conversion => 'offer' in conversion)
    const rejects: Reject[] = conversions.flatMap(conversion => ('reject' in conversion ? [conversion.reject] : []))
    for (const { offer } of offers) this.#scopes.add(offer.scope)
    for (const { key, scope } of rejects) this.#meetReject(key, scope)

    const receipt = await this.#batch(async (tx, keeping) => {
      const outcomes = await keep(tx, keeping, offers.map(({ offer }) => offer)) // prettier-ignore
      const duplicates = offers
        .filter((_, index) => outcomes[index] === 'duplicate')
        .map(({ item, offer }) => rejectDuplicate(this.line, item, offer))
      const { id: adapter, version, standard } = this.line.adapter
      const of = { adapter, version, standard: standard.id, delivery: keeping.delivery, at: keeping.at }
      const warned = offers.filter(({ warnings }) => warnings.length > 0).length
      if (warned > 0) await addWarned(tx, keeping.delivery, warned)
      await putRejects(tx, this.#hub.keys.master, of, [...rejects, ...duplicates])
      await closeRejects(tx, adapter, overtaken(conversions, outcomes))
      return this.#add({
        accepted: outcomes.filter(outcome => outcome === 'accepted').length,
        unchanged: outcomes.filter(outcome => outcome === 'unchanged').length,
        rejected: rejects.length + duplicates.length,
      })
    })
    this.#request.onProgress?.(receipt)
  }

  /** A snapshot withdraws what it lacks, within the scopes that it speaks of; one that is not complete withdraws nothing. */
  async withdrawMissing(): Promise<void> {
    const { adapter } = this.line
    if (adapter.mode !== 'snapshot' || !this.#isComplete || this.#isEmpty) return
    const scopes = adapter.scope === undefined ? [''] : this.#scopes
    for (const scope of scopes) {
      let after = ''
      for (;;) {
        const where = {
          standard: adapter.standard.id,
          adapter: adapter.id,
          scope,
          delivery: this.#receipt.delivery,
          after,
        }
        const keys = await missingKeys(this.#hub.store.read, { ...where, limit: batchRecords })
        if (keys.length === 0) break
        await this.#batch(async (tx, keeping) => {
          await withdraw(tx, keeping, keys)
          return this.#add({ withdrawn: keys.length })
        })
        after = keys.at(-1) as string
      }
    }
  }

  async end(): Promise<Receipt> {
    await this.#hub.store.transact(async tx => {
      await renewLease(tx, this.#lease, this.#hub.clock())
      await endDelivery(tx, this.#receipt.delivery, { state: 'done', at: this.#hub.clock().toISOString() })
      await this.#request.atEnd?.(tx, this.#receipt.delivery)
      await this.#postEntry(tx, { outcome: 'done' })
      await releaseLease(tx, this.#lease)
    })
    return this.#receipt
  }

  /** Ends the delivery as failed, and gives the error to throw. */
  async fail(error: unknown): Promise<unknown> {
    const problem = error instanceof HubError ? error.code : 'internal'
    try {
      await this.#hub.store.transact(async tx => {
        await renewLease(tx, this.#lease, this.#hub.clock())
        await endDelivery(tx, this.#receipt.delivery, { state: 'failed', at: this.#hub.clock().toISOString(), problem })
        await this.#postEntry(tx, { outcome: 'failed', problem })
        await releaseLease(tx, this.#lease)
      })
    } catch {
      // The lease is another's, or the store is gone: whoever takes the lease next ends and enters this delivery.
    }
    return error instanceof HubError ? new DeliveryFailure(error, this.#receipt) : error
  }

  stop(): void {
    clearInterval(this.#heartbeat)
  }

  /** One transaction of the delivery: the lease renewed first, the counts moved on last. */
  async #batch(work: (tx: Transaction, keeping: Keeping) => Promise<Receipt>): Promise<Receipt> {
    const at = this.#hub.clock()
    this.#receipt = await this.#hub.store.transact(async tx => {
      await renewLease(tx, this.#lease, at)
      const receipt = await work(tx, this.#keeping(at.toISOString()))
      await writeCounts(tx, receipt)
      return receipt
    })
    // Others get their turn: what is in memory already would else be kept in one.
    await new Promise(resolve => setImmediate(resolve))
    return this.#receipt
  }

  #keeping(at: string): Keeping {
    const { adapter, compiled } = this.line
    const { standard, contentsOf } = compiled
    return {
      adapter: adapter.id,
      delivery: this.#receipt.delivery,
      at,
      standard,
      contentsOf,
      precedence: ownersFirst(standard.document.standard.owner),
      master: this.#hub.keys.master,
    }
  }

  /** The receipt with counts added; it becomes the delivery's when the transaction has committed. */
  #add(counts: Partial<Omit<Receipt, 'delivery'>>): Receipt {
    const { delivery, accepted, unchanged, withdrawn, rejected } = this.#receipt
    return {
      delivery,
      accepted: accepted + (counts.accepted ?? 0),
      unchanged: unchanged + (counts.unchanged ?? 0),
      withdrawn: withdrawn + (counts.withdrawn ?? 0),
      rejected: rejected + (counts.rejected ?? 0),
    }
  }

  #meetReject(key: string | undefined, scope: string | undefined): void {
    const needsScope = this.line.adapter.scope !== undefined
    if (key === undefined || (needsScope && scope === undefined)) this.#isComplete = false
    else if (scope !== undefined) this.#scopes.add(scope)
  }

  async #postEntry(tx: Transaction, ending: Ending): Promise<void> {
    const { adapter } = this.line
    const { delivery, ...counts } = this.#receipt
    await post(tx, {
      ...entryOf(this.#hub, this.#request.by),
      ...ending,
      operation: 'deliver',
      standard: adapter.standard.id,
      count: counts.accepted + counts.withdrawn,
      detail: { adapter: adapter.id, version: adapter.version, delivery, ...counts },
    })
  }

  async #beat(): Promise<void> {
    try {
      await this.#hub.store.transact(tx => renewLease(tx, this.#lease, this.#hub.clock()))
    } catch {
      // The next batch meets the same, and says so.
    }
  }
}

/**
 * The keys whose rejects were overtaken by an acceptance: in one delivery, the later word on a key counts.
 *
 * `outcomes` are those of the conversions that are offers, in their order.
 */
function overtaken(conversions: readonly Conversion[], outcomes: readonly Outcome[]): RecordKey[] {
  const isLastAccepted = new Map<RecordKey, boolean>()
  let offers = 0
  for (const conversion of conversions) {
    if ('reject' in conversion) {
      if (conversion.reject.key !== undefined) isLastAccepted.set(conversion.reject.key, false)
    } else {
      isLastAccepted.set(conversion.offer.contents.key, outcomes[offers++] !== 'duplicate')
    }
  }
  return [...isLastAccepted].filter(([, isAccepted]) => isAccepted).map(([key]) => key)
}

/** Until a standard says field by field whose word counts: its owner's adapters, then the others by name. */
function ownersFirst(owner: string): (a: string, b: string) => number {
  const rank = (adapter: string): number => (adapter.startsWith(`${owner}/`) ? 0 : 1)
  return (a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)
}

const hubItself: By = { actor: { kind: 'hub', id: 'hub' }, request: 'recovery' }
