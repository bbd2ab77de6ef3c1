/** Databases that fall silent: servers that speak as much of the protocol as it takes to get there. */
import t, { type Test } from 'tap'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { foreignRows } from '../../src/store/foreign-database.ts'

const silences: [when: string, until: RegExp | undefined][] = [
  ['at once', undefined],
  ['before it says which version it is', /version/],
  ['after BEGIN', /BEGIN/],
  ['in the middle of its settings', /timezone/],
]

for (const [when, until] of silences) {
  t.test(`a PostgreSQL that stops answering ${when} is given up, by its time or by who reads`, async t => {
    const { origin, silent, gone } = await startServer(t, until)
    const query = { origin, user: 'reader', password: 'synthetic-password', query: 'SELECT 1 AS id' }
    const read = async (limits: { answerMs?: number; wholeMs?: number; signal?: AbortSignal }): Promise<void> => {
      const patient = { answerMs: 60_000, wholeMs: 60_000, signal: new AbortController().signal }
      for await (const _ of foreignRows(query, { ...patient, ...limits }));
    }
    await t.rejects(read({ answerMs: 100 }), { code: 'pull-failed', message: /given up: it has stopped answering/ })
    await t.rejects(read({ wholeMs: 100 }), { code: 'pull-failed', message: /takes too long over its rows/ })
    const stopping = new AbortController()
    const reading = read({ signal: stopping.signal })
    await silent()
    stopping.abort()
    await t.rejects(reading, { code: 'pull-failed', message: /it was stopped/ })
    await t.rejects(read({ signal: AbortSignal.abort() }), { code: 'pull-failed', message: /it was stopped/ })
    await gone()
    t.pass('no connection is left')
  })
}

/** A message of the server: its type, its length, its content. */
function message(type: string, ...content: (Buffer | string)[]): Buffer {
  const body = Buffer.concat(content.map(part => Buffer.from(part)))
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

const ready = message('Z', 'I')
const version = 'PostgreSQL 16.1'
const welcome = Buffer.concat([message('R', Buffer.alloc(4)), ready])
const versionRow = Buffer.concat([
  message('T', Buffer.from([0, 1]), 'version\0', Buffer.alloc(18)),
  message('D', Buffer.from([0, 1, 0, 0, 0, version.length]), version),
  message('C', 'SELECT 1\0'),
  ready,
])
const done = Buffer.concat([message('C', 'SET\0'), ready])

/** Answers until it is told what matches, and then no more; `gone` resolves when every connection has ended. */
async function startServer(t: Test, until: RegExp | undefined) {
  const sockets = new Set<Socket>()
  let onSilence: () => void = () => {}
  let onGone: () => void = () => {}
  const server = createServer(socket => {
    sockets.add(socket)
    let isGreeted = false
    let isSilent = false
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      if (sockets.size === 0) onGone()
    })
    socket.on('data', data => {
      const said = data.toString('latin1')
      isSilent ||= until === undefined || until.test(said)
      if (isSilent) return onSilence()
      socket.write(!isGreeted ? welcome : said.includes('version') ? versionRow : done)
      isGreeted = true
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return {
    origin: `postgres://127.0.0.1:${(server.address() as AddressInfo).port}/exchange`,
    silent: () => new Promise<void>(resolve => (onSilence = resolve)),
    gone: () => (sockets.size === 0 ? Promise.resolve() : new Promise<void>(resolve => (onGone = resolve))),
  }
}
