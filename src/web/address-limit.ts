/** How often one address may ask what anybody may: for routes that cost something and ask for no credentials. */
import type { onRequestHookHandler } from 'fastify'
import type { Hub } from '../exchange/hub.ts'
import { mostBuckets, networkOf, rateOf, take } from './limits.ts'
import { TokenBuckets } from './token-buckets.ts'

/** People's programs ask in bursts, and there are many of them behind one address. */
const burstSeconds = 10

/**
 * A hook that lets in `times` as many requests of an address as for open data; its count is its own.
 *
 * @throws {HubError} `rate-limited`, to whoever asks
 */
export function limitAddresses({ config }: Pick<Hub, 'config'>, times = 1): onRequestHookHandler {
  const rate = rateOf(config.open.rateLimit * times, burstSeconds)
  const addresses = new TokenBuckets(mostBuckets, () => performance.now())
  return (request, reply, done) => {
    try {
      if (rate !== undefined) take(addresses, { key: networkOf(request.ip), rate, policy: 'address' }, reply)
      done()
    } catch (error) {
      done(error as Error)
    }
  }
}
