/** Against a real PostgreSQL. MySQL takes the same way through knex, and was never tried against a real server. */
import t from 'tap'
import type { HubError } from '../../src/errors.ts'
import { foreignRows } from '../../src/store/foreign-database.ts'
import { noPostgres, password, startPostgres, type Postgres } from '../postgres.ts'

t.test('the rows of a PostgreSQL', { skip: noPostgres }, async t => {
  const postgres = await startPostgres(t)
  const { db } = postgres
  await db.raw(`CREATE TABLE every (
    id bigint, big numeric, small double precision, name text, day date, at timestamptz, wall timestamp(3),
    open boolean, bytes bytea, tree jsonb, plain json, tags text[], nothing text)`)
  await db.raw(`INSERT INTO every VALUES (9007199254740993, 12345678901234567890.0100, 0.1::float8 + 0.2::float8,
    E'名称 "quoted"\nsecond line', '2026-02-28', '2026-03-01 08:00:00.123456+08', '2026-03-01 08:00:00.5', true,
    '\\x00ff10', '{"serial": 12345678901234567890, "list": [1, null]}', E'{\n  "a": "b\\\\nc"\n}', '{a,"b c"}', NULL)`)
  await db.raw("CREATE TABLE rows_of AS SELECT i AS id, lpad(i::text, 40, 'x') AS name FROM generate_series(1, 1234) i")
  await db.raw('CREATE SEQUENCE counter')
  await db.raw(`CREATE ROLE reader LOGIN PASSWORD '${password}'`)
  await db.raw('GRANT SELECT ON every, rows_of TO reader')
  await db.raw('GRANT ALL ON rows_of TO reader')
  await db.raw('GRANT USAGE ON SEQUENCE counter TO reader')

  await t.test(
    'values are texts that keep every digit, times are RFC 3339, JSON stays JSON, null stays null',
    async t => {
      t.same(await rowsOf(postgres, 'SELECT * FROM every'), [
        {
          id: '9007199254740993',
          big: '12345678901234567890.0100',
          small: '0.30000000000000004',
          name: '名称 "quoted"\nsecond line',
          day: '2026-02-28',
          at: '2026-03-01T00:00:00.123456+00:00',
          wall: '2026-03-01T08:00:00.5',
          open: 'true',
          bytes: 'AP8Q',
          tree: { serial: Number('12345678901234567890'), list: [1, null] },
          plain: { a: 'b\nc' },
          tags: '{a,"b c"}',
          nothing: null,
        },
      ])
      t.match(await linesOf(postgres, 'SELECT tree FROM every'), [/"serial": ?12345678901234567890\D/])
    },
  )

  await t.test('the watermark is bound as a text, and the last row says where to go on', async t => {
    const query = 'SELECT id, name FROM rows_of WHERE id > :watermark ORDER BY id'
    const batches = await all(postgres, query, { column: 'id', after: '1000' })
    t.equal(
      batches
        .map(({ lines }) => lines)
        .join('')
        .trim()
        .split('\n').length,
      234,
    )
    t.equal(batches.at(-1)?.watermark, '1234')
    const dated = `SELECT at FROM every WHERE at >= :watermark::timestamptz ORDER BY at`
    const [{ watermark } = { watermark: undefined }] = await all(postgres, dated, { column: 'at', after: '1970-01-01' })
    t.equal(watermark, '2026-03-01T00:00:00.123456+00:00', 'to the microsecond')
    t.equal((await all(postgres, dated, { column: 'at', after: String(watermark) })).length, 1)
  })

  await t.test('rows come in batches, and a reader who stops early leaves no connection', async t => {
    const seen: number[] = []
    for await (const { lines } of foreignRows(ask(postgres, 'SELECT * FROM rows_of'), patient)) {
      seen.push(lines.trim().split('\n').length)
      if (seen.length === 2) break
    }
    t.same(seen, [500, 500])
    const { rows } = await db.raw(`SELECT 1 FROM pg_stat_activity WHERE application_name = 'concord'`)
    t.same(rows, [])
  })

  await t.test('a statement may take five minutes', async t => {
    t.match(await rowsOf(postgres, `SELECT current_setting('statement_timeout') AS longest`), [{ longest: '5min' }])
  })

  const refusals: [what: string, query: string, message: RegExp][] = [
    ['a second statement', 'SELECT 1 AS a; COMMIT; DELETE FROM rows_of', /42601: the query is not one statement/],
    ['a query that writes', `SELECT nextval('counter') AS n`, /25006: the query writes/],
    ['a deletion in a WITH', 'WITH gone AS (DELETE FROM rows_of RETURNING id) SELECT id FROM gone', /fails with 0A000/],
    ['a table that there is not', 'SELECT * FROM none_such', /42P01: the query names a table/],
    ['a column that there is not', 'SELECT none_such FROM every', /42703: the query names a column/],
    ['what its user may not read', 'SELECT * FROM pg_authid', /42501: this user may not read/],
    ['two columns of one name', 'SELECT id, name AS id FROM rows_of', /two columns id/],
  ]
  for (const [what, query, message] of refusals) {
    await t.test(`refuses ${what}`, async t => {
      await t.rejects(rowsOf(postgres, query), { code: 'pull-failed', message })
      t.equal((await db.raw('SELECT count(*)::int AS n FROM rows_of')).rows[0].n, 1234)
    })
  }

  await t.test('what fails is named by its code: no value, no password', async t => {
    const failed = await rowsOf(postgres, `SELECT ('VALUE-' || 'MARKER')::integer AS n`).catch(
      (error: unknown) => error,
    )
    const { message, stack, cause } = failed as HubError
    t.match(message, /22P02/)
    t.notMatch(`${message}${stack}${String(cause)}`, /VALUE-MARKER/)
    await t.rejects(all({ ...postgres, port: 1 }, 'SELECT 1 AS a'), { code: 'pull-failed', message: /ECONNREFUSED/ })
  })

  await t.test('a watermark that the query does not give is missed', async t => {
    const query = 'SELECT name FROM rows_of WHERE id > :watermark ORDER BY id'
    await t.rejects(all(postgres, query, { column: 'id', after: '0' }), { message: /no column id/ })
  })
})

t.test(
  'a database elsewhere is spoken to with TLS, unless its origin says otherwise',
  { skip: noPostgres },
  async t => {
    const { port } = await startPostgres(t)
    // Not the loopback's name, but its address, like any other machine's.
    const elsewhere = (more: string) => ({
      ...ask({ port }, 'SELECT 1 AS a'),
      origin: `postgres://127.1:${port}/postgres${more}`,
    })
    const read = async (more: string): Promise<void> => {
      for await (const _ of foreignRows(elsewhere(more), patient));
    }
    await t.rejects(read(''), { code: 'pull-failed' })
    await t.rejects(read('?tls=off'), { message: /28000/ }, 'there, only the user is wrong')
  },
)

const patient = { answerMs: 60_000, wholeMs: 60_000, signal: new AbortController().signal }

function ask({ port }: Pick<Postgres, 'port'>, query: string) {
  return { origin: `postgres://127.0.0.1:${port}/postgres`, user: 'reader', password, query }
}

async function all(postgres: Pick<Postgres, 'port'>, query: string, watermark?: { column: string; after: string }) {
  const batches = []
  for await (const batch of foreignRows({ ...ask(postgres, query), ...(watermark && { watermark }) }, patient))
    batches.push(batch)
  return batches
}

async function linesOf(postgres: Postgres, query: string): Promise<string[]> {
  return (await all(postgres, query)).flatMap(({ lines }) => lines.trim().split('\n'))
}

async function rowsOf(postgres: Postgres, query: string): Promise<unknown[]> {
  return (await linesOf(postgres, query)).map(line => JSON.parse(line) as unknown)
}
