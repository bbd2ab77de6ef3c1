/** PostgreSQL, and what speaks its protocol, as a source of rows. */
import { HubError } from '../errors.ts'
import { batchRows, connectionTo, statementMs, type Cell, type ForeignQuery, type ForeignSource, type OpenSocket, type Row } from './foreign-source.ts' // prettier-ignore

export function postgresSource(query: ForeignQuery, open: OpenSocket): ForeignSource {
  const options = {
    application_name: 'concord',
    stream: open,
    types: { getTypeParser: (type: number) => (text: string) => cellOf(type, text) },
  }
  return {
    knex: connectionTo(query, { client: 'pg', port: 5432, options }),
    transaction: { readOnly: true, isolationLevel: 'repeatable read' },
    rows: fetchRows,
    meanings,
  }
}

const settings = {
  statement_timeout: String(statementMs),
  timezone: 'UTC',
  datestyle: 'ISO',
  bytea_output: 'hex',
  // Every digit of a floating-point number, whatever the version.
  extra_float_digits: '3',
}

const fetchRows: ForeignSource['rows'] = async function* (trx, { query, watermark }) {
  for (const [name, value] of Object.entries(settings)) await trx.raw(`SET LOCAL ${name} = '${value}'`)
  const bindings = watermark === undefined ? {} : { watermark: watermark.after }
  // Extended: one statement and no more, so that none of them can end the read-only transaction.
  await trx.raw(`DECLARE source NO SCROLL CURSOR FOR ${query}`, bindings).options({ queryMode: 'extended' })
  for (;;) {
    const batch: { rows: Row[]; fields: { name: string }[] } = await trx.raw(`FETCH ${batchRows} FROM source`)
    const names = batch.fields.map(({ name }) => name)
    const twice = names.find((name, at) => names.indexOf(name) !== at)
    if (twice !== undefined) {
      throw new HubError('pull-failed', `The query has two columns ${twice}; tell them apart by AS.`)
    }
    if (batch.rows.length === 0) return
    yield batch.rows
  }
}

/** Types by their number (pg_type.dat). */
const types = { bool: 16, bytea: 17, json: 114, timestamp: 1114, timestamptz: 1184, jsonb: 3802 } as const

/** A value as the server writes it, in the hub's words. */
function cellOf(type: number, text: string): Cell {
  switch (type) {
    case types.bool:
      return text === 't' ? 'true' : 'false'
    case types.bytea:
      return Buffer.from(text.slice(2), 'hex').toString('base64')
    case types.json:
    case types.jsonb:
      return { json: text }
    case types.timestamp:
      return text.replace(' ', 'T')
    case types.timestamptz:
      // `2026-03-01 08:00:00.123456+00`; `infinity` stays.
      return text.replace(' ', 'T').replace(/\+00$/, '+00:00')
    default:
      return text
  }
}

const meanings: Readonly<Record<string, string>> = {
  '22007': 'the watermark is no date or time; see `initial` in the adapter',
  '25006': 'the query writes; a pull only reads',
  '28000': 'this user may not connect; set the credential anew',
  '28P01': 'user or password is wrong; set the credential anew',
  '3D000': 'there is no database of that name',
  '42501': 'this user may not read what the query reads; have it granted',
  '42601': 'the query is not one statement of SQL that it understands',
  '42703': 'the query names a column that there is not',
  '42P01': 'the query names a table that there is not',
  '57014': `the query took longer than ${statementMs / 60_000} minutes; have an index made for it`,
}
