/** Changes and exports over HTTP: formats, headers, connections that end early. */
import t, { type Test } from 'tap'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { createGunzip } from 'node:zlib'
import { createAgreement } from '../../src/exchange/agreements.ts'
import { revokeAgreement } from '../../src/exchange/agreement-acts.ts'
import { createClient, setClientStatus } from '../../src/exchange/clients.ts'
import type { Entry } from '../../src/log/entry.ts'
import { openTestHub, serve, tester, tokenFor, type TestHub } from '../helper.ts'
import { deliverThings, publishThings } from '../exchange/things.ts'

type Served = { hub: TestHub; url: string; headers: Record<string, string> }

async function open(t: Test, count = 3): Promise<Served> {
  const hub = await openTestHub(t)
  await publishThings(hub)
  await grant(hub, 'm')
  const about = { id: 'archive', department: 'archives', title: 'Archive', scopes: ['read'] } as const
  const client = await createClient(hub, tester, about)
  const things = Array.from({ length: count }, (_, index) => ({ id: `k${index}`, note: 'n'.repeat(40) }))
  await deliverThings(hub, 'data-bureau/input', things)
  const url = await serve(t, hub)
  const headers = { authorization: `Bearer ${await tokenFor(url, client)}`, 'concord-matter': 'm' }
  return { hub, url: `${url}/v1/standards/thing`, headers }
}

function grant(hub: TestHub, matter: string) {
  return createAgreement(hub, tester, {
    department: 'archives',
    standard: 'thing',
    major: 1,
    fields: ['id', 'note'],
    operations: ['export', 'changes'],
    matters: [matter],
    from: new Date(0),
    until: new Date('2100-01-01'),
  })
}

/** Not by fetch, which unpacks what it gets and hides how a connection ends. */
async function get(url: string, headers: Record<string, string>): Promise<IncomingMessage> {
  const [reply] = (await once(request(url, { headers }).end(), 'response')) as [IncomingMessage]
  return reply
}

const entriesOf = async (hub: TestHub, operation: string): Promise<Entry[]> =>
  (await hub.log.entries({ from: 0, limit: 1000 }))
    .map(({ entry }) => JSON.parse(entry) as Entry)
    .filter(entry => entry.operation === operation)

t.test('an export comes in the format that is asked for, and names its entry and its cursor', async t => {
  const { hub, url, headers } = await open(t)
  const cases: [accept: string | undefined, type: string, begins: RegExp][] = [
    [undefined, 'application/x-ndjson', /^\{"standard":"thing"/],
    ['*/*', 'application/x-ndjson', /^\{/],
    ['application/x-ndjson', 'application/x-ndjson', /^\{/],
    ['text/csv', 'text/csv; charset=utf-8; header=present', /^key,/],
    ['text/*', 'text/csv; charset=utf-8; header=present', /^key,/],
    ['application/xml, text/csv;q=0.9', 'application/xml; charset=utf-8', /^<\?xml/],
    ['application/json, text/csv;q=0.2, application/xml;q=0.1', 'text/csv; charset=utf-8; header=present', /^key,/],
    ['application/x-ndjson;q=0, */*;q=0.1', 'text/csv; charset=utf-8; header=present', /^key,/],
  ]
  for (const [accept, type, begins] of cases) {
    const size = await hub.log.size()
    const reply = await get(`${url}/export`, { ...headers, ...(accept === undefined ? {} : { accept }) })
    t.equal(reply.statusCode, 200, accept ?? 'none')
    t.equal(reply.headers['content-type'], type)
    t.equal(reply.headers['concord-entry'], String(size))
    t.equal(reply.headers['vary'], 'Accept, Accept-Encoding')
    const body = await text(reply)
    t.match(body, begins)
    const cursor = String(reply.headers['concord-cursor'])
    if (type.includes('ndjson')) t.ok(body.endsWith(`{"cursor":"${cursor}"}\n`))
    if (type.includes('xml')) t.match(body, `<cursor>${cursor}</cursor>`)
  }
  for (const accept of ['application/json', 'image/png', 'text/csv;q=0', 'text/csv;q=high', ';;,']) {
    const reply = await get(`${url}/export`, { ...headers, accept })
    t.match(JSON.parse(await text(reply)), { status: 406, code: 'not-acceptable' }, accept)
  }
  t.match((await entriesOf(hub, 'export')).at(-1), { outcome: 'refused', problem: 'not-acceptable' })
})

t.test('an export is packed for who takes gzip, and for nobody else', async t => {
  const { url, headers } = await open(t)
  const plain = await text(await get(`${url}/export`, headers))
  const cases: [string, boolean][] = [
    ['gzip', true],
    ['br, GZIP;q=0.5', true],
    ['*', true],
    ['identity', false],
    ['gzip;q=0', false],
    ['gzip;q=0, *', false],
    ['br', false],
  ]
  for (const [encoding, isPacked] of cases) {
    const reply = await get(`${url}/export`, { ...headers, 'accept-encoding': encoding })
    t.equal(reply.headers['content-encoding'], isPacked ? 'gzip' : undefined, encoding)
    t.equal(await text(isPacked ? reply.pipe(createGunzip()) : reply), plain, encoding)
  }
})

t.test('only what has its entry is sent, and an export that may not go on ends the connection', async t => {
  // More than the buffers of both ends hold, so that the export waits for its reader.
  const count = 40_000
  const { hub, url, headers } = await open(t, count)
  const cases: [why: string, encoding: string, end: (agreement: string) => Promise<unknown>][] = [
    ['the agreement is revoked', 'identity', agreement => revokeAgreement(hub, tester, agreement)],
    ['the agreement is revoked', 'gzip', agreement => revokeAgreement(hub, tester, agreement)],
    ['the client is suspended', 'identity', () => setClientStatus(hub, tester, 'archive', 'suspended')],
  ]
  for (const [index, [why, encoding, end]] of cases.entries()) {
    const matter = `m${index}`
    const { id } = await grant(hub, matter)
    const sent = { ...headers, 'concord-matter': matter, 'accept-encoding': encoding }
    const reply = await get(`${url}/export`, sent)
    await end(id)
    const body = encoding === 'gzip' ? reply.pipe(createGunzip()) : reply
    reply.once('error', error => body.destroy(error))
    let lines = 0
    const taken = (async () => {
      for await (const chunk of body) lines += String(chunk).split('\n').length - 1
    })()
    await t.rejects(taken, `${why}, ${encoding}: the reader is told`)
    const entries = (await entriesOf(hub, 'export')).filter(entry => entry.matter === matter)
    const entered = entries.reduce((sum, entry) => sum + (entry.outcome === 'disclosed' ? entry.count : 0), 0)
    t.ok(lines <= entered && entered < count, `${lines} came, ${entered} entered`)
    t.match(entries.at(-1), { outcome: 'refused' }, 'the end is an entry')
  }
})

t.test('a reader that goes away ends the export', async t => {
  const count = 40_000
  const { hub, url, headers } = await open(t, count)
  const reply = await get(`${url}/export`, headers)
  reply.destroy()
  // By the time that another one has come whole, the first would have as well.
  await text(await get(`${url}/export`, headers))
  const entries = await entriesOf(hub, 'export')
  const enteredBy = (request: string): number =>
    entries.filter(entry => entry.request === request).reduce((sum, entry) => sum + entry.count, 0)
  const [left = '', whole = ''] = [...new Set(entries.map(entry => entry.request))]
  t.equal(enteredBy(whole), count)
  t.ok(enteredBy(left) < count, `${enteredBy(left)} entered`)
})

t.test('an export cannot be asked for by HEAD, which would enter everything and send nothing', async t => {
  const { hub, url, headers } = await open(t)
  for (const path of ['export', 'changes']) {
    t.equal((await fetch(`${url}/${path}`, { method: 'HEAD', headers })).status, 404)
    t.same(await entriesOf(hub, path), [])
  }
})

t.test('changes come as JSON, from a cursor, waiting where there are none', async t => {
  const { hub, url, headers } = await open(t)
  const first = await fetch(`${url}/changes?limit=2`, { headers })
  t.equal(first.headers.get('concord-entry'), String((await hub.log.size()) - 1))
  const page = (await first.json()) as { changes: unknown[]; cursor: string }
  t.match(page, { changes: [{ kind: 'record', record: { key: 'k0', data: { id: 'k0' } } }, {}], cursor: String })
  const second = await (await fetch(`${url}/changes?after=${page.cursor}`, { headers })).json()
  const { cursor, changes } = second as { changes: unknown[]; cursor: string }
  t.equal(changes.length, 1)
  const waiting = fetch(`${url}/changes?after=${cursor}&wait=30`, { headers })
  await deliverThings(hub, 'data-bureau/input', [{ id: 'k0', gone: 'yes' }])
  t.match(await (await waiting).json(), { changes: [{ kind: 'removed', key: 'k0', revision: 2, updatedAt: String }] })

  const cases: [query: string, code: string, status: number][] = [
    ['limit=0', 'request-invalid', 400],
    ['limit=1001', 'request-invalid', 400],
    ['wait=61', 'request-invalid', 400],
    ['wait=-1', 'request-invalid', 400],
    ['after=x', 'request-invalid', 400],
    ['after=', 'request-invalid', 400],
    ['else=1', 'request-invalid', 400],
    ['fields=secret', 'field-not-granted', 403],
    [`after=${cursor}&fields=id`, 'cursor-expired', 410],
  ]
  for (const [query, code, status] of cases) {
    const reply = await fetch(`${url}/changes?${query}`, { headers })
    t.match(await reply.json(), { code, status }, query)
    t.match((await entriesOf(hub, 'changes')).at(-1), { outcome: 'refused', problem: code }, `${query}: its entry`)
  }
})

t.test('a hub that closes answers those who wait, and cuts exports off', async t => {
  let waiting: Promise<Response> | undefined
  let reply: IncomingMessage | undefined
  await t.test('a hub that is closed with this test', async t => {
    const { url, headers } = await open(t, 40_000)
    const whole = await get(`${url}/export`, headers)
    await text(whole)
    const cursor = String(whole.headers['concord-cursor'])
    reply = await get(`${url}/export`, headers)
    waiting = fetch(`${url}/changes?after=${cursor}&wait=60`, { headers })
    // It is on its way before the call that comes after it is answered.
    await fetch(`${url}/changes?limit=1`, { headers })
  })
  t.match(await (await (waiting as Promise<Response>)).json(), { changes: [] })
  await t.rejects(text(reply as IncomingMessage), 'the export is cut')
})
