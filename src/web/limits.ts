/**
 * From where and how often a caller may call: 403 and 429, before anything else is looked at.
 *
 * What is left is said in `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10). Limits are those of
 * one process.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isIPv6 } from 'node:net'
import { HubError } from '../errors.ts'
import { isWithin } from '../exchange/addresses.ts'
import type { Hub } from '../exchange/hub.ts'
import type { Rate } from '../store/clients.ts'
import type { Caller } from './tokens.ts'
import { TokenBuckets } from './token-buckets.ts'

/** As many callers and as many addresses are remembered; a stranger can make up addresses, and must not fill the memory. */
export const mostBuckets = 10_000

/** A caller who was idle may send twice its requests of a second at once: batches come in bursts. */
const burstSeconds = 2

/** A token is asked for every ten minutes; a whole department behind one address starts up at once. */
const tokenBurstSeconds = 10

export class CallLimits {
  readonly #rate: Rate | undefined
  readonly #tokenRate: Rate | undefined
  readonly #callers: TokenBuckets
  readonly #addresses: TokenBuckets

  /** @param now a clock that only goes forward, in ms: the hub's own may be set */
  constructor({ config }: Pick<Hub, 'config'>, now: () => number = () => performance.now()) {
    this.#rate = rateOf(config.rateLimit, burstSeconds)
    this.#tokenRate = rateOf(config.tokenRateLimit, tokenBurstSeconds)
    this.#callers = new TokenBuckets(mostBuckets, now)
    this.#addresses = new TokenBuckets(mostBuckets, now)
  }

  /** @throws {HubError} `rate-limited`, `address-refused` */
  admit(caller: Caller, { ip }: Pick<FastifyRequest, 'ip'>, reply: FastifyReply): void {
    const { actor, bounds } = caller
    const rate = bounds?.rate ?? this.#rate
    if (rate !== undefined) take(this.#callers, { key: `${actor.kind} ${actor.id}`, rate, policy: actor.kind }, reply)
    if (bounds !== undefined && !isWithin(bounds.addresses, ip)) throw addressRefused()
  }

  /**
   * For whoever asks for a token, before their credentials are looked at.
   *
   * @throws {HubError} `rate-limited`
   */
  admitAddress({ ip }: Pick<FastifyRequest, 'ip'>, reply: FastifyReply): void {
    if (this.#tokenRate === undefined) return
    take(this.#addresses, { key: networkOf(ip), rate: this.#tokenRate, policy: 'address' }, reply)
  }
}

export function addressRefused(): HubError {
  const detail = 'Call from an address that the client is bound to; `concord client set-addresses` changes them.'
  return new HubError('address-refused', detail)
}

/** @throws {HubError} `rate-limited` */
export function take(
  buckets: TokenBuckets,
  { key, rate, policy }: { readonly key: string; readonly rate: Rate; readonly policy: string },
  reply: FastifyReply,
): void {
  const taken = buckets.take(key, rate)
  void reply.header('RateLimit-Policy', `"${policy}";q=${rate.burst};w=${Math.ceil(rate.burst / rate.perSecond)}`)
  void reply.header('RateLimit', `"${policy}";r=${taken.left};t=${taken.fullIn}`)
  if (taken.isLetIn) return
  void reply.header('Retry-After', String(taken.nextIn))
  const detail = `${rate.perSecond} requests a second are let in, ${rate.burst} at once. Wait as long as Retry-After says.`
  throw new HubError('rate-limited', detail)
}

/** So many requests a second, and so many seconds' worth of them at once; undefined for any number. */
export function rateOf(perSecond: number, seconds: number): Rate | undefined {
  return perSecond === 0 ? undefined : { perSecond, burst: perSecond * seconds }
}

/** Whoever has one IPv6 address has the 2^64 of its network. */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const rest = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - groups.length - rest.length
  return [...groups, ...Array<string>(zeros).fill('0'), ...rest].slice(0, 4).join(':')
}
