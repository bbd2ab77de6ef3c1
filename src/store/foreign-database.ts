/**
 * Reads another's database: the rows of one query, as NDJSON of texts, in bounded memory and without a way to write.
 *
 * The query runs in a read-only transaction on a connection of its own. Numbers keep every digit; times with a zone
 * become RFC 3339 in UTC, times without stay without; bytes become base64; JSON stays JSON; null stays null.
 */
import knex, { type Knex } from 'knex'
import { HubError } from '../errors.ts'
import { mysqlSource } from './foreign-mysql.ts'
import { ForeignLine, type ForeignLimits } from './foreign-line.ts'
import { postgresSource } from './foreign-postgres.ts'
import type { ForeignQuery, Row } from './foreign-source.ts'

/** Lines of NDJSON, and the watermark of the last row among them that has one. */
export type ForeignRows = { readonly lines: string; readonly watermark: string | undefined }

/**
 * @throws {HubError} `pull-failed`, with the database's error code and never its message: that may quote a value
 */
export async function* foreignRows(query: ForeignQuery, limits: ForeignLimits): AsyncGenerator<ForeignRows> {
  const line = new ForeignLine(limits)
  const source = query.origin.startsWith('mysql:') ? mysqlSource(query, line.open) : postgresSource(query, line.open)
  const db = knex(source.knex)
  try {
    const trx = await line.answer(db.transaction(undefined, source.transaction))
    const rows = source.rows(trx, query)[Symbol.asyncIterator]()
    try {
      for (;;) {
        const batch = await line.answer(rows.next())
        if (batch.done === true) return
        yield ndjsonOf(batch.value, query.watermark?.column)
      }
    } finally {
      // It has changed nothing; a connection that is gone ends it as well.
      await line.answer(endOf(rows, trx)).catch(() => {})
    }
  } catch (error) {
    if (line.cut !== undefined) throw new HubError('pull-failed', `The database was given up: ${line.cut}.`)
    throw error instanceof HubError ? error : failure(error as Error, source.meanings)
  } finally {
    await line.answer(db.destroy()).catch(() => {})
    line.close()
  }
}

async function endOf(rows: AsyncIterator<readonly Row[]>, trx: Knex.Transaction): Promise<void> {
  await rows.return?.()
  await trx.rollback()
}

function ndjsonOf(rows: readonly Row[], column: string | undefined): ForeignRows {
  let watermark: string | undefined
  let lines = ''
  for (const row of rows) {
    lines += `${lineOf(row)}\n`
    if (column === undefined) continue
    if (!Object.hasOwn(row, column)) {
      throw new HubError('pull-failed', `The query has no column ${column}, which the adapter names as its watermark.`)
    }
    const cell = row[column]
    if (typeof cell === 'string') watermark = cell
  }
  return { lines, watermark }
}

function lineOf(row: Row): string {
  const members = Object.entries(row).map(([column, cell]) => {
    const isJson = cell !== null && typeof cell === 'object'
    // Outside of its texts, where they cannot stand, line ends mean nothing to JSON.
    return `${JSON.stringify(column)}:${isJson ? cell.json.replace(/[\r\n]/g, ' ') : JSON.stringify(cell)}`
  })
  return `{${members.join(',')}}`
}

function failure(error: Error & { readonly code?: unknown }, meanings: Readonly<Record<string, string>>): HubError {
  const code = typeof error.code === 'string' ? error.code : error.name
  const what = meanings[code] ?? unreached[code] ?? "run the adapter's query there by hand to see why"
  return new HubError('pull-failed', `The database fails with ${code}: ${what}.`)
}

const unreached: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at the address of the credential',
  ECONNRESET: 'it has ended the connection',
  ENOTFOUND: 'there is no host of that name',
  ETIMEDOUT: 'it does not answer',
  KnexTimeoutError: 'it does not answer',
}
