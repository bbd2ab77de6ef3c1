/** How slowly a reply may be read, over real sockets. */
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { RunningStreams, type Pace } from '../../src/web/stream-reply.ts'

const never = 3_600_000

/** More than sockets hold back. */
const pages = 400

/** Serves pages of 100 kB at a pace; resolves `closed` when the stream has ended or was cut. */
async function serveAt(t: Test, pace: Pace, each: () => Promise<void> = async () => {}) {
  const app = Fastify()
  const running = new RunningStreams(app)
  let end = (): void => {}
  const closed = new Promise<void>(resolve => (end = resolve))
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let page = 0; page < pages; page++) {
      await each()
      yield Buffer.alloc(100_000, 'x')
    }
  }
  app.get('/', async (request, reply) => running.send(request, reply, { chunks: chunks(), onClose: end, pace }))
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => app.close())
  const { port } = app.server.address() as AddressInfo
  const headers = { 'accept-encoding': 'identity' }
  const request = get({ port, host: '127.0.0.1', headers, agent: false })
  const [reply] = (await once(request, 'response')) as [IncomingMessage]
  return { reply, closed }
}

t.test('a reader who takes nothing is cut', async t => {
  const { reply, closed } = await serveAt(t, { bytes: 1_000_000, windowMs: 50, totalMs: never })
  reply.pause()
  await closed
  await t.rejects(lengthOf(reply), { code: 'ECONNRESET' })
})

t.test('whoever reads gets all', async t => {
  const { reply, closed } = await serveAt(t, { bytes: 1, windowMs: 1000, totalMs: never })
  t.equal(await lengthOf(reply), pages * 100_000)
  await closed
})

t.test('a reader is not cut for what the hub takes', async t => {
  const window = 20
  let waits = 2
  const slow = async (): Promise<void> => {
    if (waits-- > 0) await new Promise(resolve => setTimeout(resolve, 5 * window))
  }
  const { reply } = await serveAt(t, { bytes: 1, windowMs: window, totalMs: never }, slow)
  reply.resume()
  await t.resolves(once(reply, 'data'))
  t.notOk(reply.errored)
})

t.test('a reply that takes longer than it may is cut, at whatever pace', async t => {
  const { reply, closed } = await serveAt(t, { bytes: 0, windowMs: never, totalMs: 50 })
  reply.pause()
  await closed
  await t.rejects(lengthOf(reply), { code: 'ECONNRESET' })
})

async function lengthOf(reply: IncomingMessage): Promise<number> {
  let length = 0
  for await (const chunk of reply as AsyncIterable<Buffer>) length += chunk.length
  return length
}
