/**
 * The way to MySQL over its real protocol, spoken by the server that the driver brings: it answers what a test has put
 * there and knows no SQL. Against a real MySQL this was never run.
 */
import t, { type Test } from 'tap'
import type { AddressInfo, Server } from 'node:net'
import mysql from 'mysql2'
import { foreignRows } from '../../src/store/foreign-database.ts'

const types = {
  double: 5,
  timestamp: 7,
  long: 8,
  date: 10,
  datetime: 12,
  json: 245,
  decimal: 246,
  blob: 252,
  text: 253,
}

const columns = [
  column('id', types.long), column('amount', types.decimal), column('ratio', types.double), column('name', types.text),
  column('at', types.timestamp), column('wall', types.datetime), column('day', types.date),
  column('bytes', types.blob), column('tree', types.json), column('nothing', types.text),
] // prettier-ignore

const row = ['9007199254740993', '12345678901234567890.0100', '0.1', 'Example "unit"', '2026-03-01 08:00:00.123456',
  '2026-03-01 08:00:00', '2026-03-01', 'ab', '{"serial": 12345678901234567890}', null] // prettier-ignore

t.test(
  'values are texts that keep every digit, and the query is asked for read-only, in UTC, from the watermark',
  async t => {
    const { origin, said } = await startServer(t, connection => {
      connection.writeColumns(columns)
      for (let count = 0; count < 1001; count++) connection.writeTextRow(row)
      connection.writeEof()
    })
    const query = 'SELECT * FROM t WHERE at > :watermark ORDER BY at'
    const watermark = { column: 'at', after: '2026-03-01T00:00:00.5+00:00' }
    const batches = []
    for await (const batch of foreignRows({ ...user, origin, query, watermark }, patient)) batches.push(batch)
    t.same(
      batches.map(({ lines }) => lines.trim().split('\n').length),
      [500, 500, 1],
    )
    t.equal(
      batches[2]?.lines,
      '{"id":"9007199254740993","amount":"12345678901234567890.0100","ratio":"0.1","name":"Example \\"unit\\"",' +
        '"at":"2026-03-01T08:00:00.123456+00:00","wall":"2026-03-01T08:00:00","day":"2026-03-01","bytes":"YWI=",' +
        '"tree":{"serial": 12345678901234567890},"nothing":null}\n',
    )
    t.equal(batches[2]?.watermark, '2026-03-01T08:00:00.123456+00:00')
    t.match(said, [
      /version/,
      'SET TRANSACTION READ ONLY;',
      'BEGIN;',
      /max_execution_time = 300000.*time_zone = '\+00:00'/s,
      "SELECT * FROM t WHERE at > '2026-03-01 00:00:00.5' ORDER BY at",
      'ROLLBACK',
    ])
  },
)

t.test('a watermark stays a text, whatever stands in it', async t => {
  const { origin, said } = await startServer(t, connection => {
    connection.writeColumns([column('id', types.text)])
    connection.writeEof()
  })
  const query = 'SELECT id FROM t WHERE id > :watermark ORDER BY id'
  const watermark = { column: 'id', after: "x' OR '1'='1" }
  for await (const _ of foreignRows({ ...user, origin, query, watermark }, patient));
  t.equal(said[4], "SELECT id FROM t WHERE id > 'x\\' OR \\'1\\'=\\'1' ORDER BY id")
})

t.test('what fails is named by its code, without the message, which may quote a value', async t => {
  const { origin } = await startServer(t, connection => connection.writeError({ code: 1146, message: 'VALUE-MARKER' }))
  const failed = (await all({ origin, query: 'SELECT 1' }).catch((error: unknown) => error)) as Error
  t.match(failed, { code: 'pull-failed', message: /ER_NO_SUCH_TABLE: the query names a table/ })
  t.notMatch(`${failed.message}${failed.stack}${String(failed.cause)}`, /VALUE-MARKER/)
})

t.test('whoever stops early does not wait for the rest', async t => {
  const { origin } = await startServer(t, connection => {
    connection.writeColumns([column('id', types.text)])
    for (let count = 0; count < 600; count++) connection.writeTextRow(['1'])
    // The end never comes.
  })
  for await (const { lines } of foreignRows({ ...user, origin, query: 'SELECT id FROM t' }, patient)) {
    t.equal(lines.length, 500 * '{"id":"1"}\n'.length)
    break
  }
})

const patient = { answerMs: 60_000, wholeMs: 60_000, signal: new AbortController().signal }

const user = { user: 'reader', password: 'synthetic-password' }

async function all(query: { origin: string; query: string }): Promise<void> {
  for await (const _ of foreignRows({ ...user, ...query }, patient));
}

function column(name: string, columnType: number): object {
  const isBinary = columnType !== types.text
  const of = { catalog: 'def', schema: '', table: '', orgTable: '', orgName: name, columnLength: 200, decimals: 0 }
  // 63 is binary, 45 is utf8mb4.
  return { ...of, name, columnType, characterSet: isBinary ? 63 : 45, flags: isBinary ? 128 : 0 }
}

/** What the driver's server offers and its types leave out. */
type Connection = {
  sequenceId: number
  on(event: 'query' | 'stmt_prepare', answer: (sql: string) => void): void
  on(event: 'error', answer: () => void): void
  serverHandshake(greeting: object): void
  writeColumns(columns: readonly object[]): void
  writeTextRow(row: readonly (string | null)[]): void
  writeEof(): void
  writeOk(): void
  writeError(error: { code: number; message: string }): void
}

/** A server that answers every SELECT of a test's, and says what was asked of it. */
async function startServer(
  t: Test,
  select: (connection: Connection) => void,
): Promise<{ origin: string; said: string[] }> {
  const said: string[] = []
  const server = (mysql as unknown as { createServer(): { _server: Server; on(event: 'connection', greet: (connection: Connection) => void): void } }).createServer() // prettier-ignore
  server.on('connection', connection => {
    const answer = (sql: string): void => {
      said.push(sql)
      if (!/^select/i.test(sql)) connection.writeOk()
      else if (/version/.test(sql)) writeVersion(connection)
      else select(connection)
      // The next command begins to count anew.
      connection.sequenceId = 0
    }
    connection.on('query', answer)
    // So it calls whatever begins with SET.
    connection.on('stmt_prepare', answer)
    connection.on('error', () => {})
    connection.serverHandshake({
      ...{ protocolVersion: 10, serverVersion: '8.0.40', connectionId: 1, statusFlags: 2, characterSet: 45 },
      capabilityFlags: 0xfff7ff,
      authCallback(_: unknown, done: (error: null) => void) {
        done(null)
        connection.sequenceId = 0
      },
    })
  })
  await new Promise<void>(resolve => server._server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server._server.close())
  return { origin: `mysql://127.0.0.1:${(server._server.address() as AddressInfo).port}/exchange`, said }
}

function writeVersion(connection: Connection): void {
  connection.writeColumns([column('version', types.text)])
  connection.writeTextRow(['8.0.40'])
  connection.writeEof()
}
