/**
 * Child of the bench: Fastify and SQLite alone on the hub's own tables; no token, no rights, no log, no envelope.
 *
 * It reads as one who has nothing else to do would: prepared statements, text passed through.
 */
import BetterSqlite from 'better-sqlite3'
import Fastify from 'fastify'
import { join } from 'node:path'
import { Readable } from 'node:stream'

const db = new BetterSqlite(join(process.argv[2] ?? '', 'concord.sqlite'), { readonly: true })
db.pragma('cache_size = -65536')
const from = 'FROM records c JOIN revisions r ON r.standard = c.standard AND r.seq = c.seq'
const one = db.prepare(`SELECT r.body ${from} WHERE c.standard = ? AND c.record_key = ?`)
const page = db.prepare(`SELECT r.body ${from} WHERE c.standard = ? AND c.record_key > ? ORDER BY c.record_key LIMIT ?`)

const keyed = db.prepare(
  `SELECT c.record_key AS "key", r.body ${from} WHERE c.standard = ? AND c.record_key > ? ORDER BY c.record_key LIMIT ?`,
)

type Row = { readonly body: string }

const app = Fastify()
app.get<{ Params: { id: string; key: string } }>('/v1/standards/:id/records/:key', (request, reply) => {
  const row = one.get(request.params.id, request.params.key) as Row
  void reply.type('application/json; charset=utf-8').send(row.body)
})
app.get<{ Params: { id: string }; Querystring: { cursor: string; limit: string } }>(
  '/v1/standards/:id/records',
  (request, reply) => {
    const after = Buffer.from(request.query.cursor, 'base64url').toString().slice('after '.length)
    const rows = page.all(request.params.id, after, Number(request.query.limit)) as Row[]
    void reply.type('application/json; charset=utf-8').send(`[${rows.map(row => row.body).join(',')}]`)
  },
)
app.post<{ Params: { id: string }; Body: { keys: string[] } }>('/v1/standards/:id/lookup', (request, reply) => {
  const rows = request.body.keys.map(key => one.get(request.params.id, key) as Row)
  void reply.type('application/json; charset=utf-8').send(`[${rows.map(row => row.body).join(',')}]`)
})
app.post<{ Params: { id: string }; Body: { key: string; claims: Record<string, unknown> } }>(
  '/v1/standards/:id/verify',
  (request, reply) => {
    const { body } = one.get(request.params.id, request.body.key) as Row
    const record = JSON.parse(body) as Record<string, unknown>
    const { claims } = request.body
    void reply.send(Object.fromEntries(Object.keys(claims).map(name => [name, record[name] === claims[name]])))
  },
)
app.get<{ Params: { id: string } }>('/v1/standards/:id/export', (request, reply) => {
  void reply.type('application/x-ndjson').send(Readable.from(pages(request.params.id)))
})

/** A record a line, a page of 1,000 at a time, and a last line. */
function* pages(standard: string): Generator<string> {
  for (let after = ''; ;) {
    const rows = keyed.all(standard, after, 1000) as (Row & { readonly key: string })[]
    if (rows.length === 0) return yield '{}\n'
    yield rows.map(({ body }) => `${body.replaceAll('\n', '')}\n`).join('')
    after = rows.at(-1)?.key ?? ''
  }
}

console.log(await app.listen({ host: '127.0.0.1', port: 0 }))
