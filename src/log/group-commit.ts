/**
 * Group commit: what is appended while one commit runs goes together into the next.
 *
 * One commit runs at a time, so that there is one order; the batch grows with the load, by itself. No timers: an idle
 * group commits at the end of the turn of the event loop, a busy one as soon as the last commit has ended.
 */
import { HubError } from '../errors.ts'

/** Called once for each item: with its index, or with what the commit of its batch failed by and -1. */
export type Done = (error: Error | undefined, index: number) => void

/** Makes a batch durable, all of it or nothing, and gives the index of its first item; the others follow it. */
export type Commit<T> = (batch: readonly T[]) => Promise<number>

export class GroupCommit<T> {
  readonly #commit: Commit<T>
  readonly #maxBatch: number
  #items: T[] = []
  #waiting: Done[] = []
  #running: Promise<void> | undefined
  #isClosed = false

  /** The bound keeps one commit, and the wait of whoever comes after it, to some ten milliseconds. */
  constructor(commit: Commit<T>, maxBatch = 1_000) {
    this.#commit = commit
    this.#maxBatch = maxBatch
  }

  /** The item's index, once it is durable. Rejects with what the commit of its batch failed by. */
  append(item: T): Promise<number> {
    return new Promise((resolve, reject) => {
      this.appendThen(item, (error, index) => (error === undefined ? resolve(index) : reject(error)))
    })
  }

  /** As {@link append}, by a callback, which is cheaper where thousands wait. */
  appendThen(item: T, done: Done): void {
    if (this.#isClosed) return queueMicrotask(() => done(closed(), -1))
    this.#items.push(item)
    this.#waiting.push(done)
    this.#running ??= this.#run()
  }

  /** Resolves when all that was appended is durable or has failed; items that come later fail by `log-unavailable`. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#running
  }

  async #run(): Promise<void> {
    // Requests that arrived together share the first commit even where committing blocks the event loop.
    await new Promise(resolve => setImmediate(resolve))
    while (this.#items.length > 0) {
      await this.#commitBatch(this.#items.splice(0, this.#maxBatch), this.#waiting.splice(0, this.#maxBatch))
    }
    this.#running = undefined
  }

  async #commitBatch(batch: readonly T[], waiting: readonly Done[]): Promise<void> {
    let failure: Error | undefined
    let first = -1
    try {
      first = await this.#commit(batch)
    } catch (error) {
      failure = error instanceof Error ? error : new Error('The commit failed', { cause: error })
    }
    waiting.forEach((done, at) => tell(done, failure, failure === undefined ? first + at : -1))
  }
}

function closed(): HubError {
  return new HubError('log-unavailable', 'The access log is being closed: try again')
}

function tell(done: Done, error: Error | undefined, index: number): void {
  try {
    done(error, index)
  } catch (thrown) {
    // Not ours to handle, but the others must not wait for ever because of it.
    process.nextTick(() => {
      throw thrown
    })
  }
}
