/** Records over HTTP: what the calls take, what they refuse, and what stands in replies, log and documentation. */
import t, { type Test } from 'tap'
import { createAgreement } from '../../src/exchange/agreements.ts'
import { createClient } from '../../src/exchange/clients.ts'
import { putDepartment } from '../../src/exchange/departments.ts'
import type { RowFilter } from '../../src/agreement/agreement.ts'
import { deliver } from '../../src/exchange/deliver.ts'
import type { Entry } from '../../src/log/entry.ts'
import { people, publishPeople } from '../exchange/people.ts'
import { deliverThings, publishThings } from '../exchange/things.ts'
import { chunks, openTestHub, serve, tester, tokenFor, type TestHub } from '../helper.ts'

const things = '/v1/standards/thing'

type Reply = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: Record<string, never>
}

type Service = {
  readonly hub: TestHub
  readonly url: string
  call(path: string, options?: { readonly body?: unknown; readonly headers?: Record<string, string> }): Promise<Reply>
  entries(): Promise<Entry[]>
  /** For when the clock was moved. */
  renewToken(): Promise<void>
}

/** Three things, and a client that may read two fields of those that its agreement reaches. */
async function openService(t: Test): Promise<Service> {
  const hub = await openTestHub(t)
  await publishThings(hub)
  await publishPeople(hub)
  await deliverThings(hub, 'data-bureau/input', [
    { id: '1', name: 'a', note: 'first' },
    { id: '2', name: 'a', note: 'n', secret: 'SECRET' },
    { id: '3', name: 'b', note: 'n' },
  ])
  await deliver(hub, { adapter: 'public-security/people', body: chunks(JSON.stringify(people[0])), by: tester })
  await putDepartment(hub, tester, { id: 'archives', titles: { 'zh-CN': '测试', en: 'Test' } })
  const client = await createClient(hub, tester, {
    id: 'reader',
    department: 'archives',
    title: 'Reader',
    scopes: ['read'],
  })
  const agree = (standard: string, fields: string[], rows?: RowFilter) =>
    createAgreement(hub, tester, {
      id: `of-${standard}`, department: 'archives', standard, fields, matters: ['m'], ...(rows && { rows }),
      operations: ['read', 'list', 'history', 'lookup', 'verify'], from: new Date(0), until: new Date('2100-01-01'),
    }) // prettier-ignore
  await agree('thing', ['id', 'name', 'note'], { name: ['a'] })
  await agree('person-basic', ['idNumber', 'name'])
  const url = await serve(t, hub)
  let token = await tokenFor(url, client)
  return {
    hub,
    url,
    async renewToken() {
      token = await tokenFor(url, client)
    },
    async call(path, { body, headers = {} } = {}) {
      const reply = await fetch(url + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'concord-matter': 'm',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await reply.text()
      return {
        status: reply.status,
        headers: reply.headers,
        text,
        json: JSON.parse(text || '{}') as Record<string, never>,
      }
    },
    entries: async () =>
      (await hub.log.entries({ from: 0, limit: 10_000 })).map(({ entry }) => JSON.parse(entry) as Entry),
  }
}

t.test(
  'what is malformed, unknown or not granted is refused with one problem, and the refusal is an entry',
  async t => {
    const { call, entries } = await openService(t)
    const record = `${things}/records/1`
    const cases: [what: string, path: string, body: unknown, status: number, code: string][] = [
      ['asOf that is no time', `${record}?asOf=yesterday`, undefined, 400, 'request-invalid'],
      ['asOf without an offset', `${record}?asOf=2026-03-01T08:00:00`, undefined, 400, 'request-invalid'],
      ['asOf on a day that is none', `${record}?asOf=2026-02-30`, undefined, 400, 'request-invalid'],
      ['asOf at an hour that is none', `${record}?asOf=2026-02-01T24:00:00Z`, undefined, 400, 'request-invalid'],
      ['asOf twice', `${record}?asOf=2026-03-01&asOf=2026-03-02`, undefined, 400, 'request-invalid'],
      ['asOf of a page', `${things}/records?asOf=2026-03-01`, undefined, 400, 'request-invalid'],
      ['before its first revision', `${record}?asOf=2026-02-28`, undefined, 404, 'record-unknown'],
      ['a name that the call has not', `${record}?limit=1`, undefined, 400, 'request-invalid'],
      ['a name that history has not', `${record}/history?asOf=2026-03-01`, undefined, 400, 'request-invalid'],
      ['a history of none', `${record}/history?limit=0`, undefined, 400, 'request-invalid'],
      ['a cursor of another call', `${record}/history?cursor=YWZ0ZXIgMQ`, undefined, 400, 'request-invalid'],
      ['a cursor that is none', `${things}/records?cursor=x`, undefined, 400, 'request-invalid'],
      ['a filter that is not indexed', `${things}/records?note=n`, undefined, 400, 'request-invalid'],
      ['a filter that is not granted', `${things}/records?secret=SECRET`, undefined, 403, 'field-not-granted'],
      ['a record that the row filter does not reach', `${things}/records/3`, undefined, 404, 'record-unknown'],
      ['its history', `${things}/records/3/history`, undefined, 404, 'record-unknown'],
      [
        'a sealed key in an address',
        `/v1/standards/person-basic/records/${people[0].idNumber}`,
        undefined,
        400,
        'request-invalid',
      ],
      ['a lookup of nothing', `${things}/lookup`, { keys: [] }, 400, 'request-invalid'],
      [
        'a lookup of too much',
        `${things}/lookup`,
        { keys: Array.from({ length: 1001 }, String) },
        400,
        'request-invalid',
      ],
      ['a key that is no text', `${things}/lookup`, { keys: [1] }, 400, 'request-invalid'],
      ['more than a lookup takes', `${things}/lookup`, { keys: ['1'], asOf: '2026-03-01' }, 400, 'request-invalid'],
      ['a query beside the body', `${things}/lookup?fields=name`, { keys: ['1'] }, 400, 'request-invalid'],
      [
        'a lookup of an unknown field',
        `${things}/lookup`,
        { keys: ['1'], fields: ['nonsense'] },
        400,
        'request-invalid',
      ],
      [
        'a lookup of a field that is not granted',
        `${things}/lookup`,
        { keys: ['2'], fields: ['secret'] },
        403,
        'field-not-granted',
      ],
      ['a body that is no JSON', `${things}/verify`, '{', 400, 'request-invalid'],
      ['no claim', `${things}/verify`, { key: '1', claims: {} }, 400, 'request-invalid'],
      [
        'a claim of a field that is not granted',
        `${things}/verify`,
        { key: '2', claims: { secret: 'SECRET' } },
        403,
        'field-not-granted',
      ],
      [
        'a claim that no record could have',
        `${things}/verify`,
        { key: '2', claims: { name: 'SECRET SECRET' } },
        400,
        'request-invalid',
      ],
      ['a claim of what is not there', `${things}/verify`, { key: '9', claims: { name: 'a' } }, 404, 'record-unknown'],
    ]
    for (const [what, path, body, status, code] of cases) {
      const before = (await entries()).length
      const reply = await call(path, { body })
      t.match(reply, { status, json: { code } }, what)
      t.notMatch(reply.text, /SECRET|33119919|"data"/, what)
      const made = (await entries()).slice(before)
      t.equal(made.length, 1, `${what}: one entry`)
      t.match(made[0], {
        outcome: 'refused',
        problem: code,
        count: 0,
        actor: { id: 'reader' },
        standard: /thing|person-basic/,
      })
      t.notMatch(JSON.stringify(made), /SECRET|33119919/, what)
    }
  },
)

t.test('a record as of a time: a day stands for its end, an offset counts, and its + may be lost', async t => {
  const { call, hub, renewToken } = await openService(t)
  hub.pass(24 * 3600_000)
  await renewToken()
  await deliverThings(hub, 'data-bureau/input', [{ id: '1', name: 'a', note: 'second' }])
  const cases: [asOf: string, note: string | undefined][] = [
    ['2026-02-28', undefined],
    ['2026-03-01', 'first'],
    ['2026-03-02', 'second'],
    ['2999-12-31', 'second'],
    ['9999-12-31', 'second'],
    ['9999-12-31T23:59:59-08:00', 'second'],
    ['2026-03-01T07:59:59.999Z', undefined],
    ['2026-03-01T08:00:00Z', 'first'],
    ['2026-03-02T07:59:59.9999Z', 'first'],
    ['2026-03-02t08:00:00z', 'second'],
    ['2026-03-02T16:00:00%2B08:00', 'second'],
    ['2026-03-02T15:59:59+08:00', 'first'],
    ['2026-03-02T03:00:00-05:00', 'second'],
  ]
  for (const [asOf, note] of cases) {
    const { status, json } = await call(`${things}/records/1?asOf=${asOf}&fields=note`)
    t.equal(status, note === undefined ? 404 : 200, asOf)
    if (note !== undefined) t.match(json, { data: { note }, revision: note === 'first' ? 1 : 2 }, asOf)
  }
})

t.test('whoever has a reply already is told so, by an entry: one record, of then, its history, a page', async t => {
  const { call, entries } = await openService(t)
  for (const [path, operation] of [
    [`${things}/records/1`, 'read'],
    [`${things}/records/1?asOf=2026-03-01`, 'read'],
    [`${things}/records/1/history`, 'history'],
    [`${things}/records?limit=1`, 'list'],
  ] as const) {
    const first = await call(path)
    const etag = first.headers.get('etag') ?? ''
    t.match(etag, /^W\/"[\w-]+\.[0-9a-f]{8}"$/, path)
    t.equal(first.headers.get('cache-control'), 'private, no-cache')
    for (const known of [etag, etag.replace('W/', ''), `"x", ${etag}`]) {
      const again = await call(path, { headers: { 'if-none-match': known } })
      t.match(again, { status: 304, text: '' }, `${path}: ${known}`)
      t.equal(again.headers.get('concord-entry'), String((await entries()).length - 1))
      t.match((await entries()).at(-1), { operation, outcome: 'not-modified', count: 1 })
    }
    for (const unknown of ['"x"', '*']) {
      t.equal((await call(path, { headers: { 'if-none-match': unknown } })).status, 200, unknown)
    }
    const fewer = await call(`${path}${path.includes('?') ? '&' : '?'}fields=name`, {
      headers: { 'if-none-match': etag },
    })
    t.equal(fewer.status, 200, 'other fields are another reply')
  }
})

t.test('history, lookup and verify over HTTP', async t => {
  const { call, hub, entries } = await openService(t)
  await deliverThings(hub, 'data-bureau/input', [{ id: '1', gone: 'yes' }])
  const history = await call(`${things}/records/1/history?limit=1&fields=note`)
  t.match(history.json, { history: [{ key: '1', revision: 2, withdrawn: true }] })
  const older = await call(`${things}/records/1/history?limit=1&fields=note&cursor=${String(history.json['cursor'])}`)
  t.match(older.json, { history: [{ key: '1', revision: 1, data: { note: 'first' } }], cursor: null })

  const found = await call(`${things}/lookup`, { body: { keys: ['2', '3', '2'], fields: ['name', 'secret'] } })
  t.match(found, {
    status: 200,
    json: { records: [{ key: '2', data: { name: 'a' }, withheld: ['secret'] }], missing: ['3'] },
  })
  t.equal(found.headers.get('cache-control'), 'no-store')
  t.equal(found.headers.get('concord-entry'), String((await entries()).length - 2), 'the first of two')

  const verified = await call(`${things}/verify`, {
    body: { key: '2', claims: { note: 'n', name: 'b' } },
    headers: { 'concord-case': Buffer.from('案件 7').toString('latin1') },
  })
  t.same(verified.json, { key: '2', results: { note: 'match', name: 'mismatch' } })
  t.match((await entries()).at(-1), {
    operation: 'verify',
    fields: ['name', 'note'],
    case: '案件 7',
    matter: 'm',
    count: 1,
  })
  t.equal(verified.headers.get('concord-entry'), String((await entries()).length - 1))

  const [person] = people
  const body = { key: person.idNumber, claims: { name: person.name } }
  t.same((await call('/v1/standards/person-basic/verify', { body })).json, {
    key: person.idNumber,
    results: { name: 'match' },
  })
  t.match((await call('/v1/standards/person-basic/lookup', { body: { keys: [person.idNumber] } })).json, {
    records: [{ key: person.idNumber, data: { name: person.name } }],
    missing: [],
  })
  const invalid = await call(`${things}/verify`, {
    body: { key: '2', claims: { name: 1 } },
    headers: { 'accept-language': 'zh' },
  })
  t.match(invalid.json, { issues: [{ pointer: '/claims/name', message: /类型/ }] })
})

t.test(
  'a sealed field that does not open ends the call with 500, and nothing of the record is in the reply',
  async t => {
    const { hub, call, entries } = await openService(t)
    await createAgreement(hub, tester, {
    department: 'archives', standard: 'thing', fields: ['id', 'name', 'secret'], matters: ['sealed'],
    operations: ['read'], from: new Date(0), until: new Date('2100-01-01'),
  }) // prettier-ignore
    await hub.store.transact(async tx => {
      await tx.run('DROP TRIGGER revisions_no_update')
      const altered = JSON.stringify({ secret: Buffer.alloc(80).toString('base64') })
      await tx.run(`UPDATE revisions SET sealed = ? WHERE record_key = '2'`, [altered])
    })
    const reply = await call(`${things}/records/2`, { headers: { 'concord-matter': 'sealed' } })
    t.match(reply, { status: 500, json: { code: 'internal' } })
    t.notMatch(reply.text, /SECRET|"a"|seal/)
    t.equal(reply.headers.get('etag'), null)
    t.match((await entries()).at(-1), { operation: 'read', outcome: 'refused', problem: 'internal' })
    const headers = { 'concord-matter': 'sealed' }
    t.equal((await call(`${things}/records/2?fields=name`, { headers })).status, 200)
  },
)

t.test('the documentation says what each call takes and gives', async t => {
  const { url } = await openService(t)
  type Operation = {
    summary?: string
    tags?: string[]
    responses: Record<string, { description: string; content?: object }>
    requestBody?: object
    parameters?: { name: string; description?: string }[]
  }
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>
  }
  const record = '/v1/standards/{id}/records/{key}'
  for (const [path, method, parameters] of [
    [record, 'get', ['fields', 'asOf', 'if-none-match', 'concord-matter']],
    [`${record}/history`, 'get', ['limit', 'cursor', 'fields']],
    ['/v1/standards/{id}/records', 'get', ['limit', 'cursor', 'fields']],
    ['/v1/standards/{id}/lookup', 'post', ['concord-matter', 'concord-case']],
    ['/v1/standards/{id}/verify', 'post', ['concord-matter', 'concord-case']],
  ] as const) {
    const operation = paths[path]?.[method]
    t.match(operation, { tags: ['records'], summary: String, description: String })
    t.match(operation?.responses['200'], { content: { 'application/json': { schema: { properties: Object } } } }, path)
    for (const name of parameters)
      t.ok(operation?.parameters?.find(one => one.name === name)?.description, `${path}: ${name}`)
    if (method === 'post')
      t.match(operation?.requestBody, { content: { 'application/json': { schema: { required: Array } } } })
  }
})
