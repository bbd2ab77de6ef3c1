/** Open data over HTTP: what anybody gets, what nobody does, and what stands in the log of it. */
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readCataloguePage } from '../../src/exchange/dcat.ts'
import { deliver } from '../../src/exchange/deliver.ts'
import { home, publishFiles } from '../../src/exchange/documents.ts'
import type { Hub } from '../../src/exchange/hub.ts'
import { searchLog } from '../../src/exchange/log-search.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import { readUsage } from '../../src/exchange/usage.ts'
import type { Entry } from '../../src/log/entry.ts'
import { buildApp } from '../../src/web/app.ts'
import { OpenLimits } from '../../src/web/open-limits.ts'
import { Refusals } from '../../src/exchange/supervise.ts'
import { recordPseudonym } from '../../src/seal/pseudonym.ts'
import { closed, places, placesAdapter, publishPlaces } from '../exchange/places.ts'
import { chunks, openTestHub, serve, tester, type TestHub } from '../helper.ts'

type Reply = { readonly status: number; readonly headers: Headers; readonly text: string; readonly json: never }

type Service = {
  readonly hub: TestHub
  get(path: string, headers?: Record<string, string>): Promise<Reply>
  /** Those of the public, and those of refusals that were counted. */
  entries(): Promise<Entry[]>
  /** Has what was counted entered. */
  stopCounting(): Promise<void>
}

async function openService(t: Test, open: Partial<Hub['config']['open']> = {}): Promise<Service> {
  const hub = await openTestHub(t)
  await publishPlaces(hub)
  const limits = { rateLimit: 0, totalRateLimit: 0, dailyRecords: 0, ...open }
  const refusals = new Refusals()
  const app = await buildApp({ ...hub, config: { ...hub.config, open: limits } }, refusals)
  t.teardown(() => app.close())
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    hub,
    async get(path, headers = {}) {
      const reply = await fetch(url + path, { headers })
      const text = await reply.text()
      const isJson =
        /json/.test(reply.headers.get('content-type') ?? '') && !/ndjson/.test(reply.headers.get('content-type') ?? '')
      return { status: reply.status, headers: reply.headers, text, json: JSON.parse(isJson ? text : '{}') as never }
    },
    async entries() {
      const all = await hub.log.entries({ from: 0, limit: 10_000 })
      return all
        .map(({ entry }) => JSON.parse(entry) as Entry)
        .filter(({ actor, operation }) => actor.kind === 'public' || operation === 'anonymous-refusals')
    },
    stopCounting: () => refusals.enter(hub),
  }
}

t.test('anybody reads what is open, and each reply has its entry, with nobody and no address in it', async t => {
  const { hub, get, entries } = await openService(t)
  const one = await get('/open/standards/place/records/1')
  t.match(one, { status: 200, json: { key: '1', data: places[0], withheld: [] } })
  t.equal(one.headers.get('access-control-allow-origin'), '*')
  const page = await get('/open/standards/place/records?town=a&limit=1&fields=name')
  t.match(page.json, { records: [{ key: '1', data: { name: 'Library' } }], cursor: /./ })
  const { cursor } = page.json as { cursor: string }
  const second = await get(`/open/standards/place/records?town=a&limit=1&fields=name&cursor=${cursor}`)
  t.match(second.json, { records: [{ key: '2' }] })

  const found = await entries()
  const pseudonym = (key: string): string => recordPseudonym(hub.keys.pseudonym, 'place', key)
  t.match(found, [
    { operation: 'read', outcome: 'disclosed', count: 1, records: [pseudonym('1')], fields: ['id', 'town', 'name'] },
    { operation: 'list', outcome: 'disclosed', count: 1, records: [pseudonym('1')], fields: ['name', 'town'] },
    { operation: 'list', outcome: 'disclosed', count: 1, records: [pseudonym('2')] },
  ])
  for (const entry of found) {
    t.same(entry.actor, { kind: 'public', id: 'anyone' })
    t.notOk('agreement' in entry || 'department' in entry || 'matter' in entry, 'by no agreement, of no department')
  }
  t.notMatch(JSON.stringify(found), /127\.0\.0\.1|::1|Library/)
  const [own] = await hub.log.entries({ from: Number(one.headers.get('concord-entry')), limit: 1 })
  t.equal(own?.entry, JSON.stringify(found[0]), 'Concord-Entry names it')
})

t.test('what has not changed is not sent again, and to learn that is an entry', async t => {
  const { get, entries } = await openService(t)
  const etag = (await get('/open/standards/place/records')).headers.get('etag') ?? ''
  const again = await get('/open/standards/place/records', { 'if-none-match': etag })
  t.match(again, { status: 304, text: '' })
  t.equal(again.headers.get('cache-control'), 'public, no-cache', 'a cache asks each time')
  t.match(
    (await entries()).map(({ outcome }) => outcome),
    ['disclosed', 'not-modified'],
  )
})

t.test('an export comes in each format, and tells that it is whole', async t => {
  const { get, entries } = await openService(t)
  const lines = (await get('/open/standards/place/export')).text.trimEnd().split('\n')
  t.same(
    lines.slice(0, -1).map(line => (JSON.parse(line) as { data: object }).data),
    places,
  )
  t.equal(lines.at(-1), '{"cursor":null}')
  const csv = await get('/open/standards/place/export?format=csv&fields=name')
  t.match(csv.headers.get('content-disposition'), 'attachment; filename="place.csv"')
  t.match(csv.text, /^key,.*\r\n1,.*Library/)
  const xml = await get('/open/standards/place/export', { accept: 'application/xml' })
  t.match(xml.text, /<name>Library<\/name>[^]*<\/record>\n<\/records>\n$/)
  t.notMatch(xml.text, /cursor/)
  t.match(
    await entries(),
    [1, 2, 3].map(() => ({ operation: 'export', count: 3, part: 1 })),
  )
})

t.test('what is not open, not there or not well asked is refused, without an entry, and counted', async t => {
  const { hub, get, entries, stopCounting } = await openService(t)
  for (const document of closed) await publishStandard(hub, tester, document)
  const cases: readonly (readonly [path: string, status: number, code: string])[] = [
    ...closed.map(({ standard: { id } }) => [`${id}/records`, 403, 'not-open'] as const),
    ['closed/records/1', 403, 'not-open'],
    ['closed/export', 403, 'not-open'],
    ['nothing/records', 404, 'standard-unknown'],
    ['NO-ID/records', 400, 'request-invalid'],
    ['place/records/9', 404, 'record-unknown'],
    ['place/records?name=Library', 400, 'request-invalid'],
    ['place/records?limit=501', 400, 'request-invalid'],
    ['place/records?fields=secret', 400, 'request-invalid'],
    ['place/records?cursor=x', 400, 'request-invalid'],
    ['place/export?format=pdf', 400, 'request-invalid'],
  ]
  const before = await hub.log.size()
  for (const [path, status, code] of cases) {
    const reply = await get(`/open/standards/${path}`)
    t.match(reply.json, { status, code }, path)
    t.match(reply.headers.get('content-type'), /problem\+json/, path)
  }
  t.equal(await hub.log.size(), before)
  await stopCounting()
  t.match(await entries(), [{ operation: 'anonymous-refusals', count: cases.length }])
})

t.test('the list says what is open, and of the starter catalogue that is what may be', async t => {
  const { hub, get } = await openService(t)
  t.match((await get('/open/standards')).json, {
    standards: [{ id: 'place', version: '1.0.0', indexed: ['town'] }],
    cursor: null,
  })
  const files = ['departments.json', 'code-lists', 'standards'].map(file => join(home, 'schemas', file))
  await publishFiles(hub, tester, files)
  const idsOf = ({ json }: Reply): string[] => (json as { standards: { id: string }[] }).standards.map(({ id }) => id)
  const all = ['environmental-approval', 'food-premises-inspection', 'listed-company', 'place']
  t.same(idsOf(await get('/open/standards')), all)
  const first = await get('/open/standards?limit=3')
  t.match(first.json, { cursor: 'listed-company' })
  t.same(idsOf(await get('/open/standards?limit=3&cursor=listed-company')), ['place'])
})

t.test('a token makes nobody of the public somebody', async t => {
  const { get, entries } = await openService(t)
  t.equal((await get('/open/standards/place/records/1', { authorization: 'Bearer nonsense' })).status, 200)
  t.match(await entries(), [{ actor: { kind: 'public' } }])
})

t.test('an address and all addresses have their bounds', async t => {
  const address = await openService(t, { rateLimit: 1 })
  const replies = await burst(address, 25)
  const refused = replies.filter(({ status }) => status === 429)
  t.ok(refused.length >= 10, `${refused.length} of 25 are refused`)
  t.match(refused[0]?.headers.get('ratelimit-policy'), '"address";q=10;w=10')
  t.equal((await address.entries()).length, 25 - refused.length, 'what was refused has no entry')

  const all = await openService(t, { totalRateLimit: 1 })
  const crowded = (await burst(all, 25)).filter(({ status }) => status === 429)
  t.ok(crowded.length >= 10, `${crowded.length} of 25 are refused`)
  t.equal(crowded[0]?.headers.get('retry-after'), '1')
})

t.test('an export of an address is under way at a time, and four in all', async t => {
  const limits = new OpenLimits(await openTestHub(t), () => 0)
  const begin = (ip: string): (() => void) => limits.beginExport({ ip })
  const full = { code: 'rate-limited', retryAfterSeconds: 60 }
  const end = begin('10.0.0.1')
  t.throws(() => begin('10.0.0.1'), full)
  begin('2001:db8::1')
  t.throws(() => begin('2001:db8::2'), full, 'of one network')
  begin('10.0.0.3')
  begin('10.0.0.4')
  t.throws(() => begin('10.0.0.5'), full)
  end()
  end()
  begin('10.0.0.5')
  t.throws(() => begin('10.0.0.6'), full, 'what has ended counts once')
})

t.test('of the records of a day an address gets half, and all together no more than there are', async t => {
  const { hub, get } = await openService(t, { dailyRecords: 16 })
  t.equal((await get('/open/standards/place/records?limit=3')).status, 200)
  const beyond = await get('/open/standards/place/records?limit=3')
  t.match(beyond, { status: 429, json: { code: 'rate-limited', detail: /one address gets 8/ } })
  t.equal(beyond.headers.get('retry-after'), String(16 * 3600), 'until the day ends')
  hub.pass(16 * 3_600_000)
  t.equal((await get('/open/standards/place/records?limit=3')).status, 200, 'the next day')
})

t.test('the records of a day are counted across processes, and a reply with few or none counts as six', async t => {
  const one = await openService(t, { dailyRecords: 20 })
  const again = (): Promise<Service['get']> => serveAgain(t, one.hub, 20)
  const { status, headers } = await one.get('/open/standards/place/records/1')
  t.equal(status, 200, '6')
  const known = { 'if-none-match': headers.get('etag') ?? '' }
  t.equal((await (await again())('/open/standards/place/records/1', known)).status, 304, '12')
  t.equal((await (await again())('/open/standards/place/records')).status, 429, 'a page of 100 is more than a share')
  t.equal((await (await again())('/open/standards/place/records?limit=3')).status, 200, '18')
  const beyond = await (await again())('/open/standards/place/records/1')
  t.match(beyond, { status: 429, json: { code: 'rate-limited', detail: /reads 20 records/ } })
})

t.test('an export that would give an address more than its share is cut', async t => {
  const { get } = await openService(t, { dailyRecords: 16 })
  await t.rejects(get('/open/standards/place/export'))
})

t.test('use by the public is counted under no department, and found in the log', async t => {
  const { hub, get } = await openService(t)
  await get('/open/standards/place/records/1')
  await get('/open/standards/place/export')
  const { usage } = await readUsage(hub, tester, { filters: {}, by: ['department', 'standard'] })
  t.same(usage, [{ department: null, standard: 'place', calls: 2, records: 4, subjects: 3, refusals: 0 }])
  const owner = { filters: {}, by: ['standard'], reach: { department: 'data-bureau' } } as const
  t.match((await readUsage(hub, tester, owner)).usage, [{ standard: 'place', calls: 2 }], 'its owner sees it')
  const search = { filters: { actor: 'public' }, order: 'newest', limit: 10 } as const
  const { entries } = await searchLog(hub, tester, search)
  t.same(
    entries.map(({ entry }) => (JSON.parse(entry) as Entry).operation),
    ['export', 'read'],
  )
  const both = { ...search, filters: { actor: 'public', client: 'c' } }
  await t.rejects(searchLog(hub, tester, both), { code: 'request-invalid', message: /or the public/ })
})

t.test('the catalogue comes as JSON-LD, and is not sent again to whom has it', async t => {
  const { get } = await openService(t)
  const page = await get('/v1/catalogue')
  t.equal(page.headers.get('content-type'), 'application/ld+json; charset=utf-8')
  t.match(page.json, { '@id': 'http://127.0.0.1:0/v1/catalogue', totalItems: 1, view: { first: /page=1$/ } })
  const again = await get('/v1/catalogue?page=1', { 'if-none-match': page.headers.get('etag') ?? '' })
  t.match(again, { status: 304, text: '' })
  t.match(await get('/v1/catalogue?page=2'), { status: 404, json: { code: 'not-found' } })
  t.match(await get('/v1/catalogue?page=0'), { status: 400, json: { code: 'request-invalid' } })
})

t.test('what a department calls a record, and which delivery it came by, is not shown', async t => {
  const { hub, get } = await openService(t)
  const adapter = placesAdapter('1.1.0')
  await publishAdapter(hub, tester, { ...adapter, recordId: 'applicant' })
  const body = chunks(JSON.stringify({ id: '4', town: 'c', name: 'Hall', applicant: 'MARKER' }))
  await deliver(hub, { adapter: 'data-bureau/places', body, by: tester })
  const { json } = await get('/open/standards/place/records/4')
  t.same((json as { source: object }).source, { department: 'data-bureau', adapter: 'places' })
  for (const path of ['records', 'export', 'export?format=csv', 'export?format=xml']) {
    t.notMatch((await get(`/open/standards/place/${path}`)).text, /MARKER|delivery|recordId/, path)
  }
})

t.test('the catalogue and the listing let an address ask so often', async t => {
  const service = await openService(t, { rateLimit: 1 })
  const crowd = async (path: string, count: number): Promise<number> => {
    const replies = await Promise.all(Array.from({ length: count }, () => service.get(path)))
    return replies.filter(({ status }) => status === 429).length
  }
  t.ok((await crowd('/v1/catalogue', 25)) >= 10)
  t.equal(await crowd('/v1/standards', 25), 0, 'a hundred at once')
  t.ok((await crowd('/v1/standards', 150)) >= 10)
  t.equal((await service.get('/open/standards')).status, 200, 'which is counted apart')
})

t.test('each page of the catalogue is made once, and comes with and without gzip', async t => {
  const { hub, get } = await openService(t)
  for (const page of [1, 1]) {
    const [one, other] = await Promise.all([readCataloguePage(hub, page), readCataloguePage(hub, page)])
    t.equal(one, other)
  }
  const plain = await get('/v1/catalogue', { 'accept-encoding': 'identity' })
  const packed = await get('/v1/catalogue', { 'accept-encoding': 'gzip' })
  t.same(
    [plain, packed].map(({ headers }) => headers.get('content-encoding')),
    [null, 'gzip'],
  )
  t.equal(plain.text, packed.text)
  t.equal(plain.headers.get('etag'), packed.headers.get('etag'))
})

async function burst({ get }: Service, count: number): Promise<Reply[]> {
  return Promise.all(Array.from({ length: count }, () => get('/open/standards/place/records/1')))
}

/** Another server on the same database, as another process would be: with a memory of its own. */
async function serveAgain(t: Test, hub: TestHub, dailyRecords: number): Promise<Service['get']> {
  const open = { rateLimit: 0, totalRateLimit: 0, dailyRecords }
  const url = await serve(t, { ...hub, config: { ...hub.config, open } })
  return async (path, headers = {}) => {
    const reply = await fetch(url + path, { headers })
    const text = await reply.text()
    return { status: reply.status, headers: reply.headers, text, json: JSON.parse(text || '{}') as never }
  }
}
