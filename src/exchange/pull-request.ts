/**
 * One GET to a source, in the bounds that the operator has set.
 *
 * Asks only hosts that are allowed, redirects included. A credential, and the adapter's own headers, go to the origin
 * that they are for and to no other. An answer that stalls, trickles, is cut off or is too large is refused.
 */
import { HubError } from '../errors.ts'
import type { SecretCredential } from './credentials.ts'
import { Deadline } from './pull-deadline.ts'
import { isAllowed } from './pull-hosts.ts'
import { ended, PullFailure, type Waits } from './pull-source.ts'

export type Asking = {
  readonly pullHosts: readonly string[]
  /** The origin that the headers are for. */
  readonly home: string
  readonly headers: Readonly<Record<string, string>>
  readonly credential: SecretCredential | undefined
  readonly signal: AbortSignal
  readonly waits: Waits
  readonly now: () => Date
  /** How many bytes may still come; grows less as they do. */
  readonly budget: { bytes: number }
}

export type Answer = {
  /** Where it came from in the end. */
  readonly url: URL
  readonly status: 200 | 304
  readonly headers: Headers
  /** Decoded from any Content-Encoding. */
  readonly body: AsyncGenerator<Uint8Array>
  /** Ends the connection where the body was not read to its end. */
  close(): void
}

const maxRedirects = 5
const maxAttempts = 6

/** @throws {PullFailure} */
export async function ask(start: URL, asking: Asking): Promise<Answer> {
  let url = start
  let attempts = 0
  let redirects = 0
  for (;;) {
    requireAllowed(url, asking)
    const { response, deadline } = await send(url, asking)
    const { status, headers } = response
    const location = headers.get('location')
    if (status === 200 || (status === 304 && isConditional(asking))) {
      const body = bodyOf(response, { url, deadline, asking })
      return { url, status, headers, body, close: () => deadline.end() }
    }
    deadline.end()
    if (status >= 300 && status < 400 && location !== null) {
      url = ledTo(url, location, 'redirects to')
      if (++redirects > maxRedirects) throw new PullFailure(`${shown(start)} redirects again and again.`)
    } else if (isBusy(status) && ++attempts < maxAttempts && delayOf(headers, asking) <= asking.waits.retryMs) {
      await asking.waits.pause(delayOf(headers, asking), asking.signal)
    } else {
      throw refusal(url, status, isBusy(status) ? delayOf(headers, asking) : 0, asking)
    }
  }
}

/** An address without its query, which may hold a secret. */
export function shown({ origin, pathname }: URL): string {
  return `${origin}${pathname}`
}

/** @throws {PullFailure} where the operator does not let the hub ask this host */
function requireAllowed(url: URL, { pullHosts, credential }: Asking): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new PullFailure('Only http and https are asked.')
  if (url.origin === credential?.origin || isAllowed(pullHosts, url)) return
  throw new PullFailure(
    `The hub may not ask ${url.host}. The operator allows it by CONCORD_PULL_HOSTS, or by a credential for ${url.origin}.`,
  )
}

async function send(url: URL, asking: Asking): Promise<{ response: Response; deadline: Deadline }> {
  const { signal, waits, credential } = asking
  const deadline = new Deadline(signal, waits.wholeMs)
  const headers = new Headers(url.origin === asking.home ? asking.headers : {})
  headers.set('user-agent', 'concord')
  const address = credential !== undefined && url.origin === credential.origin ? proven(url, credential, headers) : url
  try {
    const request = fetch(address, { headers, redirect: 'manual', signal: deadline.signal })
    return { response: await deadline.within(waits.answerMs, request), deadline }
  } catch (error) {
    const failure = unreached(url, error, deadline.signal)
    deadline.end()
    throw failure
  }
}

/** Adds what proves who asks: to the headers, or to the address. */
function proven(url: URL, { kind, secret }: SecretCredential, headers: Headers): URL {
  const [name, value] = splitAt(secret, kind === 'query' ? '=' : ':')
  if (kind === 'bearer') headers.set('authorization', `Bearer ${secret}`)
  else if (kind === 'basic') headers.set('authorization', `Basic ${Buffer.from(secret).toString('base64')}`)
  else if (kind === 'header') headers.set(name, value.trim())
  if (kind !== 'query') return url
  const address = new URL(url)
  address.searchParams.set(name, value)
  return address
}

/** A text before and after the first of a separator. */
export function splitAt(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator)
  return [text.slice(0, at), text.slice(at + separator.length)]
}

/**
 * Where an answer leads on to, by a redirect or a next page.
 *
 * @throws {PullFailure} where that is no address, or gives up TLS
 */
export function ledTo(from: URL, address: string, how: string): URL {
  if (!URL.canParse(address, from)) throw new PullFailure(`What ${shown(from)} ${how} is no address.`)
  const to = new URL(address, from)
  if (from.protocol === 'https:' && to.protocol !== 'https:') {
    throw new PullFailure(`What ${shown(from)} ${how} is an address without TLS, which is not followed.`)
  }
  return to
}

async function* bodyOf(
  response: Response,
  { url, deadline, asking }: { readonly url: URL; readonly deadline: Deadline; readonly asking: Asking },
): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader()
  try {
    for (;;) {
      // Only while we wait: whoever reads may take longer over what has come.
      const read = await deadline.within(asking.waits.answerMs, reader?.read() ?? noMore)
      if (read.done) return
      asking.budget.bytes -= read.value.length
      if (asking.budget.bytes < 0) {
        throw new PullFailure(`${shown(url)} gives more bytes than CONCORD_BODY_LIMIT_BYTES lets one delivery have.`)
      }
      yield read.value
    }
  } catch (error) {
    throw error instanceof HubError ? error : unreached(url, error, deadline.signal)
  } finally {
    deadline.end()
  }
}

const noMore = Promise.resolve({ done: true, value: undefined } as const)

function isConditional({ headers }: Asking): boolean {
  return 'if-none-match' in headers || 'if-modified-since' in headers
}

function isBusy(status: number): boolean {
  return status === 429 || status === 503
}

/** Retry-After in ms (RFC 9110 §10.2.3); none says nothing of when, and is left to the next run. */
function delayOf(headers: Headers, { now }: Asking): number {
  const text = headers.get('retry-after')?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  const at = Date.parse(text)
  return Number.isNaN(at) ? Infinity : Math.max(0, at - now().getTime())
}

function refusal(url: URL, status: number, delayMs: number, { now }: Asking): PullFailure {
  const what =
    status === 401 || status === 403
      ? 'it refuses the credential, or wants one (`concord credential set`)'
      : status === 404 || status === 410
        ? 'there is nothing at this address; mend it in the adapter'
        : isBusy(status)
          ? 'it is busy, and is asked again later'
          : 'ask whoever runs it'
  const more = Number.isFinite(delayMs) && delayMs > 0 ? { notBefore: new Date(now().getTime() + delayMs) } : {}
  return new PullFailure(`${shown(url)} answers with the status ${status}: ${what}.`, more)
}

function unreached(url: URL, error: unknown, signal: AbortSignal): PullFailure {
  const { aborted, reason } = signal
  if (aborted && reason === 'slow') return new PullFailure(`${shown(url)} takes too long over its answer.`)
  if (aborted && reason === 'stalled') return new PullFailure(`${shown(url)} has stopped answering.`)
  if (aborted) return ended(signal, `while ${shown(url)} was asked`)
  const cause = (error as Error).cause as { readonly code?: unknown } | undefined
  const code = typeof cause?.code === 'string' ? cause.code : 'no code'
  return new PullFailure(`${shown(url)} cannot be reached, or has ended its answer early (${code}).`)
}
