import t, { type Test } from 'tap'
import { putDepartment } from '../../src/exchange/departments.ts'
import { createClient } from '../../src/exchange/clients.ts'
import { approveAgreement } from '../../src/exchange/agreement-acts.ts'
import { createAgreement } from '../../src/exchange/agreements.ts'
import { operator } from '../../src/exchange/hub.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import type { Entry } from '../../src/log/entry.ts'
import type { Scope } from '../../src/record.ts'
import { raisedThing } from '../exchange/raised-thing.ts'
import { deliverThings, publishThings } from '../exchange/things.ts'
import { openTestHub, serve, tester, tokenFor } from '../helper.ts'

type Reply = { readonly status: number; readonly headers: Headers; readonly json: Record<string, unknown> }
type Send = (method: 'GET' | 'POST', path: string, body?: object, headers?: Record<string, string>) => Promise<Reply>

const asked = {
  standard: 'thing',
  fields: ['id', 'name'],
  operations: ['read', 'list'],
  matters: ['m'],
  legalBasis: 'a law, article 1',
  until: '2026-12-31',
}

t.test('an agreement is asked for, approved, used, suspended, resumed and revoked over HTTP', async t => {
  const { asker, owner, reader, last } = await openService(t)
  const read = (): Promise<Reply> =>
    reader('GET', '/v1/standards/thing/records/1', undefined, { 'concord-matter': 'm' })
  const made = await asker('POST', '/v1/agreements', asked)
  const id = String(made.json['id'])
  t.match(made, { status: 201, json: { state: 'requested', owner: 'data-bureau', department: 'archives' } })
  t.match(made.json, {
    until: '2027-01-01T00:00:00.000Z',
    from: '2026-03-01T08:00:00.000Z',
    legalBasis: 'a law, article 1',
  })
  t.equal(made.headers.get('location'), `/v1/agreements/${id}`)
  t.match(await read(), { status: 403, json: { code: 'agreement-missing' } })
  const steps: [verb: string, body: object | undefined, state: string, status: number][] = [
    ['approve', undefined, 'active', 200],
    ['suspend', { reason: 'an audit' }, 'suspended', 403],
    ['resume', undefined, 'active', 200],
    ['revoke', { reason: 'no longer needed' }, 'revoked', 403],
  ]
  for (const [verb, body, state, status] of steps) {
    t.match(await owner('POST', `/v1/agreements/${id}/${verb}`, body), { status: 200, json: { state } }, verb)
    t.match(await last(), { operation: verb, outcome: 'done', agreement: id, actor: { id: 'owner' } })
    t.equal((await read()).status, status, `${verb}: ${state}`)
  }
  const again = await owner('POST', `/v1/agreements/${id}/resume`)
  t.match(again, { status: 409, json: { code: 'agreement-state', detail: /is revoked/ } })
  t.match(await last(), { operation: 'resume', outcome: 'refused', problem: 'agreement-state', agreement: id })
  t.match(await asker('GET', `/v1/agreements/${id}`), {
    status: 200,
    json: { acts: [{ by: 'client:asker' }, {}, {}, {}, {}] },
  })
})

t.test('an approval ends the agreement that it replaces', async t => {
  const { asker, owner, last } = await openService(t)
  const ask = async (): Promise<string> => String((await asker('POST', '/v1/agreements', asked)).json['id'])
  const [old, other] = [await ask(), await ask()]
  t.match(await owner('POST', `/v1/agreements/${old}/approve`, {}), { status: 200, json: { state: 'active' } })
  t.match(await owner('POST', `/v1/agreements/${other}/approve`), {
    status: 409,
    json: { code: 'agreement-ambiguous', detail: /`replaces`/ },
  })
  t.match(await owner('POST', `/v1/agreements/${other}/approve`, { replaces: old }), {
    status: 200,
    json: { id: other, state: 'active' },
  })
  t.match(await last(), { operation: 'approve', agreement: other, detail: { replaces: old } })
  t.match((await asker('GET', `/v1/agreements/${old}`)).json, { state: 'revoked' })
})

t.test('who may not is refused, and the refusal is an entry', async t => {
  const { hub, asker, owner, reader, stranger, last } = await openService(t)
  const own = await asker('POST', '/v1/agreements', asked)
  const id = String(own.json['id'])
  const path = `/v1/agreements/${id}`
  const cases: [what: string, reply: Promise<Reply>, status: number, code: string][] = [
    ['a client that only reads asks', reader('POST', '/v1/agreements', asked), 403, 'scope-missing'],
    ['a client that only reads approves', reader('POST', `${path}/approve`), 403, 'scope-missing'],
    ['who asked approves', asker('POST', `${path}/approve`), 403, 'self-decision'],
    ['who asked suspends', asker('POST', `${path}/suspend`, { reason: 'x' }), 403, 'owner-only'],
    ['what an approval has no member for', owner('POST', `${path}/approve`, { replace: id }), 400, 'request-invalid'],
    ['what it replaces in the address', owner('POST', `${path}/approve?replaces=${id}`), 400, 'request-invalid'],
    ['another department looks', stranger('GET', path), 404, 'agreement-unknown'],
    ['another department has it explained', stranger('GET', `${path}/explain?operation=read`), 404, 'agreement-unknown'],
    ['another department approves', stranger('POST', `${path}/approve`), 404, 'agreement-unknown'],
    ['an id that is none', owner('GET', '/v1/agreements/NONE'), 404, 'agreement-unknown'],
    ['no reason', owner('POST', `${path}/reject`, {}), 400, 'request-invalid'],
    ['another department’s name', asker('POST', '/v1/agreements', { ...asked, department: 'x' }), 400, 'request-invalid'],
    ['a term that is no date', asker('POST', '/v1/agreements', { ...asked, until: '2026-02-30' }), 400, 'request-invalid'],
    ['an operation that is none', asker('POST', '/v1/agreements', { ...asked, operations: ['take'] }), 400, 'request-invalid'],
    ['a cursor that is none', owner('GET', '/v1/agreements?cursor=none'), 400, 'request-invalid'],
    ['another department’s agreement as a cursor', stranger('GET', `/v1/agreements?cursor=${id}`), 400, 'request-invalid'],
    ['a time that is none', owner('GET', `${path}/explain?operation=read&at=now`), 400, 'request-invalid'],
    ['nothing to explain', owner('GET', `${path}/explain`), 400, 'request-invalid'],
  ] // prettier-ignore
  for (const [what, reply, status, code] of cases) t.match(await reply, { status, json: { code } }, what)
  const log = await hub.log.entries({ from: 0, limit: 1000 })
  const refused = log.map(({ entry }) => JSON.parse(entry) as Entry).filter(({ outcome }) => outcome === 'refused')
  t.equal(refused.length, cases.length)
  t.match(await owner('POST', `${path}/reject`, { reason: 'no' }), { status: 200, json: { state: 'rejected' } })
  t.match(await last(), { operation: 'reject', agreement: id })
})

t.test('each sees what concerns it, page by page; an auditor sees all', async t => {
  const { hub, asker, owner, reader, stranger, auditor } = await openService(t)
  for (const matter of ['a', 'b', 'c']) await asker('POST', '/v1/agreements', { ...asked, matters: [matter] })
  const list = async (send: Send, query = ''): Promise<string[]> => {
    const { json } = await send('GET', `/v1/agreements${query}`)
    return (json['agreements'] as { matters: string[] }[]).map(({ matters }) => matters.join())
  }
  for (const send of [asker, owner, reader, auditor]) t.same((await list(send)).sort(), ['a', 'b', 'c'])
  t.same(await list(stranger), [])
  const first = await owner('GET', '/v1/agreements?limit=2')
  const rest = await owner('GET', `/v1/agreements?limit=2&cursor=${String(first.json['cursor'])}`)
  t.equal((first.json['agreements'] as object[]).length, 2)
  t.match(rest.json, { agreements: [{}], cursor: null })
  t.same(await list(owner, '?state=active'), [])
  t.equal((await list(owner, '?state=requested&standard=thing&department=archives')).length, 3)
  const [one] = (await hub.published.configuration()).agreements.get('archives') ?? []
  t.match(await reader('GET', `/v1/agreements/${one?.id}`), { status: 200 })
})

t.test('a call is explained, now and at another time', async t => {
  const { hub, reader, owner } = await openService(t)
  const { id } = await createAgreement(hub, tester, {
    ...asked,
    department: 'archives',
    operations: ['read'],
    dailyQuota: 1,
    until: new Date('2027-01-01'),
  })
  const path = `/v1/agreements/${id}/explain`
  t.match(await reader('GET', `${path}?operation=read&matter=m&fields=name,note`), {
    status: 200,
    json: {
      allowed: true,
      refusal: null,
      decidedBy: id,
      steps: [{ step: 'matter', holds: true, text: 'The call names m: it covers m.' }],
      fields: [{ field: 'name', verdict: 'granted' }, { field: 'note', verdict: 'not-granted' }],
      quota: { daily: 1, used: 0, usedUpAt: null },
    },
  }) // prettier-ignore
  await reader('GET', '/v1/standards/thing/records/1', undefined, { 'concord-matter': 'm' })
  t.match((await owner('GET', `${path}?operation=read&matter=m`)).json, {
    allowed: false,
    refusal: 'quota',
    quota: { used: 1 },
  })
  const later = await owner('GET', `${path}?operation=read&matter=m&at=2026-03-02T00:00:00%2B00:00`)
  t.match(later.json, { allowed: true, at: '2026-03-02T00:00:00.000Z', quota: { day: '2026-03-02', used: 0 } })
  const lost = await owner('GET', `${path}?operation=read&matter=m&at=2027-03-02T00:00:00+08:00`)
  t.match(lost.json, { refusal: 'expired', at: '2027-03-01T16:00:00.000Z' })
})

t.test('a quota that is used up is 429 and says when to come back; what has not changed costs nothing', async t => {
  const { hub, reader, last } = await openService(t)
  await createAgreement(hub, tester, { ...asked, department: 'archives', operations: ['read', 'list'], dailyQuota: 3, until: new Date('2027-01-01') }) // prettier-ignore
  const get = (path: string, headers = {}): Promise<Reply> =>
    reader('GET', `/v1/standards/thing/records${path}`, undefined, { 'concord-matter': 'm', ...headers })
  const first = await get('/1')
  t.equal(first.status, 200)
  t.equal((await get('/1', { 'if-none-match': first.headers.get('etag') ?? '' })).status, 304)
  const page = await get('')
  t.match(
    page,
    { status: 429, json: { code: 'quota-exceeded', detail: /room for 2 more/ } },
    'three at once, refused whole',
  )
  t.equal(page.headers.get('retry-after'), String(16 * 3600))
  t.notMatch(JSON.stringify(page.json), /"one"/)
  t.match(await last(), { operation: 'list', outcome: 'refused', problem: 'quota-exceeded', count: 0 })
  t.equal((await get('?limit=2')).status, 200)
  t.match(await get('/1'), { status: 429, json: { detail: /used up/ } })
  hub.pass(16 * 3600 * 1000 - 1)
  t.equal((await get('/1')).status, 401, 'the token has run out')
})

t.test('a field whose level is raised is in `withheld` of the next reply, never null', async t => {
  const { hub, asker, reader } = await openService(t)
  const made = await asker('POST', '/v1/agreements', { ...asked, fields: ['id', 'name', 'secret'] })
  await approveAgreement(hub, operator('another'), String(made.json['id']))
  const read = async (): Promise<Record<string, unknown>> =>
    (await reader('GET', '/v1/standards/thing/records/1', undefined, { 'concord-matter': 'm' })).json
  t.match(await read(), { data: { id: '1', name: 'one', secret: 'S' }, withheld: ['note'] })
  await publishStandard(hub, tester, raisedThing('L2'))
  const reply = await read()
  t.same(reply['data'], { id: '1', secret: 'S' })
  t.same(reply['withheld'], ['name', 'note'])
  await approveAgreement(hub, operator('another'), String(made.json['id']))
  t.match(await read(), { data: { name: 'one' }, withheld: ['note'] })
})

async function openService(t: Test) {
  const hub = await openTestHub(t)
  await publishThings(hub)
  await putDepartment(hub, tester, { id: 'elsewhere', titles: { 'zh-CN': '测试', en: 'Test' } })
  const things = ['1', '2', '3'].map(id => ({ id, name: id === '1' ? 'one' : 'other', secret: 'S' }))
  await deliverThings(hub, 'data-bureau/plain', things)
  const url = await serve(t, hub)
  const callAs = async (id: string, department: string, scopes: readonly Scope[]): Promise<Send> => {
    const client = await createClient(hub, tester, { id, department, title: id, scopes })
    const authorization = `Bearer ${await tokenFor(url, client)}`
    return async (method, path, body, more = {}) => {
      const headers = { authorization, ...more, ...(body && { 'content-type': 'application/json' }) }
      const reply = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
      const text = await reply.text()
      const json = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>
      return { status: reply.status, headers: reply.headers, json }
    }
  }
  return {
    hub,
    async last(): Promise<Entry> {
      const entries = await hub.log.entries({ from: 0, limit: 1000 })
      return JSON.parse(entries.at(-1)?.entry ?? '{}') as Entry
    },
    asker: await callAs('asker', 'archives', ['decide']),
    reader: await callAs('reader', 'archives', ['read']),
    owner: await callAs('owner', 'data-bureau', ['decide']),
    stranger: await callAs('stranger', 'elsewhere', ['read', 'decide']),
    auditor: await callAs('auditor', 'elsewhere', ['audit']),
  }
}
