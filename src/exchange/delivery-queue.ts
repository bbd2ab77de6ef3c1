/** Works off the deliveries that were taken in, while a hub serves: a few at a time, those of one adapter in their order. */
import { HubError, type ProblemCode } from '../errors.ts'
import type { Transaction } from '../store/connection.ts'
import { keyOf, readDataKeys } from '../store/data-keys.ts'
import { readDelivery, readIdempotency, writeIdempotency } from '../store/deliveries.ts'
import { post } from '../store/outbox.ts'
import { claimNext, endQueued, prolongClaim, putBack, readQueued, type Claim, type Queued } from '../store/queue.ts'
import { Spool, spoolSubject } from '../store/spool.ts'
import { deliver } from './deliver.ts'
import { DeliveryFailure } from './delivery-request.ts'
import { carry, entryOf, type By, type Hub } from './hub.ts'
import { requireActive } from './still-active.ts'

/** Of one process: more would not make the one writer faster. */
const atOnce = 2

/** A delivery that a process has died with so often is more likely to be what kills it than to be unlucky. */
const attemptsAtMost = 5

const beatMs = 1_000

const sweepMs = 3_600_000

type Work = { readonly queued: Queued; readonly delivery: string; readonly claim: Claim }

export class DeliveryQueue {
  readonly #hub: Hub
  readonly #onError: (error: unknown) => void
  readonly #spool: Spool
  readonly #stopping = new AbortController()
  readonly #running = new Set<Promise<void>>()
  #ticking: Promise<void> | undefined
  /** Ms since the epoch. */
  #sweptAt = 0

  /** @param onError told of what failed and is tried again */
  constructor(hub: Hub, onError: (error: unknown) => void) {
    this.#hub = hub
    this.#onError = onError
    this.#spool = new Spool(hub.config.dataDirectory)
  }

  /** Begins what has its turn. Does not wait for what it begins. */
  async tick(): Promise<void> {
    if (this.#ticking !== undefined || this.#stopping.signal.aborted) return
    this.#ticking = this.#begin()
    try {
      await this.#ticking
    } finally {
      this.#ticking = undefined
    }
  }

  async #begin(): Promise<void> {
    await this.#sweep()
    while (this.#running.size < atOnce && !this.#stopping.signal.aborted) {
      const work = await claimNext(this.#hub.store, this.#hub.clock())
      if (work === undefined) break
      const run = this.#work(work).catch(this.#onError)
      this.#running.add(run)
      void run.then(() => {
        this.#running.delete(run)
        return this.tick().catch(this.#onError)
      })
    }
  }

  /** Resolves when nothing runs any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#running)
  }

  /** Puts back what runs: it goes on when a hub is up again. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    // The store is closed after this; whoever ticks is told of what fails.
    await this.#ticking?.catch(() => {})
    await this.settled()
  }

  async #work({ queued, delivery, claim }: Work): Promise<void> {
    const { store, clock } = this.#hub
    const { signal } = this.#stopping
    let readBytes = 0
    let isLost = false
    const beat = setInterval(() => {
      const prolonged = store.transact(tx => prolongClaim(tx, claim, readBytes, clock()))
      prolonged.then(isOurs => (isLost ||= !isOurs), this.#onError)
    }, beatMs).unref()
    const requireOurs = (): void => {
      if (signal.aborted || isLost) throw stopped()
    }
    const input = async function* (body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of body) {
        readBytes += chunk.length
        yield chunk
      }
    }
    const by = JSON.parse(queued.caller) as By
    try {
      if (queued.attempts > attemptsAtMost) throw givenUp()
      const keys = await readDataKeys(store.read, this.#hub.keys.master, [spoolSubject(queued.id)])
      await deliver(this.#hub, {
        delivery,
        adapter: queued.adapter,
        body: input(this.#spool.read(queued.id, keyOf(keys, spoolSubject(queued.id)))),
        by,
        language: queued.language,
        admit: async () => {
          requireOurs()
          await requireActive(this.#hub, by)
        },
        atEnd: tx => this.#end(tx, { queued, delivery, claim }, readBytes),
      })
    } catch (error) {
      clearInterval(beat)
      await this.#fail({ queued, delivery, claim }, error, { by, readBytes })
    } finally {
      clearInterval(beat)
    }
    const left = await readQueued(store.read, queued.id)
    if (left?.state === 'done' || left?.state === 'failed') await this.#spool.remove(queued.id)
  }

  /** In the transaction that ends the delivery well. */
  async #end(tx: Transaction, { queued, delivery, claim }: Work, readBytes: number): Promise<void> {
    const at = this.#hub.clock().toISOString()
    if (!(await endQueued(tx, claim, { state: 'done', at, readBytes }))) throw stopped()
    await forgetKey(tx, queued.id)
    const { client, idempotencyKey, adapter, digest } = queued
    if (idempotencyKey === null) return
    const before = await readIdempotency(tx, client, idempotencyKey)
    // The same request may have been sent without waiting in line, and have ended before: its receipt stands.
    if (before !== undefined && (await readDelivery(tx, before.delivery))?.state !== 'reverted') return
    await writeIdempotency(tx, { client, idempotencyKey, adapter, digest, delivery }, before?.delivery)
  }

  /** Ends it as failed, or puts it back where it was not its fault. */
  async #fail(
    { queued, claim }: Work,
    error: unknown,
    { by, readBytes }: { by: By; readBytes: number },
  ): Promise<void> {
    const { store, clock } = this.#hub
    const problem = error instanceof HubError ? error.code : 'internal'
    const problemDetail = error instanceof HubError ? error.message : undefined
    const again = this.#stopping.signal.aborted ? { isAttempt: false, afterMs: 0 } : whenAgain[problem]
    if (again !== undefined) {
      const nextAt = clock().getTime() + again.afterMs
      return store.transact(tx => putBack(tx, claim, { nextAt, isAttempt: again.isAttempt }))
    }
    await store.transact(async tx => {
      const at = clock().toISOString()
      if (!(await endQueued(tx, claim, { state: 'failed', at, problem, problemDetail, readBytes }))) return
      await forgetKey(tx, queued.id)
      // A run that had begun has its entry.
      if (error instanceof DeliveryFailure) return
      const { adapter, standard, id: delivery } = queued
      const entry = { operation: 'deliver', outcome: 'failed', problem, standard, count: 0 } as const
      await post(tx, { ...entryOf(this.#hub, by), ...entry, detail: { adapter, delivery } })
    })
    await carry(this.#hub)
    if (!(error instanceof HubError)) this.#onError(error)
  }

  /** Inputs of which no process has made a delivery. */
  async #sweep(): Promise<void> {
    const now = Date.now()
    if (now - this.#sweptAt < sweepMs) return
    this.#sweptAt = now
    await this.#spool.sweep(async id => {
      const queued = await readQueued(this.#hub.store.read, id)
      return queued?.state === 'queued' || queued?.state === 'running'
    })
  }
}

/** What is over by itself, and after how long it is tried again. */
const whenAgain: Partial<Record<ProblemCode, { readonly isAttempt: boolean; readonly afterMs: number }>> = {
  'delivery-busy': { isAttempt: false, afterMs: 1_000 },
  'delivery-superseded': { isAttempt: true, afterMs: 1_000 },
  'store-unavailable': { isAttempt: true, afterMs: 10_000 },
  'log-unavailable': { isAttempt: true, afterMs: 10_000 },
}

/** Without its key, nobody can open what may be left of the input. */
async function forgetKey(tx: Transaction, id: string): Promise<void> {
  await tx.run('DELETE FROM data_keys WHERE subject = ?', [spoolSubject(id)])
}

function stopped(): HubError {
  return new HubError('delivery-superseded', 'The process that worked the delivery off was stopped; another goes on.')
}

function givenUp(): HubError {
  return new HubError(
    'delivery-abandoned',
    `The delivery was begun ${attemptsAtMost} times and never came to its end; the log of the process may say why.`,
  )
}
