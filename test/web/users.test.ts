import t, { type Test } from 'tap'
import { putDepartment } from '../../src/exchange/departments.ts'
import { createClient } from '../../src/exchange/clients.ts'
import { createUser, renewUser, setUserStatus } from '../../src/exchange/users.ts'
import type { Entry } from '../../src/log/entry.ts'
import { nextCode, requestUserToken, userToken } from '../exchange/sign-in.ts'
import { deliverThings, publishThings } from '../exchange/things.ts'
import { folder, openTestHub, serve, tester, tokenFor } from '../helper.ts'

async function open(t: Test) {
  const directory = folder(t)
  const hub = await openTestHub(t, directory)
  await putDepartment(hub, tester, { id: 'housing', titles: { 'zh-CN': '测试', en: 'Test' } })
  const user = await createUser(hub, tester, { id: 'ada', title: 'Ada', roles: ['administrator'] })
  const url = await serve(t, hub)
  const call = async (path: string, token: string, init: RequestInit = {}) => {
    const reply = await fetch(url + path, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } })
    return { status: reply.status, json: (await reply.json()) as Record<string, unknown> }
  }
  const entries = async (): Promise<Entry[]> =>
    (await hub.log.entries({ from: 0, limit: 1000 })).map(({ entry }) => JSON.parse(entry) as Entry)
  return { hub, directory, url, user, call, entries }
}

t.test('a user’s token is a bearer token of ten minutes, with an entry that says who', async t => {
  const { hub, url, user, call, entries } = await open(t)
  const given = { username: user.id, password: user.password, totp: nextCode(hub, user) }
  const reply = await requestUserToken(url, given)
  t.equal(reply.status, 200)
  t.equal(reply.headers.get('cache-control'), 'no-store')
  const token = (await reply.json()) as { access_token: string }
  t.match(token, { access_token: String, token_type: 'Bearer', expires_in: 600 })
  t.match((await entries()).at(-1), { operation: 'token', outcome: 'done', actor: { kind: 'user', id: 'ada' } })
  t.equal((await call('/v1/users', token.access_token)).status, 200)
  t.match((await entries()).at(-1), {
    operation: 'audit',
    actor: { kind: 'user', id: 'ada' },
    detail: { act: 'list-users' },
  })

  const [, payload = ''] = token.access_token.split('.')
  t.notMatch(Buffer.from(payload, 'base64url').toString(), /administrator/, 'roles are the hub’s to know')
  hub.pass(600_000)
  t.match(await call('/v1/users', token.access_token), { status: 401, json: { code: 'unauthenticated' } })
})

t.test('what is refused is refused alike, as RFC 6749 §5.2 has it, and is no entry by name', async t => {
  const { hub, url, user, entries } = await open(t)
  await createUser(hub, tester, { id: 'gone', title: 'Gone', roles: ['auditor'] })
  await setUserStatus(hub, tester, 'gone', 'suspended')
  const right = { username: user.id, password: user.password, totp: nextCode(hub, user) }
  const before = (await entries()).length
  const cases: [what: string, given: Record<string, string>, error: string][] = [
    ['an unknown user', { ...right, username: 'nobody' }, 'invalid_grant'],
    ['a wrong password', { ...right, password: 'wrong' }, 'invalid_grant'],
    ['a wrong code', { ...right, totp: '000000' }, 'invalid_grant'],
    ['a suspended user', { ...right, username: 'gone' }, 'invalid_grant'],
    ['no code', { username: user.id, password: user.password }, 'invalid_request'],
    ['a scope', { ...right, scope: 'administer' }, 'invalid_scope'],
    ['another grant', { ...right, grant_type: 'password' }, 'unsupported_grant_type'],
  ]
  const replies = new Set<string>()
  for (const [what, given, error] of cases) {
    const reply = await requestUserToken(url, given)
    const text = await reply.text()
    t.equal(reply.status, 400, what)
    t.equal(reply.headers.get('cache-control'), 'no-store', what)
    t.match(JSON.parse(text), { error, error_description: String }, what)
    if (error === 'invalid_grant') replies.add(text)
  }
  t.equal(replies.size, 1, 'a stranger cannot tell one from another')
  t.equal((await entries()).length, before)
  t.equal((await requestUserToken(url, right)).status, 200, 'the code was not used by those')
})

t.test('refusals of strangers are counted and entered when the minute ends', async t => {
  const hub = await openTestHub(t)
  await t.test('serve', async t => {
    const url = await serve(t, hub)
    for (let call = 0; call < 3; call++) await requestUserToken(url, { username: 'x', password: 'x', totp: '000000' })
    await requestUserToken(url, {})
  })
  const entries = (await hub.log.entries({ from: 0, limit: 10 })).map(({ entry }) => JSON.parse(entry) as Entry)
  t.match(entries, [{ operation: 'anonymous-refusals', count: 4 }])
})

t.test('a suspended or renewed user’s token is void within a second, whichever process did it', async t => {
  const { hub, directory, url, user, call } = await open(t)
  const token = await userToken(url, hub, user)
  const other = await openTestHub(t, directory)
  const becomes = async (status: number): Promise<boolean> => {
    const until = performance.now() + 1000
    while (performance.now() < until) if ((await call('/v1/users', token)).status === status) return true
    return false
  }
  t.equal((await call('/v1/users', token)).status, 200)
  await setUserStatus(other, tester, user.id, 'suspended')
  t.ok(await becomes(401), 'suspended')
  await setUserStatus(other, tester, user.id, 'active')
  t.ok(await becomes(200), 'in again')
  await renewUser(other, tester, user.id)
  t.ok(await becomes(401), 'renewed')
})

t.test('a token counts as a bearer’s alone, also once it is known', async t => {
  const { hub, url, user } = await open(t)
  const token = await userToken(url, hub, user)
  const status = async (authorization: string): Promise<number> =>
    (await fetch(`${url}/v1/users`, { headers: { authorization } })).status
  const cases = [
    [`Bearer ${token}`, 200],
    [`bearer ${token}`, 200],
    [`Basic  ${token}`, 401],
    [`Xearer ${token}`, 401],
    [`Bearer  ${token}`, 401],
    [`Bearer ${token.slice(0, -4)} ${token.slice(-4)}`, 401],
    [`Bearer ${token}==`, 401],
    [`Bearer ${token}`, 200],
  ] as const
  for (const [header, expected] of cases) t.equal(await status(header), expected, header.slice(0, 7))
})

t.test('a client’s token does not become a user’s by their ids being the same', async t => {
  const { hub, url, user, call } = await open(t)
  const client = await createClient(hub, tester, { id: user.id, department: 'housing', title: 'x', scopes: ['read'] })
  t.match(await call('/v1/users', await tokenFor(url, client)), { status: 403, json: { code: 'scope-missing' } })
})

t.test('a steward sees and releases the rejects of their department, and no others', async t => {
  const { hub, url, call, entries } = await open(t)
  await publishThings(hub)
  const { delivery } = await deliverThings(hub, 'data-bureau/plain', [{ id: '1', name: 'much too long a name' }])
  const tokenOf = async (id: string, department: string, role: 'steward' | 'member'): Promise<string> =>
    userToken(url, hub, await createUser(hub, tester, { id, department, title: id, roles: [role] }))
  const own = await tokenOf('own', 'data-bureau', 'steward')
  const other = await tokenOf('other', 'archives', 'steward')
  const member = await tokenOf('mem', 'data-bureau', 'member')

  t.match(await call(`/v1/deliveries/${delivery}`, own), { status: 200, json: { delivery, rejected: 1 } })
  t.match(await call(`/v1/deliveries/${delivery}/rejects`, own), {
    status: 200,
    json: { rejects: [{ state: 'open' }] },
  })
  const listed = await call('/v1/quarantine', own)
  t.match(listed, { status: 200, json: { rejects: [{ adapter: 'data-bureau/plain' }] } })
  t.match((await entries()).at(-1), {
    operation: 'list',
    actor: { kind: 'user', id: 'own' },
    department: 'data-bureau',
    detail: { of: 'quarantine' },
  })
  const [{ id }] = listed.json['rejects'] as [{ id: string }]
  t.match(await call('/v1/quarantine', other), { status: 200, json: { rejects: [] } })
  t.match(await call(`/v1/deliveries/${delivery}`, other), { status: 404, json: { code: 'delivery-unknown' } })
  t.match(await call(`/v1/quarantine/${id}/release`, other, { method: 'POST' }), { status: 404 })
  t.match(await call('/v1/quarantine', member), { status: 403, json: { code: 'scope-missing' } })
  t.match((await entries()).at(-1), {
    operation: 'list',
    outcome: 'refused',
    problem: 'scope-missing',
    actor: { kind: 'user', id: 'mem' },
    department: 'data-bureau',
  })
  const dismissal = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"reason":"a test"}' }
  t.match(await call(`/v1/quarantine/${id}/dismiss`, own, dismissal), {
    status: 200,
    json: { state: 'dismissed', decidedBy: 'user:own' },
  })
})
