/**
 * The sockets of one connection to another's database, and how long it may keep silent.
 *
 * Neither driver ends a connection whose server says nothing more. So the hub holds the sockets itself: destroyed, they
 * make whatever waits on them fail.
 */
import { Socket } from 'node:net'

export type ForeignLimits = {
  /** For each batch of rows, and for all that comes before the first, in ms. */
  readonly answerMs: number
  /** For all rows, in ms: what trickles must end as well. */
  readonly wholeMs: number
  readonly signal: AbortSignal
}

export class ForeignLine {
  readonly #sockets = new Set<Socket>()
  readonly #whole: NodeJS.Timeout
  readonly #limits: ForeignLimits
  readonly #stop = (): void => this.#cut('it was stopped')
  /** Fails when the line is cut, so that nobody waits for a driver that does not notice. */
  readonly #isCut: Promise<never>
  #reject: (error: unknown) => void = () => {}
  /** Why the line was cut; undefined while it is not. */
  cut: string | undefined

  constructor(limits: ForeignLimits) {
    this.#limits = limits
    this.#isCut = new Promise((_, reject) => (this.#reject = reject))
    this.#isCut.catch(() => {})
    this.#whole = setTimeout(() => this.#cut('it takes too long over its rows'), limits.wholeMs).unref()
    limits.signal.addEventListener('abort', this.#stop)
    if (limits.signal.aborted) this.#stop()
  }

  /** A socket that is not connected yet. */
  readonly open = (): Socket => {
    const socket = new Socket()
    socket.setKeepAlive(true, 30_000)
    this.#sockets.add(socket)
    if (this.cut !== undefined) setImmediate(() => socket.destroy())
    return socket
  }

  /** What the database does, within the time for an answer; whoever reads may take longer over what has come. */
  async answer<Result>(work: Promise<Result>): Promise<Result> {
    const timer = setTimeout(() => this.#cut('it has stopped answering'), this.#limits.answerMs)
    return Promise.race([work, this.#isCut]).finally(() => clearTimeout(timer))
  }

  close(): void {
    clearTimeout(this.#whole)
    this.#limits.signal.removeEventListener('abort', this.#stop)
    for (const socket of this.#sockets) socket.destroy()
  }

  #cut(why: string): void {
    this.cut ??= why
    for (const socket of this.#sockets) socket.destroy()
    this.#reject(new Error(this.cut))
  }
}
