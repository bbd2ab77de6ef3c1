/** Child of the bench: Fastify and SQLite alone on the hub's own tables; no token, no rights, no log, no envelope. */
import BetterSqlite from 'better-sqlite3'
import Fastify from 'fastify'
import { join } from 'node:path'

const db = new BetterSqlite(join(process.argv[2] ?? '', 'concord.sqlite'), { readonly: true })
db.pragma('cache_size = -65536')
const from = 'FROM records c JOIN revisions r ON r.standard = c.standard AND r.seq = c.seq'
const one = db.prepare(`SELECT r.body ${from} WHERE c.standard = ? AND c.record_key = ?`)
const page = db.prepare(`SELECT r.body ${from} WHERE c.standard = ? AND c.record_key > ? ORDER BY c.record_key LIMIT ?`)

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
console.log(await app.listen({ host: '127.0.0.1', port: 0 }))
