/** What a client may do with the records of one standard, as far as its agreement goes. */
import type { FieldPath, RecordKey } from '../record.ts'
import { entryOf, purposeHeaders, type Caller, type CallOptions, type Purpose, type Request } from './call.ts'
import { Export } from './export.ts'
import { follow, type FollowOptions } from './follow.ts'
import type { Retries } from './retry.ts'
import type { Change, Entered, Served, Verdict, Withdrawn } from './served.ts'

/** A hub takes as many keys in one lookup. */
const keysPerLookup = 1000

export type FieldOptions = CallOptions & {
  /** Leaves or branches; everything that is granted where it is left out. */
  readonly fields?: readonly FieldPath[]
}

export type ReadOptions = FieldOptions & {
  /** An instant (RFC 3339) or a day, to whose end: the record as it was then. */
  readonly asOf?: string
}

export type Correcting = CallOptions & {
  /** What is wrong and how it was found, for people; 2,000 characters at most. */
  readonly message: string
  /** What it should say. */
  readonly proposed?: string
}

export type PageOptions = FieldOptions & {
  /** Values of indexed fields. */
  readonly filters?: Readonly<Record<FieldPath, string>>
  /** Records a page, up to 1,000. */
  readonly limit?: number
}

export type Found<Data> = Entered & { readonly isModified: true; readonly record: Served<Data>; readonly etag: string }
export type NotModified = Entered & { readonly isModified: false; readonly etag: string }

export class StandardClient<Data> {
  readonly #caller: Caller
  readonly #path: string
  readonly #purpose: Record<string, string | undefined>

  constructor(caller: Caller, id: string, purpose: Purpose) {
    this.#caller = caller
    this.#path = `/v1/standards/${encodeURIComponent(id)}`
    this.#purpose = purposeHeaders(purpose)
  }

  /**
   * One record; with the `etag` of what one has, whether it is still that.
   *
   * @throws {ConcordProblem} `record-unknown` where there is none, or none that the agreement reaches
   */
  async read(key: RecordKey, options?: ReadOptions): Promise<Found<Data>>
  async read(key: RecordKey, options: ReadOptions & { readonly etag: string }): Promise<Found<Data> | NotModified>
  async read(
    key: RecordKey,
    { fields, asOf, etag: known, signal }: ReadOptions & { readonly etag?: string } = {},
  ): Promise<Found<Data> | NotModified> {
    const path = `/records/${encodeURIComponent(key)}`
    const query = { fields: fields?.join(','), asOf }
    return this.#call({ path, query, headers: { 'if-none-match': known }, signal }, async reply => {
      const head = { entry: entryOf(reply), etag: reply.headers.get('etag') ?? '' }
      if (reply.status === 304) return { ...head, isModified: false }
      return { ...head, isModified: true, record: (await reply.json()) as Served<Data> }
    })
  }

  /** A page of records in the order of keys; `cursor` is null on the last one. */
  async page({ filters, limit, cursor, fields, signal }: PageOptions & { readonly cursor?: string } = {}): Promise<
    Entered & { readonly records: readonly Served<Data>[]; readonly cursor: string | null }
  > {
    const query = { ...filters, limit, cursor, fields: fields?.join(',') }
    return this.#json({ path: '/records', query, signal })
  }

  /** All records, page after page. For a whole standard, {@link export} costs less. */
  async *records(options: PageOptions = {}): AsyncGenerator<Served<Data>> {
    let cursor: string | null | undefined
    do {
      const page = await this.page(cursor ? { ...options, cursor } : options)
      yield* page.records
      cursor = page.cursor
    } while (cursor !== null)
  }

  /** Records by key, any number of keys; an entry of the log for each 1,000. */
  async lookup(
    keys: readonly RecordKey[],
    { fields, signal }: FieldOptions = {},
  ): Promise<{
    readonly records: readonly Served<Data>[]
    readonly missing: readonly RecordKey[]
    readonly entries: readonly number[]
  }> {
    type Part = Entered & { readonly records: readonly Served<Data>[]; readonly missing: readonly RecordKey[] }
    const parts: Part[] = []
    for (let from = 0; from < keys.length; from += keysPerLookup) {
      const part = keys.slice(from, from + keysPerLookup)
      const body = JSON.stringify({ keys: part, ...(fields === undefined ? {} : { fields }) })
      parts.push(await this.#json({ method: 'POST', path: '/lookup', body, signal }))
    }
    return {
      records: parts.flatMap(({ records }) => records),
      missing: parts.flatMap(({ missing }) => missing),
      entries: parts.map(({ entry }) => entry),
    }
  }

  /** Whether fields of a record have the values that are claimed; no value comes back. */
  async verify(
    key: RecordKey,
    claims: Readonly<Record<FieldPath, unknown>>,
    { signal }: CallOptions = {},
  ): Promise<Entered & { readonly key: RecordKey; readonly results: Readonly<Record<FieldPath, Verdict>> }> {
    const body = JSON.stringify({ key, claims })
    return this.#json({ method: 'POST', path: '/verify', body, signal })
  }

  /**
   * Says that a field of a record is wrong: it goes to the department whose word it is. What becomes of it stands at
   * `/v1/corrections/{correction}`. In the same words again, it is the same correction while it is open.
   *
   * @throws {ConcordProblem} `field-not-granted`, `record-unknown`; `conflict` where the department has asked about it in
   *   other words, and has no answer yet
   */
  async correct(
    key: RecordKey,
    field: FieldPath,
    { message, proposed, signal }: Correcting,
  ): Promise<{ readonly correction: string }> {
    const body = JSON.stringify({ key, field, message, ...(proposed !== undefined && { proposed }) })
    return this.#call({ method: 'POST', path: '/corrections', body, signal }, async reply => ({
      correction: ((await reply.json()) as { readonly id: string }).id,
    }))
  }

  /** What a record was, newest first. */
  async *history(
    key: RecordKey,
    { fields, limit, signal }: FieldOptions & { readonly limit?: number } = {},
  ): AsyncGenerator<Served<Data> | Withdrawn> {
    type Page = { readonly history: readonly (Served<Data> | Withdrawn)[]; readonly cursor: string | null }
    const path = `/records/${encodeURIComponent(key)}/history`
    let cursor: string | undefined
    do {
      const query = { fields: fields?.join(','), limit, cursor }
      const page: Page = await this.#json({ path, query, signal })
      yield* page.history
      cursor = page.cursor ?? undefined
    } while (cursor !== undefined)
  }

  /** Everything that is granted, in one stream; its `cursor` is what {@link changes} goes on from. */
  export({ fields, signal, retries }: FieldOptions & { readonly retries?: Retries } = {}): Export<Data> {
    const headers = { accept: 'application/x-ndjson' }
    const request = { path: '/export', query: { fields: fields?.join(',') }, headers, signal }
    return new Export(() => this.#call({ ...request, ...(retries && { retries }) }, reply => reply))
  }

  /**
   * What changes, as it changes, without a gap; the cursor is kept in `options.cursor`.
   *
   * @throws {CursorExpired} where the agreement has changed and `options.begin` is not `export`
   */
  changes(options: FollowOptions): AsyncGenerator<Change<Data>> {
    const from = { caller: this.#caller, path: `${this.#path}/changes`, headers: this.#purpose }
    return follow<Data>(from, retries => this.export({ ...options, ...(retries && { retries }) }), options)
  }

  #call<Result>(
    request: Omit<Request, 'mayRepeat'>,
    read: (reply: Response) => Result | Promise<Result>,
  ): Promise<Result> {
    const whole = {
      ...request,
      path: `${this.#path}${request.path}`,
      headers: {
        ...this.#purpose,
        ...request.headers,
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      // Nothing here changes a record; each attempt that was answered is an entry of its own.
      mayRepeat: true,
    }
    return this.#caller.call(whole, read)
  }

  #json<Body extends object>(request: Omit<Request, 'mayRepeat'>): Promise<Body & Entered> {
    return this.#call(request, async reply => ({ ...((await reply.json()) as Body), entry: entryOf(reply) }))
  }
}
