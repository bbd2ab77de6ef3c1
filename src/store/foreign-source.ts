/** How one engine of databases is spoken to where rows are read from it. */
import type { Socket } from 'node:net'
import type { Knex } from 'knex'

export type ForeignQuery = {
  /** `postgres://host:port/database` or `mysql://…`; `?tls=off` for plain text. */
  readonly origin: string
  readonly user: string
  readonly password: string
  readonly query: string
  /** The column that goes on, and what it goes on from. */
  readonly watermark?: { readonly column: string; readonly after: string }
}

/** A text, null, or the text of a JSON value. */
export type Cell = string | null | { readonly json: string }

export type Row = { readonly [column: string]: Cell }

/** Gives a socket for a connection, not connected yet. */
export type OpenSocket = () => Socket

export type ForeignSource = {
  readonly knex: Knex.Config
  readonly transaction: Knex.TransactionConfig
  /** The rows of the query, as many at a time as can be held. */
  rows(trx: Knex.Transaction, query: ForeignQuery): AsyncIterable<readonly Row[]>
  /** What the engine's error codes mean, and what to do. */
  readonly meanings: Readonly<Record<string, string>>
}

/** How long one statement may run, in ms: a query that takes longer lacks an index. */
export const statementMs = 300_000

/** Rows held at once: enough that a round trip for them counts for little. */
export const batchRows = 500

/** How long to wait for a connection, in ms. */
const connectMs = 15_000

/** What the engines share: one connection, by the parts of the origin. */
export function connectionTo(
  { origin, user, password }: ForeignQuery,
  engine: { readonly client: 'pg' | 'mysql2'; readonly port: number; readonly options: object },
): Knex.Config {
  const url = new URL(origin)
  return {
    client: engine.client,
    connection: {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port || engine.port),
      database: decodeURIComponent(url.pathname.slice(1)),
      user,
      password,
      ...(isPlain(url) ? {} : { ssl: { rejectUnauthorized: true } }),
      ...engine.options,
    },
    pool: { min: 0, max: 1 },
    acquireConnectionTimeout: connectMs,
    // What it warns of, it throws as well.
    log: { warn() {} },
  }
}

/** TLS with a verified certificate, unless the origin says `?tls=off` or the database is on this machine. */
function isPlain({ hostname, searchParams }: URL): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname) || searchParams.get('tls') === 'off'
}
