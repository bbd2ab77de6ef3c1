import t from 'tap'
import { createClient } from '../../src/exchange/clients.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import type { Entry } from '../../src/log/entry.ts'
import type { Scope } from '../../src/record.ts'
import { deliverThings, publishThings, thingAdapter, thingsOf } from '../exchange/things.ts'
import { openTestHub, serve, tester, tokenFor } from '../helper.ts'

const adapter = 'data-bureau/plain'
const long = 'PLAINTEXT-MARKER, a name that is too long'

type Reject = { readonly id: string; readonly state: string; readonly issues: readonly unknown[] }
type Reply = { readonly status: number; readonly text: string; readonly json: Record<string, unknown> }

async function openService(t: Parameters<typeof openTestHub>[0]) {
  const hub = await openTestHub(t)
  await publishThings(hub)
  const url = await serve(t, hub)
  const callAs = async (id: string, department: string, scopes: readonly Scope[]) => {
    const client = await createClient(hub, tester, { id, department, title: id, scopes })
    const authorization = `Bearer ${await tokenFor(url, client)}`
    return async (method: 'GET' | 'POST', path: string, body?: object): Promise<Reply> => {
      const headers = { authorization, ...(body && { 'content-type': 'application/json' }) }
      const reply = await fetch(`${url}/v1/quarantine${path}`, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
      })
      const text = await reply.text()
      return { status: reply.status, text, json: JSON.parse(text) as Record<string, unknown> }
    }
  }
  const last = async (): Promise<Entry> => {
    const entries = await hub.log.entries({ from: 0, limit: 1000 })
    return JSON.parse(entries.at(-1)?.entry ?? '{}') as Entry
  }
  return {
    hub,
    last,
    provider: await callAs('feed', 'data-bureau', ['deliver']),
    steward: await callAs('steward', 'data-bureau', ['publish']),
    stranger: await callAs('stranger', 'archives', ['deliver', 'publish']),
    reader: await callAs('reader', 'data-bureau', ['read']),
  }
}

const rejectsOf = ({ json }: Reply): Reject[] => json['rejects'] as Reject[]

t.test('the reasons of a delivery’s rejects are shown with an entry', async t => {
  const { hub, provider, last } = await openService(t)
  const { delivery } = await deliverThings(hub, adapter, [{ id: '1', name: long }])
  const reply = await provider('GET', `/../deliveries/${delivery}/rejects`)
  t.equal(rejectsOf(reply).length, 1)
  t.match(await last(), {
    operation: 'list',
    outcome: 'disclosed',
    count: 1,
    actor: { id: 'feed' },
    detail: { of: 'quarantine' },
  })
})

t.test('a department lists its rejects page by page, with reasons and no value of a source', async t => {
  const { hub, provider, last } = await openService(t)
  for (const id of ['1', '2', '3']) {
    hub.pass(1000)
    await deliverThings(hub, adapter, [{ id, name: long }])
  }
  await deliverThings(hub, 'archives/plain', [{ id: '4', name: long }])
  const first = await provider('GET', '?limit=2')
  t.equal(rejectsOf(first).length, 2)
  t.notMatch(first.text, /PLAINTEXT/)
  t.match(await last(), {
    operation: 'list',
    outcome: 'disclosed',
    count: 2,
    actor: { id: 'feed' },
    detail: { of: 'quarantine' },
  })
  const second = await provider('GET', `?limit=2&cursor=${String(first.json['cursor'])}`)
  t.match(second.json, {
    rejects: [{ adapter, state: 'open', ordinal: 1, issues: [{ pointer: '/name' }] }],
    cursor: null,
  })
  t.equal(
    new Set([...rejectsOf(first), ...rejectsOf(second)].map(({ id }) => id)).size,
    3,
    'another department’s is not there',
  )
  t.same(rejectsOf(await provider('GET', '?state=closed')), [])
  t.equal(rejectsOf(await provider('GET', `?adapter=${adapter}`)).length, 3)
  t.match(await provider('GET', '?cursor=bm9uc2Vuc2U'), { status: 400, json: { code: 'request-invalid' } })
})

t.test('a reject is released when its adapter is mended, and dismissed with a reason', async t => {
  const { hub, provider, steward, last } = await openService(t)
  await deliverThings(hub, adapter, [
    { id: '1', name: long },
    { id: '2', name: long, note: 'x'.repeat(50) },
  ])
  const [one = '', two = ''] = rejectsOf(await provider('GET', '')).toSorted((a, b) => a.issues.length - b.issues.length).map(({ id }) => id) // prettier-ignore
  t.match(await provider('POST', `/${one}/release`), {
    status: 200,
    json: { state: 'open', issues: [{ pointer: '/name' }] },
  })
  const document = thingAdapter('data-bureau', 'plain', { fields: { id: { from: 'id' }, note: { from: 'note' } } }) as {
    adapter: object
  }
  await publishAdapter(hub, tester, { ...document, adapter: { ...document.adapter, version: '1.1.0' } })
  t.match(await steward('POST', `/${one}/release`), {
    status: 200,
    json: { state: 'released', decidedBy: 'client:steward' },
  })
  t.match(await last(), { operation: 'release', outcome: 'done', count: 1, department: 'data-bureau' })
  t.same(await thingsOf(hub), { 1: {} })
  t.match(await provider('POST', `/${one}/release`), { status: 409, json: { code: 'reject-decided' } })
  t.match(await provider('POST', `/${two}/dismiss`, {}), { status: 400 }, 'not without a reason')
  t.match(await provider('POST', `/${two}/dismiss`, { reason: 'a test' }), {
    status: 200,
    json: { state: 'dismissed', reason: 'a test' },
  })
  t.match(await last(), { operation: 'dismiss', outcome: 'done', detail: { quarantine: two } })
})

t.test('what is another department’s is not there; every refusal is an entry', async t => {
  const { hub, provider, stranger, reader, last } = await openService(t)
  const { delivery } = await deliverThings(hub, adapter, [{ id: '1', name: long }])
  const [reject] = rejectsOf(await provider('GET', ''))
  const cases = [
    ['POST', `/${reject?.id}/release`, 'release', 'reject-unknown'],
    ['POST', `/${reject?.id}/dismiss`, 'dismiss', 'reject-unknown'],
    ['GET', `?adapter=${adapter}`, 'list', 'adapter-unknown'],
    ['GET', `?delivery=${delivery}`, 'list', 'delivery-unknown'],
  ] as const
  for (const [method, path, operation, code] of cases) {
    const reply = await stranger(method, path, method === 'POST' ? { reason: 'mine' } : undefined)
    t.match(reply, { status: 404, json: { code } }, path)
    t.match(await last(), { operation, outcome: 'refused', problem: code, actor: { id: 'stranger' } })
    t.equal((await last()).standard, undefined)
  }
  t.same(rejectsOf(await stranger('GET', '')), [])
  t.match(await reader('GET', ''), { status: 403, json: { code: 'scope-missing', detail: /deliver or publish/ } })
  t.match(rejectsOf(await provider('GET', '')), [{ state: 'open' }])
})
