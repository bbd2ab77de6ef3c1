/** The whole table of rights, called: every route as every role and every scope, one by one, over HTTP. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { putDepartment } from '../../src/exchange/departments.ts'
import { createClient } from '../../src/exchange/clients.ts'
import { Refusals } from '../../src/exchange/supervise.ts'
import { createUser } from '../../src/exchange/users.ts'
import type { Entry } from '../../src/log/entry.ts'
import { roles, scopes } from '../../src/record.ts'
import { buildApp } from '../../src/web/app.ts'
import { rights, rightOf } from '../../src/web/rights.ts'
import { userToken } from '../exchange/sign-in.ts'
import { openTestHub, serve, tester, tokenFor, type TestHub } from '../helper.ts'

const department = 'housing'

type Route = { readonly method: string; readonly url: string }
type Caller = { readonly id: string; readonly kind: 'client' | 'user'; readonly right: string; readonly token: string }

/** Serves a hub; its address, and every route that was registered on the way. */
async function serveRoutes(t: Test, hub: TestHub): Promise<{ url: string; routes: Route[] }> {
  const routes: Route[] = []
  const onServer = (message: unknown): void => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) routes.push({ method: one, url })
    })
  }
  subscribe('fastify.initialization', onServer)
  t.teardown(() => unsubscribe('fastify.initialization', onServer))
  return { url: await serve(t, hub), routes }
}

/** A client for each scope and a user for each role, all of one department where they have one. */
async function makeCallers(url: string, hub: TestHub): Promise<Caller[]> {
  const callers: Caller[] = []
  for (const role of roles) {
    const isOfHub = role === 'administrator' || role === 'auditor'
    const own = isOfHub ? {} : { department }
    const user = await createUser(hub, tester, { id: `a-${role}`, title: role, roles: [role], ...own })
    callers.push({ id: user.id, kind: 'user', right: role, token: await userToken(url, hub, user) })
  }
  for (const scope of scopes) {
    const client = await createClient(hub, tester, { id: `may-${scope}`, department, title: scope, scopes: [scope] })
    callers.push({ id: client.id, kind: 'client', right: scope, token: await tokenFor(url, client) })
  }
  return callers
}

/** Calls a route with parameters that lead nowhere, and a body that no call takes. */
async function call(
  url: string,
  route: Route,
  token?: string,
): Promise<{ status: number; code: string; request: string }> {
  const path = route.url
    .replace(':department', department)
    .replace(':v', '1.0.0')
    .replaceAll(/:\w+|\*/g, 'nothing')
  const hasBody = route.method !== 'GET' && route.method !== 'HEAD' && route.method !== 'DELETE'
  const reply = await fetch(url + path, {
    method: route.method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(hasBody && { 'content-type': 'application/json' }),
    },
    ...(hasBody && { body: '{}' }),
  })
  const text = await reply.text()
  const isProblem = reply.headers.get('content-type')?.startsWith('application/problem+json') === true && text !== ''
  const { code = '', request = '' } = (isProblem ? JSON.parse(text) : {}) as { code?: string; request?: string }
  return { status: reply.status, code, request }
}

t.test('every route, as every role and every scope: let in by the table, or refused with an entry', async t => {
  const hub = await openTestHub(t)
  await putDepartment(hub, tester, { id: department, titles: { 'zh-CN': '测试', en: 'Test' } })
  const { url, routes } = await serveRoutes(t, hub)
  const callers = await makeCallers(url, hub)
  const guarded = routes.filter(({ method, url: path }) => method !== 'HEAD' && rightOf(method, path) !== undefined)
  const hasHead = new Set(routes.filter(({ method }) => method === 'HEAD').map(({ url: path }) => path))
  t.ok(guarded.length > 20, 'there is something to look at')
  const refused: { request: string; caller: Caller; operation: string }[] = []
  for (const route of guarded) {
    const right = rightOf(route.method, route.url)
    const name = `${route.method} ${route.url}`
    t.match(await call(url, route), { status: 401 }, `${name}: nobody`)
    t.match(await call(url, route, 'forged'), { status: 401 }, `${name}: a forged token`)
    for (const caller of callers) {
      const { status, code, request } = await call(url, route, caller.token)
      const mayCall = [...(right?.scopes ?? []), ...(right?.roles ?? [])].some(each => each === caller.right)
      const isRefused = status === 403 && code === 'scope-missing'
      t.equal(isRefused, !mayCall, `${name}: ${caller.right} is ${mayCall ? 'let in' : 'refused'} (${status} ${code})`)
      t.notOk(status === 401 || status === 429 || status >= 500, `${name}: ${caller.right} is answered (${status})`)
      if (isRefused) refused.push({ request, caller, operation: right?.operation ?? '' })
      if (route.method !== 'GET' || !hasHead.has(route.url)) continue
      const head = await call(url, { ...route, method: 'HEAD' }, caller.token)
      t.equal(head.status, status, `${name}: ${caller.right} by HEAD`)
    }
  }
  const entries = new Map<string, Entry[]>()
  for (const { entry } of await hub.log.entries({ from: 0, limit: 100_000 })) {
    const read = JSON.parse(entry) as Entry
    entries.set(read.request, [...(entries.get(read.request) ?? []), read])
  }
  t.ok(refused.length > 100)
  for (const { request, caller, operation } of refused) {
    const { id, kind } = caller
    const expected = [{ actor: { id, kind }, operation, outcome: 'refused', problem: 'scope-missing', count: 0 }]
    t.match(entries.get(request), expected, `${operation} by ${id} is one entry`)
  }
})

t.test('what anyone may call asks for no token', async t => {
  const hub = await openTestHub(t)
  const { url, routes } = await serveRoutes(t, hub)
  const open = routes.filter(route => rightOf(route.method, route.url) === undefined && !route.url.startsWith('/docs'))
  for (const route of open) {
    const { status } = await call(url, route)
    t.ok(status !== 401 && status !== 403 && status < 500, `${route.method} ${route.url} (${status})`)
  }
})

t.test('the table and the routes are the same: no route without a row, no row without a route', async t => {
  const hub = await openTestHub(t)
  const { routes } = await serveRoutes(t, hub)
  const served = routes
    .filter(({ method, url }) => method !== 'HEAD' && !url.startsWith('/docs'))
    .map(({ method, url }) => `${method} ${url}`)
  t.same([...new Set(served)].sort(), Object.keys(rights).sort())
})

t.test('a route that is not in the table cannot be registered', async t => {
  const hub = await openTestHub(t)
  const app = await buildApp(hub, new Refusals())
  t.teardown(() => app.close())
  t.throws(() => app.get('/v1/back-door', async () => ({})), /GET \/v1\/back-door is not in the table of rights/)
  t.throws(() => app.delete('/v1/users', async () => ({})), /DELETE \/v1\/users is not in the table/)
})

t.test('what the design promises of roles holds in every row', async t => {
  const isOfRecords = /^\/v1\/standards\/:id\/(records|lookup|verify|changes|export|history)/
  const decides = new Set([
    'publish',
    'deliver',
    'preview',
    'release',
    'dismiss',
    'revert',
    'request',
    'approve',
    'reject',
    'revoke',
  ])
  for (const [name, right] of Object.entries(rights)) {
    if (right === 'anyone') continue
    const [, url = ''] = name.split(' ')
    const { operation, roles: own, scopes: needed } = right
    t.ok(own.length + needed.length > 0, `${name}: somebody may call it`)
    if (isOfRecords.test(url)) t.same([own, needed], [[], ['read']], `${name}: no person reads a record`)
    if (own.includes('administrator')) t.notOk(decides.has(operation), `${name}: an administrator decides nothing`)
    if (own.includes('auditor')) t.equal(operation, 'audit', `${name}: an auditor changes nothing`)
  }
})

t.test('docs/roles.md shows the same table', async t => {
  const text = readFileSync(new URL('../../docs/roles.md', import.meta.url), 'utf8')
  const listed = (cell: string): string[] =>
    cell
      .split(',')
      .map(name => name.trim())
      .filter(name => name !== '')
  const rows = [...text.matchAll(/^\| `([A-Z]+ \/\S*)` +\| (.*?) +\| (.*?) +\| (.*?) +\|$/gm)]
  const shown = rows.map(([, name = '', operation = '', needed = '', own = '']) => [
    name,
    operation === 'none' ? 'anyone' : { operation, scopes: listed(needed), roles: listed(own) },
  ])
  t.same(Object.fromEntries(shown), rights)
  t.equal(shown.length, Object.keys(rights).length)
})
