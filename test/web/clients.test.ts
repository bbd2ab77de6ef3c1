/** What a client is known by and from where it may call, asked over HTTP. */
import t, { type Test } from 'tap'
import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto'
import { exportJWK, SignJWT, type JWTPayload } from 'jose'
import {
  createClient,
  renewSecret,
  setClientAddresses,
  setClientKeys,
  setClientStatus,
} from '../../src/exchange/clients.ts'
import { putDepartment } from '../../src/exchange/departments.ts'
import type { Hub } from '../../src/exchange/hub.ts'
import { Refusals } from '../../src/exchange/supervise.ts'
import type { Entry } from '../../src/log/entry.ts'
import { buildApp } from '../../src/web/app.ts'
import { assertionType } from '../../src/web/client-authentication.ts'
import { folder, openTestHub, requestToken, serve, tester, tokenFor, type TestHub } from '../helper.ts'

const hour = 3_600_000
/** A call that every client with a token may make, as far as its token goes: the agreement is missing. */
const call = '/v1/standards/nothing/records/x'

t.test('a renewed secret: the old one and its tokens work until the overlap ends, and no third one ever', async t => {
  const { hub, url, client, status } = await openDoor(t)
  const oldToken = await tokenFor(url, client)
  const second = await renewSecret(hub, tester, client.id, 24 * hour)
  t.equal(second.previousUntil, '2026-03-02T08:00:00.000Z')
  const secondToken = await tokenFor(url, second)
  t.equal((await requestToken(url, client)).status, 200, 'the old one still gives tokens')
  t.equal(await status(oldToken), 404)
  t.equal(await status(secondToken), 404)

  const third = await renewSecret(hub, tester, client.id, hour)
  t.equal((await requestToken(url, client)).status, 401, 'two at most: the first is void')
  t.equal(await status(oldToken), 401, 'and so are its tokens')
  t.equal(await status(secondToken), 404)
  hub.pass(hour - 1)
  t.equal((await requestToken(url, second)).status, 200)
  const late = await tokenFor(url, second)
  hub.pass(1)
  t.equal((await requestToken(url, second)).status, 401, 'over')
  t.equal(await status(late), 401, 'a token ends with its secret, not ten minutes later')
  t.equal((await requestToken(url, third)).status, 200)
  t.match(await acts(hub), [
    { act: 'create-client' },
    { act: 'renew-secret', client: 'permits', previousUntil: '2026-03-02T08:00:00.000Z' },
    { act: 'renew-secret', client: 'permits' },
  ])
  await t.rejects(renewSecret(hub, tester, client.id, 31 * 24 * hour), { code: 'request-invalid', message: /30 days/ })
})

t.test('private_key_jwt: an assertion by a key of each kind gives a token, once', async t => {
  const { hub, url, status } = await openDoor(t)
  const pairs = Object.entries(keyPairs())
  const keys = await Promise.all(pairs.map(async ([kid, { publicKey }]) => ({ ...(await exportJWK(publicKey)), kid })))
  const set = await setClientKeys(hub, tester, 'permits', { jwks: { keys } })
  t.equal(set.keys.length, 3)
  const cases = [
    ['EdDSA', 'ed'],
    ['ES256', 'ec'],
    ['RS256', 'rsa'],
    ['PS256', 'rsa'],
  ] as const
  for (const [alg, kid] of cases) {
    const assertion = await sign(hub, keyPairs()[kid].privateKey, { header: { alg, kid } })
    const granted = await assert(url, assertion)
    t.match(granted, { status: 200, json: { token_type: 'Bearer', scope: 'read' } }, alg)
    t.equal(await status(String(granted.json['access_token'])), 404, `${alg}: the token is good`)
    t.match(await assert(url, assertion), { status: 401, json: { error: 'invalid_client' } }, `${alg}: not twice`)
  }
  t.match((await entries(hub)).at(-1), { operation: 'read', problem: 'standard-unknown' })
  t.match(
    (await entries(hub))
      .filter(({ operation }) => operation === 'token')
      .map(({ outcome, actor }) => [outcome, actor.id]),
    cases.map(() => ['done', 'permits']),
    'an entry for every token',
  )
})

t.test('an assertion that was used with one process is used with all', async t => {
  const directory = folder(t)
  const { hub, url } = await openDoor(t, directory)
  const { publicKey, privateKey } = keyPairs().ed
  await setClientKeys(hub, tester, 'permits', { jwks: { keys: [await exportJWK(publicKey)] } })
  const other = await serve(t, await openTestHub(t, directory))
  const assertion = await sign(hub, privateKey)
  t.equal((await assert(url, assertion)).status, 200)
  t.equal((await assert(other, assertion)).status, 401)
  t.equal((await assert(other, await sign(hub, privateKey))).status, 200, 'another one is taken there')
  hub.pass(10 * 60_000)
  t.equal((await assert(url, await sign(hub, privateKey))).status, 200)
  const kept = await hub.store.read.all('SELECT jti FROM client_assertions')
  t.equal(kept.length, 1, 'what its own time has made void is forgotten')
})

t.test('a hub that knows its public address takes assertions for that and for its token endpoint', async t => {
  const { hub } = await openDoor(t)
  const { publicKey, privateKey } = keyPairs().ed
  await setClientKeys(hub, tester, 'permits', { jwks: { keys: [await exportJWK(publicKey)] } })
  const url = await serve(t, { ...hub, config: { ...hub.config, publicUrl: 'https://hub.example' } })
  const cases: [aud: string | string[], status: number][] = [
    ['https://hub.example/oauth/token', 200],
    ['https://hub.example', 200],
    [[hub.config.logOrigin], 200],
    ['https://hub.example/', 401],
    [`${url}/oauth/token`, 401],
  ]
  for (const [aud, status] of cases) {
    t.equal((await assert(url, await sign(hub, privateKey, { claims: { aud } }))).status, status, String(aud))
  }
})

t.test('an assertion is refused for whatever is wrong with it, and the reply does not say what', async t => {
  const { hub, url } = await openDoor(t)
  const { ed, ec, rsa } = keyPairs()
  await setClientKeys(hub, tester, 'permits', { jwks: { keys: [await exportJWK(ed.publicKey)] } })
  await createClient(hub, tester, { id: 'other', department: 'housing', title: 'Other', scopes: ['read'] })
  const now = hub.clock().getTime() / 1000
  const cases: [what: string, assertion: string][] = [
    ['another key', await sign(hub, generateKeyPairSync('ed25519').privateKey)],
    ['an algorithm that the key is not for', await sign(hub, rsa.privateKey, { header: { alg: 'RS256' } })],
    ['a secret in place of a key', await sign(hub, Buffer.alloc(32), { header: { alg: 'HS256' } })],
    ['no signature', `${encoded({ alg: 'none' })}.${encoded(claimsOf(hub))}.`],
    ['a kid of no key', await sign(hub, ed.privateKey, { header: { alg: 'EdDSA', kid: 'x' } })],
    ['for another hub', await sign(hub, ed.privateKey, { claims: { aud: 'https://elsewhere.example' } })],
    [
      'for two',
      await sign(hub, ed.privateKey, { claims: { aud: ['concord.local/log', 'https://elsewhere.example'] } }),
    ],
    ['issued by another', await sign(hub, ed.privateKey, { claims: { iss: 'other' } })],
    ['about another', await sign(hub, ed.privateKey, { claims: { sub: 'other' } })],
    ['of nobody', await sign(hub, ed.privateKey, { claims: { iss: 'nobody', sub: 'nobody' } })],
    ['expired', await sign(hub, ed.privateKey, { claims: { exp: now - 31 } })],
    ['too long', await sign(hub, ed.privateKey, { claims: { exp: now + 331 } })],
    ['without end', await sign(hub, ed.privateKey, { claims: { exp: undefined } })],
    ['not yet', await sign(hub, ed.privateKey, { claims: { nbf: now + 31 } })],
    ['without a jti', await sign(hub, ed.privateKey, { claims: { jti: undefined } })],
    [
      'of a client that has a secret',
      await sign(hub, ec.privateKey, { header: { alg: 'ES256' }, claims: { iss: 'other', sub: 'other' } }),
    ],
    ['no JWT', 'x'],
  ]
  const replies = await Promise.all(cases.map(async ([, assertion]) => assert(url, assertion)))
  for (const [index, [what]] of cases.entries()) {
    t.match(replies[index], { status: 401, json: { error: 'invalid_client' } }, what)
  }
  t.equal(new Set(replies.map(({ json }) => JSON.stringify(json))).size, 1, 'one reply for all')

  const good = await sign(hub, ed.privateKey)
  t.equal((await assert(url, good, { client_id: 'other' })).status, 401, 'a client_id that is not its own')
  t.match(await assert(url, good, {}, { authorization: 'Basic eDp5' }), {
    status: 400,
    json: { error: 'invalid_request' },
  })
  t.match(await assert(url, good, { client_assertion_type: 'x' }), { status: 400 })
  await setClientStatus(hub, tester, 'permits', 'suspended')
  t.equal((await assert(url, good)).status, 401, 'suspended')
  await setClientStatus(hub, tester, 'permits', 'active')
  t.equal((await assert(url, good, { client_id: 'permits' })).status, 200, 'what was refused was not used up')
})

t.test(
  'keys: they take the place of the secret, one is rotated by a second, and a token ends with its key',
  async t => {
    const { hub, url, client, status } = await openDoor(t)
    const { ed, ec } = keyPairs()
    const old = { ...(await exportJWK(ed.publicKey)), kid: 'old' }
    const next = { ...(await exportJWK(ec.publicKey)), kid: 'next' }
    await setClientKeys(hub, tester, 'permits', { jwks: { keys: [old] }, overlapMs: hour })
    t.equal((await requestToken(url, client)).status, 200, 'the secret works during the overlap')
    hub.pass(hour)
    t.equal((await requestToken(url, client)).status, 401)
    const { json } = await assert(url, await sign(hub, ed.privateKey))
    const token = String(json['access_token'])
    await setClientKeys(hub, tester, 'permits', { jwks: { keys: [old, next] } })
    t.equal(await status(token), 404, 'the key is still there')
    t.equal((await assert(url, await sign(hub, ec.privateKey, { header: { alg: 'ES256', kid: 'next' } }))).status, 200)
    await setClientKeys(hub, tester, 'permits', { jwks: { keys: [next] } })
    t.equal(await status(token), 401, 'the key is gone')
    t.equal((await assert(url, await sign(hub, ed.privateKey))).status, 401)
  },
)

t.test('a key that is private, weak, or of another kind is refused, saying which and why', async t => {
  const { hub } = await openDoor(t)
  const { ed, ec, rsa } = keyPairs()
  const good = await exportJWK(ed.publicKey)
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const small = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 })
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  const cases: [what: string, keys: unknown[], code: string][] = [
    ['a private Ed25519 key', [await exportJWK(ed.privateKey)], 'private'],
    ['a private RSA key', [await exportJWK(rsa.privateKey)], 'private'],
    ['a shared secret', [{ kty: 'oct', k: 'AAAA' }], 'private'],
    ['1024 bits', [await exportJWK(weak.publicKey)], 'weak'],
    ['an exponent of 3', [await exportJWK(small.publicKey)], 'weak'],
    ['P-384', [await exportJWK(p384.publicKey)], 'algorithm'],
    ['an algorithm of no kind', [{ ...good, alg: 'none' }], 'algorithm'],
    ['for encryption', [{ ...good, use: 'enc' }], 'use'],
    ['a point that is not on the curve', [{ ...(await exportJWK(ec.publicKey)), y: 'A'.repeat(43) }], 'key'],
    ['two without a kid', [good, await exportJWK(ec.publicKey)], 'kid'],
    [
      'two with one kid',
      [
        { ...good, kid: 'a' },
        { ...good, kid: 'a' },
      ],
      'kid',
    ],
    ['a text', ['x'], 'type'],
  ]
  for (const [what, keys, code] of cases) {
    const refused = setClientKeys(hub, tester, 'permits', { jwks: { keys } })
    await t.rejects(refused, { code: 'request-invalid', issues: [{ code, pointer: /^\/keys\/\d$/ }] }, what)
  }
  for (const jwks of [{}, { keys: [] }, { keys: Array(11).fill(good) }, null, good]) {
    await t.rejects(setClientKeys(hub, tester, 'permits', { jwks }), { code: 'request-invalid', message: /JWK Set/ })
  }
})

t.test('a client that is bound to addresses is refused elsewhere, and each refusal is an entry', async t => {
  const { hub, url, client, status } = await openDoor(t)
  const token = await tokenFor(url, client)
  await setClientAddresses(hub, tester, 'permits', ['10.0.0.0/8', '2001:db8::/32'])
  t.equal(await status(token), 403)
  t.match((await entries(hub)).at(-1), { operation: 'read', problem: 'address-refused', actor: { id: 'permits' } })
  const refused = await requestToken(url, client)
  t.match([refused.status, await refused.json()], [403, { code: 'address-refused' }])
  t.match((await entries(hub)).at(-1), { operation: 'token', problem: 'address-refused', actor: { id: 'permits' } })
  t.equal((await requestToken(url, { ...client, secret: 'x' })).status, 401, 'a stranger does not learn of it')
  for (const ranges of [['127.0.0.0/8'], ['10.0.0.0/8', '127.0.0.1'], []]) {
    await setClientAddresses(hub, tester, 'permits', ranges)
    t.equal((await requestToken(url, client)).status, 200, ranges.join())
  }
  for (const range of ['10.0.0.0/33', '10.0.0', '10.0.0.0/8/8', '::1/129', 'fe80::1%eth0', 'host', '10.0.0.0/08', '']) {
    await t.rejects(setClientAddresses(hub, tester, 'permits', [range]), { code: 'request-invalid' }, range)
  }
})

t.test(
  'behind a trusted proxy the address that it forwards counts, and one that a client makes up does not',
  async t => {
    const { hub } = await openDoor(t)
    const client = await renewSecret(hub, tester, 'permits')
    await setClientAddresses(hub, tester, 'permits', ['192.0.2.0/24'])
    const behindProxy = { ...hub, config: { ...hub.config, trustedProxies: ['127.0.0.1'] } }
    const status = async (on: Hub, from: string): Promise<number> => {
      const url = await serve(t, on)
      const headers = {
        authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
        'x-forwarded-for': from,
      }
      return (await fetch(`${url}/oauth/token`, { method: 'POST', headers, body: 'grant_type=client_credentials' }))
        .status
    }
    t.equal(await status(behindProxy, '192.0.2.7'), 200)
    t.equal(await status(behindProxy, '198.51.100.7'), 403)
    t.equal(await status(behindProxy, '192.0.2.7, 198.51.100.7'), 403, 'the last hop that is no proxy counts')
    t.equal(await status(hub, '192.0.2.7'), 403, 'without a proxy nobody is believed')
  },
)

t.test('a trusted proxy that is no address is refused before anything is served, whichever form it has', async t => {
  const hub = await openTestHub(t)
  for (const proxy of ['proxy', 'loopback', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/255.0.0.0']) {
    const wrong = { ...hub, config: { ...hub.config, trustedProxies: ['10.0.0.1', proxy] } }
    const problem = { code: 'configuration-invalid', message: /CONCORD_TRUSTED_PROXIES/ }
    await t.rejects(buildApp(wrong, new Refusals()), problem, proxy)
  }
})

t.test(
  'an entry names a standard that was asked for where it has the form of one, and holds no other text',
  async t => {
    const { hub, url, client } = await openDoor(t)
    const other = await createClient(hub, tester, {
      id: 'feed',
      department: 'housing',
      title: 'x',
      scopes: ['deliver'],
    })
    for (const caller of [client, other]) {
      const authorization = `Bearer ${await tokenFor(url, caller)}`
      const ask = async (standard: string): Promise<Entry | undefined> => {
        await fetch(`${url}/v1/standards/${standard}/records/x`, { headers: { authorization, 'concord-matter': 'm' } })
        return (await entries(hub)).at(-1)
      }
      t.match(await ask('nothing'), { operation: 'read', outcome: 'refused', standard: 'nothing' })
      for (const text of ['110101199001011237', 'Zhang%20San', 'x'.repeat(61)]) {
        const entry = await ask(text)
        t.match(entry, { operation: 'read', outcome: 'refused', actor: { id: caller.id } }, text)
        t.notOk(entry && 'standard' in entry, text)
      }
    }
  },
)

async function openDoor(t: Test, directory?: string) {
  const hub = await openTestHub(t, directory)
  await putDepartment(hub, tester, { id: 'housing', titles: { 'zh-CN': '住建', en: 'Housing' } })
  const title = 'Permit system'
  const client = await createClient(hub, tester, { id: 'permits', department: 'housing', title, scopes: ['read'] })
  const url = await serve(t, hub)
  const status = async (token: string): Promise<number> =>
    (await fetch(url + call, { headers: { authorization: `Bearer ${token}` } })).status
  return { hub, url, client, status }
}

async function entries(hub: TestHub): Promise<Entry[]> {
  return (await hub.log.entries({ from: 0, limit: 1000 })).map(({ entry }) => JSON.parse(entry) as Entry)
}

async function acts(hub: TestHub): Promise<unknown[]> {
  const clients = (await entries(hub)).map(({ detail }) => detail).filter(detail => detail?.['client'] !== undefined)
  return clients
}

function claimsOf(hub: Hub): JWTPayload {
  const exp = hub.clock().getTime() / 1000 + 300
  return { iss: 'permits', sub: 'permits', aud: hub.config.logOrigin, exp, jti: randomUUID() }
}

function sign(
  hub: Hub,
  key: KeyObject | Uint8Array,
  {
    header = { alg: 'EdDSA' },
    claims = {},
  }: { header?: { alg: string; kid?: string }; claims?: { [name in keyof JWTPayload]?: unknown } } = {},
): Promise<string> {
  return new SignJWT({ ...claimsOf(hub), ...claims } as JWTPayload).setProtectedHeader(header).sign(key)
}

async function assert(
  url: string,
  assertion: string,
  parameters: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<{ status: number; json: Record<string, unknown> }> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: assertionType,
    client_assertion: assertion,
    ...parameters,
  })
  const reply = await fetch(`${url}/oauth/token`, { method: 'POST', headers, body })
  return { status: reply.status, json: (await reply.json()) as Record<string, unknown> }
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

type Pair = { publicKey: KeyObject; privateKey: KeyObject }
let pairs: { ed: Pair; ec: Pair; rsa: Pair } | undefined

/** Made once: RSA keys take their time. */
function keyPairs(): { ed: Pair; ec: Pair; rsa: Pair } {
  pairs ??= {
    ed: generateKeyPairSync('ed25519'),
    ec: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  }
  return pairs
}
