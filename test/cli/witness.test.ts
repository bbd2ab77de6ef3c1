/** The witness as it is used: a process of its own, which must not forget whatever happens to it. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, watch } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { openCheckpoint } from '../../src/log/checkpoint.ts'
import { encodeVerifierKey, parseVerifierKey } from '../../src/log/note.ts'
import { folder } from '../helper.ts'
import { AnyLog, newLogKey } from '../log/any-log.ts'
import { leavesOf } from '../log/naive-tree.ts'
import { build, programOn } from './concord.ts'
import { serveWitness } from './serving-witness.ts'

build()
const key = newLogKey('concord.example/log')
const leaves = leavesOf(200)
const log = new AnyLog(key, leaves)
const branch = new AnyLog(key, [...leaves.slice(0, 10), 'another', ...leaves.slice(11)])
const { run } = programOn('/nowhere')

t.test('honest growth is cosigned; forks and rollbacks are not, and a restart forgets nothing', async t => {
  const state = join(folder(t), 'state')
  const made = await run(['witness', 'key', '--state', state, '--name', 'witness.example/w1', '--json'])
  const witness = parseVerifierKey((JSON.parse(made.stdout) as { key: string }).key)
  const first = await serveWitness(t, state, key)
  let told = ''
  first.child.stderr?.on('data', (data: Buffer) => (told += data.toString()))

  const submit = async (url: string, body: string, expected: number): Promise<string> => {
    const reply = await fetch(`${url}/add-checkpoint`, { method: 'POST', body })
    t.equal(reply.status, expected, body.slice(0, 10))
    return reply.text()
  }
  for (const [old, size] of [
    [0, 20],
    [20, 33],
    [33, 33],
  ] as const) {
    const lines = await submit(first.url, log.body(old, size), 200)
    t.match(openCheckpoint(log.checkpoint(size) + lines, [key], [witness]), { size })
  }
  t.equal(await submit(first.url, log.body(20, 25), 409), '33\n', 'a rollback')
  t.match(await submit(first.url, branch.body(33, 33), 409), /two histories/)
  t.match(await submit(first.url, branch.body(33, 50), 422), /only grown/)
  t.match(await submit(first.url, 'hello', 400), /cannot be read/)
  t.match(await submit(first.url, log.body(33, 40, newLogKey(key.name)), 403), /No key/)
  t.match(await submit(first.url, new AnyLog(newLogKey('other'), leaves).body(33, 40), 404), /not know/)
  await submit(first.url, 'x'.repeat(1_000_000), 413)

  await first.end()
  const reasons = [/at the 33 entries/, /two histories/, /only grown/, /cannot be read/, /No key/, /"other".*not know/]
  const lines = told.trimEnd().split('\n')
  t.equal(lines.length, reasons.length, told)
  for (const [at, reason] of reasons.entries()) t.match(lines[at], reason)
  t.match(lines[0], /^\d{4}-\S+Z refused "concord\.example\/log": /)
  const evidence = readdirSync(join(state, 'forks'))
  t.equal(evidence.length, 1, 'two roots of one size are evidence, another beginning is none')
  const second = await serveWitness(t, state, key)
  const reply = await fetch(`${second.url}/add-checkpoint`, { method: 'POST', body: log.body(0, 40) })
  t.match([reply.status, reply.headers.get('content-type'), await reply.text()], [409, 'text/x.tlog.size', '33\n'])
  await submit(second.url, branch.body(33, 50), 422)
  await submit(second.url, log.body(33, 40), 200)
  const name = createHash('sha256').update(key.name).digest('hex')
  const shown = await (await fetch(`${second.url}/${name}/checkpoint`)).text()
  t.match(openCheckpoint(shown, [key], [witness]), { size: 40 }, 'a monitor asks it what it has seen')
  t.equal((await fetch(`${second.url}/${'0'.repeat(64)}/checkpoint`)).status, 404)
})

t.test('killed at any moment, a witness cosigns one history', async t => {
  const state = join(folder(t), 'state')
  const made = await run(['witness', 'key', '--state', state, '--json'])
  const witness = parseVerifierKey((JSON.parse(made.stdout) as { key: string }).key)
  const first = await serveWitness(t, state, key)
  t.ok(await ask(first.url, log.body(0, 20)))
  await first.end()
  let cosigned = 20
  // While the request is on its way; while what is cosigned is written; when it has just been.
  const moments = [
    () => new Promise(resolve => setImmediate(resolve)),
    () => once(watch(join(state, 'checkpoints'), { persistent: false }), 'change'),
    () => new Promise(resolve => setTimeout(resolve, 5)),
  ]
  for (const [round, moment] of moments.entries()) {
    const { url, child } = await serveWitness(t, state, key)
    const exit = once(child, 'exit')
    for (let growth = 0; growth < 3; growth++) {
      const lines = await ask(url, log.body(cosigned, cosigned + 1))
      t.match(openCheckpoint(log.checkpoint(cosigned + 1) + lines, [key], [witness]), { size: ++cosigned })
    }
    const killed = moment().then(() => child.kill('SIGKILL'))
    const lines = await ask(url, log.body(cosigned, cosigned + 1))
    if (lines !== undefined) cosigned++
    await killed
    await exit
    const again = await serveWitness(t, state, key)
    const size = (await standsAt(again.url)) ?? -1
    t.ok(size === cosigned || size === cosigned + 1, `round ${round}: at ${size}, answered for ${cosigned}`)
    t.equal(await ask(again.url, branch.body(size, size + 5)), 'refused')
    t.match(await ask(again.url, log.body(size, size)), /^— /, 'an answer that was lost is given again')
    cosigned = size
    await again.end()
  }
})

t.test('what cannot be used is said: no log, a taken folder, a port in use, the wrong kind of key', async t => {
  const state = join(folder(t), 'state')
  const logKey = encodeVerifierKey(key)
  t.match(await run(['witness', '--state', state]), { status: 2, stderr: /--log.*concord log key/ })
  const { key: own } = await serveWitness(t, state, key)
  t.match(await run(['witness', '--state', state, '--log', own, '--port', '0']), {
    status: 2,
    stderr: /key of a witness/,
  })
  const args = ['--log', logKey, '--port', '0']
  t.match(await run(['witness', '--state', state, ...args]), { status: 1, stderr: /Process \d+ is a witness/ })
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const port = String((taken.address() as AddressInfo).port)
  const elsewhere = join(folder(t), 'state')
  const refused = await run(['witness', '--state', elsewhere, '--log', logKey, '--port', port, '--json'])
  t.match(refused, { status: 1, stderr: /"configuration-invalid".*EADDRINUSE/ })
  taken.close()
})

/** The cosignature, 'refused', or undefined where nobody answered or it stands elsewhere. */
async function ask(url: string, body: string): Promise<string | undefined> {
  const reply = await fetch(`${url}/add-checkpoint`, { method: 'POST', body }).catch(() => undefined)
  const text = await reply?.text().catch(() => undefined)
  return reply?.status === 200 ? text : reply?.status === 422 ? 'refused' : undefined
}

/** The size that it cosigned last, which it names to whoever supposes another; undefined where nobody answered. */
async function standsAt(url: string): Promise<number | undefined> {
  const body = log.body(1, 2)
  const reply = await fetch(`${url}/add-checkpoint`, { method: 'POST', body }).catch(() => undefined)
  const text = await reply?.text().catch(() => undefined)
  return reply?.status === 409 && text !== undefined ? Number(text) : undefined
}
