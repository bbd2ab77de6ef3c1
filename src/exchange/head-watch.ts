/**
 * Waits until a standard has changed, whichever process has changed it.
 *
 * One for all who wait in this process: it looks at the heads of the standards that are waited for, ten times a second, and
 * not at all while nobody waits.
 */
import { readHead } from '../store/heads.ts'
import type { Session } from '../store/session.ts'

/** A commit is told of within this and the time that a look takes, in ms. */
const lookMs = 100

type Waiting = {
  readonly standard: string
  readonly seq: number
  /** @param error why nothing can be told */
  end(hasChanged: boolean, error?: unknown): void
}

export class HeadWatch {
  readonly #read: Session
  readonly #all = new Set<Waiting>()
  #timer: NodeJS.Timeout | undefined
  #isLooking = false
  #isClosed = false

  constructor(read: Session) {
    this.#read = read
  }

  /** How many wait. */
  get waiting(): number {
    return this.#all.size
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** True once there is a change after the number `seq`; false when `ms` have passed, the signal has come, or at closing. */
  changed(
    standard: string,
    seq: number,
    { ms, signal }: { readonly ms: number; readonly signal?: AbortSignal | undefined },
  ): Promise<boolean> {
    if (this.#isClosed || signal?.aborted) return Promise.resolve(false)
    return new Promise((resolve, reject) => {
      const giveUp = (): void => waiting.end(false)
      const timeout = setTimeout(giveUp, ms)
      signal?.addEventListener('abort', giveUp)
      const waiting: Waiting = {
        standard,
        seq,
        end: (hasChanged, error) => {
          clearTimeout(timeout)
          signal?.removeEventListener('abort', giveUp)
          this.#all.delete(waiting)
          if (this.#all.size === 0) this.#rest()
          if (error === undefined) resolve(hasChanged)
          else reject(error as Error)
        },
      }
      this.#all.add(waiting)
      this.#timer ??= setInterval(() => void this.#look(), lookMs)
    })
  }

  /** Lets all go who wait, and whoever would wait from now on. */
  close(): void {
    this.#isClosed = true
    for (const waiting of this.#all) waiting.end(false)
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return
    this.#isLooking = true
    try {
      const standards = [...new Set([...this.#all].map(({ standard }) => standard))]
      const heads = new Map<string, number>()
      for (const standard of standards) heads.set(standard, await readHead(this.#read, standard))
      for (const waiting of this.#all) {
        if ((heads.get(waiting.standard) ?? 0) > waiting.seq) waiting.end(true)
      }
    } catch (error) {
      for (const waiting of this.#all) waiting.end(false, error)
    } finally {
      this.#isLooking = false
    }
  }

  #rest(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
