/** MySQL as a source of rows. */
import { batchRows, connectionTo, statementMs, type Cell, type ForeignQuery, type ForeignSource, type OpenSocket, type Row } from './foreign-source.ts' // prettier-ignore

export function mysqlSource(query: ForeignQuery, open: OpenSocket): ForeignSource {
  const options = {
    charset: 'utf8mb4',
    // Unlike the other driver's, it must be on its way.
    stream: ({ config }: { config: { host: string; port: number } }) => open().connect(config.port, config.host),
    // Numbers and times would else become JavaScript's, and lose digits.
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    typeCast: cast,
  }
  return {
    knex: connectionTo(query, { client: 'mysql2', port: 3306, options }),
    // Its own isolation is that of a snapshot; knex would join the two in a form that MySQL does not take.
    transaction: { readOnly: true },
    rows: streamRows,
    meanings,
  }
}

/** MariaDB passes over the first comment, MySQL over the second. */
const settings = `SET /*!50708 SESSION max_execution_time = ${statementMs}, */
  /*M! SESSION max_statement_time = ${statementMs / 1000}, */ SESSION time_zone = '+00:00'`

const streamRows: ForeignSource['rows'] = async function* (trx, { query, watermark }) {
  await trx.raw(settings)
  const bindings = watermark === undefined ? {} : { watermark: sqlTime(watermark.after) }
  const rows: AsyncIterable<Readonly<Record<string, Value>>> = trx.raw(query, bindings).stream()
  let isRead = false
  try {
    let batch: Row[] = []
    for await (const row of rows) {
      batch.push(Object.fromEntries(Object.entries(row).map(([column, value]) => [column, cellOf(value)])))
      if (batch.length < batchRows) continue
      yield batch
      batch = []
    }
    isRead = true
    if (batch.length > 0) yield batch
  } finally {
    // Whoever stops early would else wait until the server has sent all other rows.
    if (!isRead) ((await trx.client.acquireConnection()) as Connection).destroy()
  }
}

/** What the driver gives by its options, and {@link cast}. */
type Value = Cell | number | Buffer

type Connection = { destroy(): void }

type Field = { readonly type: string; string(encoding?: string): string | null }

/** TIMESTAMP is in the session's zone, which is UTC; DATETIME is in none. */
function cast(field: Field, next: () => unknown): unknown {
  if (field.type === 'TIMESTAMP') return field.string()?.replace(' ', 'T').concat('+00:00') ?? null
  if (field.type === 'DATETIME') return field.string()?.replace(' ', 'T') ?? null
  if (field.type !== 'JSON') return next()
  const json = field.string('utf8')
  return json === null ? null : { json }
}

/** A watermark that {@link cast} has written, in the form that every version reads. */
function sqlTime(text: string): string {
  return text.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d(?:\.\d+)?)(?:\+00:00)?$/, '$1 $2')
}

function cellOf(value: Value): Cell {
  if (Buffer.isBuffer(value)) return value.toString('base64')
  return typeof value === 'number' ? String(value) : value
}

const meanings: Readonly<Record<string, string>> = {
  ER_ACCESS_DENIED_ERROR: 'user or password is wrong; set the credential anew',
  ER_BAD_DB_ERROR: 'there is no database of that name',
  ER_BAD_FIELD_ERROR: 'the query names a column that there is not',
  ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION: 'the query writes; a pull only reads',
  ER_NO_SUCH_TABLE: 'the query names a table that there is not',
  ER_PARSE_ERROR: 'the query is not one statement of SQL that it understands',
  ER_QUERY_TIMEOUT: `the query took longer than ${statementMs / 60_000} minutes; have an index made for it`,
  ER_TABLEACCESS_DENIED_ERROR: 'this user may not read what the query reads; have it granted',
}
