/** Deliveries that are taken in first, over real HTTP, by real processes, some of which are killed. */
import t, { type Test } from 'tap'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { createClient } from '../../src/exchange/clients.ts'
import { DeliveryQueue } from '../../src/exchange/delivery-queue.ts'
import { rotateKeys } from '../../src/exchange/rotate-keys.ts'
import { takeIn } from '../../src/exchange/take-in.ts'
import type { Entry } from '../../src/log/entry.ts'
import { takeLease } from '../../src/store/leases.ts'
import { prefersAsync } from '../../src/web/prefer.ts'
import { build, programOn } from '../cli/concord.ts'
import { publishThings, thingsOf } from '../exchange/things.ts'
import { chunks, folder, openTestHub, serve, tester, tokenFor, type TestHub } from '../helper.ts'

type Reply = { readonly status: number; readonly headers: Headers; readonly body: Record<string, unknown> }

type Sending = { readonly adapter?: string; readonly key?: string; readonly prefer?: string }

/** A sender of the department `archives`. */
function sender(url: string, token: string) {
  const authorization = `Bearer ${token}`
  const replyOf = async (reply: Response): Promise<Reply> => ({
    status: reply.status,
    headers: reply.headers,
    body: (await reply.json()) as Record<string, unknown>,
  })
  const get = async (path: string): Promise<Reply> => replyOf(await fetch(url + path, { headers: { authorization } }))
  return {
    get,
    async send(
      body: string | Uint8Array,
      { adapter = 'plain', key, prefer = 'respond-async' }: Sending = {},
    ): Promise<Reply> {
      const headers: Record<string, string> = { authorization, 'content-type': 'application/x-ndjson', prefer }
      if (key !== undefined) headers['idempotency-key'] = key
      return replyOf(
        await fetch(`${url}/v1/adapters/archives/${adapter}/deliveries`, {
          method: 'POST',
          headers,
          body: body as BodyInit,
        }),
      )
    },
    /** Asks again and again until the delivery is in a state. */
    async until(id: unknown, state: RegExp): Promise<Record<string, unknown>> {
      const deadline = Date.now() + 60_000
      for (;;) {
        const { body } = await get(`/v1/deliveries/${String(id)}`)
        if (state.test(String(body['state']))) return body
        if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(body)}`)
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    },
  }
}

async function newSender(hub: TestHub): Promise<{ id: string; secret: string }> {
  return createClient(hub, tester, { id: 'sender', department: 'archives', title: 'Sender', scopes: ['deliver'] })
}

const lines = (things: readonly object[]): string => things.map(thing => JSON.stringify(thing)).join('\n')
const many = (count: number, prefix = 'm'): object[] =>
  Array.from({ length: count }, (_, index) => ({ id: `${prefix}${index}`, secret: `WORD-${prefix}-${index}` }))
const spooled = (directory: string): string[] => {
  const path = join(directory, 'spool')
  return existsSync(path) ? readdirSync(path) : []
}

async function served(t: Test, directory = folder(t)) {
  const hub = await openTestHub(t, directory)
  await publishThings(hub)
  const client = await newSender(hub)
  const url = await serve(t, hub)
  return { hub, directory, ...sender(url, await tokenFor(url, client)) }
}

t.test('an input is taken in, and its delivery is found under the id that was promised', async t => {
  const { hub, directory, send, get, until } = await served(t)
  const body = lines([...many(1500), { id: 'bad', name: 'longer than ten' }])
  const reply = await send(body)
  t.equal(reply.status, 202)
  t.equal(reply.headers.get('preference-applied'), 'respond-async')
  const { delivery: id } = reply.body
  t.same(reply.body, { delivery: id, state: 'queued' })
  t.equal(reply.headers.get('location'), `/v1/deliveries/${String(id)}`)

  const done = await until(id, /done|failed/)
  const bytes = Buffer.byteLength(body)
  t.match(done, {
    delivery: id, state: 'done', accepted: 1500, rejected: 1, adapter: 'archives/plain', actor: 'client:sender',
    adapterVersion: '1.0.0', problem: null, progress: { readBytes: bytes, totalBytes: bytes }, queuedAt: String,
  }) // prettier-ignore
  t.notOk('continuedAs' in done)
  t.match((await get(`/v1/deliveries/${String(id)}/rejects`)).body, { rejects: [{ ordinal: 1501 }] })
  t.equal(Object.keys(await thingsOf(hub)).length, 1500)
  await untilEmpty(directory)
  t.same(await hub.store.read.all(`SELECT 1 FROM data_keys WHERE subject LIKE 'spool %'`), [], 'nor its data key')

  await hub.log.relay(hub.store)
  const entries = (await hub.log.entries({ from: 0, limit: 1000 })).map(({ entry }) => JSON.parse(entry) as Entry)
  const deliveries = entries.filter(({ operation }) => operation === 'deliver')
  t.match(deliveries, [
    {
      outcome: 'done',
      count: 0,
      detail: { queued: true, delivery: id, bytes },
      actor: { kind: 'client', id: 'sender' },
    },
    { outcome: 'done', count: 1500, detail: { delivery: id, accepted: 1500 }, actor: { kind: 'client', id: 'sender' } },
  ])
  t.equal(deliveries[0]?.request, deliveries[1]?.request, 'by one request')
  t.equal((await send(lines(many(1, 'sync')), { prefer: 'wait=5' })).status, 200, 'who does not ask for it waits')
})

async function untilEmpty(directory: string): Promise<void> {
  const deadline = Date.now() + 10_000
  while (spooled(directory).length > 0 && Date.now() < deadline) await new Promise(resolve => setTimeout(resolve, 10))
  if (spooled(directory).length > 0) throw new Error('an input is left in the spool')
}

t.test('deliveries of one adapter are worked off in their order, and wait for one that holds the adapter', async t => {
  const { hub, send, until, get } = await served(t)
  await hub.store.transact(tx => takeLease(tx, 'archives/input', hub.clock()))
  const ids: unknown[] = []
  for (const name of ['A', 'B', 'C', 'D']) {
    ids.push((await send(lines([{ id: 'x', name }]), { adapter: 'input' })).body['delivery'])
  }
  const other = await send(lines(many(3)), { adapter: 'marked', key: 'k' })
  t.match(await until(other.body['delivery'], /done|failed/), { state: 'done' }, 'another adapter does not wait')
  t.match((await get(`/v1/deliveries/${String(ids[0])}`)).body, { startedAt: null, accepted: 0 })
  await hub.store.transact(tx => tx.run('UPDATE leases SET expires_at = 0'))
  hub.pass(2_000)
  for (const id of ids) {
    await until(id, /done|failed/)
    hub.pass(2_000)
  }
  const revisions = await hub.store.read.all<{ delivery: string }>(
    `SELECT delivery FROM revisions WHERE record_key = 'x' ORDER BY revision`,
  )
  t.same(
    revisions.map(({ delivery }) => delivery),
    ids,
  )
  t.match(await thingsOf(hub, 'x'), { '': { name: 'D' } })
})

t.test('the same request sent again is taken in once', async t => {
  const { hub, directory, send, until } = await served(t)
  await hub.store.transact(tx => takeLease(tx, 'archives/plain', hub.clock()))
  const body = lines(many(3))
  const [first, second] = await Promise.all([send(body, { key: 'one' }), send(body, { key: 'one' })])
  t.same([first.status, second.status], [202, 202])
  t.equal(first.body['delivery'], second.body['delivery'])
  t.equal(spooled(directory).length, 1)
  t.match(await send(`${body} `, { key: 'one' }), { status: 422, body: { code: 'idempotency-key-reused' } })
  t.match(await send(body, { key: 'one', adapter: 'input' }), { status: 422, body: { code: 'idempotency-key-reused' } })
  t.equal(spooled(directory).length, 1, 'nothing is kept of what was refused')

  await hub.store.transact(tx => tx.run('UPDATE leases SET expires_at = 0'))
  hub.pass(2_000)
  await until(first.body['delivery'], /done/)
  const receipt = { delivery: first.body['delivery'], accepted: 3, unchanged: 0, withdrawn: 0, rejected: 0 }
  t.match(await send(body, { key: 'one' }), { status: 200, body: receipt }, 'then its receipt comes back')
  t.match(await send(body, { key: 'one', prefer: '' }), { status: 200, body: receipt }, 'to who waits, too')
})

t.test('an input that cannot be read to its end fails, and another may be sent under its key', async t => {
  const { directory, send, until } = await served(t)
  const good = lines(many(2500))
  const damaged = Buffer.concat([Buffer.from(good), Buffer.from('\n{"id":"\xff"}', 'latin1')])
  const first = await send(damaged, { key: 'one' })
  const failed = await until(first.body['delivery'], /done|failed/)
  t.match(failed, { state: 'failed', problem: 'encoding-unreadable', problemDetail: /UTF-8/ })
  t.notMatch(failed['problemDetail'], /WORD/)
  await untilEmpty(directory)
  const second = await send(good, { key: 'one' })
  t.equal(second.status, 202, 'the key is free')
  t.not(second.body['delivery'], first.body['delivery'])
  t.match(await until(second.body['delivery'], /done|failed/), { state: 'done' })
})

t.test(
  'a request sent again while the first waits or runs is answered by that one, also where the queue is full',
  async t => {
    const { hub, directory, send } = await served(t)
    await hub.store.transact(tx => takeLease(tx, 'archives/plain', hub.clock()))
    const body = lines(many(3))
    const first = await send(body, { key: 'one' })
    for (let index = 1; index < 50; index++) t.equal((await send(lines(many(1, `q${index}-`)))).status, 202)
    t.match(await send(body, { key: 'two' }), { status: 429, body: { code: 'queue-full' } })
    // It stays as it is: nobody takes it up again before the year 2286.
    const held = `UPDATE queue SET state = ?, holder = NULL, expires_at = 0, next_at = 9999999999999 WHERE id = ?`
    const hold = async (state: string): Promise<unknown> =>
      hub.store.transact(tx => tx.run(held, [state, String(first.body['delivery'])]))
    await hold('queued')
    // A spool that cannot be written shows that nothing is taken in again.
    renameSync(join(directory, 'spool'), join(directory, 'away'))
    writeFileSync(join(directory, 'spool'), 'in the way')
    for (const state of ['queued', 'running']) {
      await hold(state)
      const again = await send(body, { key: 'one' })
      t.match(again, { status: 202, body: { delivery: first.body['delivery'], state } })
      t.equal(again.headers.get('location'), `/v1/deliveries/${String(first.body['delivery'])}`)
    }
    t.match(await send(`${body} `, { key: 'one' }), { status: 422, body: { code: 'idempotency-key-reused' } })
    t.match(await send(body, { key: 'one', adapter: 'input' }), {
      status: 422,
      body: { code: 'idempotency-key-reused' },
    })
  },
)

t.test('bounds: an input too large, too many that wait, a spool that cannot be written; nothing is kept', async t => {
  const { hub, directory, send, until } = await served(t)
  const file = join(directory, 'spool')
  writeFileSync(file, 'in the way')
  t.match(await send(lines(many(3))), {
    status: 503,
    body: { code: 'store-unavailable', detail: /Nothing of it was kept/ },
  })
  rmSync(file)
  t.match(await send('{}', { adapter: 'absent' }), { status: 404, body: { code: 'adapter-unknown' } })

  const small = { ...hub, config: { ...hub.config, bodyLimitBytes: 2000 } }
  const request = { adapter: 'archives/plain', by: { ...tester, department: 'archives' } }
  const tooLarge = takeIn(small, { ...request, body: chunks(lines(many(100)), 500) })
  await t.rejects(tooLarge, { code: 'body-too-large' })
  t.same(spooled(directory), [])

  await hub.store.transact(tx => takeLease(tx, 'archives/plain', hub.clock()))
  for (let index = 0; index < 50; index++) t.equal((await send(lines(many(1, `q${index}-`)))).status, 202)
  t.match(await send(lines(many(1))), { status: 429, body: { code: 'queue-full' } })
  t.equal(spooled(directory).length, 50)
  await hub.store.transact(tx => tx.run('UPDATE leases SET expires_at = 0'))
  hub.pass(2_000)
  const [last] = await hub.store.read.all<{ id: string }>('SELECT id FROM queue ORDER BY number DESC LIMIT 1')
  await until(last?.id, /done/)
  t.equal((await send(lines(many(1)))).status, 202, 'then there is room again')
  t.equal(Object.keys(await thingsOf(hub, 'q')).length, 50)
})

t.test('a disk that is full: 503, nothing kept, and room again is room again', async t => {
  const directory = folder(t)
  const spool = join(directory, 'spool')
  mkdirSync(spool, { recursive: true })
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', spool]).status === 0
  if (!mounted) return t.comment('not tested: nothing may be mounted here')
  t.teardown(() => spawnSync('umount', ['-l', spool]))
  const { send, until } = await served(t, directory)
  t.match(await send(lines(many(20_000))), { status: 503, body: { code: 'store-unavailable' } })
  t.same(spooled(directory), [])
  const { body } = await send(lines(many(10)))
  t.match(await until(body['delivery'], /done|failed/), { state: 'done', accepted: 10 })
})

t.test('a client that was suspended meanwhile delivers nothing', async t => {
  const { hub, send, get } = await served(t)
  await hub.store.transact(tx => takeLease(tx, 'archives/plain', hub.clock()))
  const { body } = await send(lines(many(3)))
  await hub.store.transact(async tx => {
    await tx.run(`UPDATE clients SET status = 'suspended' WHERE id = 'sender'`)
    await tx.run(`UPDATE hub SET value = value + 1 WHERE name = 'generation'`)
    await tx.run('UPDATE leases SET expires_at = 0')
  })
  hub.published.expire()
  hub.pass(2_000)
  const deadline = Date.now() + 20_000
  let row: { state: string; problem: string | null } | undefined
  do {
    await new Promise(resolve => setTimeout(resolve, 20))
    hub.store.refresh()
    row = await hub.store.read.get('SELECT state, problem FROM queue WHERE id = ?', [String(body['delivery'])])
  } while (row?.state !== 'failed' && Date.now() < deadline)
  t.same(row, { state: 'failed', problem: 'unauthenticated' })
  t.same(await thingsOf(hub), {})
  t.equal((await get(`/v1/deliveries/${String(body['delivery'])}`)).status, 401)
})

t.test('who is stopped in the middle puts the delivery back, and another process ends it', async t => {
  const directory = folder(t)
  const count = 6000
  let id: unknown
  await t.test('taken in by a hub that works nothing off', async t => {
    const hub = await openTestHub(t, directory)
    await publishThings(hub)
    const by = { actor: { kind: 'operator', id: 'tester' }, department: 'archives', request: 'r' } as const
    id = (await takeIn(hub, { adapter: 'archives/plain', body: chunks(lines(many(count)), 8192), by })).delivery
    const queue = new DeliveryQueue(hub, error => t.fail(String(error)))
    await queue.tick()
    while ((await deliveriesOf(hub)).every(({ accepted }) => accepted < 1000)) await new Promise(setImmediate)
    await queue.stop()
    t.match(await deliveriesOf(hub), [{ id, state: 'failed', problem: 'delivery-superseded' }])
    t.match(await hub.store.read.get('SELECT state, attempts FROM queue'), { state: 'queued', attempts: 0 })
  })
  const hub = await openTestHub(t, directory)
  await rotateKeys(hub, tester)
  const queue = new DeliveryQueue(hub, error => t.fail(String(error)))
  await queue.tick()
  await queue.settled()
  const [row] = await hub.store.read.all<{ state: string; delivery: string }>('SELECT state, delivery FROM queue')
  t.match(row, { state: 'done' }, 'though the master key is another by now')
  t.not(row?.delivery, id)
  t.equal(Object.keys(await thingsOf(hub)).length, count)
  t.same(spooled(directory), [])
})

async function deliveriesOf(hub: TestHub): Promise<{ id: string; state: string; accepted: number }[]> {
  hub.store.refresh()
  return hub.store.read.all('SELECT id, state, accepted, problem FROM deliveries ORDER BY started_at, id')
}

/** A hub that no process has open, and who may deliver to it. */
async function closedHub(t: Test): Promise<{ directory: string; client: { id: string; secret: string } }> {
  const directory = join(folder(t), 'hub')
  let client = { id: '', secret: '' }
  await t.test('a hub', async t => {
    const hub = await openTestHub(t, directory)
    await publishThings(hub)
    client = await newSender(hub)
  })
  return { directory, client }
}

t.test('killed while it works off, the hub goes on when it is up again', async t => {
  build()
  const { directory, client } = await closedHub(t)
  const program = programOn(directory, { CONCORD_PORT: '0', CONCORD_LOG_LEVEL: 'silent' })
  const start = async () => {
    const server = program.start(['serve', '--json'])
    t.teardown(() => server.kill('SIGKILL'))
    const [chunk] = (await once(server.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
    const { address } = JSON.parse(chunk.toString()) as { address: string }
    const kill = async (): Promise<void> => {
      server.kill('SIGKILL')
      await once(server, 'exit')
    }
    return { kill, address, ...sender(address, await tokenFor(address, client)) }
  }
  const count = 15_000
  const first = await start()
  const taken = await first.send(lines(many(count)))
  t.equal(taken.status, 202)
  const { delivery: id } = taken.body
  const next = await first.send(lines([{ id: 'after', name: 'A' }]))
  await untilAsync(async () => Number((await first.get(`/v1/deliveries/${String(id)}`)).body['accepted']) > 0)
  await first.kill()
  const files = spooled(directory)
  t.equal(files.length, 2)
  for (const file of files) t.notOk(readFileSync(join(directory, 'spool', file)).includes('WORD'), 'nothing lies open')

  const second = await start()
  const done = await second.until(id, /done|failed/)
  t.match(done, { state: 'done', delivery: id, continuedAs: /^[0-9a-f-]{36}$/, rejected: 0 })
  t.equal(Number(done['accepted']) + Number(done['unchanged']), count)
  t.ok(Number(done['unchanged']) > 0, 'what the first run had kept is there')
  t.match(await second.until(next.body['delivery'], /done|failed/), { state: 'done', accepted: 1 })
  const list = await program.run(['delivery', 'list', '--json'])
  t.match(JSON.parse(list.stdout), {
    deliveries: [
      { state: 'done' },
      { state: 'done' },
      { delivery: id, state: 'failed', problem: 'delivery-superseded' },
    ],
  })
  t.match((await program.run(['delivery', 'show', String(id)])).stdout, /continued as +[0-9a-f-]{36}/)
  await second.kill()
  const hub = await openTestHub(t, directory)
  t.equal(Object.keys(await thingsOf(hub)).length, count + 1)
  t.same(spooled(directory), [])
})

async function untilAsync(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error('it never came to be so')
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

t.test('killed while it takes in, the hub keeps nothing that opens, and removes it later', async t => {
  build()
  const { directory, client } = await closedHub(t)
  const server = programOn(directory, { CONCORD_PORT: '0', CONCORD_LOG_LEVEL: 'silent' }).start(['serve', '--json'])
  t.teardown(() => server.kill('SIGKILL'))
  const [chunk] = (await once(server.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
  const { address } = JSON.parse(chunk.toString()) as { address: string }
  const headers = {
    authorization: `Bearer ${await tokenFor(address, client)}`,
    'content-type': 'application/x-ndjson',
    prefer: 'respond-async',
  }
  const upload = httpRequest(`${address}/v1/adapters/archives/plain/deliveries`, { method: 'POST', headers })
  upload.on('error', () => {})
  upload.write(lines(many(10_000)))
  await untilAsync(async () => spooled(directory).length === 1)
  server.kill('SIGKILL')
  await once(server, 'exit')
  upload.destroy()

  const hub = await openTestHub(t, directory)
  t.same(await hub.store.read.all('SELECT 1 FROM queue'), [])
  t.same(await hub.store.read.all(`SELECT 1 FROM data_keys`), [], 'its data key was in memory only')
  const [left = ''] = spooled(directory)
  const queue = (): Promise<void> => new DeliveryQueue(hub, error => t.fail(String(error))).tick()
  await queue()
  t.same(spooled(directory), [left], 'it may be another process’s, still coming in')
  const hourAgo = Date.now() / 1000 - 3600
  utimesSync(join(directory, 'spool', left), hourAgo, hourAgo)
  await queue()
  t.same(spooled(directory), [])
})

t.test('respond-async is found among other preferences (RFC 7240)', async t => {
  const headers: [string | undefined, boolean][] = [
    ['respond-async', true],
    ['Respond-Async, wait=100', true],
    ['return=minimal; foo="some, respond-async", handling=lenient', false],
    ['wait=10 , respond-async ; x=1', true],
    ['respond-asynchronously', false],
    ['', false],
    [undefined, false],
  ]
  for (const [header, expected] of headers) t.equal(prefersAsync(header), expected, String(header))
})
