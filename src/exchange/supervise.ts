/** What goes on beside requests while a hub serves: the outbox is carried over, anonymous refusals are entered, pulls run. */
import { randomUUID } from 'node:crypto'
import { advanceTermBuilds } from './build-terms.ts'
import { entryOf, type By, type Hub } from './hub.ts'
import { DeliveryQueue } from './delivery-queue.ts'
import { PullSchedule } from './pull-schedule.ts'
import { resumeRotation } from './rotate-keys.ts'

/**
 * Refusals that are counted, and entered once a minute: before anybody was known, and above a caller's rate. Neither a
 * stranger nor a client in a loop can fill the disk.
 */
export class Refusals {
  #count = 0
  /** By actor: who calls above their rate, and how often they did after the first time. */
  readonly #further = new Map<string, { by: By; count: number }>()

  count(): void {
    this.#count++
  }

  /** Whether a call above its caller's rate is the first since the last {@link enter}, which the caller enters; else it is counted. */
  isFirst(by: By): boolean {
    const name = JSON.stringify(by.actor)
    const known = this.#further.get(name)
    if (known === undefined) this.#further.set(name, { by, count: 0 })
    else known.count++
    return known === undefined
  }

  async enter(hub: Hub): Promise<void> {
    await Promise.all([this.#enterAnonymous(hub), this.#enterFurther(hub)])
  }

  async #enterFurther(hub: Hub): Promise<void> {
    const deed = { operation: 'further-refusals', outcome: 'refused', problem: 'rate-limited' } as const
    for (const [name, caller] of this.#further) {
      const { count } = caller
      const by = { ...caller.by, request: randomUUID() }
      if (count > 0) await hub.log.append({ ...entryOf(hub, by), ...deed, count })
      // Counting has gone on meanwhile.
      caller.count -= count
      if (caller.count === 0) this.#further.delete(name)
    }
  }

  async #enterAnonymous(hub: Hub): Promise<void> {
    const count = this.#count
    if (count === 0) return
    this.#count = 0
    const by = { actor: { kind: 'hub', id: 'hub' }, request: randomUUID() } as const
    try {
      await hub.log.append({
        ...entryOf(hub, by),
        operation: 'anonymous-refusals',
        outcome: 'refused',
        problem: 'unauthenticated',
        count,
      })
    } catch (error) {
      this.#count += count
      throw error
    }
  }
}

export type Supervision = { readonly refusals: Refusals; stop(): Promise<void> }

/** @param onError told of what failed; it is tried again a turn later */
export function supervise(hub: Hub, onError: (error: unknown) => void): Supervision {
  let isStopped = false
  // What was under way when the hub is closed finds no database any more: it is gone on with by whoever opens that next.
  const report = (error: unknown): void => {
    if (!isStopped) onError(error)
  }
  const every = (ms: number, work: () => Promise<unknown>): NodeJS.Timeout =>
    setInterval(() => void work().catch(report), ms).unref()
  const refusals = new Refusals()
  const pulls = new PullSchedule(hub, report)
  const queue = new DeliveryQueue(hub, report)
  const timers = [
    // Of this process nothing is left in the outbox; of one that died, something may be.
    every(5_000, () => hub.log.relay(hub.store)),
    every(60_000, () => refusals.enter(hub)),
    every(1_000, () => pulls.tick()),
    every(1_000, () => hub.logIndex.advance()),
    every(500, () => queue.tick()),
    every(1_000, () => advanceTermBuilds(hub)),
    every(30_000, () => resumeRotation(hub, hubItself(), { idleMs: 60_000 })),
    every(2_000, async () => hub.witnessing.tick(report)),
  ]
  return {
    refusals,
    async stop() {
      for (const timer of timers) clearInterval(timer)
      await pulls.stop()
      await queue.stop()
      await refusals.enter(hub).catch(report)
      isStopped = true
    },
  }
}

function hubItself(): By {
  return { actor: { kind: 'hub', id: 'hub' }, request: randomUUID() }
}
