/** The end of a major over HTTP: who may, what is shown, and what every reply tells of it. */
import t, { type Test } from 'tap'
import { createClient } from '../../src/exchange/clients.ts'
import { retireMajor } from '../../src/exchange/majors.ts'
import { createUser } from '../../src/exchange/users.ts'
import type { Entry } from '../../src/log/entry.ts'
import { deprecateThing, grantThing, publishThing2, thing1 } from '../exchange/thing-majors.ts'
import { deliverThings, publishThings } from '../exchange/things.ts'
import { userToken } from '../exchange/sign-in.ts'
import { openTestHub, serve, tester, tokenFor } from '../helper.ts'

type Reply = { readonly status: number; readonly headers: Headers; readonly json: Record<string, unknown> }

async function openService(t: Test) {
  const hub = await openTestHub(t)
  await publishThings(hub)
  await publishThing2(hub)
  await deliverThings(hub, 'data-bureau/input', [{ id: '1', name: 'x' }])
  await grantThing(hub, 'a', { fields: ['id', 'name'] })
  const url = await serve(t, hub)
  const title = 'Archives'
  const reader = await createClient(hub, tester, { id: 'reader', department: 'archives', title, scopes: ['read'] })
  const call = async (token: string | undefined, method: string, path: string, body?: object): Promise<Reply> => {
    const reply = await fetch(`${url}${path}`, {
      method,
      headers: {
        'concord-matter': 'm',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await reply.text()
    const isJson = text !== '' && /\/(problem\+)?json\b/.test(reply.headers.get('content-type') ?? '')
    return { status: reply.status, headers: reply.headers, json: isJson ? (JSON.parse(text) as Reply['json']) : {} }
  }
  const last = async (): Promise<Entry> => {
    const [entry] = await hub.log.entries({ from: (await hub.log.size()) - 1, limit: 1 })
    return JSON.parse(entry?.entry ?? '') as Entry
  }
  return { hub, url, call, last, reader }
}

const path = '/v1/standards/thing'

t.test('a steward of the owner sees who uses a major, deprecates it with what was seen, and takes it back', async t => {
  const { hub, url, call, last } = await openService(t)
  const user = (id: string, department?: string, role: 'steward' | 'member' | 'auditor' = 'steward') =>
    createUser(hub, tester, { id, title: id, roles: [role], ...(department !== undefined && { department }) })
  const steward = await userToken(url, hub, await user('owner', 'data-bureau'))
  const stranger = await userToken(url, hub, await user('stranger', 'archives'))
  const member = await userToken(url, hub, await user('member', 'data-bureau', 'member'))
  const auditor = await userToken(url, hub, await user('auditor', undefined, 'auditor'))
  const publisher = await createClient(hub, tester, {
    id: 'p',
    department: 'data-bureau',
    title: 'P',
    scopes: ['publish'],
  })
  const client = await tokenFor(url, publisher)

  const uses = { agreements: [{ id: 'a', department: 'archives', state: 'active' }], status: 'published' }
  for (const token of [steward, auditor, client]) {
    t.match(await call(token, 'GET', `${path}/uses?major=1`), { status: 200, json: uses })
    t.match(await last(), {
      operation: 'audit',
      detail: { act: 'read-uses', filters: { standard: 'thing', major: 1 } },
    })
  }
  t.match(await call(steward, 'GET', `${path}/uses`), { status: 200, json: { major: 2, agreements: [], adapters: [] } })

  const deprecate = `${path}/majors/1/deprecate`
  const asked = { sunset: '2026-06-01', reason: 'Major 2 has colours.' }
  const refused: [why: string, token: string, body: object, status: number, code: string][] = [
    ['another department', stranger, asked, 403, 'owner-only'],
    ['a member', member, asked, 403, 'scope-missing'],
    ['a system', client, asked, 403, 'scope-missing'],
    ['an auditor', auditor, asked, 403, 'scope-missing'],
    ['without having looked', steward, asked, 409, 'uses-changed'],
    ['on short notice', steward, { ...asked, sunset: '2026-03-02', dryRun: true }, 400, 'request-invalid'],
    ['on no day', steward, { ...asked, sunset: '2026-02-30' }, 400, 'request-invalid'],
    ['for no reason', steward, { sunset: '2026-06-01' }, 400, 'request-invalid'],
  ]
  for (const [why, token, body, status, code] of refused) {
    t.match(await call(token, 'POST', deprecate, body), { status, json: { code } }, why)
    t.match(
      await last(),
      { operation: 'deprecate', outcome: 'refused', problem: code, standard: 'thing' },
      `${why}: its entry`,
    )
  }
  t.match(await call(stranger, 'GET', `${path}/uses?major=1`), { status: 403, json: { code: 'owner-only' } })
  t.match(await call(steward, 'POST', `${path}/majors/3/deprecate`, asked), {
    status: 404,
    json: { code: 'standard-unknown' },
  })

  const shown = await call(steward, 'POST', deprecate, { ...asked, dryRun: true })
  t.match(shown, { status: 200, json: uses })
  t.match(await call(undefined, 'GET', `${path}/majors/1`), { json: { status: 'published' } }, 'nothing was done')
  await grantThing(hub, 'b', { matters: ['b'] })
  const changed = await call(steward, 'POST', deprecate, { ...asked, uses: shown.json['digest'] })
  t.match(changed, { status: 409, json: { code: 'uses-changed', uses: { agreements: [{ id: 'a' }, { id: 'b' }] } } })
  const { digest } = changed.json['uses'] as { digest: string }
  const done = await call(steward, 'POST', deprecate, { ...asked, uses: digest })
  t.match(done, { status: 200, json: { status: 'deprecated', successor: { major: 2, version: '2.0.0' } } })
  t.match(await last(), { operation: 'deprecate', actor: { kind: 'user', id: 'owner' }, detail: { agreements: 2 } })
  t.match(await call(undefined, 'GET', `${path}/majors/1`), { json: { ...done.json, reason: 'Major 2 has colours.' } })
  t.match(await call(steward, 'POST', `${path}/majors/1/retire`, { reason: 'x' }), {
    status: 409,
    json: { code: 'major-state' },
  })
  t.match(await call(steward, 'POST', `${path}/majors/1/restore`, {}), { status: 200, json: { status: 'published' } })
  t.match(await last(), { operation: 'restore', outcome: 'done' })
})

t.test(
  'every reply under an agreement on it tells of the end of a major, and the catalogue of its versions',
  async t => {
    const { hub, url, call, reader } = await openService(t)
    let token = await tokenFor(url, reader)
    const calls: [what: string, method: string, path: string, body?: object | undefined, status?: number][] = [
      ['a record', 'GET', '/records/1'],
      ['its head', 'HEAD', '/records/1'],
      ['changes', 'GET', '/changes'],
      ['an export', 'GET', '/export'],
      ['a lookup', 'POST', '/lookup', { keys: ['1'] }],
      ['what is not there', 'GET', '/records/2', undefined, 404],
      ['an operation that is not granted', 'GET', '/records/1/history', undefined, 403],
      ['a field that is not granted', 'GET', '/records/1?fields=note', undefined, 403],
    ]
    const all: typeof calls = [
      ...calls,
      ['a version', 'GET', '/versions/1.0.0'],
      ['the head of a version', 'HEAD', '/versions/1.0.0'],
      ['a schema', 'GET', '/versions/1.0.0/schema'],
      ['types', 'GET', '/versions/1.0.0/types'],
    ]
    for (const [what, method, below, body, status = 200] of all) {
      const reply = await call(token, method, path + below, body)
      t.match(reply, { status }, what)
      for (const name of ['deprecation', 'sunset'])
        t.notOk(reply.headers.has(name), `${what}: nothing of ${name} before`)
    }
    await deprecateThing(hub)
    // 2026-03-01T08:00:00Z: `date -d @1772352000`.
    const expected = {
      deprecation: '@1772352000',
      sunset: 'Mon, 01 Jun 2026 00:00:00 GMT',
      link: '</v1/standards/thing/majors/1>; rel="deprecation"; type="application/json", </v1/standards/thing/versions/2.0.0>; rel="successor-version"',
    }
    for (const [what, method, below, body, status = 200] of all) {
      const reply = await call(token, method, path + below, body)
      t.match(reply, { status }, what)
      t.same(Object.fromEntries(Object.keys(expected).map(name => [name, reply.headers.get(name)])), expected, what)
    }
    for (const below of ['/versions/2.0.0', '', '/majors/2']) {
      t.notOk(
        (await call(undefined, 'GET', path + below)).headers.has('deprecation'),
        `nothing of ${below || 'the standard'}`,
      )
    }

    hub.pass(100 * 86_400_000)
    token = await tokenFor(url, reader)
    await retireMajor(hub, tester, { ...thing1, reason: 'over', leaveRecords: true })
    for (const [what, method, below, body] of calls.slice(0, 5)) {
      const reply = await call(token, method, path + below, body)
      t.match(reply, { status: 410 }, what)
      t.equal(reply.headers.get('sunset'), expected.sunset, what)
      t.equal(reply.headers.get('link'), expected.link, what)
    }
    t.match(await call(token, 'GET', `${path}/records/1`), { json: { code: 'major-retired', detail: /on major 2\.$/ } })
    t.match(await call(undefined, 'GET', `${path}/versions/1.0.0`), { status: 200 }, 'its versions are read still')
    t.match(await call(undefined, 'GET', `${path}/majors/1`), { json: { status: 'retired', reason: 'over' } })
  },
)

t.test('a delivery to a retired major is refused before it is taken in, by whatever way', async t => {
  const { hub, url } = await openService(t)
  await deprecateThing(hub)
  hub.pass(100 * 86_400_000)
  await retireMajor(hub, tester, { ...thing1, reason: 'over', leaveRecords: true })
  const title = 'Sender'
  const sender = await createClient(hub, tester, {
    id: 'sender',
    department: 'data-bureau',
    title,
    scopes: ['deliver'],
  })
  const authorization = `Bearer ${await tokenFor(url, sender)}`
  for (const prefer of ['wait=1', 'respond-async']) {
    const reply = await fetch(`${url}/v1/adapters/data-bureau/input/deliveries`, {
      method: 'POST',
      headers: { authorization, prefer, 'content-type': 'application/x-ndjson' },
      body: '{"id":"2"}',
    })
    t.match(
      [reply.status, await reply.json()],
      [410, { code: 'major-retired', detail: /delivers to major 2\.$/ }],
      prefer,
    )
  }
})
