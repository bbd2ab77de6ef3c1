/** One call of the sharing API: its token, its purpose, its retries; a refusal is thrown. */
import { once } from 'node:events'
import { deprecationTeller, type Deprecation } from './deprecation.ts'
import { problemOf } from './problem.ts'
import { retry, type Retries } from './retry.ts'
import type { TokenSource } from './token.ts'

/** Why records are asked for. */
export type Purpose = {
  /** Matter code (事项编码). */
  readonly matter?: string
  readonly case?: string
}

export type CallOptions = { readonly signal?: AbortSignal | undefined }

export type Request = CallOptions & {
  readonly method?: 'GET' | 'POST'
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly body?: BodyInit | Uint8Array | AsyncIterable<Uint8Array>
  /** Whether to send it twice does no harm; then it is sent again where it failed. */
  readonly mayRepeat: boolean
  /** How long the head of the reply may take, in ms; 60,000 where it is left out. */
  readonly timeoutMs?: number
  readonly retries?: Retries
}

export class Caller {
  readonly #url: string
  readonly #tokens: TokenSource
  readonly #fetch: typeof fetch
  readonly #retries: Retries
  readonly #tell: ReturnType<typeof deprecationTeller> | undefined

  constructor(options: {
    readonly url: string
    readonly tokens: TokenSource
    readonly fetch: typeof fetch
    readonly retries: Retries
    readonly onDeprecation: ((deprecation: Deprecation) => void) | undefined
  }) {
    this.#url = options.url
    this.#tokens = options.tokens
    this.#fetch = options.fetch
    this.#retries = options.retries
    this.#tell = options.onDeprecation && deprecationTeller(options.onDeprecation)
  }

  /**
   * What is read of the reply, where it is one of success, or 304. To read it is part of the attempt: a connection that
   * breaks off in the midst of a body has not answered.
   *
   * @throws {ConcordProblem}
   */
  async call<Result>(request: Request, read: (reply: Response) => Result | Promise<Result>): Promise<Result> {
    const { mayRepeat, signal } = request
    const retries = { ...this.#retries, ...request.retries }
    return retry(async () => read(await this.#reply(request)), mayRepeat ? retries : { attempts: 1 }, signal)
  }

  async #reply(request: Request): Promise<Response> {
    const token = await this.#token(request)
    const reply = await this.#send(request, token)
    if (reply.ok || reply.status === 304) return reply
    const problem = await problemOf(reply)
    if (problem.status !== 401 || !isWhole(request.body)) throw problem
    return this.#again(request, token)
  }

  /** Once, with a new token: a second 401 is an answer. @throws {ConcordProblem} */
  async #again(request: Request, refused: string): Promise<Response> {
    const reply = await this.#send(request, await this.#token(request, refused))
    if (reply.ok || reply.status === 304) return reply
    throw await problemOf(reply)
  }

  /** The token, for which other calls wait too: whoever does not want to wait any more leaves it to them. */
  async #token({ signal }: Request, refused?: string): Promise<string> {
    signal?.throwIfAborted()
    const token = this.#tokens.token(refused)
    if (signal === undefined) return token
    const end = new AbortController()
    const aborted = once(signal, 'abort', { signal: end.signal }).then(() => {
      throw signal.reason
    })
    return Promise.race([token, aborted]).finally(() => end.abort())
  }

  async #send(
    { method = 'GET', path, query = {}, headers = {}, body, ...rest }: Request,
    token: string,
  ): Promise<Response> {
    const url = new URL(`${this.#url}${path}`)
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value))
    }
    const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined)
    const clock = new AbortController()
    const timer = setTimeout(
      () => clock.abort(new DOMException('The hub did not answer in time.', 'TimeoutError')),
      rest.timeoutMs ?? 60_000,
    )
    const signals = rest.signal === undefined ? [clock.signal] : [clock.signal, rest.signal]
    try {
      const reply = await this.#fetch(url, {
        method,
        headers: { ...Object.fromEntries(given), authorization: `Bearer ${token}` },
        signal: AbortSignal.any(signals),
        redirect: 'error',
        ...(body === undefined ? {} : { body: body as BodyInit, ...(isWhole(body) ? {} : { duplex: 'half' }) }),
      })
      this.#tell?.(url, reply.headers)
      return reply
    } finally {
      clearTimeout(timer)
    }
  }
}

/** The headers of a call's purpose: UTF-8, whose bytes are what a header takes. */
export function purposeHeaders({ matter, case: ofCase }: Purpose): Record<string, string | undefined> {
  const bytes = (text: string | undefined): string | undefined => text && Buffer.from(text).toString('latin1')
  return { 'concord-matter': bytes(matter), 'concord-case': bytes(ofCase) }
}

/** The number of the log entry that tells of a reply, where there is one. */
export function entryOf({ headers }: Response): number {
  return Number(headers.get('concord-entry'))
}

/** Whether a body can be sent a second time. */
export function isWhole(body: Request['body']): boolean {
  return body === undefined || typeof body === 'string' || body instanceof Uint8Array
}
