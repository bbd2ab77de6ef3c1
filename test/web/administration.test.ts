import t, { type Test } from 'tap'
import { addDepartment } from '../../src/exchange/departments.ts'
import { createUser } from '../../src/exchange/users.ts'
import type { Entry } from '../../src/log/entry.ts'
import { requestUserToken, nextCode, userToken } from '../exchange/sign-in.ts'
import { openTestHub, requestToken, serve, tester, tokenFor } from '../helper.ts'

type Reply = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: Record<string, unknown>
}

/** A hub with one department, called by an administrator. */
async function open(t: Test) {
  const hub = await openTestHub(t)
  await addDepartment(hub, tester, { id: 'housing', titles: { 'zh-CN': '住建局', en: 'Housing' } })
  const url = await serve(t, hub)
  const callerOf = async (id: string, role: 'administrator' | 'auditor') => {
    const token = await userToken(url, hub, await createUser(hub, tester, { id, title: id, roles: [role] }))
    return async (method: 'GET' | 'POST', path: string, body?: object | string): Promise<Reply> => {
      const headers = {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      }
      const text = typeof body === 'object' ? JSON.stringify(body) : body
      const reply = await fetch(url + path, { method, headers, ...(text !== undefined && { body: text }) })
      const answer = await reply.text()
      const json = JSON.parse(answer) as Record<string, unknown>
      return { status: reply.status, headers: reply.headers, text: answer, json }
    }
  }
  const last = async (): Promise<Entry> =>
    JSON.parse((await hub.log.entries({ from: 0, limit: 1000 })).at(-1)?.entry ?? '{}') as Entry
  return { hub, url, last, ada: await callerOf('ada', 'administrator'), audit: await callerOf('audit', 'auditor') }
}

const administrator = { kind: 'user', id: 'ada' }

t.test('departments are added and listed, each with an entry', async t => {
  const { ada, last } = await open(t)
  const archives = {
    id: 'archives',
    titles: { 'zh-CN': '档案局', en: 'Archives' },
    unifiedSocialCreditCode: '11331199MAXT01006Y',
  }
  t.match(await ada('POST', '/v1/departments', archives), { status: 201, json: archives })
  t.match(await last(), { operation: 'administer', actor: administrator, detail: { act: 'put-department' } })
  t.match(await ada('POST', '/v1/departments', archives), { status: 409, json: { code: 'conflict' } })
  for (const bad of [{ id: 'Not An Id' }, { unifiedSocialCreditCode: '1' }, { titles: {} }, { more: 1 }]) {
    const reply = await ada('POST', '/v1/departments', { ...archives, id: 'other', ...bad })
    t.match(reply, { status: 400, json: { code: 'request-invalid' } }, JSON.stringify(bad))
    t.match(await last(), { operation: 'administer', outcome: 'refused', problem: 'request-invalid' })
  }
  const { json } = await ada('GET', '/v1/departments')
  t.same(
    (json['departments'] as { id: string }[]).map(({ id }) => id),
    ['archives', 'housing'],
  )
  t.match(await last(), { operation: 'audit', count: 2, actor: administrator, detail: { act: 'list-departments' } })
})

t.test('a client is made, shut out, let in and given a new secret; secrets are in no list and no entry', async t => {
  const { hub, url, ada, last } = await open(t)
  const terms = { id: 'permits', department: 'housing', title: 'Permits', scopes: ['read', 'deliver'] }
  const made = await ada('POST', '/v1/clients', terms)
  t.match(made, { status: 201, json: { id: 'permits', secret: String } })
  t.equal(made.headers.get('cache-control'), 'no-store')
  t.match(await last(), {
    operation: 'administer',
    actor: administrator,
    detail: { act: 'create-client', client: 'permits' },
  })
  const client = made.json as { id: string; secret: string }
  t.ok(await tokenFor(url, client))
  t.match(await ada('POST', '/v1/clients', terms), { status: 409, json: { code: 'conflict' } })
  t.match(await ada('POST', '/v1/clients', { ...terms, id: 'x', department: 'none' }), {
    status: 404,
    json: { code: 'department-unknown' },
  })
  t.match(await ada('POST', '/v1/clients', { ...terms, id: 'x', scopes: ['root'] }), { status: 400 })

  t.match(await ada('POST', '/v1/clients/permits/suspend'), {
    status: 200,
    json: { id: 'permits', status: 'suspended' },
  })
  t.equal((await requestToken(url, client)).status, 401)
  t.match(await ada('POST', '/v1/clients/permits/resume'), { status: 200, json: { status: 'active' } })
  const renewed = (await ada('POST', '/v1/clients/permits/renew-secret')).json as { id: string; secret: string }
  t.equal((await requestToken(url, client)).status, 401)
  t.equal((await requestToken(url, renewed)).status, 200)
  const again = await ada('POST', '/v1/clients/permits/renew-secret', { overlapSeconds: 60 })
  t.match(again, { status: 200, json: { secret: String, previousUntil: String } })
  t.equal((await requestToken(url, renewed)).status, 200, 'for as long as they overlap')
  for (const verb of ['suspend', 'resume', 'renew-secret']) {
    t.match(await ada('POST', `/v1/clients/nothing/${verb}`), { status: 404, json: { code: 'client-unknown' } }, verb)
  }

  const { text, json } = await ada('GET', '/v1/clients')
  t.match(json, { clients: [{ ...terms, status: 'active', createdAt: String, knownBy: 'secret' }] })
  t.match(await last(), { operation: 'audit', count: 1, detail: { act: 'list-clients' } })
  const log = JSON.stringify(await hub.log.entries({ from: 0, limit: 1000 }))
  const hashes = (await hub.store.read.all<{ credential: string }>('SELECT credential FROM clients')).map(
    ({ credential }) => (JSON.parse(credential) as { hash: string }).hash,
  )
  for (const secret of [client.secret, renewed.secret, String(again.json['secret']), ...hashes]) {
    t.notOk(text.includes(secret) || log.includes(secret))
  }
})

t.test('what is wrong with a body is said, and never a value of it', async t => {
  const { ada } = await open(t)
  const terms = { id: 'x', department: 'housing', title: 'X', scopes: ['read'] }
  const cases: [what: string, body: object, issue: object][] = [
    ['an unknown member', { ...terms, scope: 'x' }, { pointer: '/scope', code: 'additionalProperties' }],
    ['what is no name', { ...terms, '11010119900307 7': 1 }, { pointer: '', message: /additional properties/ }],
    ['what is not listed', { ...terms, scopes: ['root'] }, { pointer: '/scopes/0', message: /one of .*read/ }],
  ]
  for (const [what, body, issue] of cases) {
    const { status, json, text } = await ada('POST', '/v1/clients', body)
    t.match({ status, json }, { status: 400, json: { detail: /body.*\/docs/, issues: [issue] } }, what)
    t.notMatch(text, /11010119|root/)
  }
  for (const [body, detail] of [
    ['{"id": SECRET', /not JSON that can be read/],
    ['', /empty/],
  ] as const) {
    const { json, text } = await ada('POST', '/v1/clients', body)
    t.match(json, { status: 400, code: 'request-invalid', detail })
    t.notMatch(text, /SECRET/)
  }
})

t.test('a user is made, shut out, let in and renewed; nothing of their credentials is in a list', async t => {
  const { hub, url, ada, last } = await open(t)
  const terms = { id: 'li-wei', department: 'housing', title: 'Li Wei', roles: ['steward', 'member'] }
  const made = await ada('POST', '/v1/users', terms)
  t.match(made, { status: 201, json: { id: 'li-wei', password: String, totp: { secret: String, uri: /^otpauth:/ } } })
  t.equal(made.headers.get('cache-control'), 'no-store')
  t.match(await last(), {
    operation: 'administer',
    actor: administrator,
    detail: { act: 'create-user', user: 'li-wei' },
  })
  type Shown = Parameters<typeof userToken>[2]
  const user = made.json as unknown as Shown
  const enter = async (as: Shown): Promise<number> =>
    (await requestUserToken(url, { username: as.id, password: as.password, totp: nextCode(hub, as) })).status
  t.equal(await enter(user), 200)
  t.match(await ada('POST', '/v1/users/li-wei/suspend'), { status: 200, json: { id: 'li-wei', status: 'suspended' } })
  t.equal(await enter(user), 400)
  t.match(await ada('POST', '/v1/users/li-wei/resume'), { status: 200, json: { status: 'active' } })
  const renewed = await ada('POST', '/v1/users/li-wei/renew')
  t.equal(renewed.headers.get('cache-control'), 'no-store')
  t.equal(await enter(user), 400)
  t.equal(await enter(renewed.json as unknown as Shown), 200)
  for (const [body, status] of [
    [terms, 409],
    [{ ...terms, id: 'x', department: 'none' }, 404],
    [{ ...terms, id: 'x', roles: ['administrator'] }, 400],
    [{ ...terms, id: 'x', roles: ['root'] }, 400],
    [{ ...terms, id: 'x', password: 'mine' }, 400],
  ] as const) {
    t.equal((await ada('POST', '/v1/users', body)).status, status, JSON.stringify(body))
  }
  for (const verb of ['suspend', 'resume', 'renew']) {
    t.match(await ada('POST', `/v1/users/nothing/${verb}`), { status: 404, json: { code: 'user-unknown' } }, verb)
  }
  const { json } = await ada('GET', '/v1/users')
  const listed = (json['users'] as { id: string }[]).find(({ id }) => id === 'li-wei')
  t.same(listed, { ...terms, status: 'active', createdAt: hubTime })
})

/** The clock of the tests begins there, and only tokens move it: the user was made after two of them. */
const hubTime = '2026-03-01T08:01:00.000Z'

t.test('an administrator does not suspend or renew themselves, and the attempt is an entry', async t => {
  const { ada, last } = await open(t)
  for (const verb of ['suspend', 'resume', 'renew']) {
    t.match(await ada('POST', `/v1/users/ada/${verb}`), { status: 403, json: { code: 'self-administered' } }, verb)
    t.match(await last(), { operation: 'administer', outcome: 'refused', problem: 'self-administered' })
  }
  t.match(await ada('POST', '/v1/users/audit/suspend'), { status: 200 })
})

t.test('an auditor reads the configuration, with an entry, and changes nothing of it', async t => {
  const { audit, last } = await open(t)
  for (const [path, act] of [
    ['/v1/departments', 'list-departments'],
    ['/v1/clients', 'list-clients'],
    ['/v1/users', 'list-users'],
  ] as const) {
    t.equal((await audit('GET', path)).status, 200)
    t.match(await last(), { operation: 'audit', outcome: 'done', actor: { id: 'audit' }, detail: { act } })
    t.match(await audit('POST', path, {}), { status: 403, json: { code: 'scope-missing' } })
    t.match(await last(), { operation: 'administer', outcome: 'refused', problem: 'scope-missing' })
  }
})
