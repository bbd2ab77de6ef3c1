import t, { type Test } from 'tap'
import { addDepartment } from '../../src/exchange/departments.ts'
import { createClient } from '../../src/exchange/clients.ts'
import { fromBase64 } from '../../src/log/base64.ts'
import { openCheckpoint } from '../../src/log/checkpoint.ts'
import { decodeEntry, type Entry } from '../../src/log/entry.ts'
import { verifyConsistency, verifyInclusion, type Proof } from '../../src/log/proof.ts'
import { tilePath } from '../../src/log/tiles.ts'
import { parseEntryProof } from '../../src/log/tlog-proof.ts'
import { leafHash } from '../../src/log/tree.ts'
import { openTestHub, serve, tester, tokenFor, type TestHub } from '../helper.ts'
import { naiveRoot } from '../log/naive-tree.ts'

t.test('the tiles and bundles of a log, put together, are the tree that its checkpoint signs', async t => {
  const { hub, call } = await auditor(t, 600)
  const { size, root } = await signed(hub, call)
  t.ok(size > 600)
  const entries: string[] = []
  const hashes: Buffer[] = []
  for (let index = 0; index * 256 < size; index++) {
    const width = Math.min(256, size - index * 256)
    entries.push(...entriesIn(await bytesOf(call, tilePath({ level: 'entries', index, width }))))
    hashes.push(await bytesOf(call, tilePath({ level: 0, index, width })))
  }
  t.equal(entries.length, size)
  t.strictSame(naiveRoot(entries), Buffer.from(root))
  t.strictSame(Buffer.concat(hashes), Buffer.concat(entries.map(leafHash)))
  t.strictSame(
    await bytesOf(call, '1/000.p/2'),
    Buffer.concat([naiveRoot(entries.slice(0, 256)), naiveRoot(entries.slice(256, 512))]),
  )
})

t.test('a tile is cached for good by whoever may read it, and compressed if asked', async t => {
  const { call } = await auditor(t, 300)
  const tile = await call('/v1/log/tile/0/000')
  t.equal(tile.headers.get('cache-control'), 'private, max-age=31536000, immutable')
  t.equal(tile.headers.get('content-type'), 'application/octet-stream')
  const plain = await call('/v1/log/tile/entries/000', { 'accept-encoding': 'identity' })
  t.equal(plain.headers.get('content-encoding'), null)
  const entries = await plain.arrayBuffer()
  // fetch unpacks what it is sent.
  const packed = await call('/v1/log/tile/entries/000', { 'accept-encoding': 'gzip' })
  t.equal(packed.headers.get('content-encoding'), 'gzip')
  t.strictSame(Buffer.from(await packed.arrayBuffer()), Buffer.from(entries))
  const checkpoint = await call('/v1/log/checkpoint')
  t.equal(checkpoint.headers.get('cache-control'), 'no-store')
  t.equal(checkpoint.headers.get('content-type'), 'text/plain; charset=utf-8')
})

t.test('reading entries is an entry; hashes, proofs and checkpoints tell of nobody and are none', async t => {
  const { hub, call } = await auditor(t, 300)
  const { size: signed } = openCheckpoint(await (await call('/v1/log/checkpoint')).text(), [hub.logKey])
  const before = await hub.log.size()
  for (const path of ['checkpoint', 'tile/0/000', 'tile/0/001.p/5', 'proof?entry=7', `proof?from=5&to=${signed}`]) {
    t.equal((await call(`/v1/log/${path}`)).status, 200, path)
  }
  t.equal(await hub.log.size(), before)
  t.equal((await call('/v1/log/tile/entries/001.p/9')).status, 200)
  t.match(await lastEntry(hub), {
    operation: 'audit',
    actor: { kind: 'client', id: 'auditor' },
    count: 9,
    detail: { act: 'read-entries', from: 256 },
  })
})

t.test('what the checkpoint does not sign, and what is no tile, is not there', async t => {
  const { hub, call } = await auditor(t, 300)
  const { size } = await signed(hub, call)
  await hub.log.append(entry('beyond'))
  const known = await call('/v1/log/checkpoint')
  t.equal(openCheckpoint(await known.text(), [hub.logKey]).size, size, 'no checkpoint signs the last entry yet')
  for (const path of [
    ...[`0/001.p/${size - 255}`, '0/001', '1/000', '1/000.p/2', '2/000.p/1', '64/000', '0/x001/000'],
    ...['0/0', 'data/000', '8/0/000', '0/000.p/256', `entries/001.p/${size - 255}`, 'entries/abc', 'entries'],
  ]) {
    const reply = await call(`/v1/log/tile/${path}`)
    t.equal(reply.status, 404, path)
    t.match(await reply.json(), { code: 'tile-unknown' }, path)
  }
  t.equal((await call(`/v1/log/tile/0/001.p/${size - 256}`)).status, 200)
})

t.test('an entry of the last second is proven: a checkpoint is kept for it', async t => {
  const { hub, call } = await auditor(t, 3)
  await call('/v1/log/checkpoint')
  const number = await hub.log.append(entry('of just now'))
  const text = (await hub.log.entries({ from: number, limit: 1 }))[0]?.entry ?? ''
  const found = (await (await call(`/v1/log/proof?entry=${number}`)).json()) as Inclusion
  const tree = openCheckpoint(found.checkpoint, [hub.logKey])
  t.equal(found.size, tree.size)
  t.ok(tree.size > number)
  t.equal(found.leaf, Buffer.from(leafHash(text)).toString('base64'))
  const leaf = { index: number, hash: leafHash(text) }
  t.ok(verifyInclusion(leaf, tree, hashesOf(found.proof)))
  t.notOk(verifyInclusion({ ...leaf, hash: leafHash(`${text} `) }, tree, hashesOf(found.proof)))

  const reply = await call(`/v1/log/proof?entry=${number}`, { accept: 'text/plain' })
  const { index, proof, checkpoint } = parseEntryProof(await reply.text())
  t.ok(verifyInclusion({ ...leaf, index }, openCheckpoint(checkpoint, [hub.logKey]), proof), 'the same as C2SP has it')
})

t.test('a log proves that it has only grown since any of its sizes', async t => {
  const { hub, call } = await auditor(t, 20)
  const first = await signed(hub, call)
  for (let number = 0; number < 30; number++) await hub.log.append(entry(`later ${number}`))
  await hub.log.keepCheckpoint()
  const second = await signed(hub, call)
  const grown = (await (await call(`/v1/log/proof?from=${first.size}`)).json()) as Growth
  t.equal(grown.to, second.size)
  t.strictSame(openCheckpoint(grown.older, [hub.logKey]), first)
  t.ok(verifyConsistency(first, openCheckpoint(grown.checkpoint, [hub.logKey]), hashesOf(grown.proof)))
  const between = (await (await call(`/v1/log/proof?from=3&to=${first.size + 1}`)).json()) as Partial<Growth>
  t.match(between, { from: 3, to: first.size + 1 })
  t.equal(between.checkpoint, undefined, 'nobody signed that size')
})

t.test('a proof that there cannot be is refused, and the refusal is an entry', async t => {
  const { hub, call } = await auditor(t, 5)
  const { size } = await signed(hub, call)
  const cases: [string, number, string][] = [
    ['entry=1000000', 404, 'entry-unknown'],
    [`entry=1&size=${size + 1000}`, 404, 'checkpoint-unknown'],
    ['entry=3&size=3', 404, 'entry-unknown'],
    ['entry=-1', 400, 'request-invalid'],
    ['entry=1.5', 400, 'request-invalid'],
    ['entry=1&entry=2', 400, 'request-invalid'],
    ['entry=1&from=1', 400, 'request-invalid'],
    ['entry=1&to=3', 400, 'request-invalid'],
    ['from=1&size=3', 400, 'request-invalid'],
    ['from=0', 400, 'request-invalid'],
    ['from=4&to=3', 400, 'request-invalid'],
    ['from=4&to=1000000', 404, 'checkpoint-unknown'],
    ['', 400, 'request-invalid'],
    ['entry=9007199254740992', 400, 'request-invalid'],
  ]
  for (const [query, status, code] of cases) {
    const reply = await call(`/v1/log/proof?${query}`)
    t.equal(reply.status, status, query)
    t.match(await reply.json(), { code }, query)
    t.match(await lastEntry(hub), { operation: 'audit', outcome: 'refused', problem: code }, query)
  }
  t.match(await (await call('/v1/log/checkpoint?cosigned=true')).json(), { code: 'checkpoint-unknown', status: 404 })
})

t.test('the log is shown to auditors alone', async t => {
  const { hub, url } = await auditor(t, 1)
  const scopes = ['read', 'deliver', 'publish', 'decide', 'administer'] as const
  const client = await createClient(hub, tester, { id: 'reader', department: 'housing', title: 'Reader', scopes })
  const headers = { authorization: `Bearer ${await tokenFor(url, client)}` }
  for (const path of ['checkpoint', 'proof?entry=0', 'tile/0/000.p/1', 'tile/entries/000.p/1']) {
    t.equal((await fetch(`${url}/v1/log/${path}`, { headers })).status, 403, path)
    t.match(await lastEntry(hub), { operation: 'audit', outcome: 'refused', actor: { id: 'reader' } })
    t.equal((await fetch(`${url}/v1/log/${path}`)).status, 401, path)
  }
})

type Inclusion = { size: number; leaf: string; proof: string[]; checkpoint: string }
type Growth = { to: number; proof: string[]; older: string; checkpoint: string }
type Call = (path: string, headers?: Record<string, string>) => Promise<Response>

/** A hub whose log has some entries, and an auditor's calls. */
async function auditor(t: Test, entries: number): Promise<{ hub: TestHub; url: string; call: Call }> {
  const hub = await openTestHub(t)
  await addDepartment(hub, tester, { id: 'housing', titles: { 'zh-CN': '住房', en: 'Housing' } })
  const client = await createClient(hub, tester, {
    id: 'auditor',
    department: 'housing',
    title: 'Auditor',
    scopes: ['audit'],
  })
  const url = await serve(t, hub)
  const token = await tokenFor(url, client)
  await Promise.all(Array.from({ length: entries }, (_, at) => hub.log.append(entry(`e${at}`))))
  await hub.log.keepCheckpoint()
  return {
    hub,
    url,
    call: (path, headers = {}) => fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } }),
  }
}

function entry(request: string): Entry {
  const actor = { kind: 'operator', id: '测试' } as const
  return { time: '2026-03-01T08:00:00.000Z', actor, operation: 'audit', outcome: 'done', count: 0, request }
}

async function signed(hub: TestHub, call: Call) {
  return openCheckpoint(await (await call('/v1/log/checkpoint')).text(), [hub.logKey])
}

async function bytesOf(call: Call, path: string): Promise<Buffer> {
  return Buffer.from(await (await call(`/v1/log/tile/${path}`)).arrayBuffer())
}

function entriesIn(bundle: Buffer): string[] {
  const entries: string[] = []
  for (let at = 0; at < bundle.length;) {
    const end = at + 2 + bundle.readUInt16BE(at)
    entries.push(bundle.toString('utf8', at + 2, end))
    at = end
  }
  return entries
}

async function lastEntry(hub: TestHub): Promise<Entry> {
  const [last] = await hub.log.entries({ from: (await hub.log.size()) - 1, limit: 1 })
  return decodeEntry(last?.entry ?? '')
}

function hashesOf(proof: readonly string[]): Proof {
  return proof.map(hash => fromBase64(hash) as Buffer)
}
