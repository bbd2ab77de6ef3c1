import t, { type Test } from 'tap'
import { createClient } from '../../src/exchange/clients.ts'
import type { Entry } from '../../src/log/entry.ts'
import type { Scope } from '../../src/record.ts'
import { publishThings, thingAdapter } from '../exchange/things.ts'
import { openTestHub, serve, tester, tokenFor } from '../helper.ts'

const path = '/v1/adapters/archives/plain'
const titles = { 'zh-CN': '测试', en: 'Test' }
const version = (number: string, changes: object = {}): object =>
  thingAdapter('archives', 'plain', {
    adapter: { department: 'archives', name: 'plain', version: number, titles },
    ...changes,
  })
const good = {
  input: '{"id":"1","name":"A"}',
  expected: { records: [{ key: '1', data: { id: '1', name: 'A' } }], rejects: [] },
}

type Reply = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: Record<string, never>
}
type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'

async function openService(t: Test) {
  const hub = await openTestHub(t)
  await publishThings(hub)
  const url = await serve(t, hub)
  const callAs = async (id: string, department: string, scopes: readonly Scope[]) => {
    const client = await createClient(hub, tester, { id, department, title: id, scopes })
    const authorization = `Bearer ${await tokenFor(url, client)}`
    return async (
      method: Method,
      address: string,
      body?: object | string,
      type = 'application/json',
    ): Promise<Reply> => {
      const reply = await fetch(url + address, {
        method,
        headers: { authorization, ...(body !== undefined && { 'content-type': type }) },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await reply.text()
      return {
        status: reply.status,
        headers: reply.headers,
        text,
        json: (text === '' ? {} : JSON.parse(text)) as Reply['json'],
      }
    }
  }
  return {
    hub,
    steward: await callAs('steward', 'archives', ['publish']),
    provider: await callAs('provider', 'archives', ['deliver']),
    owner: await callAs('owner', 'data-bureau', ['publish']),
    reader: await callAs('reader', 'data-bureau', ['read']),
    async last(): Promise<Entry> {
      const entries = await hub.log.entries({ from: 0, limit: 1000 })
      return JSON.parse(entries.at(-1)?.entry ?? '{}') as Entry
    },
  }
}

t.test('an adapter is published with a case, listed, read and put back over HTTP', async t => {
  const { steward, reader, owner, last } = await openService(t)
  const put = await steward('PUT', path, { adapter: version('1.1.0'), cases: [{ name: 'good', ...good }] })
  t.match(put, { status: 201, json: { id: 'archives/plain', version: '1.1.0', outcome: 'published' } })
  t.equal(put.headers.get('location'), `${path}/versions/1.1.0`)
  t.match(await last(), {
    operation: 'publish',
    actor: { id: 'steward' },
    department: 'archives',
    detail: { cases: 1 },
  })
  t.match(await steward('PUT', path, version('1.1.0')), { status: 200, json: { outcome: 'unchanged' } })
  const broken = version('1.2.0', { fields: { id: { from: 'id' } } })
  t.match(await steward('PUT', path, broken), {
    status: 422,
    json: { code: 'adapter-broken', issues: [{ pointer: '/name', code: 'case-differs' }] },
  })
  t.match(await steward('PUT', path, { standard: {}, source: {} }), { status: 422, json: { code: 'adapter-invalid' } })
  t.match(await steward('PUT', '/v1/adapters/archives/input', version('1.2.0')), {
    status: 400,
    json: { code: 'request-invalid' },
  })

  const { adapters } = (await reader('GET', '/v1/adapters')).json as unknown as {
    adapters: { department: string; name: string }[]
  }
  t.match(
    adapters.find(({ department, name }) => department === 'archives' && name === 'plain'),
    { standard: 'thing', major: 1, version: '1.1.0', versions: ['1.0.0', '1.1.0'] },
  )
  t.match(await last(), { operation: 'audit', actor: { id: 'reader' }, detail: { act: 'list-adapters' } })

  t.match(await steward('POST', `${path}/rollback`, { to: '1.0.0' }), { status: 200, json: { version: '1.0.0' } })
  t.match(await steward('GET', path), { status: 200, json: { adapter: { version: '1.0.0' } } })
  t.match(await owner('GET', `${path}/versions/1.1.0`), { status: 200, json: { adapter: { version: '1.1.0' } } })
  t.match(await last(), { actor: { id: 'owner' }, detail: { act: 'read-adapter', filters: { version: '1.1.0' } } })
  t.match(await steward('POST', `${path}/rollback`, { to: '7.0.0' }), {
    status: 404,
    json: { code: 'adapter-unknown' },
  })
})

t.test('cases are put, listed, seen and removed by their department, and by nobody else', async t => {
  const { steward, owner, last } = await openService(t)
  t.match(await steward('PUT', `${path}/cases/good`, good), { status: 200, json: { name: 'good', records: 1 } })
  t.match(await steward('PUT', `${path}/cases/bad`, { ...good, input: '' }), {
    status: 422,
    json: { code: 'adapter-broken' },
  })
  t.match(await steward('PUT', `${path}/cases/bad`, { input: '' }), { status: 400, json: { code: 'request-invalid' } })
  const listed = await steward('GET', `${path}/cases`)
  t.match(listed.json, { cases: [{ name: 'good', isPassed: true, issues: [] }] })
  t.notMatch(listed.text, /inputBase64|"A"/)
  const shown = await steward('GET', `${path}/cases/good`)
  t.match(shown.json, { inputBase64: Buffer.from(good.input).toString('base64'), expected: good.expected })
  t.match(await last(), { operation: 'read', outcome: 'disclosed', detail: { of: 'adapter-case', case: 'good' } })
  const others: [Method, string, object?][] = [
    ['GET', `${path}/cases`],
    ['GET', `${path}/cases/good`],
    ['PUT', `${path}/cases/good`, good],
    ['DELETE', `${path}/cases/good`],
    ['PUT', path, version('1.1.0')],
    ['POST', `${path}/rollback`, { to: '1.0.0' }],
    ['POST', `${path}/preview`, {}],
    ['POST', '/v1/adapters/preview', { adapter: version('1.1.0'), input: '' }],
  ]
  for (const [method, address, body] of others) {
    t.match(await owner(method, address, body), { status: 403, json: { code: 'owner-only' } }, `${method} ${address}`)
    t.match(await last(), { outcome: 'refused', problem: 'owner-only', actor: { id: 'owner' } })
  }
  t.match(await steward('DELETE', `${path}/cases/good`), { status: 204, text: '' })
  t.match(await steward('GET', `${path}/cases/good`), { status: 404, json: { code: 'case-unknown' } })
})

t.test('an input is previewed as it would be delivered, by a published adapter or by a document', async t => {
  const { provider, steward, last } = await openService(t)
  const lines = '{"id":"1","name":"A"}\n{"id":"2","name":"longer than ten"}\n'
  const run = await provider('POST', `${path}/preview?limit=1&rejects=true`, lines, 'application/x-ndjson')
  t.match(run, {
    status: 200,
    json: {
      records: [{ position: { ordinal: 2 }, change: { kind: 'rejected' }, issues: [{ pointer: '/name' }] }],
      changes: { new: 1, rejected: 1, withdrawn: 0 },
      isWhole: true,
    },
  })
  t.match(await last(), { operation: 'preview', actor: { id: 'provider' }, count: 2 })
  const draft = { adapter: version('2.0.0'), inputBase64: Buffer.from(lines).toString('base64') }
  t.match(await steward('POST', '/v1/adapters/preview?limit=0', draft), {
    status: 200,
    json: { version: '2.0.0', read: 2 },
  })
  const refused: [name: string, reply: Reply, status: number, code: string][] = [
    ['a version that is not there', await provider('POST', `${path}/preview?version=3.0.0`, lines, 'application/x-ndjson'), 404, 'adapter-unknown'],
    ['another media type', await provider('POST', `${path}/preview`, lines, 'text/csv'), 415, 'media-type-unsupported'],
    ['too many', await provider('POST', `${path}/preview?limit=101`, lines, 'application/x-ndjson'), 400, 'request-invalid'],
    ['too large', await provider('POST', `${path}/preview`, 'x'.repeat(8 * 1024 * 1024 + 1), 'application/x-ndjson'), 422, 'input-refused'],
    ['two inputs', await steward('POST', '/v1/adapters/preview', { ...draft, input: '' }), 400, 'request-invalid'],
    ['no adapter', await steward('POST', '/v1/adapters/preview', { ...draft, adapter: {} }), 422, 'adapter-invalid'],
    ['a bare document', await steward('POST', '/v1/adapters/preview', version('2.0.0')), 400, 'request-invalid'],
  ] // prettier-ignore
  for (const [name, reply, status, code] of refused) t.match(reply, { status, json: { code } }, name)
})

t.test('the matrix of coverage says who fills what', async t => {
  const { reader, last } = await openService(t)
  const reply = await reader('GET', '/v1/coverage?standard=thing')
  t.match(reply.json, {
    coverage: [
      {
        standard: 'thing',
        major: 1,
        fields: [{ field: 'id', filledBy: { 'archives/plain': 'always' } }],
        unfilled: [],
      },
    ],
  })
  t.match(await last(), { operation: 'audit', detail: { act: 'read-coverage', filters: { standard: 'thing' } } })
  t.match((await reader('GET', '/v1/coverage?limit=1')).json, { coverage: [{ standard: 'thing' }], cursor: null })
  t.match((await reader('GET', '/v1/coverage?cursor=thing')).json, { coverage: [], cursor: null })
  t.match(await reader('GET', '/v1/coverage?standard=none'), { status: 404, json: { code: 'standard-unknown' } })
})
