/**
 * Load shedding: when the process has more to do than it can, calls are refused at once, so that those under way end.
 *
 * It comes before authentication, which would be work too; so nobody is known yet, and no entry is written. `/healthz`
 * and `/readyz` go on: a process that is taken out of the balance hands its load to the next, which then falls too.
 */
import type { FastifyInstance } from 'fastify'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Config } from '../config.ts'
import { HubError } from '../errors.ts'

/** Over which time the delay of the event loop is a mean. */
const sampleMs = 1000

/** One sample above a bound may be a single long turn, such as the compilation of a standard, and is over when it is seen. */
const samplesInRow = 2

/** The resolution of the histogram, in ms: its values are the times between two turns, this much where nothing delays them. */
const resolutionMs = 10

const never = new Set(['/healthz', '/readyz'])

/** Whether the process is beyond one of its bounds, measured from when it listens: to start is work that ends. */
export class Pressure {
  readonly #bounds: Config['pressure']
  readonly #delay = monitorEventLoopDelay({ resolution: resolutionMs })
  #timer: NodeJS.Timeout | undefined
  #samplesBeyond = 0
  #sampledAt = 0

  constructor(bounds: Config['pressure']) {
    this.#bounds = bounds
  }

  get isTooHigh(): boolean {
    return this.#samplesBeyond >= samplesInRow
  }

  start(): void {
    this.#delay.enable()
    this.#sampledAt = performance.now()
    this.#timer = setInterval(() => this.#sample(), sampleMs).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#delay.disable()
  }

  #sample(): void {
    const now = performance.now()
    // Without a single turn there is no mean: the loop stood still all the time.
    const betweenTurnsMs = this.#delay.count === 0 ? now - this.#sampledAt : this.#delay.mean / 1e6
    this.#sampledAt = now
    this.#delay.reset()
    this.#samplesBeyond = this.#isBeyond(betweenTurnsMs - resolutionMs) ? this.#samplesBeyond + 1 : 0
  }

  #isBeyond(delayMs: number): boolean {
    const { eventLoopDelayMs, heapBytes, rssBytes } = this.#bounds
    if (eventLoopDelayMs > 0 && delayMs > eventLoopDelayMs) return true
    if (heapBytes === 0 && rssBytes === 0) return false
    const { heapUsed, rss } = process.memoryUsage()
    return (heapBytes > 0 && heapUsed > heapBytes) || (rssBytes > 0 && rss > rssBytes)
  }
}

export function shedLoad(app: FastifyInstance, { pressure: bounds }: Pick<Config, 'pressure'>): Pressure {
  const pressure = new Pressure(bounds)
  app.addHook('onListen', async () => pressure.start())
  app.addHook('onClose', async () => pressure.stop())
  app.addHook('onRequest', (request, _reply, done) => {
    if (!pressure.isTooHigh || never.has(request.routeOptions.url ?? '')) return done()
    done(new HubError('overloaded', 'Send the call again after the seconds that Retry-After says.'))
  })
  return pressure
}
