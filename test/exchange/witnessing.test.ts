import { cpSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readConfig } from '../../src/config.ts'
import type { Entry } from '../../src/log/entry.ts'
import { openHub, type Hub } from '../../src/exchange/hub.ts'
import { witnessesOf } from '../../src/exchange/witnessing.ts'
import { openCheckpoint } from '../../src/log/checkpoint.ts'
import { encodeVerifierKey, type NoteKey } from '../../src/log/note.ts'
import { openWitnessKey, WitnessMemory } from '../../src/log/witness-memory.ts'
import { buildWitness } from '../../src/web/witness.ts'
import { folder, serve } from '../helper.ts'
import { newLogKey } from '../log/any-log.ts'

t.test('a witness cosigns each checkpoint, and the log shows it below', async t => {
  const { hub, key } = await witnessed(t)
  for (let round = 1; round <= 3; round++) {
    await grow(hub, 5)
    t.same(await tick(hub), [], `round ${round}`)
    const cosigned = await hub.log.latestCheckpoint({ isCosigned: true })
    t.strictSame(cosigned, await hub.log.latestCheckpoint())
    t.equal(openCheckpoint(cosigned?.note ?? '', [hub.logKey], [key]).size, await hub.log.size())
  }
  await grow(hub, 1)
  t.not((await hub.log.latestCheckpoint({ isCosigned: true }))?.size, (await hub.log.latestCheckpoint())?.size)
})

t.test('two processes of one hub do not contradict each other', async t => {
  const { hub, address, key, directory } = await witnessed(t)
  const other = await open(t, directory, address)
  for (let round = 0; round < 5; round++) {
    await grow(round % 2 === 0 ? hub : other, 3)
    t.same((await Promise.all([tick(hub), tick(other)])).flat(), [])
  }
  t.equal(await hub.log.cosignedSize(`${key.name}+${key.id}`), await hub.log.size())
})

t.test('a witness that is away holds nothing up, and is asked again later', async t => {
  const { hub, stop, start } = await witnessed(t)
  await stop()
  await grow(hub, 2)
  t.match(await tick(hub), [{ code: 'witness-unavailable', message: /does not answer\. Nothing waits/ }])
  t.same(hub.witnessing.contradictions, [], 'it does not speak against the log')
  await grow(hub, 2)
  t.same(await tick(hub), [], 'not at once')
  await start()
  hub.pass(1_000)
  t.same(await tick(hub), [])
  t.equal((await hub.log.latestCheckpoint({ isCosigned: true }))?.size, await hub.log.size())
})

t.test('a log whose files were rolled back is contradicted, and goes on being so when it has grown', async t => {
  const { hub, address, directory, key } = await witnessed(t)
  await grow(hub, 5)
  await tick(hub)
  const copy = join(folder(t), 'copy')
  cpSync(directory, copy, { recursive: true })
  await grow(hub, 5)
  await tick(hub)

  const rolledBack = await open(t, copy, address)
  t.match(await tick(rolledBack), [{ code: 'log-invalid', message: /has cosigned 10 entries, and this log signs 5/ }])
  t.match(rolledBack.witnessing.contradictions, [{ witness: key.name, detail: /rolled back or rewritten/ }])
  await grow(rolledBack, 5, 'another')
  rolledBack.pass(60_000)
  t.match(await tick(rolledBack), [{ code: 'log-invalid', message: /another root for the same size/ }])
  await grow(rolledBack, 5, 'another')
  rolledBack.pass(60_000)
  t.match(await tick(rolledBack), [{ code: 'log-invalid', message: /that this log does not begin with/ }])

  const ready = await fetch(`${await serve(t, rolledBack)}/readyz`)
  t.equal(ready.status, 200, 'who runs a witness cannot stop the hub')
  t.match(await ready.json(), { status: 'ok', log: { contradictedBy: [{ witness: key.name }] } })
  t.same(await tick(hub), [], 'the true log is not')
})

t.test('an answer that is no cosignature is not kept, however it is wrong', async t => {
  const answers: [string, number, Record<string, string>, string][] = [
    ['a line of nonsense', 200, {}, 'hello\n'],
    ['nothing', 200, {}, ''],
    ['a signature that does not fit', 200, {}, `— w.example ${Buffer.alloc(76).toString('base64')}\n`],
    ['more than anybody reads', 200, {}, 'x'.repeat(1_000_000)],
    ['another address', 302, { location: 'http://127.0.0.1:1/' }, ''],
    ['a log that it does not know', 404, {}, ''],
    ['a failure', 500, {}, ''],
    ['a size that never fits', 409, { 'content-type': 'text/x.tlog.size' }, '1\n'],
  ]
  let now = 0
  const server = createServer((_request, response) => {
    const [, status, headers, body] = answers[now] as (typeof answers)[number]
    response.writeHead(status, headers).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const key = openWitnessKey(join(folder(t), 'state'), 'w.example')
  const { port } = server.address() as AddressInfo
  const hub = await open(t, folder(t), `${encodeVerifierKey(key)}@http://127.0.0.1:${port}`)
  await grow(hub, 3)
  for (; now < answers.length; now++) {
    const what = answers[now]?.[0] ?? ''
    t.match(await tick(hub), [{ code: 'witness-unavailable' }], what)
    t.equal(await hub.log.latestCheckpoint({ isCosigned: true }), undefined, what)
    t.same(hub.witnessing.contradictions, [], what)
    hub.pass(60_000)
  }
})

t.test('witnesses are named by their keys and addresses, and a key of another kind is refused', async t => {
  const key = encodeVerifierKey(openWitnessKey(join(folder(t), 'state'), 'w.example'))
  const read = (text: string) => witnessesOf(readConfig({ CONCORD_WITNESSES: text }))
  t.match(read(`${key}@https://w.example/`), [{ key: { name: 'w.example' }, url: 'https://w.example' }])
  t.equal(read(`${key}@https://w.example, ${key}@http://127.0.0.1:8090`).length, 2)
  const log = encodeVerifierKey(newLogKey('log.example'))
  t.throws(() => read(`${log}@https://w.example`), { code: 'configuration-invalid', message: /concord witness key/ })
  t.throws(() => read(`${key.replace('w.example', 'v.example')}@https://w.example`), { code: 'key-unreadable' })
  for (const wrong of [key, 'https://w.example', `${key}@ftp://w.example`, `${key}@https://w.example,`]) {
    t.throws(() => read(wrong), { code: 'configuration-invalid', message: /CONCORD_WITNESSES/ }, wrong)
  }
})

type WitnessedHub = Hub & { pass(ms: number): void }

/** A hub and a witness that it knows. */
async function witnessed(t: Test) {
  const state = join(folder(t), 'state')
  const key = openWitnessKey(state, 'w.example')
  const logKeys: NoteKey[] = []
  let app: ReturnType<typeof buildWitness> | undefined
  let port = 0
  const start = async (): Promise<void> => {
    const memory = WitnessMemory.open(state, key, logKeys)
    app = buildWitness(memory, Date.now)
    app.addHook('onClose', async () => memory.close())
    await app.listen({ port })
    port = (app.server.address() as AddressInfo).port
  }
  const stop = async (): Promise<void> => {
    await app?.close()
  }
  t.teardown(stop)
  const directory = folder(t)
  const first = await open(t, directory)
  logKeys.push(first.logKey)
  await start()
  const address = `${encodeVerifierKey(key)}@http://127.0.0.1:${port}`
  return { hub: await open(t, directory, address), key, address, directory, start, stop }
}

async function open(t: Test, directory: string, witnesses = ''): Promise<WitnessedHub> {
  let now = Date.parse('2026-03-01T08:00:00.000Z')
  const config = readConfig({
    CONCORD_DATA_DIR: directory,
    CONCORD_LOG_LEVEL: 'silent',
    CONCORD_WITNESSES: witnesses,
  })
  const hub = await openHub(config, { clock: () => new Date(now) })
  t.teardown(() => hub.close())
  return { ...hub, pass: ms => void (now += ms) }
}

/** One turn; what it failed by. */
async function tick({ witnessing }: Hub): Promise<unknown[]> {
  const errors: unknown[] = []
  await witnessing.tick(error => errors.push(error))
  return errors
}

async function grow(hub: Hub, entries: number, id = 'tester'): Promise<void> {
  for (let at = 0; at < entries; at++) {
    const actor = { kind: 'operator', id } as const
    const entry: Entry = {
      time: hub.clock().toISOString(),
      actor,
      operation: 'audit',
      outcome: 'done',
      count: 0,
      request: `r${at}`,
    }
    await hub.log.append(entry)
  }
  await hub.log.keepCheckpoint()
}
