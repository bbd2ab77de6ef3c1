/** Publishing over HTTP, by a steward and by a client of the department that owns the standard. */
import t, { type Test } from 'tap'
import { createClient } from '../../src/exchange/clients.ts'
import { putDepartment } from '../../src/exchange/departments.ts'
import { createUser } from '../../src/exchange/users.ts'
import type { Entry } from '../../src/log/entry.ts'
import type { StandardDocument } from '../../src/standard.ts'
import { userToken } from '../exchange/sign-in.ts'
import { openTestHub, serve, tester, tokenFor } from '../helper.ts'
import { documentWith } from '../standards.ts'

const text = { type: 'string', maxLength: 40 }

function thing(version: string, properties: object = { name: text }): StandardDocument {
  const parts = { id: 'thing', version, key: ['id'], subjects: ['id'], properties: { id: text, ...properties } }
  const document = documentWith(parts)
  return { ...document, $id: document.$id.replace('v1.json', `v${version.split('.')[0]}.json`) } as StandardDocument
}

const colours = (version: string, more: object = {}) => ({
  $schema: '../meta/code-list.json',
  id: 'colour',
  version,
  titles: { 'zh-CN': '颜色', en: 'Colours' },
  closed: false,
  source: 'Test',
  codes: [{ code: 'red', titles: { 'zh-CN': '红', en: 'Red' } }],
  ...more,
})

async function open(t: Test) {
  const hub = await openTestHub(t)
  const titles = { 'zh-CN': '测试', en: 'Test' }
  for (const id of ['data-bureau', 'archives']) await putDepartment(hub, tester, { id, titles })
  const url = await serve(t, hub)
  const client = async (department: string, scopes: readonly ('publish' | 'read')[]) =>
    tokenFor(url, await createClient(hub, tester, { id: `${department}-${scopes[0]}`, department, title: 'T', scopes }))
  const steward = await createUser(hub, tester, {
    id: 'sam',
    title: 'Sam',
    roles: ['steward'],
    department: 'data-bureau',
  })
  const tokens = {
    steward: await userToken(url, hub, steward),
    publisher: await client('data-bureau', ['publish']),
    stranger: await client('archives', ['publish']),
    reader: await client('data-bureau', ['read']),
    nobody: undefined,
  }
  const call = async (
    who: keyof typeof tokens,
    method: string,
    path: string,
    body?: object,
    type = 'application/json',
  ) => {
    const token = tokens[who]
    const headers = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': type }),
    }
    const reply = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    const answer = await reply.text()
    const isJson = reply.headers.get('content-type')?.includes('json') === true
    const json = (isJson ? JSON.parse(answer) : {}) as Record<string, never>
    return { status: reply.status, headers: reply.headers, text: answer, json }
  }
  const last = async (): Promise<Entry> =>
    JSON.parse((await hub.log.entries({ from: 0, limit: 1000 })).at(-1)?.entry ?? '{}') as Entry
  return { hub, call, last }
}

const one = '/v1/standards/thing/versions/1.0.0'

t.test(
  'a document that is not said to be JSON is refused as that; no issue points to a name that is the whole body',
  async t => {
    const { call } = await open(t)
    const calls: [method: string, path: string, body: object][] = [
      ['PUT', one, thing('1.0.0')],
      ['POST', '/v1/standards/thing/compare', thing('1.0.0')],
      ['PUT', '/v1/code-lists/colour/versions/1.0.0', colours('1.0.0')],
      ['PUT', '/v1/adapters/data-bureau/things', {}],
    ]
    for (const [method, path, body] of calls) {
      for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/xml']) {
        const reply = await call('publisher', method, path, body, type)
        const refused = { status: 415, json: { code: 'media-type-unsupported', detail: /application\/json/ } }
        t.match(reply, refused, `${method} ${path} ${type}`)
      }
    }
    const name = 'x'.repeat(10_000)
    const { text: answer } = await call('publisher', 'PUT', one, { ...thing('1.0.0'), [name]: 1 })
    t.match(answer, /"pointer":"\/…"/)
    t.ok(answer.length < 2_000)
  },
)
const two = '/v1/standards/thing/versions/1.1.0'

t.test('a standard is drafted, shown, compared, published; the entry names who, and the change is proved', async t => {
  const { call, last } = await open(t)
  t.match(await call('steward', 'PUT', one, thing('1.0.0')), { status: 200, json: { outcome: 'published' } })
  const actor = { kind: 'user', id: 'sam' }
  t.match(await last(), { operation: 'publish', standard: 'thing', department: 'data-bureau', actor })

  t.match(await call('publisher', 'PUT', `${two}?draft=true`, thing('1.1.0', {})), {
    status: 200,
    json: { outcome: 'draft', fault: /2\.0\.0/, comparison: { verdict: 'major' } },
  })
  const draft = await call('nobody', 'GET', two)
  t.match([draft.status, draft.headers.get('concord-status')], [200, 'draft'])
  t.match((await call('nobody', 'GET', '/v1/standards/thing')).json, { versions: ['1.0.0'], status: 'published' })
  t.match((await call('nobody', 'GET', '/v1/standards?status=draft')).json, { standards: [{ version: '1.1.0' }] })
  const compared = await call('reader', 'GET', '/v1/standards/thing/compare?from=1.0.0&to=1.1.0')
  t.match(compared.json, { verdict: 'major', changes: [{ witness: { record: {} } }] })
  t.match(await last(), { operation: 'audit', detail: { act: 'compare-standards' } })

  const refused = await call('steward', 'POST', `${two}/publish`)
  t.match(refused, { status: 422, json: { code: 'version-unfit', comparison: { verdict: 'major' }, issues: [{}] } })
  t.match(await last(), { operation: 'publish', outcome: 'refused', problem: 'version-unfit', standard: 'thing' })

  const minor = thing('1.1.0', { name: text, note: text })
  t.match((await call('steward', 'POST', '/v1/standards/thing/compare', minor)).json, {
    fault: null,
    comparison: { verdict: 'minor' },
  })
  await call('steward', 'PUT', `${two}?draft=true`, minor)
  t.match(await call('steward', 'POST', `${two}/publish`), { status: 200, json: { outcome: 'published' } })
  t.match((await call('nobody', 'GET', `${two}/comparison`)).json, { from: '1.0.0', to: '1.1.0', verdict: 'minor' })
  t.match(await call('nobody', 'GET', `${one}/comparison`), { status: 404, json: { code: 'not-found' } })
  t.match((await call('nobody', 'GET', `${two}/types`)).text, /interface Thing/)
  t.match(await call('steward', 'PUT', two, minor), { status: 200, json: { outcome: 'unchanged' } })
  t.match(await last(), { operation: 'publish', outcome: 'unchanged' })
  t.match(await call('steward', 'DELETE', two), { status: 409, json: { code: 'version-published' } })
})

t.test('a draft is deleted, and is gone', async t => {
  const { call } = await open(t)
  await call('steward', 'PUT', `${one}?draft=true`, thing('1.0.0'))
  t.equal((await call('steward', 'DELETE', one)).status, 204)
  t.match(await call('nobody', 'GET', one), { status: 404, json: { code: 'standard-unknown' } })
  t.match(await call('steward', 'DELETE', one), { status: 404, json: { code: 'standard-unknown' } })
})

t.test('who may not publish, and what is no document, is refused with what to do', async t => {
  const { call, last } = await open(t)
  const document = thing('1.0.0')
  const refusals: [who: Parameters<typeof call>[0], path: string, body: object, status: number, code: string][] = [
    ['nobody', one, document, 401, 'unauthenticated'],
    ['reader', one, document, 403, 'scope-missing'],
    ['stranger', one, document, 403, 'owner-only'],
    ['stranger', `${one}?draft=true`, document, 403, 'owner-only'],
    ['steward', two, document, 400, 'request-invalid'],
    ['steward', '/v1/standards/other/versions/1.0.0', document, 400, 'request-invalid'],
    ['steward', one, {}, 422, 'standard-invalid'],
    ['steward', one, [], 400, 'request-invalid'],
    ['steward', '/v1/standards/thing/versions/1.x', document, 400, 'request-invalid'],
    ['steward', `${one}?draft=maybe`, document, 400, 'request-invalid'],
  ]
  for (const [who, path, body, status, code] of refusals) {
    t.match(await call(who, 'PUT', path, body), { status, json: { code } }, `${who} ${path}`)
    if (who !== 'nobody') t.match(await last(), { operation: 'publish', outcome: 'refused', problem: code })
  }
  t.match(await call('nobody', 'GET', '/v1/standards/thing/compare?from=1.0.0&to=1.1.0'), { status: 401 })
  t.match(await call('steward', 'GET', '/v1/standards/thing/compare?from=1.0.0&to=1.1.0'), {
    status: 404,
    json: { code: 'standard-unknown' },
  })
})

t.test('a code list is published, drafted, compared and listed', async t => {
  const { call } = await open(t)
  const path = (version: string): string => `/v1/code-lists/colour/versions/${version}`
  const more = { codes: [...colours('1').codes, { code: 'blue', titles: { 'zh-CN': '蓝' } }] }
  t.match(await call('steward', 'PUT', path('1.0.0'), colours('1.0.0')), { status: 200 })
  // A list is of who published it first.
  t.match(await call('stranger', 'PUT', path('1.1.0'), colours('1.1.0', more)), {
    status: 403,
    json: { code: 'owner-only' },
  })
  t.match(await call('reader', 'PUT', path('1.1.0'), colours('1.1.0', more)), { status: 403 })
  t.match(await call('steward', 'PUT', path('1.0.1'), colours('1.0.1', more)), {
    status: 422,
    json: { code: 'version-unfit', comparison: { added: ['blue'], verdict: 'minor' } },
  })
  await call('steward', 'PUT', `${path('1.1.0')}?draft=true`, colours('1.1.0', more))
  const draft = await call('nobody', 'GET', path('1.1.0'))
  t.equal(draft.headers.get('concord-status'), 'draft')
  t.match((await call('nobody', 'GET', '/v1/code-lists/colour')).json, { version: '1.0.0' })
  t.match((await call('nobody', 'GET', '/v1/code-lists/colour/compare?from=1.0.0&to=1.1.0')).json, {
    verdict: 'minor',
    added: ['blue'],
  })
  t.match(await call('steward', 'POST', `${path('1.1.0')}/publish`), { status: 200 })
  t.match((await call('nobody', 'GET', '/v1/code-lists')).json, {
    codeLists: [{ id: 'colour', version: '1.1.0', codes: 2, versions: [{ version: '1.0.0' }, { version: '1.1.0' }] }],
    cursor: null,
  })
  t.match((await call('nobody', 'GET', '/v1/code-lists/colour/versions')).json, { versions: [{}, {}] })
  t.match(await call('steward', 'DELETE', path('1.1.0')), { status: 409, json: { code: 'version-published' } })
  t.match(await call('nobody', 'GET', path('9.0.0')), { status: 404, json: { code: 'code-list-unknown' } })
})
