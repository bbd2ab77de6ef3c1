import t, { type Test } from 'tap'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { setCredential } from '../../src/exchange/credentials.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { ledTo } from '../../src/exchange/pull-request.ts'
import { pull } from '../../src/exchange/pull.ts'
import type { CredentialKind } from '../../src/store/credentials.ts'
import { tester, type TestHub } from '../helper.ts'
import {
  allowing,
  deliveries,
  entriesOf,
  id,
  ndjson,
  openUnitsHub,
  pullRow,
  quickWaits,
  startSource,
  unitNumbers,
  units,
  unitsAdapter,
  type Unit,
} from './units.ts'

const schedule = '0 3 * * *'

const run = (hub: TestHub, more = {}) => pull(hub, id, { by: tester, waits: quickWaits(), ...more })

/** A hub whose adapter pulls from a source, `path` of it. */
async function openHubOn(t: Test, answer: RequestListener, http: object = {}, adapter: object = {}) {
  const source = await startSource(t, answer)
  const pullHttp = { schedule, http: { url: `${source.origin}/units`, ...http } }
  const hub = await openUnitsHub(t, { pull: pullHttp, ...adapter }, allowing(source))
  return { hub, source, pullHttp }
}

const queryOf = ({ url = '' }: IncomingMessage): URLSearchParams => new URL(url, 'http://x').searchParams

t.test(
  'what has not changed since the last good run is asked for by its validators, and not delivered again',
  async t => {
    const state = { list: units(1, 3), etag: '"one"' }
    const { hub, source, pullHttp } = await openHubOn(t, (request, response) => {
      response.setHeader('ETag', state.etag)
      response.setHeader('Last-Modified', 'Sun, 01 Mar 2026 00:00:00 GMT')
      const isSame = request.headers['if-none-match'] === state.etag
      if (isSame) response.writeHead(304).end()
      else response.end(ndjson(state.list))
    })
    t.match(await run(hub), { outcome: 'delivered', receipts: [{ accepted: 3 }] })
    t.match(await run(hub), { outcome: 'not-modified', receipts: [] })
    t.match(source.requests[1]?.headers, {
      'if-none-match': '"one"',
      'if-modified-since': 'Sun, 01 Mar 2026 00:00:00 GMT',
    })
    t.equal((await deliveries(hub)).length, 1)
    t.match(await pullRow(hub), { outcome: 'not-modified', failures: 0, problem: null })

    Object.assign(state, { list: units(1, 4), etag: '"two"' })
    t.match(await run(hub), { outcome: 'delivered', receipts: [{ accepted: 1, unchanged: 3 }] })
    t.match(await run(hub, { anew: true }), { outcome: 'delivered', receipts: [{ unchanged: 4 }] }, 'anew asks for all')

    await publishAdapter(hub, tester, unitsAdapter({ pull: pullHttp, version: '1.0.1' }))
    t.match(await run(hub), { outcome: 'delivered' }, 'another version may make something else of the same bytes')
  },
)

t.test('the validators of an answer that was cut off are not kept', async t => {
  let isWhole = false
  const { hub, source } = await openHubOn(t, (_request, response) => {
    response.writeHead(200, { ETag: '"one"', 'Content-Length': Buffer.byteLength(ndjson(units(1, 3))) })
    if (isWhole) response.end(ndjson(units(1, 3)))
    else response.write(ndjson(units(1, 2)), () => response.destroy())
  })
  await t.rejects(run(hub), { code: 'pull-failed', message: /ended its answer early/, receipt: { accepted: 2 } })
  t.match(await deliveries(hub), [{ state: 'failed', accepted: 2 }])
  t.match(await pullRow(hub), { outcome: 'failed', failures: 1, problem: { code: 'pull-failed' } })
  isWhole = true
  t.match(await run(hub), { outcome: 'delivered', receipts: [{ accepted: 1, unchanged: 2 }] })
  t.equal(source.requests[1]?.headers['if-none-match'], undefined)
})

type Pages = {
  readonly name: string
  readonly paging: object
  readonly answer: (list: readonly Unit[]) => RequestListener
}

/** Sources of every kind of paging, that give three records at a time however many are asked for. */
const size = 3
const json = (response: ServerResponse, body: object) => response.end(JSON.stringify(body))
const pagings: readonly Pages[] = [
  {
    name: 'an address in the page',
    paging: { next: '/links/next/href' },
    answer: list => (request, response) => {
      const at = Number(queryOf(request).get('at') ?? 0)
      const next = at + size < list.length ? { next: { href: `?at=${at + size}` } } : {}
      json(response, { items: list.slice(at, at + size), links: next })
    },
  },
  {
    name: 'the Link header',
    paging: { next: 'link' },
    answer: list => (request, response) => {
      const at = Number(queryOf(request).get('at') ?? 0)
      const next = at + size < list.length ? `, </units?at=${at + size}>; title="a, b"; rel="prefetch next"` : ''
      response.setHeader('Link', `</units>; rel="first"${next}`)
      json(response, { items: list.slice(at, at + size) })
    },
  },
  {
    name: 'a number',
    paging: { page: 'page', from: 0, size: { parameter: 'limit', number: 5 } },
    answer: list => (request, response) => {
      const at = Number(queryOf(request).get('page')) * size
      json(response, { items: list.slice(at, at + size) })
    },
  },
  {
    name: 'an offset, though pages are smaller than asked for',
    paging: { offset: 'skip', size: { parameter: 'top', number: 5 } },
    answer: list => (request, response) => {
      const at = Number(queryOf(request).get('skip'))
      json(response, { items: list.slice(at, at + size) })
    },
  },
  {
    name: 'a cursor beyond 2^53',
    paging: { cursor: { parameter: 'after', path: '/cursor' } },
    answer: list => (request, response) => {
      const before = 90071992547409930n
      const at = Number(BigInt(queryOf(request).get('after') ?? before) - before)
      const isLast = at + size >= list.length
      const items = JSON.stringify(list.slice(at, at + size))
      response.end(`{"cursor": ${isLast ? 'null' : before + BigInt(at + size)}, "items": ${items}}`)
    },
  },
]

for (const { name, paging, answer } of pagings) {
  t.test(`pages by ${name} are one delivery, and a snapshot withdraws only when all came`, async t => {
    let list = units(1, 7)
    let breaksAt = Infinity
    const { hub, source } = await openHubOn(
      t,
      (request, response) => {
        if (source.requests.length >= breaksAt) response.writeHead(500).end()
        else answer(list)(request, response)
      },
      { paging },
      { mode: 'snapshot', source: { format: 'json', records: 'items' } },
    )
    t.match(await run(hub), { outcome: 'delivered', receipts: [{ accepted: 7 }] })
    list = units(3, 9)
    breaksAt = source.requests.length + 3
    await t.rejects(run(hub), { code: 'pull-failed', message: /status 500/ })
    t.same(
      await unitNumbers(hub),
      units(1, 8).map(unit => unit.id),
      'two pages were kept, nothing was withdrawn',
    )
    breaksAt = Infinity
    t.match(await run(hub), { receipts: [{ accepted: 1, unchanged: 6, withdrawn: 2 }] })
    t.same(
      await unitNumbers(hub),
      units(3, 9).map(unit => unit.id),
    )
  })
}

t.test('pages of XML name the next one by element and attribute', async t => {
  const row = ({ id: number, name }: Unit) => `<u><id>${number}</id><name>${name}</name></u>`
  const { hub } = await openHubOn(
    t,
    (request, response) => {
      const at = Number(queryOf(request).get('at') ?? 0)
      const next = at < 4 ? `<page next="units?at=${at + 2}"/>` : '<page/>'
      response.end(
        `<feed>${next}${units(1, 6)
          .slice(at, at + 2)
          .map(row)
          .join('')}</feed>`,
      )
    },
    { paging: { next: '/feed/page/@next' } },
    { source: { format: 'xml', records: 'feed/u' } },
  )
  t.match(await run(hub), { receipts: [{ accepted: 6 }] })
})

t.test('a source that goes round in circles is refused, by address or by content', async t => {
  const circles: [paging: object, answer: RequestListener][] = [
    [{ next: '/next' }, (_request, response) => json(response, { next: '/units', items: units(1, 2) })],
    [{ page: 'page' }, (_request, response) => json(response, { items: units(1, 2) })],
  ]
  for (const [paging, answer] of circles) {
    const { hub } = await openHubOn(t, answer, { paging }, { source: { format: 'json', records: 'items' } })
    await t.rejects(run(hub), { code: 'pull-failed', message: /same page again/ })
  }
})

t.test('a page without records does not end the pages while it names a next one', async t => {
  const pagings: [paging: object, next: (at: number) => object][] = [
    [{ cursor: { parameter: 'at', path: '/cursor' } }, at => ({ cursor: String(at) })],
    [{ next: '/next' }, at => ({ next: `?at=${at}` })],
  ]
  for (const [paging, next] of pagings) {
    let isHollow = false
    const { hub } = await openHubOn(
      t,
      (request, response) => {
        const at = Number(queryOf(request).get('at') ?? 0)
        const items = at === 3 || (isHollow && at === 1) ? [] : units(at * 2 + 1, at * 2 + 2)
        // The last one names itself, as sources do that may have more later.
        json(response, { items, ...next(Math.min(at + 1, 3)) })
      },
      { paging },
      { mode: 'snapshot', source: { format: 'json', records: 'items' } },
    )
    t.match(await run(hub), { receipts: [{ accepted: 6 }] })
    isHollow = true
    t.match(await run(hub), { receipts: [{ unchanged: 4, withdrawn: 2 }] })
    t.same(await unitNumbers(hub), ['U1', 'U2', 'U5', 'U6'])
  }
})

type Hollow = {
  readonly format: 'json' | 'xml'
  readonly records: string
  readonly at: readonly string[]
  readonly not: readonly string[]
}

const hollows: readonly Hollow[] = [
  { format: 'json', records: 'items', at: ['{"items":[]}', '{"items":null}'], not: ['{"error":"quota"}', '{}', '[]'] },
  { format: 'json', records: 'data/*', at: ['{"data":{"a":[]}}', '{"data":[]}'], not: ['{"data":null}', '{"error":1}'] },
  { format: 'xml', records: 'feed/u', at: ['<feed/>', '<feed><total>0</total></feed>'], not: ['<error>quota</error>'] },
  { format: 'xml', records: 'a/b/u', at: ['<a><b/></a>'], not: ['<a><error/></a>', '<b/>'] },
] // prettier-ignore

t.test('a page without records, nor the place for them, is not taken for the last', async t => {
  for (const { format, records, at, not } of hollows) {
    for (const paging of [{ page: 'page' }, { offset: 'page' }, { next: 'link' }]) {
      let answer = ''
      const source = { format, records }
      const { hub } = await openHubOn(t, (_request, response) => response.end(answer), { paging }, { source })
      for (answer of at) t.match(await run(hub), { outcome: 'nothing-new' }, answer)
      for (answer of not) {
        await t.rejects(run(hub), { code: 'pull-failed', message: /not taken for the last/ }, answer)
      }
    }
  }
})

t.test('an error that is answered with the status 200 withdraws nothing', async t => {
  let isBroken = false
  const { hub } = await openHubOn(
    t,
    (request, response) => {
      const page = Number(queryOf(request).get('page'))
      if (isBroken && page === 2) json(response, { error: 'quota exceeded' })
      else json(response, { items: page < 4 ? units(page * 2 - 1, page * 2) : [] })
    },
    { paging: { page: 'page' } },
    { mode: 'snapshot', source: { format: 'json', records: 'items' } },
  )
  await run(hub)
  isBroken = true
  await t.rejects(run(hub), { code: 'pull-failed' })
  t.equal((await unitNumbers(hub)).length, 6)
})

t.test('neither a redirect nor a next page leads from https to http', async t => {
  const from = new URL('https://a.example/units?key=SECRET-MARKER')
  for (const to of ['http://a.example/units', 'ftp://a.example/']) {
    t.throws(() => ledTo(from, to, 'redirects to'), { code: 'pull-failed', message: /without TLS/ })
  }
  t.throws(() => ledTo(from, 'https://[', 'redirects to'), { message: /a\.example\/units redirects to is no address/ })
  t.equal(ledTo(from, '?at=2', '').href, 'https://a.example/units?at=2')
  t.equal(ledTo(new URL('http://a.example'), 'https://b.example', '').href, 'https://b.example/')
})

t.test('a first page without records is nothing new, and no delivery', async t => {
  const { hub } = await openHubOn(t, (_request, response) => json(response, []), { paging: { page: 'p' } }, {
    mode: 'snapshot',
    source: { format: 'json', records: '' },
  }) // prettier-ignore
  t.match(await run(hub), { outcome: 'nothing-new' })
  t.same(await deliveries(hub), [])
})

const secrets: [kind: CredentialKind, secret: string, arrives: (request: IncomingMessage) => unknown, as: string][] = [
  ['bearer', 'SECRET-MARKER', ({ headers }) => headers.authorization, 'Bearer SECRET-MARKER'],
  ['basic', 'reader:SECRET-MARKER', ({ headers }) => headers.authorization, `Basic ${btoa('reader:SECRET-MARKER')}`],
  ['header', 'X-Api-Key: SECRET-MARKER', ({ headers }) => headers['x-api-key'], 'SECRET-MARKER'],
  ['query', 'key=SECRET-MARKER', request => queryOf(request).get('key'), 'SECRET-MARKER'],
]

for (const [kind, secret, arrives, as] of secrets) {
  t.test(`a ${kind} credential goes to its origin, on a redirect too, and to no other`, async t => {
    const other = await startSource(t, (_request, response) => response.end(ndjson(units(1, 2))))
    const { hub, source } = await openHubOn(
      t,
      ({ url = '' }, response) => {
        const to = url.startsWith('/units') ? '/moved' : `${other.origin}/elsewhere`
        response.writeHead(302, { Location: to }).end()
      },
      { credential: 'exchange', headers: { 'X-Own': 'own' } },
    )
    await setCredential(hub, tester, { name: 'social-security/exchange', kind, origin: source.origin, secret })
    const both = { ...hub, config: { ...hub.config, ...allowing(other) } }
    t.match(await run(both), { receipts: [{ accepted: 2 }] }, 'a credential lets its origin be asked')
    t.equal(source.requests.length, 2)
    for (const request of source.requests) {
      t.equal(arrives(request), as)
      t.equal(request.headers['x-own'], 'own')
    }
    t.equal(other.requests.length, 1)
    t.notMatch(JSON.stringify([other.requests[0]?.url, other.requests[0]?.headers]), /SECRET-MARKER|x-own|key=/i)

    const tables = ['credentials', 'data_keys', 'pulls', 'deliveries', 'adapters', 'outbox']
    for (const table of tables) {
      t.notMatch(JSON.stringify(await hub.store.read.all(`SELECT * FROM ${table}`)), /SECRET-MARKER/, table)
    }
    t.notMatch(JSON.stringify(await hub.log.entries({ from: 0, limit: 1000 })), /SECRET-MARKER/)
  })
}

t.test('no message of a failure holds a query or a secret', async t => {
  const { hub, source } = await openHubOn(t, (_request, response) => response.writeHead(403).end('SECRET-MARKER'), {
    credential: 'exchange',
    url: 'http://replaced.example/',
  })
  const url = `${source.origin}/units?token=SECRET-MARKER`
  await publishAdapter(
    hub,
    tester,
    unitsAdapter({ version: '1.0.1', pull: { schedule, http: { url, credential: 'exchange' } } }),
  )
  const of = {
    name: 'social-security/exchange',
    kind: 'query',
    origin: source.origin,
    secret: 'key=SECRET-MARKER',
  } as const
  await setCredential(hub, tester, of)
  const failed = (await run(hub).catch((error: unknown) => error)) as Error
  t.match(failed, { code: 'pull-failed', message: `${source.origin}/units answers with the status 403` })
  t.notMatch(`${failed.stack}${String(failed.cause)}${JSON.stringify(await pullRow(hub))}`, /SECRET-MARKER/)
  t.match(await entriesOf(hub, 'deliver'), [
    { outcome: 'failed', problem: 'pull-failed', actor: { id: 'tester' }, detail: { act: 'pull', adapter: id } },
  ])
})

t.test('a credential of another origin, of another department, or none is not used', async t => {
  const { hub, source } = await openHubOn(t, (_request, response) => response.end(''), { credential: 'exchange' })
  await t.rejects(run(hub), { code: 'credential-unknown', message: /social-security\/exchange/ })
  const credential = { kind: 'bearer', secret: 'x' } as const
  await setCredential(hub, tester, { ...credential, name: 'taxation/exchange', origin: source.origin })
  await t.rejects(run(hub), { code: 'credential-unknown' })
  await setCredential(hub, tester, { ...credential, name: 'social-security/exchange', origin: 'https://a.example' })
  await t.rejects(run(hub), { code: 'pull-failed', message: /is for https:\/\/a\.example and is not sent to/ })
  t.same(source.requests, [])
})

t.test('only hosts that the operator allows are asked, redirects included', async t => {
  const secret = await startSource(t, (_request, response) => response.end(ndjson(units(1, 1))))
  const { hub, source } = await openHubOn(t, (_request, response) =>
    response.writeHead(307, { Location: secret.origin }).end(),
  )
  const with_ = (...pullHosts: string[]) => ({ ...hub, config: { ...hub.config, pullHosts } })
  for (const hosts of [[], ['127.0.0.1'], ['127.0.0.1:1'], ['*.0.0.1:1', 'example.com'], ['*.example']]) {
    await t.rejects(run(with_(...hosts)), { message: /may not ask 127.*CONCORD_PULL_HOSTS/ }, hosts.join())
  }
  t.same(source.requests, [])
  await t.rejects(run(hub), { message: new RegExp(`may not ask ${new URL(secret.origin).host}`) })
  t.same(secret.requests, [])
  t.match(await run(with_('*')), { receipts: [{ accepted: 1 }] })
})

t.test('Retry-After is obeyed: within the run where it is short, by the next run where it is long', async t => {
  let after = '2'
  let refusals = 2
  const { hub } = await openHubOn(t, (_request, response) => {
    if (refusals-- > 0) response.writeHead(refusals % 2 ? 429 : 503, { 'Retry-After': after }).end()
    else response.end(ndjson(units(1, 2)))
  })
  const waits = quickWaits()
  t.match(await run(hub, { waits }), { receipts: [{ accepted: 2 }] })
  t.same(waits.pauses, [2000, 2000])
  const now = hub.clock().getTime()
  for (const [text, seconds] of [
    ['7200', 7200],
    [new Date(now + 5_400_000).toUTCString(), 5400],
  ] as const) {
    after = text
    refusals = 1
    await t.rejects(run(hub), { message: /busy/ })
    t.equal((await pullRow(hub)).nextAt, new Date(now + seconds * 1000).toISOString())
  }
  after = '31536000'
  refusals = 1
  await t.rejects(run(hub))
  t.equal((await pullRow(hub)).nextAt, new Date(now + 86_400_000).toISOString(), 'a day at most')
})

t.test('an answer that does not begin, stalls or trickles is ended', async t => {
  const begin = (response: ServerResponse) => response.write(ndjson(units(1, 1)))
  const answers: [what: string, answer: RequestListener, message: RegExp][] = [
    ['nothing', () => {}, /stopped answering/],
    ['a beginning only', (_request, response) => void begin(response), /stopped answering/],
    [
      'a byte now and then',
      (_request, response) => {
        begin(response)
        const timer = setInterval(() => response.write(' '), 20)
        response.on('close', () => clearInterval(timer))
      },
      /takes too long/,
    ],
  ]
  for (const [what, answer, message] of answers) {
    const { hub } = await openHubOn(t, answer)
    await t.rejects(
      run(hub, { waits: quickWaits({ answerMs: 150, wholeMs: 400 }) }),
      { code: 'pull-failed', message },
      what,
    )
  }
})

t.test('more bytes than a delivery may have are refused, counted after decompression and over all pages', async t => {
  const list = units(1, 400)
  const { hub, source, pullHttp } = await openHubOn(t, (request, response) => {
    const isZipped = /gzip/.test(String(request.headers['accept-encoding']))
    t.ok(isZipped, 'compression is asked for')
    response.setHeader('Content-Encoding', 'gzip')
    const at = Number(queryOf(request).get('at') ?? 0)
    response.end(gzipSync(ndjson(queryOf(request).has('at') ? list.slice(at, at + 100) : list)))
  })
  const limited = { ...hub, config: { ...hub.config, bodyLimitBytes: 10_000 } }
  await t.rejects(run(limited), { code: 'pull-failed', message: /CONCORD_BODY_LIMIT_BYTES/ })
  t.match(await run(hub), { receipts: [{ accepted: 400 }] })
  const paged = { ...pullHttp, http: { ...pullHttp.http, paging: { offset: 'at' } } }
  await publishAdapter(hub, tester, unitsAdapter({ pull: paged, version: '1.0.1' }))
  await t.rejects(run(limited), { message: /CONCORD_BODY_LIMIT_BYTES/ })
  t.match(await run(hub), { receipts: [{ unchanged: 400 }] })
  t.equal(source.requests.length, 2 + 3 + 5)
})

t.test('an answer that is neither the input nor a redirect fails with what to do', async t => {
  let status = 0
  const { hub } = await openHubOn(t, (_request, response) => response.writeHead(status).end())
  for (const [given, message] of [
    [401, /concord credential set/],
    [404, /mend it in the adapter/],
    [204, /status 204/],
    [304, /status 304/],
    [302, /status 302/],
    [500, /ask whoever runs it/],
  ] as const) {
    status = given
    await t.rejects(run(hub), { code: 'pull-failed', message }, String(given))
  }
  t.match(await pullRow(hub), { failures: 6 })
  t.same(await deliveries(hub), [])
})

t.test('a source that is not there, or redirects without end, is named with its code', async t => {
  const { hub } = await openHubOn(t, ({ url = '' }, response) => response.writeHead(302, { Location: `${url}x` }).end())
  await t.rejects(run(hub), { message: /redirects again and again/ })
  let gone = ''
  await t.test('a source that goes', async t => {
    gone = (await startSource(t, () => {})).origin
  })
  const pullHttp = { schedule, http: { url: gone } }
  await publishAdapter(hub, tester, unitsAdapter({ pull: pullHttp, version: '1.0.1' }))
  const anywhere = { ...hub, config: { ...hub.config, pullHosts: ['*'] } }
  await t.rejects(run(anywhere), { message: /cannot be reached.*ECONNREFUSED/ })
})
