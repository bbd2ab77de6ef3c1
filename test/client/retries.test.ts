/** What the client does where a hub, or the way to it, does not answer as it should. */
import t, { type Test } from 'tap'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { ConcordClient, fileCursor } from '../../src/client/client.ts'
import { createAgreement } from '../../src/exchange/agreements.ts'
import { createClient } from '../../src/exchange/clients.ts'
import { publishFiles } from '../../src/exchange/documents.ts'
import { build, programOn } from '../cli/concord.ts'
import { premisesXml } from '../exchange/premises.ts'
import { folder, openTestHub, tester } from '../helper.ts'
import { openServer, waiter, type Answer } from './answering-server.ts'
import { adapter, catalogue, granted, quick, standard } from './served-hub.ts'

const problem = (code: string): string => JSON.stringify({ code, title: code })
const record = JSON.stringify({ key: 'x', data: {} })

t.test('a call that met a closed door is made again', async t => {
  const cases: [what: string, answers: Answer[], calls: number, outcome: string][] = [
    [
      '503, then 200',
      [
        [503, problem('overloaded')],
        [200, record],
      ],
      2,
      'record',
    ],
    [
      '429, then 503, then 200',
      [
        [429, problem('rate-limited')],
        [503, ''],
        [200, record],
      ],
      3,
      'record',
    ],
    [
      'a proxy without the hub',
      [
        [502, '<html>'],
        [504, '<html>'],
        [200, record],
      ],
      3,
      'record',
    ],
    ['a connection that breaks off', ['cut', [200, record]], 2, 'record'],
    ['five times in vain', Array<Answer>(9).fill([503, problem('overloaded')]), 5, 'overloaded'],
    ['a refusal', [[403, problem('agreement-missing')]], 1, 'agreement-missing'],
    ['a fault of the hub', [[500, problem('internal')]], 1, 'internal'],
    ['a fault that is no problem document', [[500, 'x']], 1, 'http'],
    [
      '401 once',
      [
        [401, problem('unauthenticated')],
        [200, record],
      ],
      2,
      'record',
    ],
    [
      '401 twice',
      [
        [401, problem('unauthenticated')],
        [401, problem('unauthenticated')],
      ],
      2,
      'unauthenticated',
    ],
    [
      'a connection that breaks off in the midst of a body',
      [
        [200, '{"key":', { 'content-length': '1000' }],
        [200, record],
      ],
      2,
      'record',
    ],
    ['a redirect elsewhere', [[302, '', { location: 'https://elsewhere.example' }]], 1, 'TypeError'],
  ]
  for (const [what, answers, calls, outcome] of cases) {
    const { client, server } = await openServer(t, answers)
    const came = await client
      .standard('a')
      .read('x')
      .then(
        ({ record: { key } }) => (key === 'x' ? 'record' : 'another'),
        (error: { code?: string; name: string }) => error.code ?? error.name,
      )
    t.same([came, server.calls], [outcome, calls], what)
  }
})

t.test('the pause is at least what the hub asks for; one that is too long is not waited for', async t => {
  const { client } = await openServer(t, [
    [503, problem('overloaded'), { 'retry-after': '1' }],
    [200, record],
  ])
  const began = performance.now()
  await client.standard('a').read('x')
  t.ok(performance.now() - began >= 990, 'a second')
  const long = await openServer(t, [[429, problem('quota-used'), { 'retry-after': '3600' }]])
  await t.rejects(long.client.standard('a').read('x'), { code: 'quota-used', retryAfterSeconds: 3600 })
  t.equal(long.server.calls, 1)
})

t.test('whoever does not want to wait any more says so', async t => {
  const { client, server } = await openServer(t, Array<Answer>(9).fill([503, '']), {
    firstPauseMs: 1_000_000,
    longestPauseMs: 1e9,
  })
  const end = new AbortController()
  const read = client.standard('a').read('x', { signal: end.signal })
  await server.answered(1)
  end.abort(new Error('enough'))
  await t.rejects(read, { message: 'enough' })
  t.equal(server.calls, 1)
  await t.rejects(client.standard('a').read('x', { signal: end.signal }), { message: 'enough' })
  t.equal(server.calls, 1, 'nothing is sent')
})

t.test(
  'whoever waits for a token that does not come can leave; what proves who they are follows no redirect',
  async t => {
    const asked = waiter()
    const silent = await openDoor(t, () => asked.tell(1))
    const end = new AbortController()
    const read = new ConcordClient({ url: silent, clientId: 'c', secret: 's' })
      .standard('a')
      .read('x', { signal: end.signal })
    await asked.reached(1)
    end.abort(new Error('enough'))
    await t.rejects(read, { message: 'enough' })

    let reached = 0
    const elsewhere = await openDoor(t, response => {
      reached++
      response.end('{}')
    })
    const moved = await openDoor(t, response => response.writeHead(307, { location: elsewhere }).end())
    const { privateKey } = generateKeyPairSync('ed25519')
    const client = new ConcordClient({ url: moved, clientId: 'c', privateKey, retries: quick })
    await t.rejects(client.standard('a').read('x'), { name: 'TypeError' })
    t.equal(reached, 0)
  },
)

t.test('a mistake of whoever calls is thrown at once, also where changes are waited for for ever', async t => {
  const { client, server } = await openServer(t, [[200, record]])
  const { privateKey } = generateKeyPairSync('x25519')
  const cases: [what: string, client: ConcordClient, matter: string][] = [
    ['a key that signs nothing', new ConcordClient({ url: 'http://127.0.0.1:9', clientId: 'c', privateKey }), 'm'],
    ['no address', new ConcordClient({ url: 'nothing', clientId: 'c', secret: 's' }), 'm'],
    ['a matter that is no header', client, 'a\nb'],
  ]
  for (const [what, caller, matter] of cases) {
    const cursor = { read: async () => undefined, write: async () => {} }
    const changes = caller.standard('a', { matter }).changes({ cursor })
    await t.rejects(changes.next(), { name: 'TypeError' }, what)
  }
  t.equal(server.calls, 0)
})

t.test('changes go on after a page that broke off, and wait for an export that cannot begin', async t => {
  const page = '{"changes":[{"kind":"removed","key":"k","revision":1}],"cursor":"c"}'
  const { client } = await openServer(t, [
    [200, page.slice(0, 20), { 'content-length': '1000' }],
    [200, page],
  ])
  const cursor = { read: async () => undefined, write: async () => {} }
  t.match((await client.standard('a').changes({ cursor }).next()).value, { key: 'k' })
  const down = await openServer(t, [
    ...Array<Answer>(7).fill([503, problem('overloaded')]),
    [200, '{"key":"x","data":{}}\n{"cursor":"c"}\n'],
  ])
  const changes = down.client.standard('a').changes({ cursor, begin: 'export' })
  t.match((await changes.next()).value, { kind: 'restart' })
  t.match((await changes.next()).value, { kind: 'record', record: { key: 'x' } })
})

t.test('a delivery without a name is not sent twice, nor is a stream', async t => {
  const contentType = 'application/xml'
  const unnamed = await openServer(t, [
    [503, problem('overloaded')],
    [200, '{"delivery":"d"}'],
  ])
  await t.rejects(unnamed.client.deliver('a/b', '<x/>', { contentType }), { code: 'overloaded' })
  t.equal(unnamed.server.calls, 1)
  const named = await openServer(t, [
    [503, problem('overloaded')],
    [200, '{"delivery":"d"}'],
  ])
  const delivered = await named.client.deliver('a/b', '<x/>', { contentType, idempotencyKey: 'k' })
  t.equal(delivered.delivery, 'd')
  t.same(named.server.bodies, ['<x/>', '<x/>'])
  const stream = await openServer(t, [[503, problem('overloaded')]])
  const body = (async function* () {
    yield Buffer.from('<x/>')
  })()
  await t.rejects(stream.client.deliver('a/b', body, { contentType, idempotencyKey: 'k' }), { code: 'overloaded' })
  t.equal(stream.server.calls, 1)
})

t.test('an export that is cut, in a line or between two, is not taken for everything', async t => {
  const line = '{"key":"a","data":{}}\n'
  const cases: [what: string, answer: Answer, came: number][] = [
    ['in the midst of a line', [200, `${line}{"key":"b`, { 'content-length': '1000' }], 1],
    ['between two lines', [200, line + line, { 'content-length': '1000' }], 2],
    ['without its last line', [200, line + line], 2],
    ['before its first line', [200, ''], 0],
  ]
  for (const [what, answer, count] of cases) {
    const { client } = await openServer(t, [answer])
    const everything = client.standard('a').export()
    const keys: string[] = []
    const read = (async () => {
      for await (const { key } of everything) keys.push(key)
    })()
    await t.rejects(read, { name: 'ExportCut' }, what)
    t.equal(keys.length, count, what)
    t.throws(() => everything.cursor, { name: 'ExportCut' })
  }
})

t.test('a hub that is killed and started again is followed on, and nothing is missed', async t => {
  build()
  const directory = join(folder(t), 'data')
  let secrets = { reader: '', sender: '' }
  // A test of its own: it lets go of the hub.
  await t.test('the hub is made', async t => void (secrets = await prepare(t, directory)))
  const concord = programOn(directory, { CONCORD_PORT: '0', CONCORD_LOG_LEVEL: 'silent' })
  const first = await started(t, concord.start(['serve', '--json']))
  const port = new URL(first.address).port
  const options = { url: first.address, retries: quick }
  const provider = new ConcordClient({ ...options, clientId: 'sender', secret: secrets.sender })
  const premises = new ConcordClient({
    ...options,
    clientId: 'reader',
    secret: secrets.reader,
    matter: 'inspection-plan',
  }).standard(standard)
  const contentType = 'application/xml'
  await provider.deliver(adapter, premisesXml({ count: 5 }), { contentType })

  const cursor = fileCursor(join(directory, 'cursor'))
  const end = new AbortController()
  const kept = new Set<string>()
  const has = waiter()
  const follower = (async () => {
    for await (const change of premises.changes({ cursor, waitSeconds: 60, signal: end.signal })) {
      if (change.kind === 'record') kept.add(change.record.key)
      has.tell(kept.size)
    }
  })()
  await has.reached(5)
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')
  const again = programOn(directory, { CONCORD_PORT: port, CONCORD_LOG_LEVEL: 'silent' })
  await started(t, again.start(['serve', '--json']))
  await provider.deliver(adapter, premisesXml({ count: 9 }), { contentType, idempotencyKey: 'again' })
  await has.reached(9)
  end.abort(new Error('enough'))
  await t.rejects(follower, { message: 'enough' })
  t.equal(kept.size, 9)
})

/** A server that does the same for whatever it is asked; its address. */
async function openDoor(t: Test, answer: (response: ServerResponse) => unknown): Promise<string> {
  const server = createServer((_request, response) => void answer(response))
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close().closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Makes the hub that is served by a process of its own; the secrets of its clients. */
async function prepare(t: Test, directory: string): Promise<{ reader: string; sender: string }> {
  const hub = await openTestHub(t, directory)
  await publishFiles(hub, tester, catalogue)
  const client = async (id: string, department: string, scope: 'read' | 'deliver'): Promise<string> =>
    (await createClient(hub, tester, { id, department, title: id, scopes: [scope] })).secret
  const secrets = {
    reader: await client('reader', 'health', 'read'),
    sender: await client('sender', 'food-standards-agency', 'deliver'),
  }
  await createAgreement(hub, tester, {
    department: 'health',
    standard,
    major: 1,
    fields: granted,
    operations: ['changes'],
    matters: ['inspection-plan'],
    from: new Date('2026-01-01'),
    until: new Date('2100-01-01'),
  })
  return secrets
}

async function started(t: Test, child: ReturnType<ReturnType<typeof programOn>['start']>) {
  t.teardown(() => void child.kill('SIGKILL'))
  if (child.stdout === null) throw new Error('bug: the child has no pipes')
  let text = ''
  for await (const chunk of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
    text += chunk
    if (text.includes('\n')) break
  }
  return { child, address: (JSON.parse(text) as { address: string }).address }
}
