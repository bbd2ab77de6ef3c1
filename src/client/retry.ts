/** Calls again what may be called again: with growing, random pauses, or those that the hub asks for. */
import { setTimeout as pause } from 'node:timers/promises'
import { ConcordProblem } from './problem.ts'

export type Retries = {
  /** How often a call is made at most; 5 where it is left out. */
  readonly attempts?: number
  /** The first pause in ms, doubled each time; 200 where it is left out. */
  readonly firstPauseMs?: number
  /** The longest pause in ms, 30,000 where it is left out. A hub that asks for a longer one is not called again. */
  readonly longestPauseMs?: number
}

/** Replies that say "not now": the hub has done nothing. */
const passing = new Set([429, 502, 503, 504])

/**
 * @param call throws {@link ConcordProblem} for a reply, anything else where there was none
 * @throws what the last attempt threw
 */
export async function retry<Result>(
  call: () => Promise<Result>,
  { attempts = 5, firstPauseMs = 200, longestPauseMs = 30_000 }: Retries,
  signal: AbortSignal | undefined,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      signal?.throwIfAborted()
      if (attempt >= attempts || !isPassing(error)) throw error
      const asked = error instanceof ConcordProblem ? (error.retryAfterSeconds ?? 0) * 1000 : 0
      if (asked > longestPauseMs) throw error
      const most = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempt - 1, 30))
      // Random, or all who were refused together would come again together.
      await pause(Math.max(asked, Math.random() * most), undefined, { signal }).catch(() => signal?.throwIfAborted())
    }
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof ConcordProblem) return passing.has(error.status)
  return isBroken(error) || (error instanceof DOMException && error.name === 'TimeoutError')
}

/**
 * Whether fetch found no connection, or lost it: then the cause has a code. A TypeError without one, of a header, an
 * address or a key, is a mistake that no repetition mends.
 */
function isBroken(error: unknown): boolean {
  if (!(error instanceof TypeError) || !(error.cause instanceof Error)) return false
  const { code } = error.cause as NodeJS.ErrnoException
  return code !== undefined && code !== 'ERR_INVALID_URL'
}
