/**
 * A typed client of a hub's sharing API, for the systems of departments. It needs Node.js 20 and nothing else.
 *
 * The package's `client` export; docs/client.md shows it by example.
 */
import type { Receipt } from '../record.ts'
import { Caller, isWhole, type CallOptions, type Purpose, type Request } from './call.ts'
import type { Deprecation } from './deprecation.ts'
import type { Retries } from './retry.ts'
import { StandardClient } from './standard.ts'
import { TokenSource, type Credential } from './token.ts'

export type { CallOptions, Purpose } from './call.ts'
export type { Deprecation } from './deprecation.ts'
export { fileCursor, type CursorStore } from './cursor-store.ts'
export type { Export } from './export.ts'
export type { FollowOptions } from './follow.ts'
export { ConcordProblem, CursorExpired, ExportCut, type ProblemIssue } from './problem.ts'
export type { Retries } from './retry.ts'
export type { Change, Notice, Served, Verdict, Withdrawn } from './served.ts'
export type { FieldOptions, Found, NotModified, PageOptions, ReadOptions, StandardClient } from './standard.ts'
export type { Credential } from './token.ts'

export type ClientOptions = Purpose &
  Credential & {
    /** Where the hub is, as `https://hub.example.gov`. */
    readonly url: string
    readonly clientId: string
    readonly retries?: Retries
    /** Told once of each major that calls are about and that comes to its end, refused calls too. */
    readonly onDeprecation?: (deprecation: Deprecation) => void
    /** For a proxy or certificates of one's own; Node's own where it is left out. */
    readonly fetch?: typeof fetch
  }

export type DeliverOptions = CallOptions & {
  /** `application/xml`, `application/json`, `application/x-ndjson`, `text/csv` …: what the adapter takes. */
  readonly contentType: string
  /** A name of this delivery: sent again, by whomever, the first receipt comes back. Without one nothing is sent twice. */
  readonly idempotencyKey?: string
  /** Whether the hub shall reply before it has worked the input off: then there is no receipt yet. */
  readonly async?: boolean
}

/** The receipt is missing while the delivery goes on: ask for it by {@link ConcordClient.delivery}. */
export type Delivered = { readonly delivery: string; readonly receipt?: Receipt }

export class ConcordClient {
  readonly #caller: Caller
  readonly #purpose: Purpose

  constructor(options: ClientOptions) {
    const { clientId, matter, case: ofCase, retries = {}, fetch: send = fetch } = options
    const url = options.url.replace(/\/+$/, '')
    const tokens = new TokenSource({ url, clientId, credential: options, fetch: send, retries })
    this.#caller = new Caller({ url, tokens, fetch: send, retries, onDeprecation: options.onDeprecation })
    this.#purpose = { ...(matter === undefined ? {} : { matter }), ...(ofCase === undefined ? {} : { case: ofCase }) }
  }

  /**
   * The records of a standard.
   *
   * @param purpose matter and case of these calls; the client's own where they are left out
   */
  standard<Data = Readonly<Record<string, unknown>>>(id: string, purpose: Purpose = {}): StandardClient<Data> {
    return new StandardClient<Data>(this.#caller, id, { ...this.#purpose, ...purpose })
  }

  /**
   * Sends an input through one of the department's adapters, `department/name`.
   *
   * @param body a stream is sent once: where it fails, begin again
   * @throws {ConcordProblem}
   */
  async deliver(
    adapter: string,
    body: string | Uint8Array | AsyncIterable<Uint8Array>,
    { contentType, idempotencyKey, async: isAsync = false, signal }: DeliverOptions,
  ): Promise<Delivered> {
    const request: Request = {
      method: 'POST',
      path: `/v1/adapters/${adapter.split('/').map(encodeURIComponent).join('/')}/deliveries`,
      headers: {
        'content-type': contentType,
        'idempotency-key': idempotencyKey,
        prefer: isAsync ? 'respond-async' : undefined,
      },
      body,
      mayRepeat: idempotencyKey !== undefined && isWhole(body),
      // A large one takes its time.
      timeoutMs: 24 * 3_600_000,
      signal,
    }
    return this.#caller.call(request, async reply => {
      const document = (await reply.json()) as Receipt
      const { delivery } = document
      return reply.status === 202 ? { delivery } : { delivery, receipt: document }
    })
  }

  /** How a delivery stands: its state and counts. */
  async delivery(id: string, { signal }: CallOptions = {}): Promise<DeliveryState> {
    const path = `/v1/deliveries/${encodeURIComponent(id)}`
    return this.#caller.call({ path, mayRepeat: true, signal }, async reply => (await reply.json()) as DeliveryState)
  }
}

/** Counts grow while it goes on. */
export type DeliveryState = Receipt & {
  readonly adapter: string
  readonly state: string
  readonly problem?: string | null
  readonly progress?: { readonly readBytes: number; readonly totalBytes: number }
  readonly continuedAs?: string
}
