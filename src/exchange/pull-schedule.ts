/** Runs the pulls that are due, while a hub serves: a few at a time, each adapter by the version that is in use. */
import type { AdapterDocument } from '../map/document.ts'
import { readAdapterDocument, type AdapterRow } from '../store/adapters.ts'
import { duePulls, planPull, readPulls } from '../store/pulls.ts'
import type { Hub } from './hub.ts'
import { isTooLate, planOf } from './pull-times.ts'
import { pull, type PullOptions } from './pull.ts'

/** Of one process. Each holds a connection and a batch of records; more would not make the one writer faster. */
const atOnce = 4

const planAgainMs = 3_600_000

export class PullSchedule {
  readonly #hub: Hub
  readonly #onError: (error: unknown) => void
  readonly #options: Pick<PullOptions, 'random' | 'waits'>
  readonly #stopping = new AbortController()
  readonly #running = new Map<string, Promise<void>>()
  /** The generation of the configuration that the runs were planned by. */
  #planned: string | undefined
  /** When that was, in ms since the epoch. */
  #plannedAt = 0
  #isTicking = false

  /** @param onError told of what failed; when it is tried again is kept */
  constructor(hub: Hub, onError: (error: unknown) => void, options: Pick<PullOptions, 'random' | 'waits'> = {}) {
    this.#hub = hub
    this.#onError = onError
    this.#options = options
  }

  /** Plans anew where the configuration has changed, and starts what is due. Does not wait for what it starts. */
  async tick(): Promise<void> {
    if (this.#isTicking || this.#stopping.signal.aborted) return
    this.#isTicking = true
    try {
      await this.#plan()
      for (const adapter of await duePulls(this.#hub.store.read, this.#hub.clock())) {
        if (this.#running.size >= atOnce) break
        if (!this.#running.has(adapter)) this.#start(adapter)
      }
    } finally {
      this.#isTicking = false
    }
  }

  /** Resolves when nothing runs any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#running.values())
  }

  /** Stops what runs; it goes on when a hub is up again. */
  async stop(): Promise<void> {
    this.#stopping.abort('stopped')
    await this.settled()
  }

  #start(adapter: string): void {
    const run = pull(this.#hub, adapter, { ...this.#options, signal: this.#stopping.signal })
      .catch(this.#onError)
      .then(() => {
        this.#running.delete(adapter)
        // A version that was published while it ran is planned by now.
        this.#planned = undefined
      })
    this.#running.set(adapter, run)
  }

  async #plan(): Promise<void> {
    const { generation, index } = await this.#hub.published.configuration()
    const now = this.#hub.clock()
    const sinceMs = now.getTime() - this.#plannedAt
    // Now and then all the same, or where the clock has gone back: one that was wrong may have planned a run for too late.
    if (generation === this.#planned && sinceMs >= 0 && sinceMs < planAgainMs) return
    const planned = new Map((await readPulls(this.#hub.store.read)).map(row => [row.adapter, row]))
    let isPlanned = true
    const ids = new Set(index.adapters.map(({ adapter }) => adapter))
    for (const id of ids) {
      const document = await this.#documentInUse(index.adapters.filter(({ adapter }) => adapter === id))
      const plan = planOf(document, now)
      const before = planned.get(id)
      const isKept = before === undefined || !isTooLate(before, document, now)
      if ((before?.schedule ?? '') === plan.schedule && isKept) continue
      if (!(await this.#hub.store.transact(tx => planPull(tx, id, plan)))) isPlanned = false
    }
    if (!isPlanned) return
    this.#planned = generation
    this.#plannedAt = now.getTime()
  }

  async #documentInUse(versions: readonly AdapterRow[]): Promise<AdapterDocument> {
    const row = versions.find(({ isInUse }) => isInUse)
    const document = row && (await readAdapterDocument(this.#hub.store.read, row.adapter, row.version))
    if (document === undefined) throw new Error('bug: a published adapter has no document')
    return document as AdapterDocument
  }
}
