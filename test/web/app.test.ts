import t, { type Test } from 'tap'
import BetterSqlite from 'better-sqlite3'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { revokeAgreement } from '../../src/exchange/agreement-acts.ts'
import { createAgreement } from '../../src/exchange/agreements.ts'
import { createClient, renewSecret, setClientStatus } from '../../src/exchange/clients.ts'
import { deliver } from '../../src/exchange/deliver.ts'
import type { Entry } from '../../src/log/entry.ts'
import { premisesXml } from '../exchange/premises.ts'
import {
  chunks,
  folder,
  openStarterHub,
  openTestHub,
  requestToken,
  serve,
  tester,
  tokenFor,
  type TestHub,
} from '../helper.ts'

const standard = 'food-premises-inspection'
const adapter = 'food-standards-agency/premises'
const record = `/v1/standards/${standard}/records/901~11`
const matter = { 'concord-matter': 'inspection-plan' }

type Reply = {
  readonly status: number
  readonly headers: Headers
  readonly json: Record<string, never>
  readonly text: string
}

t.test('one record: what is granted, what is held back, whose word it is, and the number of its entry', async t => {
  const { get, entries } = await openService(t)
  const reply = await get(record, { ...matter, 'concord-case': 'case 7' })
  t.equal(reply.status, 200)
  t.match(reply.json, {
    standard,
    version: '1.1.0',
    key: '901~11',
    revision: 1,
    updatedAt: '2026-03-01T08:00:00.000Z',
    source: { department: 'food-standards-agency', adapter: 'premises', recordId: '1', asOf: '2026-02-28' },
    data: { authority: '901', premisesId: '1', name: 'Sample Café No. 1', address: { postcode: 'ZZ1 1ZZ' } },
  })
  t.same(Object.keys(reply.json['data'] ?? {}).sort(), ['address', 'authority', 'name', 'premisesId'])
  t.ok((reply.json['withheld'] as unknown as string[]).includes('ratingNormalised'))
  t.ok((reply.json['withheld'] as unknown as string[]).includes('address.line'), 'a leaf is named, not what holds it')
  const log = await entries()
  t.match(log.at(-1), {
    actor: { kind: 'client', id: 'reader' },
    department: 'health',
    operation: 'read',
    standard,
    agreement: 'a1',
    matter: 'inspection-plan',
    case: 'case 7',
    fields: ['premisesId', 'authority', 'name', 'address.postcode'],
    count: 1,
    outcome: 'disclosed',
    request: String,
  })
  t.equal(log.at(-1)?.records?.length, 1)
  t.equal(reply.headers.get('concord-entry'), String(log.length - 1))
})

t.test('an entity tag is the digest of what this client may see', async t => {
  const { get, entries, hub } = await openService(t)
  const first = await get(record, matter)
  const etag = first.headers.get('etag') ?? ''
  const again = await get(record, { ...matter, 'if-none-match': `"other", ${etag}` })
  t.equal(again.status, 304)
  t.equal(again.text, '')
  t.match((await entries()).at(-1), { outcome: 'not-modified', count: 1 }, 'to learn that nothing changed is an access')
  await deliver(hub, { adapter, body: chunks(premisesXml({ count: 20, deviations: { 1: 'changed' } })), by: tester })
  t.equal(
    (await get(record, { ...matter, 'if-none-match': etag })).status,
    304,
    'the rating changed, which is not granted',
  )
})

t.test('without an agreement that covers the call nothing is disclosed, and the refusal is an entry', async t => {
  const { get, entries, hub } = await openService(t)
  const cases: [what: string, path: string, headers: Record<string, string>, status: number, code: string][] = [
    ['no matter', record, {}, 403, 'agreement-missing'],
    ['another matter', record, { 'concord-matter': 'tax' }, 403, 'agreement-missing'],
    ['another standard', '/v1/standards/listed-company/records/x', matter, 403, 'agreement-missing'],
    [
      'a standard that is not published',
      '/v1/standards/nothing/records/x',
      { 'concord-matter': 'x' },
      404,
      'standard-unknown',
    ],
    ['a field that is not granted', `${record}?fields=ratingNormalised`, matter, 403, 'field-not-granted'],
    [
      'a filter that is not granted',
      `/v1/standards/${standard}/records?ratingNormalised=pass`,
      matter,
      403,
      'field-not-granted',
    ],
    ['no such record', `/v1/standards/${standard}/records/901~1999`, matter, 404, 'record-unknown'],
    ['an unknown field', `${record}?fields=nonsense`, matter, 400, 'request-invalid'],
    ['a filter that is not indexed', `/v1/standards/${standard}/records?phone=1`, matter, 400, 'request-invalid'],
    ['a page of none', `/v1/standards/${standard}/records?limit=0`, matter, 400, 'request-invalid'],
  ]
  for (const [what, path, headers, status, code] of cases) {
    const before = (await entries()).length
    const reply = await get(path, headers)
    t.match(reply, { status, json: { code, status } }, what)
    t.match(reply.headers.get('content-type'), /^application\/problem\+json/)
    t.notMatch(reply.text, /Sample|"data"/)
    const log = await entries()
    t.equal(log.length, before + 1, `${what}: an entry`)
    t.match(log.at(-1), { outcome: 'refused', problem: code, count: 0, actor: { id: 'reader' } })
  }
  await revokeAgreement(hub, tester, 'a1')
  t.match(await get(record, matter), { status: 403, json: { code: 'agreement-missing' } })
})

t.test('a call that names two matters or two cases is refused with an entry; a comma in one is no second', async t => {
  const { url, token, entries } = await openService(t)
  const call = async (headers: string[]): Promise<{ status: number; body: string }> => {
    const request = httpRequest(url + record, {
      headers: ['Authorization', `Bearer ${token}`, 'Host', 'hub', ...headers],
    })
    request.end()
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    return { status: response.statusCode ?? 0, body: (await response.toArray()).join('') }
  }
  const one = ['Concord-Matter', 'inspection-plan']
  t.equal((await call([...one, 'Concord-Case', '7, 8'])).status, 200)
  const twice = [
    [...one, ...one],
    [...one, 'concord-matter', 'tax'],
    [...one, 'Concord-Case', '7', 'Concord-Case', '8'],
  ]
  for (const headers of twice) {
    const before = (await entries()).length
    const { status, body } = await call(headers)
    t.equal(status, 400, headers.join())
    t.match(JSON.parse(body), { code: 'request-invalid', detail: /once/ })
    const log = await entries()
    t.equal(log.length, before + 1)
    t.match(log.at(-1), { operation: 'read', outcome: 'refused', problem: 'request-invalid', standard })
    t.notOk(log.at(-1)?.matter)
  }
})

t.test('a page goes by key, by filter and by cursor, and names every record in the log', async t => {
  const { get, entries } = await openService(t)
  const path = `/v1/standards/${standard}/records`
  const first = await get(`${path}?limit=15&fields=name,premisesId`, matter)
  t.equal(first.status, 200)
  const records = first.json['records'] as unknown as { key: string; data: object }[]
  t.equal(records.length, 15)
  t.same(records[0]?.data, { premisesId: '1', name: 'Sample Café No. 1' })
  t.match((await entries()).at(-1), { operation: 'list', count: 15, fields: ['premisesId', 'name'] })
  t.equal((await entries()).at(-1)?.records?.length, 15)
  const second = await get(`${path}?limit=15&cursor=${String(first.json['cursor'])}`, matter)
  const rest = second.json['records'] as unknown as { key: string }[]
  t.equal(second.json['cursor'], null)
  t.equal(new Set([...records, ...rest].map(({ key }) => key)).size, 20)
  const named = await get(`${path}?name=${encodeURIComponent('Sample Café No. 3')}&authority=901`, matter)
  t.same(
    (named.json['records'] as unknown as { key: string }[]).map(({ key }) => key),
    ['901~13'],
  )
  for (const query of ['limit=0', 'limit=x', 'address=x', 'fields=nonsense', 'nonsense=1']) {
    t.match(await get(`${path}?${query}`, matter), { status: 400, json: { code: 'request-invalid' } }, query)
  }
})

t.test('credentials: a wrong secret, no token, a forged one, a scope too few, an expired one', async t => {
  const { get, hub, url, reader } = await openService(t)
  t.equal((await requestToken(url, { ...reader, secret: 'wrong' })).status, 401)
  t.equal((await requestToken(url, { id: 'nobody', secret: 'x' })).status, 401)
  t.equal((await requestToken(url, reader, 'grant_type=password')).status, 400)
  const authorization = `Basic ${Buffer.from(`${reader.id}:${reader.secret}`).toString('base64')}`
  for (const type of ['application/json', 'text/plain', undefined]) {
    const reply = await fetch(`${url}/oauth/token`, {
      method: 'POST',
      headers: { authorization, ...(type !== undefined && { 'content-type': type }) },
      body: Buffer.from('{"grant_type":"client_credentials"}'),
    })
    t.equal(reply.status, 400, String(type))
    t.equal(reply.headers.get('cache-control'), 'no-store')
    t.match(await reply.json(), { error: 'invalid_request', error_description: /x-www-form-urlencoded/ }, String(type))
  }
  t.equal((await requestToken(url, reader, 'grant_type=client_credentials&scope=deliver')).status, 400)
  const granted = await requestToken(url, reader)
  t.match(await granted.json(), { token_type: 'Bearer', expires_in: 600, scope: 'read' })
  t.equal(granted.headers.get('cache-control'), 'no-store')

  const token = await tokenFor(url, reader)
  const [head, payload, signature] = token.split('.')
  const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')
  const forged = [
    `${none}.${payload}.`,
    `${head}.${payload}.${signature?.replace(/^./, c => (c === 'A' ? 'B' : 'A'))}`,
    'x',
    '',
  ]
  for (const bad of forged)
    t.equal((await fetch(url + record, { headers: { authorization: `Bearer ${bad}` } })).status, 401, bad)
  t.equal((await fetch(url + record)).status, 401, 'no token')

  const post = await fetch(`${url}/v1/adapters/${adapter}/deliveries`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/xml' },
    body: '<x/>',
  })
  t.equal(post.status, 403)
  t.match(await post.json(), { code: 'scope-missing' })
  hub.pass(600_000)
  t.match(await get(record, matter, token), { status: 401, json: { code: 'unauthenticated', detail: /expired/ } })
})

t.test('calls by strangers are counted and entered once, when the minute ends', async t => {
  const hub = await openTestHub(t)
  await t.test('serve', async t => {
    const url = await serve(t, hub)
    for (let call = 0; call < 5; call++) await fetch(url + record)
  })
  const entries = (await hub.log.entries({ from: 0, limit: 10 })).map(({ entry }) => JSON.parse(entry) as Entry)
  t.match(entries, [{ operation: 'anonymous-refusals', count: 5, actor: { kind: 'hub' } }])
})

t.test('a suspended client is out, and a renewed secret voids tokens, whichever process did it', async t => {
  const { get, directory, reader, url, hub } = await openService(t)
  t.equal((await get(record, matter)).status, 200)
  const other = await openTestHub(t, directory)
  await setClientStatus(other, tester, reader.id, 'suspended')
  t.ok(await eventually(async () => (await get(record, matter)).status === 401), 'out')
  await setClientStatus(other, tester, reader.id, 'active')
  t.ok(await eventually(async () => (await get(record, matter)).status === 200), 'in again')
  const token = await tokenFor(url, reader)
  const renewed = await renewSecret(other, tester, reader.id)
  t.ok(
    await eventually(async () => (await get(record, matter, token)).status === 401),
    'the old secret’s token is void',
  )
  t.equal((await requestToken(url, reader)).status, 401)
  t.equal((await requestToken(url, renewed)).status, 200)
  t.equal(
    (await hub.log.entries({ from: 0, limit: 1000 })).filter(({ entry }) => /-client"|renew-secret/.test(entry)).length,
    4,
  )
})

t.test('with the log unwritable: 503, nothing released, and it goes on when the log does', async t => {
  const { get, directory, url, reader } = await openService(t)
  const token = await tokenFor(url, reader)
  const raw = new BetterSqlite(join(directory, 'log.sqlite'))
  t.teardown(() => raw.close())
  raw.exec(`CREATE TRIGGER broken BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'no space'); END`)
  for (const path of [record, `/v1/standards/${standard}/records`]) {
    const reply = await get(path, matter, token)
    t.match(reply, { status: 503, json: { code: 'log-unavailable' } })
    t.ok(Number(reply.headers.get('retry-after')) > 0)
    t.notMatch(reply.text, /Sample/)
    t.equal(reply.headers.get('etag'), null, 'not even a digest')
  }
  t.equal((await get(record, {}, token)).status, 503, 'a refusal that cannot be entered is no answer either')
  t.equal((await requestToken(url, reader)).status, 503)
  raw.exec('DROP TRIGGER broken')
  t.equal((await get(record, matter, token)).status, 200)
})

t.test('with the log locked by another process for good: 503, nothing released', async t => {
  const { get, directory, token } = await openService(t)
  const raw = new BetterSqlite(join(directory, 'log.sqlite'))
  t.teardown(() => raw.close())
  raw.exec('BEGIN IMMEDIATE')
  const reply = get(record, matter, token)
  t.match(await reply, { status: 503, json: { code: 'log-unavailable' } })
  raw.exec('ROLLBACK')
  // Without a thread for the log, waiting for the lock has stopped the event loop, so that load is shed until it turns again.
  const codes = new Set<unknown>()
  for (let next = await get(record, matter, token); next.status !== 200; next = await get(record, matter, token)) {
    codes.add(next.json['code'])
    t.same([...codes], ['overloaded'])
  }
})

t.test('a department’s system delivers by HTTP, through its own adapters only', async t => {
  const { url, hub, entries } = await openService(t)
  const provider = await createClient(hub, tester, {
    id: 'feed',
    department: 'food-standards-agency',
    title: 'Feed',
    scopes: ['deliver'],
  })
  const token = await tokenFor(url, provider)
  const post = async (
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ): Promise<Reply> =>
    read(
      await fetch(url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/xml', ...headers },
        body,
      }),
    )
  const path = `/v1/adapters/${adapter}/deliveries`
  const xml = premisesXml({ count: 30, authority: '902', deviations: { 3: 'bad' } })
  const first = await post(path, xml, { 'idempotency-key': 'monday' })
  t.match(first, { status: 200, json: { accepted: 29, unchanged: 0, withdrawn: 0, rejected: 1 } })
  t.same((await post(path, xml, { 'idempotency-key': 'monday' })).json, first.json)
  t.match(
    (await entries()).findLast(entry => entry.operation === 'deliver'),
    { actor: { id: 'feed' }, department: 'food-standards-agency', count: 29 },
  )

  const authorization = { headers: { authorization: `Bearer ${token}` } }
  const delivery = `${url}/v1/deliveries/${String(first.json['delivery'])}`
  t.match(await (await fetch(delivery, authorization)).json(), { state: 'done', adapter, accepted: 29 })
  const rejects = await (await fetch(`${delivery}/rejects`, authorization)).text()
  t.match(JSON.parse(rejects), {
    rejects: [{ state: 'open', issues: [{ pointer: String, source: String, code: String, message: String }] }],
  })
  t.notMatch(rejects, /Excellent/)

  t.match(await post(path, xml, { 'idempotency-key': 'monday', 'content-type': 'text/xml' }), { status: 200 })
  for (const headers of [{ 'content-type': 'application/gzip' }, { 'content-encoding': 'gzip' }]) {
    const zipped = await post(path, new Uint8Array(gzipSync(xml)), headers)
    t.match(zipped, { status: 200, json: { unchanged: 29, rejected: 1 } }, JSON.stringify(headers))
  }
  t.match(await post(path, '<x>', { 'content-type': 'application/json' }), {
    status: 415,
    json: { code: 'media-type-unsupported' },
  })
  t.match(await post(path, '<x><y></x>'), {
    status: 422,
    json: { code: 'input-malformed', detail: /[Ll]ine 1/, receipt: { accepted: 0 } },
  })
  const before = (await entries()).length
  t.match(await post('/v1/adapters/twse/companies/deliveries', '[]'), { status: 403, json: { code: 'scope-missing' } })
  t.match(await post('/v1/adapters/food-standards-agency/nothing/deliveries', '[]'), {
    status: 404,
    json: { code: 'adapter-unknown' },
  })
  t.match((await entries()).slice(before), [
    { operation: 'deliver', outcome: 'refused', problem: 'scope-missing' },
    { operation: 'deliver', outcome: 'refused', problem: 'adapter-unknown' },
  ])
})

t.test('a client that is suspended while it delivers is out, and what it had kept stays', async t => {
  const { url, hub, entries } = await openService(t)
  const department = 'food-standards-agency'
  const provider = await createClient(hub, tester, { id: 'feed', department, title: 'Feed', scopes: ['deliver'] })
  const authorization = `Bearer ${await tokenFor(url, provider)}`
  const xml = premisesXml({ count: 3000, authority: '903' })
  async function* slow(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(xml.slice(0, 1_900_000))
    await eventually(
      async () => (await hub.store.read.get(`SELECT 1 FROM deliveries WHERE accepted > 20`)) !== undefined,
    )
    await setClientStatus(hub, tester, 'feed', 'suspended')
    yield Buffer.from(xml.slice(1_900_000))
  }
  const reply = await fetch(`${url}/v1/adapters/${adapter}/deliveries`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/xml' },
    body: slow(),
    duplex: 'half',
  } as unknown as RequestInit)
  t.match(await read(reply), { status: 401, json: { code: 'unauthenticated', receipt: { rejected: 0 } } })
  t.match((await entries()).at(-1), { operation: 'deliver', outcome: 'failed', problem: 'unauthenticated' })
})

t.test('an address that cannot be read is a problem document, and is not echoed', async t => {
  const { url } = await openService(t)
  for (const path of ['/v1/standards/x/records/SECRET%zz', `/v1/standards/x/records/SECRET${'x'.repeat(3000)}`]) {
    const reply = await read(await fetch(url + path))
    t.match(reply, { status: 400, json: { code: 'request-invalid' } })
    t.notMatch(reply.text, /SECRET/)
  }
})

t.test('an address that is not ASCII, and what is no HTTP, are answered by a problem document', async t => {
  const { url } = await openService(t)
  const { hostname, port } = new URL(url)
  const head = 'Host: x\r\n\r\n'
  const cases: [what: string, sent: string, status: number, code: string, says: RegExp][] = [
    ['an address in UTF-8', `GET /v1/standards?q=诊所 HTTP/1.1\r\n${head}`, 400, 'request-invalid', /percent-encode/],
    ['no HTTP', 'SECRET\r\n\r\n', 400, 'request-invalid', /not HTTP/],
    ['a long header', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n${head}`, 431, 'headers-too-large', /16 KiB/],
  ]
  for (const [what, sent, status, code, says] of cases) {
    const reply = await answerTo(sent, { host: hostname, port: Number(port) })
    const [headers = '', body = ''] = reply.split('\r\n\r\n')
    t.match(headers, new RegExp(`^HTTP/1.1 ${status} .*Content-Type: application/problem\\+json`, 's'), what)
    t.match(JSON.parse(body), { status, code, detail: says, request: String }, what)
    t.notMatch(reply, /SECRET|诊所/)
  }
})

/** All that is answered on a bare connection. */
async function answerTo(sent: string, to: { readonly host: string; readonly port: number }): Promise<string> {
  const socket = connect(to)
  socket.write(sent)
  return text(socket)
}

t.test('the catalogue is open: standards, a version, its schema and its types, code lists', async t => {
  const { url } = await openService(t)
  const get = async (path: string): Promise<Reply> => read(await fetch(url + path))
  const list = (await get('/v1/standards')).json['standards'] as unknown as { id: string; versions: string[] }[]
  t.equal(list.length, 13)
  t.match(
    list.find(({ id }) => id === 'person-basic'),
    { versions: ['1.0.0'] },
  )
  t.match((await get('/v1/standards/enterprise-registration')).json, {
    id: 'enterprise-registration',
    fields: [{ path: 'unifiedSocialCreditCode', level: 'L1', required: true }],
  })
  const version = '/v1/standards/enterprise-registration/versions/1.1.0'
  t.match((await get(version)).json, { standard: { id: 'enterprise-registration' }, properties: {} })
  t.match((await get(`${version}/schema`)).headers.get('content-type'), /^application\/schema\+json/)
  t.match((await get(`${version}/types`)).text, /export interface EnterpriseRegistration \{/)
  t.match((await get('/v1/code-lists/gender')).json, { id: 'gender', codes: [{ code: '0' }] })
  t.match(await get('/v1/standards/nothing'), { status: 404, json: { code: 'standard-unknown' } })
  t.match(await get('/v1/code-lists/nothing'), { status: 404, json: { code: 'code-list-unknown' } })
  t.match(await get('/nothing'), { status: 404, json: { code: 'not-found' } })
})

t.test('OpenAPI 3.1 names every route with what it is for, and /docs shows it without a foreign host', async t => {
  const { url } = await openService(t)
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
    openapi: string
    paths: Record<string, Record<string, { summary?: string; requestBody?: object; responses: object }>>
  }
  t.equal(document.openapi, '3.1.0')
  t.ok(Object.keys(document.paths).length >= 13)
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      t.ok(operation.summary, `${method} ${path}`)
      t.match(operation.responses, { default: { content: { 'application/problem+json': {} } } }, `${method} ${path}`)
    }
  }
  const input = document.paths['/v1/adapters/{department}/{name}/deliveries']?.['post']
  t.match(input?.requestBody, { content: { 'application/xml': {}, 'text/csv': {}, 'application/gzip': {} } })
  t.match(input?.responses, { 200: {}, 202: { headers: { location: {} } } })
  const page = await fetch(`${url}/docs/`)
  t.equal(page.status, 200)
  t.notMatch(page.headers.get('content-security-policy'), /upgrade-insecure-requests/)
  t.notMatch(await page.text(), /(?:src|href)="https?:/)
})

t.test('health and readiness', async t => {
  const { url, directory, hub } = await openService(t)
  t.same(await (await fetch(`${url}/healthz`)).json(), { status: 'ok' })
  t.equal((await fetch(`${url}/readyz`)).status, 200)
  const raw = new BetterSqlite(join(directory, 'log.sqlite'))
  t.teardown(() => raw.close())
  raw.exec('BEGIN IMMEDIATE')
  hub.pass(1000)
  t.equal((await fetch(`${url}/readyz`)).status, 503, 'the log cannot be written')
  raw.exec('ROLLBACK')
})

type Service = {
  readonly hub: TestHub
  readonly url: string
  readonly directory: string
  readonly token: string
  readonly reader: { readonly id: string; readonly secret: string }
  get(path: string, headers: Record<string, string>, token?: string): Promise<Reply>
  entries(): Promise<Entry[]>
}

/** Twenty premises, a client of the health department, and its agreement on four fields. */
async function openService(t: Test): Promise<Service> {
  const directory = folder(t)
  const hub = await openStarterHub(t, directory)
  await deliver(hub, { adapter, body: chunks(premisesXml({ count: 20 })), by: tester })
  const reader = await createClient(hub, tester, {
    id: 'reader',
    department: 'health',
    title: 'Reader',
    scopes: ['read'],
  })
  await createAgreement(hub, tester, {
    id: 'a1',
    department: 'health',
    standard,
    major: 1,
    fields: ['authority', 'premisesId', 'name', 'address.postcode'],
    operations: ['read', 'list'],
    matters: ['inspection-plan'],
    from: new Date('2026-01-01'),
    until: new Date('2027-01-01'),
  })
  const url = await serve(t, hub)
  const own = await tokenFor(url, reader)
  return {
    hub,
    url,
    directory,
    token: own,
    reader,
    get: async (path, headers, token = own) =>
      read(await fetch(url + path, { headers: { authorization: `Bearer ${token}`, ...headers } })),
    entries: async () =>
      (await hub.log.entries({ from: 0, limit: 10_000 })).map(({ entry }) => JSON.parse(entry) as Entry),
  }
}

async function read(response: Response): Promise<Reply> {
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: (isJson && text ? JSON.parse(text) : {}) as Record<string, never>,
  }
}

/** Waits for an event: up to ten seconds, far more than it takes. */
async function eventually(happened: () => Promise<boolean>): Promise<boolean> {
  for (let turn = 0; turn < 200; turn++) {
    if (await happened()) return true
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return false
}
