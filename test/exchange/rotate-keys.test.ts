import t, { type Test } from 'tap'
import { spawn } from 'node:child_process'
import { chmodSync, cpSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { createAgreement } from '../../src/exchange/agreements.ts'
import { createClient } from '../../src/exchange/clients.ts'
import { credentialOf, setCredential } from '../../src/exchange/credentials.ts'
import { listKeys } from '../../src/exchange/list-keys.ts'
import { resumeRotation, rotateKeys } from '../../src/exchange/rotate-keys.ts'
import type { Entry } from '../../src/log/entry.ts'
import { MasterKeys } from '../../src/seal/master-keys.ts'
import { build, programOn } from '../cli/concord.ts'
import { folder, openTestHub, tester, tokenFor, type TestHub } from '../helper.ts'
import { deliverThings, publishThings, thingsOf, type Thing } from './things.ts'

/** Two batches of data keys. */
const count = 1100
const things: readonly Thing[] = Array.from({ length: count }, (_, index) => ({
  id: `t${index}`,
  name: 'A',
  secret: `secret-${index}`,
}))
const credential = { name: 'archives/source', kind: 'bearer', origin: 'https://a.example', secret: 'token-1' } as const

/** A hub whose every thing has a data key of its own. */
async function filled(t: Test, directory: string): Promise<void> {
  await t.test('a hub with sealed fields, rejects and a credential', async t => {
    const hub = await openTestHub(t, directory)
    await publishThings(hub)
    await deliverThings(hub, 'archives/plain', [...things, { id: 'bad', name: 'longer than ten', secret: 'rejected' }])
    await setCredential(hub, tester, credential)
  })
}

const keyFile = (directory: string): string => join(directory, 'keys', 'master.key')
const keysIn = (directory: string): string[] => readFileSync(keyFile(directory), 'utf8').trim().split('\n')

async function dataKeys(hub: TestHub): Promise<{ subject: string; wrapped: string }[]> {
  hub.store.refresh()
  return hub.store.read.all('SELECT subject, wrapped FROM data_keys')
}

/** Nothing opens with the old key alone, and everything with the new. */
async function requireRotated(t: Test, hub: TestHub, directory: string, oldKey: string): Promise<void> {
  const [newKey = '', ...others] = keysIn(directory)
  t.same(others, [], 'one key is in the file')
  t.not(newKey, oldKey, 'which is another')
  t.equal(statSync(keyFile(directory)).mode & 0o777, 0o600)
  t.same(readdirSync(join(directory, 'keys')).sort(), ['master.key', 'pseudonym.key', 'signing.key', 'token.key'])
  const file = join(folder(t), 'alone.key')
  writeFileSync(file, oldKey)
  const [old, fresh] = [new MasterKeys(file, oldKey), new MasterKeys(file, newKey)]
  const rows = await dataKeys(hub)
  t.ok(rows.length >= count + 2, 'of every subject, of the quarantine, of the credential')
  t.same(
    rows.filter(({ subject, wrapped }) => opens(old, subject, wrapped)),
    [],
    'the old key opens none',
  )
  t.ok(
    rows.every(({ subject, wrapped }) => opens(fresh, subject, wrapped)),
    'the new key opens all',
  )
}

function opens(keys: MasterKeys, subject: string, wrapped: string): boolean {
  try {
    return keys.unwrap(subject, wrapped).length === 32
  } catch {
    return false
  }
}

function secretsOf(found: Record<string, object>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(found).map(([id, thing]) => [id, (thing as Thing).secret]))
}

const allSecrets = Object.fromEntries(things.map(({ id, secret }) => [id, secret]))

async function acts(hub: TestHub): Promise<unknown[]> {
  const entries = await hub.log.entries({ from: 0, limit: 1000 })
  return entries
    .map(({ entry }) => (JSON.parse(entry) as Entry).detail?.['act'])
    .filter(act => typeof act === 'string' && act.includes('rotat'))
}

t.test('killed anywhere and run again, a rotation ends as if it had not been disturbed', async t => {
  const start = join(folder(t), 'start')
  await filled(t, start)
  const [oldKey = ''] = keysIn(start)
  // Beginning, two batches, the end, and the outbox: a transaction each, of which the last is not the rotation's.
  const kills = [
    { kill: 1, where: 'inside', left: 'the new key is in the file, and the database does not know' },
    { kill: 2, where: 'inside', left: 'nothing is rewrapped' },
    { kill: 2, where: 'after', left: 'a batch is rewrapped' },
    { kill: 4, where: 'inside', left: 'the old key is dropped, and the database does not know' },
    { kill: 4, where: 'after', left: 'all is done but that the log knows', isEnded: true },
  ]
  for (const { kill, where, left, isEnded = false } of kills) {
    await t.test(`${where} transaction ${kill}: ${left}`, async t => {
      const directory = join(folder(t), 'hub')
      cpSync(start, directory, { recursive: true })
      // Open all the time, as a server would be.
      const open = await openTestHub(t, directory)
      t.equal(await die(directory, kill, where), 'SIGKILL')
      t.same(secretsOf(await thingsOf(open)), allSecrets, 'what was open reads on, under either key')
      await deliverThings(open, 'archives/plain', [{ id: `new${kill}`, secret: `new-${kill}` }])

      const hub = await openTestHub(t, directory)
      if (!isEnded) {
        const rotated = await rotateKeys(hub, tester)
        t.equal(rotated.oldKeyIs, 'dropped')
        t.ok(rotated.rewrapped >= count + 2)
      }
      await requireRotated(t, hub, directory, oldKey)
      t.same(secretsOf(await thingsOf(hub)), { ...allSecrets, [`new${kill}`]: `new-${kill}` })
      t.equal((await credentialOf(hub, 'archives', 'source')).secret, 'token-1')
      await deliverThings(open, 'archives/plain', [{ id: 'later', secret: 'later' }])
      t.equal(secretsOf(await thingsOf(open))['later'], 'later', 'what was open all the time writes and reads')
      await requireRotated(t, hub, directory, oldKey)
      const { log, store } = hub
      await log.relay(store)
      t.same(await acts(hub), ['rotate-keys', 'end-key-rotation'], 'its acts are entries, each once')
    })
  }
})

async function die(directory: string, kill: number, where: string): Promise<unknown> {
  const program = join(import.meta.dirname, 'rotate-and-die.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', program, directory, String(kill), where], {
    stdio: 'ignore',
  })
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
  return signal
}

t.test('a rotation goes on while a server serves sealed fields and a delivery runs', async t => {
  build()
  const directory = join(folder(t), 'hub')
  await filled(t, directory)
  const [oldKey = ''] = keysIn(directory)
  let reader = { id: '', secret: '' }
  await t.test('somebody may read', async t => {
    const hub = await openTestHub(t, directory)
    await createAgreement(hub, tester, {
      department: 'archives',
      standard: 'thing',
      major: 1,
      fields: ['id', 'name', 'secret'],
      operations: ['read'],
      matters: ['m'],
      from: new Date(0),
      until: new Date('2100-01-01'),
    })
    reader = await createClient(hub, tester, { id: 'reader', department: 'archives', title: 'r', scopes: ['read'] })
  })
  const program = programOn(directory, { CONCORD_PORT: '0', CONCORD_LOG_LEVEL: 'silent' })
  const server = program.start(['serve', '--json'])
  t.teardown(() => server.kill('SIGKILL'))
  const [chunk] = (await once(server.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
  const { address } = JSON.parse(chunk.toString()) as { address: string }
  const headers = { authorization: `Bearer ${await tokenFor(address, reader)}`, 'concord-matter': 'm' }
  const read = async (id: string): Promise<unknown> => {
    const reply = await fetch(`${address}/v1/standards/thing/records/${id}`, { headers })
    return ((await reply.json()) as { data?: Thing }).data?.secret ?? reply.status
  }

  const wrong: unknown[] = []
  let reads = 0
  let isOver = false
  const reading = (async () => {
    for (; !isOver; reads++) {
      const index = (reads * 37) % count
      const secret = await read(`t${index}`)
      if (secret !== `secret-${index}`) wrong.push([index, secret])
    }
  })()
  const file = join(folder(t), 'more.ndjson')
  const more = Array.from({ length: 20_000 }, (_, index) => ({ id: `m${index}`, secret: `more-${index}` }))
  writeFileSync(file, more.map(thing => JSON.stringify(thing)).join('\n'))
  const delivery = program.run(['deliver', 'archives/input', file, '--json'])

  // The beginning, then batches; where the delivery writes as well, nobody knows which.
  for (const where of ['inside', 'after']) t.equal(await die(directory, 2, where), 'SIGKILL')
  const rotated = await program.run(['keys', 'rotate', '--json'])
  t.equal(rotated.status, 0, rotated.stderr)
  t.match(JSON.parse(rotated.stdout), { oldKeyIs: 'dropped', newKey: /^[0-9a-f]{16}$/ })
  t.match(JSON.parse((await delivery).stdout), { accepted: 20_000, rejected: 0 })
  t.equal(await read('m19999'), 'more-19999', 'the server reads what was sealed since')
  const readSoFar = reads
  while (reads < readSoFar + 100) await new Promise(resolve => setImmediate(resolve))
  isOver = true
  await reading
  t.same(wrong, [], `every one of ${reads} reads was right`)

  const list = await program.run(['keys', 'list', '--json'])
  t.match(JSON.parse(list.stdout), { rotation: null, keys: [{ name: 'master', state: 'current', wraps: 21_102 }] })
  const hub = await openTestHub(t, directory)
  await requireRotated(t, hub, directory, oldKey)
})

t.test('a backup of the database from before a rotation needs the old key, and says so', async t => {
  const directory = join(folder(t), 'hub')
  await t.test('rotated, with the old key kept', async t => {
    const hub = await openTestHub(t, directory)
    await publishThings(hub)
    await deliverThings(hub, 'archives/plain', things.slice(0, 3))
    await hub.store.knex.raw('VACUUM INTO ?', [join(directory, 'backup')])
    const rotated = await rotateKeys(hub, tester, { keepsOld: true })
    t.equal(rotated.oldKeyIs, 'kept')
    t.match((await listKeys(hub)).keys, [
      { state: 'current', fingerprint: rotated.newKey, wraps: 3 },
      { state: 'old', fingerprint: rotated.oldKey, wraps: 0 },
    ])
  })
  const [newKey = '', oldKey = ''] = keysIn(directory)
  for (const file of ['concord.sqlite-wal', 'concord.sqlite-shm']) writeFileSync(join(directory, file), '')
  cpSync(join(directory, 'backup'), join(directory, 'concord.sqlite'))

  await t.test('with the old key it opens, and can be rotated again to the same new key', async t => {
    const hub = await openTestHub(t, directory)
    t.match((await listKeys(hub)).keys, [
      { state: 'new', wraps: 0 },
      { state: 'current', wraps: 3 },
    ])
    t.equal(secretsOf(await thingsOf(hub))['t1'], 'secret-1')
    await rotateKeys(hub, tester)
    t.same(keysIn(directory), [newKey])
    t.equal(secretsOf(await thingsOf(hub))['t1'], 'secret-1')
  })
  for (const file of ['concord.sqlite-wal', 'concord.sqlite-shm']) writeFileSync(join(directory, file), '')
  cpSync(join(directory, 'backup'), join(directory, 'concord.sqlite'))
  await t.rejects(openTestHub(t, directory), { code: 'key-unreadable', message: /Put the key back/ })
  writeFileSync(keyFile(directory), `${newKey}\n${oldKey}\n`)
  await openTestHub(t, directory)
})

t.test(
  'a key file of lines that are no keys is refused, and one that cannot be written is added to by hand',
  async t => {
    const directory = join(folder(t), 'hub')
    await t.test('a hub', async t => {
      const hub = await openTestHub(t, directory)
      await publishThings(hub)
      await deliverThings(hub, 'archives/plain', things.slice(0, 3))
    })
    const [oldKey = ''] = keysIn(directory)
    writeFileSync(keyFile(directory), `${oldKey}\nSECRET-MARKER\n`)
    const refused = await openTestHub(t, directory).catch((error: unknown) => error)
    t.match(refused, { code: 'key-unreadable', message: /on each line one key/ })
    t.notMatch((refused as Error).message, /SECRET-MARKER/)

    const byHand = randomBytes(32).toString('base64')
    writeFileSync(keyFile(directory), `${byHand}\n${oldKey}\n`)
    const hub = await openTestHub(t, directory)
    await rotateKeys(hub, tester)
    t.same(keysIn(directory), [byHand], 'a key that stands first already is the new one')
    t.equal(secretsOf(await thingsOf(hub))['t1'], 'secret-1')

    if (process.getuid?.() === 0) return t.comment('root may write everything: the rest is not tested')
    chmodSync(join(directory, 'keys'), 0o500)
    await t.rejects(rotateKeys(hub, tester), { code: 'key-unreadable', message: /by hand/ })
    chmodSync(join(directory, 'keys'), 0o700)
  },
)

t.test('a server goes on with a rotation that was left alone, and leaves one alone that goes on', async t => {
  const directory = join(folder(t), 'hub')
  await filled(t, directory)
  const [oldKey = ''] = keysIn(directory)
  t.equal(await die(directory, 2, 'after'), 'SIGKILL')
  const hub = await openTestHub(t, directory)
  // The clock of the test stands still, in the past of the process that died.
  await hub.store.transact(tx => tx.run('UPDATE rotation SET touched_at = ?', [hub.clock().toISOString()]))
  await resumeRotation(hub, tester, { idleMs: 60_000 })
  t.equal(keysIn(directory).length, 2, 'somebody may be at it')
  hub.pass(60_000)
  await resumeRotation(hub, tester, { idleMs: 60_000 })
  await requireRotated(t, hub, directory, oldKey)
  await resumeRotation(hub, tester, { idleMs: 0 })
  await requireRotated(t, hub, directory, oldKey)
})

t.test('what is wrapped by a key that the file lacks does not open, and says which', async t => {
  const directory = join(folder(t), 'hub')
  const hub = await openTestHub(t, directory)
  await publishThings(hub)
  await deliverThings(hub, 'archives/plain', things.slice(0, 3))
  await hub.store.transact(tx => tx.run(`UPDATE data_keys SET wrapped = 'feedfeedfeedfeed' || substr(wrapped, 17)`))
  await t.rejects(thingsOf(hub), { code: 'key-unreadable', message: /feedfeedfeedfeed/ })
})
