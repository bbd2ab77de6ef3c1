/** Child of the bench: serves records on a free port until its input ends; the hub, or a bare handler on the same table. */
import BetterSqlite from 'better-sqlite3'
import Fastify from 'fastify'
import { join } from 'node:path'
import { readConfig } from '../../src/config.ts'
import { openHub } from '../../src/exchange/hub.ts'
import { supervise } from '../../src/exchange/supervise.ts'
import { buildApp } from '../../src/web/app.ts'

const [mode, directory = ''] = process.argv.slice(2) as ['hub' | 'bare', string]

const listen = { host: '127.0.0.1', port: 0 }
const address = mode === 'hub' ? await serveHub() : await serveBare()
console.log(address)
process.stdin.resume().on('end', () => process.exit(0))

async function serveHub(): Promise<string> {
  const hub = await openHub(readConfig({ CONCORD_DATA_DIR: directory, CONCORD_LOG_LEVEL: 'warn' }), { server: true })
  const { refusals } = supervise(hub, console.error)
  const app = await buildApp(hub, refusals)
  return app.listen(listen)
}

/** No token, no rights, no log: what Fastify and SQLite do alone. */
async function serveBare(): Promise<string> {
  const db = new BetterSqlite(join(directory, 'concord.sqlite'), { readonly: true })
  const one = db.prepare(
    'SELECT r.body FROM records c JOIN revisions r ON r.standard = c.standard AND r.seq = c.seq WHERE c.standard = ? AND c.record_key = ?',
  )
  const app = Fastify()
  app.get<{ Params: { id: string; key: string } }>('/v1/standards/:id/records/:key', (request, reply) => {
    const row = one.get(request.params.id, request.params.key) as { body: string }
    void reply.type('application/json; charset=utf-8').send(row.body)
  })
  return app.listen(listen)
}
