/** What goes on beside requests while a hub serves: the outbox is carried over, anonymous refusals are entered, pulls run. */
import { randomUUID } from 'node:crypto'
import { entryOf, type Hub } from './hub.ts'
import { PullSchedule } from './pull-schedule.ts'

/** Calls refused before anybody was known: counted, and entered once a minute, so that a stranger cannot fill the disk. */
export class Refusals {
  #count = 0

  count(): void {
    this.#count++
  }

  async enter(hub: Hub): Promise<void> {
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
  const refusals = new Refusals()
  const pulls = new PullSchedule(hub, onError)
  const timers = [
    // Of this process nothing is left in the outbox; of one that died, something may be.
    setInterval(() => void hub.log.relay(hub.store).catch(onError), 5_000).unref(),
    setInterval(() => void refusals.enter(hub).catch(onError), 60_000).unref(),
    setInterval(() => void pulls.tick().catch(onError), 1_000).unref(),
  ]
  return {
    refusals,
    async stop() {
      for (const timer of timers) clearInterval(timer)
      await pulls.stop()
      await refusals.enter(hub).catch(onError)
    },
  }
}
