/** The typed client against a hub that is really served. */
import t from 'tap'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConcordClient, fileCursor, type Change, type CursorStore } from '../../src/client/client.ts'
import { revokeAgreement } from '../../src/exchange/agreement-acts.ts'
import { renewSecret, setClientKeys } from '../../src/exchange/clients.ts'
import { premisesXml } from '../exchange/premises.ts'
import { folder, serve, tester } from '../helper.ts'
import {
  adapter,
  collected,
  deliverPremises,
  grant,
  granted,
  openServedHub,
  quick,
  type Premises,
} from './served-hub.ts'

t.test('a record with its type, what is withheld of it, its entry, and whether it is still that', async t => {
  const { premises, hub } = await openServedHub(t)
  const { record, etag, entry } = await premises.read('901~11')
  t.equal(record.data.name, 'Sample Café No. 1')
  t.same(Object.keys(record.data).sort(), ['address', 'authority', 'name', 'premisesId', 'ratingNormalised'])
  t.ok(record.withheld.includes('address.line'))
  const [logged] = await hub.log.entries({ from: entry, limit: 1 })
  t.match(logged?.entry, /"operation":"read"/, 'the entry is the one of this call')
  t.match(await premises.read('901~11', { etag }), { isModified: false, etag, entry: entry + 1 })
  t.match(await premises.read('901~11', { etag: '"x"' }), { isModified: true, record: { key: '901~11' } })
  const { record: narrow } = await premises.read('901~11', { fields: ['name'] })
  t.same(narrow.data, { name: 'Sample Café No. 1' })
  const then = await premises.read('901~11', { asOf: '2026-03-01' })
  t.equal(then.record.revision, 1)
})

t.test('a refusal is thrown with its code, its issues and its request', async t => {
  const { premises, client } = await openServedHub(t)
  await t.rejects(premises.read('901~1999'), {
    name: 'ConcordProblem',
    status: 404,
    code: 'record-unknown',
    request: /^[0-9a-f-]{36}$/,
  })
  await t.rejects(premises.page({ filters: { nonsense: 'x' } }), { status: 400, code: 'request-invalid' })
  await t.rejects(client.standard('food-premises-inspection', { matter: 'tax' }).page(), { code: 'agreement-missing' })
  await t.rejects(client.deliver(adapter, '<x/>', { contentType: 'application/xml' }), { code: 'scope-missing' })
})

t.test('matter and case go as they are written, in Chinese too', async t => {
  const { client, hub } = await openServedHub(t)
  const { entry } = await client
    .standard('food-premises-inspection', { matter: '检查计划', case: '案件七' })
    .read('901~11')
  const [logged] = await hub.log.entries({ from: entry, limit: 1 })
  t.match(JSON.parse(logged?.entry ?? '{}'), { matter: '检查计划', case: '案件七' })
})

t.test('records come page after page, each once; a filter narrows them', async t => {
  const { premises } = await openServedHub(t)
  const first = await premises.page({ limit: 15 })
  t.equal(first.records.length, 15)
  t.type(first.cursor, 'string')
  const all = await collected(premises.records({ limit: 7 }))
  t.equal(new Set(all.map(({ key }) => key)).size, 20)
  t.equal(all.length, 20)
  t.same(
    (await collected(premises.records({ filters: { name: 'Sample Café No. 3' } }))).map(({ key }) => key),
    ['901~13'],
  )
})

t.test('lookup takes any number of keys and says which are missing; verify discloses no value', async t => {
  const { premises, hub } = await openServedHub(t)
  const there = Array.from({ length: 20 }, (_, index) => `901~1${index + 1}`)
  const invented = Array.from({ length: 1500 }, (_, index) => `902~1${index}`)
  const { records, missing, entries } = await premises.lookup([...invented, ...there], { fields: ['name'] })
  t.same(records.map(({ key }) => key).sort(), there.sort())
  t.same(missing, invented)
  t.equal(entries.length, 2, 'a call for each 1,000')
  const verified = await premises.verify('901~11', { name: 'Sample Café No. 1', 'address.postcode': 'ZZ9 9ZZ' })
  t.same(verified.results, { name: 'match', 'address.postcode': 'mismatch' })
  t.match((await hub.log.entries({ from: verified.entry, limit: 1 }))[0]?.entry, /"operation":"verify"/)
  t.match(await premises.lookup([]), { records: [], missing: [], entries: [] })
})

t.test('history goes from the newest back, over pages', async t => {
  const { premises, hub } = await openServedHub(t)
  for (const [index, deviation] of (['changed', undefined, 'changed'] as const).entries()) {
    hub.pass(60_000 * (index + 1))
    await deliverPremises(hub, { count: 20, deviations: deviation === undefined ? {} : { 1: deviation } })
  }
  const history = await collected(premises.history('901~11', { limit: 3 }))
  t.same(
    history.map(({ revision }) => revision),
    [4, 3, 2, 1],
  )
})

t.test('an export is everything, and its cursor is where changes go on', async t => {
  const { premises, hub } = await openServedHub(t)
  const everything = premises.export({ fields: ['name', 'ratingNormalised'] })
  t.throws(() => everything.cursor, { name: 'ExportCut' }, 'there is no cursor before its end')
  const records = await collected(everything)
  t.equal(records.length, 20)
  const kept = memoryCursor(everything.cursor)
  const changes = (): Promise<Change<Premises>[]> =>
    collected(premises.changes({ cursor: kept, follow: false, fields: ['name', 'ratingNormalised'] }))
  t.same(await changes(), [], 'nothing has changed since')
  await deliverPremises(hub, { count: 20, deviations: { 4: 'changed', 5: 'missing' } })
  t.match(await changes(), [
    { kind: 'record', record: { key: '901~14' } },
    { kind: 'removed', key: '901~15' },
  ])
  t.same(await changes(), [], 'each once, as long as nothing dies')
})

t.test('whoever stops in the midst of a page is given that page again', async t => {
  const { premises } = await openServedHub(t)
  const file = join(folder(t), 'cursor')
  const cursor = fileCursor(file)
  const keys: string[] = []
  for await (const change of premises.changes({ cursor, follow: false, limit: 8 })) {
    keys.push(keyOf(change))
    if (keys.length === 11) break
  }
  const written = readFileSync(file, 'utf8')
  const rest = await collected(premises.changes({ cursor, follow: false, limit: 8 }))
  t.equal(rest.length, 12, 'from the second page on')
  t.equal(new Set([...keys, ...rest.map(keyOf)]).size, 20)
  t.not(readFileSync(file, 'utf8'), written)
  t.notOk(existsSync(`${file}.next`), 'nothing is left beside it')
})

t.test('a follower is woken by a change, and ends when it is told to', async t => {
  const { premises, hub } = await openServedHub(t)
  const cursor = memoryCursor((await atEnd(premises.export())).cursor)
  const end = new AbortController()
  const followed: string[] = []
  const follower = (async () => {
    for await (const change of premises.changes({ cursor, waitSeconds: 60, signal: end.signal })) {
      followed.push(keyOf(change))
      if (followed.length === 2) end.abort(new Error('enough'))
    }
  })()
  await deliverPremises(hub, { count: 20, deviations: { 7: 'changed', 8: 'changed' } })
  await t.rejects(follower, { message: 'enough' })
  t.same(followed, ['901~17', '901~18'])
})

t.test('where the agreement has changed, a cursor has expired: it is thrown, or everything comes again', async t => {
  const { premises, hub } = await openServedHub(t)
  const cursor = memoryCursor((await atEnd(premises.export())).cursor)
  await revokeAgreement(hub, tester, 'a1')
  await grant(hub, 'a2', granted.slice(0, 3))
  await t.rejects(collected(premises.changes({ cursor, follow: false })), { name: 'CursorExpired', status: 410 })
  const again = await collected(premises.changes({ cursor, follow: false, begin: 'export' }))
  t.equal(again[0]?.kind, 'restart')
  t.equal(again.filter(({ kind }) => kind === 'record').length, 20)
  t.same(await collected(premises.changes({ cursor, follow: false })), [], 'and the new cursor is kept')
})

t.test('a delivery gives its receipt; with its name, sent twice it is one; later, its state', async t => {
  const { provider } = await openServedHub(t)
  const body = premisesXml({ count: 21, deviations: { 2: 'bad' } })
  const contentType = 'application/xml'
  const { receipt, delivery } = await provider.deliver(adapter, body, { contentType, idempotencyKey: 'monday' })
  t.match(receipt, { delivery, accepted: 1, rejected: 1 })
  const second = await provider.deliver(adapter, body, { contentType, idempotencyKey: 'monday' })
  t.same(second.receipt, receipt)
  const streamed = await provider.deliver(adapter, inPieces(body), { contentType })
  t.match(streamed.receipt, { accepted: 0, unchanged: 20 })
  t.match(await provider.delivery(delivery), { delivery, accepted: 1, rejected: 1, state: 'done' })

  const taken = await provider.deliver(adapter, premisesXml({ count: 22 }), { contentType, async: true })
  t.notOk('receipt' in taken, 'not yet')
  for (;;) {
    const { state, accepted } = await provider.delivery(taken.delivery)
    if (state !== 'done') continue
    t.equal(accepted, 1)
    break
  }
})

t.test('a private key in place of a secret: each kind that a hub takes', async t => {
  const { hub, options, reader } = await openServedHub(t)
  // Assertions are made by the machine's clock.
  const url = await serve(t, { ...hub, clock: () => new Date() })
  const pairs = [
    generateKeyPairSync('ed25519'),
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ]
  const keys = pairs.map(({ publicKey }, index) => ({ ...publicKey.export({ format: 'jwk' }), kid: `key ${index}` }))
  await setClientKeys(hub, tester, reader.id, { jwks: { keys } })
  const { clientId, matter } = options
  const audience = hub.config.logOrigin
  for (const [index, { privateKey }] of pairs.entries()) {
    const keyId = `key ${index}`
    const byKey = new ConcordClient({ url, clientId, matter, audience, privateKey, keyId, retries: quick })
    t.equal((await byKey.standard('food-premises-inspection').read('901~11')).record.key, '901~11', keyId)
    const jwk = { ...privateKey.export({ format: 'jwk' }), kid: keyId }
    const byJwk = new ConcordClient({ url, clientId, matter, audience, privateKey: jwk, retries: quick })
    t.equal((await byJwk.standard('food-premises-inspection').read('901~11')).record.key, '901~11', `${keyId}, a JWK`)
  }
  const stranger = generateKeyPairSync('ed25519').privateKey
  const client = new ConcordClient({ url, clientId, matter, audience, privateKey: stranger, retries: quick })
  await t.rejects(client.standard('x').read('x'), { status: 401, code: 'invalid_client', detail: /aud is/ })
})

t.test('a token is asked for once, and again where the hub takes it no more', async t => {
  const { hub, options, reader } = await openServedHub(t)
  const asked: string[] = []
  const counting: typeof fetch = (input, init) => {
    const { pathname } = new URL(input as string)
    if (pathname === '/oauth/token') asked.push(pathname)
    return fetch(input, init)
  }
  const premises = new ConcordClient({ ...options, fetch: counting }).standard('food-premises-inspection')
  await Promise.all(Array.from({ length: 10 }, () => premises.read('901~11')))
  t.equal(asked.length, 1, 'ten at once share one')
  hub.pass(601_000)
  t.equal((await premises.read('901~11')).record.key, '901~11', 'it has ended before its time: a new one')
  t.equal(asked.length, 2)
  await renewSecret(hub, tester, reader.id)
  await t.rejects(premises.read('901~11'), { status: 401, code: 'invalid_client' }, 'once, not for ever')
})

function keyOf(change: Change<unknown>): string {
  if (change.kind === 'record') return change.record.key
  return change.kind === 'removed' ? change.key : ''
}

function memoryCursor(first?: string): CursorStore {
  let kept = first
  return {
    read: async () => kept,
    write: async cursor => void (kept = cursor),
  }
}

async function atEnd<All extends AsyncIterable<unknown>>(all: All): Promise<All> {
  await collected(all)
  return all
}

async function* inPieces(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000)
}
