/** How often may be called, and what happens when it is too much for the process. */
import t, { type Test } from 'tap'
import { createClient, setClientRate } from '../../src/exchange/clients.ts'
import { putDepartment } from '../../src/exchange/departments.ts'
import { Refusals } from '../../src/exchange/supervise.ts'
import type { Hub } from '../../src/exchange/hub.ts'
import type { Entry } from '../../src/log/entry.ts'
import { buildApp } from '../../src/web/app.ts'
import { CallLimits } from '../../src/web/limits.ts'
import { TokenBuckets } from '../../src/web/token-buckets.ts'
import { openTestHub, requestToken, serve, tester, tokenFor, type TestHub } from '../helper.ts'

const call = '/v1/standards/nothing/records/x'

t.test('a bucket lets in its burst at once, then so many a second', async t => {
  let now = 0
  const buckets = new TokenBuckets(10, () => now)
  const rate = { perSecond: 2, burst: 4 }
  const taken = (): unknown => {
    const { isLetIn, left, fullIn, nextIn } = buckets.take('a', rate)
    return [isLetIn, left, fullIn, nextIn]
  }
  t.same(
    [taken(), taken(), taken(), taken(), taken()],
    [
      [true, 3, 1, 0],
      [true, 2, 1, 0],
      [true, 1, 2, 0],
      [true, 0, 2, 1],
      [false, 0, 2, 1],
    ],
  )
  t.ok(buckets.take('b', rate).isLetIn, 'another key has a bucket of its own')
  now = 499
  t.notOk(buckets.take('a', rate).isLetIn)
  now = 500
  t.ok(buckets.take('a', rate).isLetIn)
  t.notOk(buckets.take('a', rate).isLetIn)
  now = 3_600_000
  t.same(taken(), [true, 3, 1, 0], 'it is never more than full')
})

t.test('of more keys than are kept, the oldest is forgotten', async t => {
  const buckets = new TokenBuckets(2, () => 0)
  const rate = { perSecond: 1, burst: 1 }
  const isLetIn = (key: string): boolean => buckets.take(key, rate).isLetIn
  t.same(['a', 'b', 'b', 'c', 'b', 'a'].map(isLetIn), [true, true, false, true, false, true])
})

t.test(
  'a client above its rate: 429, when to come again, what is left, and entries that do not grow with it',
  async t => {
    const { hub, token, url } = await openLimited(t, { rateLimit: 0 })
    const headers = { authorization: `Bearer ${token}` }
    const unlimited = await fetch(url + call, { headers })
    t.equal(unlimited.headers.get('ratelimit'), null, 'no limit, no header')
    await setClientRate(hub, tester, 'permits', { perSecond: 1, burst: 3 })
    const replies = await burst(url, headers, 20)
    const [first] = replies
    t.equal(first?.headers.get('ratelimit-policy'), '"client";q=3;w=3')
    t.match(first?.headers.get('ratelimit'), /^"client";r=[0-2];t=[1-3]$/)
    const refused = replies.filter(({ status }) => status === 429)
    // A second or more of the machine's own lets one or another in.
    t.ok(refused.length >= 10, `${refused.length} of 20 are refused`)
    t.match(refused[0]?.json, { code: 'rate-limited', status: 429 })
    t.match(refused[0]?.headers.get('content-type'), /^application\/problem\+json/)
    t.equal(refused[0]?.headers.get('retry-after'), '1')
    t.equal(refused[0]?.headers.get('ratelimit'), '"client";r=0;t=3')

    const limited = (await entries(hub)).filter(entry => 'problem' in entry && entry.problem === 'rate-limited')
    t.match(limited, [{ operation: 'read', outcome: 'refused', actor: { id: 'permits' } }], 'the first one at once')
    await hub.stopServing()
    const further = (await entries(hub)).filter(({ operation }) => operation === 'further-refusals')
    t.match(further, [
      { count: refused.length - 1, actor: { id: 'permits' }, department: 'housing', problem: 'rate-limited' },
    ])
  },
)

t.test('every client has the rate of the hub, each for itself', async t => {
  const { hub, token, url } = await openLimited(t, { rateLimit: 1 })
  const other = await createClient(hub, tester, {
    id: 'other',
    department: 'housing',
    title: 'Other',
    scopes: ['read'],
  })
  const otherToken = await tokenFor(url, other)
  const replies = await burst(url, { authorization: `Bearer ${token}` }, 10)
  t.ok(replies.some(({ status }) => status === 429))
  t.equal(replies[0]?.headers.get('ratelimit-policy'), '"client";q=2;w=2')
  t.equal((await fetch(url + call, { headers: { authorization: `Bearer ${otherToken}` } })).status, 404)
  t.equal((await fetch(`${url}/v1/standards`)).status, 200, 'what anyone may call is not counted')
})

t.test('a refusal for another reason counts too: the rate bounds what entries a client can make', async t => {
  const { hub, token, url } = await openLimited(t, { rateLimit: 2 })
  const before = (await entries(hub)).length
  const post = (): Promise<Response> =>
    fetch(`${url}/v1/adapters/a/b/deliveries`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/xml' },
      body: '<x/>',
    })
  const statuses = (await Promise.all(Array.from({ length: 20 }, post))).map(({ status }) => status)
  const forbidden = statuses.filter(status => status === 403).length
  t.same([...new Set(statuses)].sort(), [403, 429])
  t.equal((await entries(hub)).length - before, forbidden + 1)
})

t.test(
  'whoever asks for tokens too often is refused before the secret is looked at; another address is not',
  async t => {
    const { hub: opened, url, client } = await openLimited(t, { tokenRateLimit: 1 })
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => requestToken(url, { ...client, secret: 'guess' })),
    )
    const statuses = replies.map(({ status }) => status)
    t.ok(statuses.includes(401) && statuses.includes(429))
    const refused = replies.find(({ status }) => status === 429)
    t.match(refused?.headers.get('retry-after'), /^\d+$/)
    t.equal(refused?.headers.get('ratelimit-policy'), '"address";q=10;w=10')
    t.match(await refused?.json(), { code: 'rate-limited' })
    await opened.stopServing()
    t.match(
      (await entries(opened)).at(-1),
      { operation: 'anonymous-refusals', count: 20 },
      'those who are not let in are counted',
    )

    const hub = await openTestHub(t)
    const limits = new CallLimits({ config: { ...hub.config, tokenRateLimit: 1 } }, () => 0)
    const isLetIn = (ip: string): boolean => {
      try {
        limits.admitAddress({ ip }, noReply)
        return true
      } catch {
        return false
      }
    }
    for (let request = 0; request < 10; request++) isLetIn(`2001:db8:0:1::${request}`)
    t.notOk(isLetIn('2001:db8:0:1:ffff::1'), 'an IPv6 network is one caller')
    t.ok(isLetIn('2001:db8:0:2::1'))
    t.ok(isLetIn('::1'))
    t.ok(isLetIn('192.0.2.1'))
  },
)

t.test(
  'a process that cannot keep up sheds calls with 503, says how it is, and takes them again afterwards',
  async t => {
    const pressure = { eventLoopDelayMs: 100, heapBytes: 0, rssBytes: 0 }
    const { url, token } = await openLimited(t, { pressure })
    const get = (path: string): Promise<Response> =>
      fetch(url + path, { headers: { authorization: `Bearer ${token}`, connection: 'close' } })
    t.equal((await get(call)).status, 404)
    const busy = occupyLoop(300)
    const shed = await until(async () => {
      const reply = await get(call)
      return reply.status === 503 ? reply : undefined
    })
    t.match(shed.headers.get('content-type'), /^application\/problem\+json/)
    t.match(shed.headers.get('retry-after'), /^[1-9]\d*$/)
    t.match(await shed.json(), { code: 'overloaded', status: 503 })
    t.equal((await get('/healthz')).status, 200)
    t.match(await (await get('/readyz')).json(), { status: 'ok', overloaded: true })
    busy.end()
    t.equal(await until(async () => ((await get(call)).status === 404 ? 404 : undefined)), 404, 'it has recovered')
  },
)

t.test('a process whose memory is beyond its bound sheds calls', async t => {
  const { url } = await openLimited(t, { pressure: { eventLoopDelayMs: 0, heapBytes: 0, rssBytes: 1 } })
  const reply = await until(async () => {
    const got = await fetch(`${url}/v1/standards`)
    return got.status === 503 ? got : undefined
  })
  t.match(await reply.json(), { code: 'overloaded' })
  t.equal((await fetch(`${url}/healthz`)).status, 200)
})

const noReply = { header: () => noReply } as unknown as Parameters<CallLimits['admitAddress']>[1]

type Bounds = Partial<Pick<Hub['config'], 'rateLimit' | 'tokenRateLimit' | 'pressure'>>

async function openLimited(t: Test, bounds: Bounds) {
  const opened = await openTestHub(t)
  const hub = { ...opened, config: { ...opened.config, ...bounds } }
  await putDepartment(hub, tester, { id: 'housing', titles: { 'zh-CN': '住建', en: 'Housing' } })
  const title = 'Permit system'
  const client = await createClient(hub, tester, { id: 'permits', department: 'housing', title, scopes: ['read'] })
  const refusals = new Refusals()
  const app = await buildApp(hub, refusals)
  t.teardown(() => app.close())
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const token =
    bounds.pressure === undefined ? await tokenFor(url, client) : await tokenFor(await serve(t, opened), client)
  /** As a server that stops does, and one that goes on does every minute. */
  const stopServing = (): Promise<void> => refusals.enter(hub)
  return { hub: { ...hub, stopServing }, client, url, token }
}

async function burst(url: string, headers: Record<string, string>, count: number) {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const reply = await fetch(url + call, { headers })
      return { status: reply.status, headers: reply.headers, json: (await reply.json()) as unknown }
    }),
  )
}

async function entries(hub: Pick<TestHub, 'log'>): Promise<Entry[]> {
  return (await hub.log.entries({ from: 0, limit: 1000 })).map(({ entry }) => JSON.parse(entry) as Entry)
}

/** Keeps the event loop busy, turn after turn. */
function occupyLoop(ms: number): { end(): void } {
  let isOver = false
  const turn = (): void => {
    const end = performance.now() + ms
    while (performance.now() < end);
    if (!isOver) setImmediate(turn)
  }
  turn()
  return { end: () => void (isOver = true) }
}

async function until<Found>(look: () => Promise<Found | undefined>): Promise<Found> {
  const deadline = performance.now() + 60_000
  while (performance.now() < deadline) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  throw new Error('it has not happened in a minute')
}
