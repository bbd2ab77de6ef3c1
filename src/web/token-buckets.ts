/**
 * Token buckets: each key has so many requests at once and regains so many a second.
 *
 * They stand in this process's memory: of several processes each lets in as many.
 */
import type { Rate } from '../store/clients.ts'

export type Taken = {
  readonly isLetIn: boolean
  /** Requests that would be let in now. */
  readonly left: number
  /** Seconds until the bucket is full again, and until it holds a request. */
  readonly fullIn: number
  readonly nextIn: number
}

type Bucket = { left: number; at: number }

export class TokenBuckets {
  readonly #most: number
  readonly #now: () => number
  readonly #buckets = new Map<string, Bucket>()

  /**
   * @param most buckets that are kept; beyond, the oldest is forgotten, which is as good as full
   * @param now a clock that only goes forward, in ms
   */
  constructor(most: number, now: () => number) {
    this.#most = most
    this.#now = now
  }

  take(key: string, { perSecond, burst }: Rate): Taken {
    const now = this.#now()
    const bucket = this.#bucketOf(key, burst, now)
    bucket.left = Math.min(burst, bucket.left + ((now - bucket.at) / 1000) * perSecond)
    bucket.at = now
    const isLetIn = bucket.left >= 1
    if (isLetIn) bucket.left--
    return {
      isLetIn,
      left: Math.floor(bucket.left),
      fullIn: Math.ceil((burst - bucket.left) / perSecond),
      nextIn: Math.max(0, Math.ceil((1 - bucket.left) / perSecond)),
    }
  }

  #bucketOf(key: string, burst: number, now: number): Bucket {
    const known = this.#buckets.get(key)
    if (known !== undefined) return known
    const oldest = this.#buckets.size >= this.#most ? this.#buckets.keys().next().value : undefined
    if (oldest !== undefined) this.#buckets.delete(oldest)
    const bucket = { left: burst, at: now }
    this.#buckets.set(key, bucket)
    return bucket
  }
}
