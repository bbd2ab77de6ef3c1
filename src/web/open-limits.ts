/**
 * How much the public may ask for: so that strangers neither starve clients nor fill the disk with entries.
 *
 * Requests are bounded by address and in all, exports under way too, and of the records of a day no address takes more than
 * its share. All of that is of this process, and forgotten with it; the records of a day in all are counted in the database.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { HubError } from '../errors.ts'
import { publicCharge } from '../exchange/access-entry.ts'
import type { Hub } from '../exchange/hub.ts'
import type { Rate } from '../store/clients.ts'
import { mostBuckets, networkOf, rateOf, take } from './limits.ts'
import type { Pace } from './stream-reply.ts'
import { TokenBuckets } from './token-buckets.ts'

/** People's programs ask in bursts, and there are many of them behind one address. */
const burstSeconds = 10

/** Of the records of a day. */
const largestShare = 1 / 2

const exportsOfAddress = 1
const exportsInAll = 4

/** An export takes long: whoever is refused one need not ask every second. */
const exportRetrySeconds = 60

/** 17 kB a second, and an hour: four readers that hardly read would keep all others from exports. */
export const exportPace: Pace = { bytes: 1_000_000, windowMs: 60_000, totalMs: 3_600_000 }

type Caller = Pick<FastifyRequest, 'ip'>

export class OpenLimits {
  readonly #rate: Rate | undefined
  readonly #totalRate: Rate | undefined
  readonly #share: number
  readonly #clock: Hub['clock']
  readonly #addresses: TokenBuckets
  readonly #all: TokenBuckets
  readonly #taken = new Map<string, { day: string; records: number }>()
  readonly #exporting = new Map<string, number>()

  /** @param now a clock that only goes forward, in ms: the hub's own may be set */
  constructor({ config, clock }: Pick<Hub, 'config' | 'clock'>, now: () => number = () => performance.now()) {
    const { rateLimit, totalRateLimit, dailyRecords } = config.open
    this.#rate = rateOf(rateLimit, burstSeconds)
    this.#totalRate = rateOf(totalRateLimit, burstSeconds)
    this.#share = dailyRecords === 0 ? Infinity : Math.ceil(dailyRecords * largestShare)
    this.#clock = clock
    this.#addresses = new TokenBuckets(mostBuckets, now)
    this.#all = new TokenBuckets(1, now)
  }

  /** The address first: who calls too often takes nothing from the others. @throws {HubError} `rate-limited` */
  admit({ ip }: Caller, reply: FastifyReply): void {
    if (this.#rate !== undefined)
      take(this.#addresses, { key: networkOf(ip), rate: this.#rate, policy: 'address' }, reply)
    if (this.#totalRate === undefined) return
    const taken = this.#all.take('', this.#totalRate)
    if (taken.isLetIn) return
    void reply.header('Retry-After', String(taken.nextIn))
    throw new HubError(
      'rate-limited',
      'Too many others read open data at this moment; wait as long as Retry-After says.',
    )
  }

  /**
   * Takes records off the share of an address: those that a reply may hold, as they are charged.
   *
   * @throws {HubError} `rate-limited`
   */
  takeShare({ ip }: Caller, records: number): void {
    const day = this.#clock().toISOString().slice(0, 10)
    const network = networkOf(ip)
    const known = this.#taken.get(network)
    const before = known?.day === day ? known.records : 0
    const after = before + publicCharge(records)
    if (after > this.#share) {
      const detail = `Of the records of a day (UTC), one address gets ${this.#share}. Ask for fewer, or come again tomorrow.`
      const end = Date.parse(`${day}T00:00:00Z`) + 86_400_000
      const retryAfterSeconds = Math.ceil((end - this.#clock().getTime()) / 1000)
      throw new HubError('rate-limited', detail, { retryAfterSeconds })
    }
    // Anew at the end, so that the one forgotten is the one that has long not called.
    this.#taken.delete(network)
    const oldest = this.#taken.size >= mostBuckets ? this.#taken.keys().next().value : undefined
    if (oldest !== undefined) this.#taken.delete(oldest)
    this.#taken.set(network, { day, records: after })
  }

  /** @returns what to call when it has ended, once or more often @throws {HubError} `rate-limited` */
  beginExport({ ip }: Caller): () => void {
    const network = networkOf(ip)
    const own = this.#exporting.get(network) ?? 0
    const all = [...this.#exporting.values()].reduce((sum, count) => sum + count, 0)
    if (own >= exportsOfAddress || all >= exportsInAll) {
      const detail = `${exportsOfAddress} export of an address and ${exportsInAll} in all are under way at a time; read pages meanwhile, or come again.`
      throw new HubError('rate-limited', detail, { retryAfterSeconds: exportRetrySeconds })
    }
    this.#exporting.set(network, own + 1)
    let hasEnded = false
    return () => {
      if (hasEnded) return
      hasEnded = true
      const left = (this.#exporting.get(network) ?? 1) - 1
      if (left === 0) this.#exporting.delete(network)
      else this.#exporting.set(network, left)
    }
  }
}
