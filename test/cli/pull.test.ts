import t from 'tap'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogue, id, ndjson, units, unitsAdapter } from '../exchange/units.ts'
import { folder } from '../helper.ts'
import { build, programOn } from './concord.ts'

build()
const directory = folder(t)
const drop = folder(t)
const { run } = programOn(join(directory, 'hub'), { CONCORD_DROP_DIR: drop })
const name = 'social-security/exchange'

const jsonOf = ({ stdout }: { stdout: string }): unknown => JSON.parse(stdout) as unknown

t.before(async () => {
  const adapter = join(directory, 'units.json')
  const pull = { schedule: '0 3 * * *', folder: { path: 'social-security/in' } }
  writeFileSync(adapter, JSON.stringify(unitsAdapter({ pull })))
  const { status, stderr } = await run(['publish', ...catalogue, adapter])
  if (status !== 0) throw new Error(stderr)
})

t.test('a secret comes from standard input and is never shown again', async t => {
  const set = ['credential', 'set', name, '--origin', 'https://a.example', '--kind', 'bearer']
  const done = await run(set, 'SECRET-MARKER\n')
  t.match(done, { status: 0, stdout: /sent to https:\/\/a\.example only/ })
  const list = await run(['credential', 'list', '--json'])
  t.match(jsonOf(list), { credentials: [{ name, kind: 'bearer', origin: 'https://a.example' }] })
  const log = await run(['log', 'list', '--json'])
  t.match(log.stdout, /set-credential/)
  const twoLines = await run(set, 'SECRET-MARKER\nX: y\n')
  t.match(twoLines, { status: 1, stderr: /one line: the token/ })
  const asArgument = await run([...set, 'SECRET-MARKER'])
  t.equal(asArgument.status, 2, 'it is no argument, which other users of the machine would see')
  for (const { stdout, stderr } of [done, list, log, twoLines]) t.notMatch(stdout + stderr, /SECRET-MARKER/)
  t.match(await run(['credential', 'remove', name]), { status: 0, stdout: /is removed/ })
  t.match(await run(['credential', 'remove', name, '--json']), { status: 1, stderr: /"credential-unknown"/ })
})

t.test('a pull is run, listed and shown, and says why it failed', async t => {
  t.match(await run(['pull', 'list']), { status: 0, stdout: /is planned when/ })
  t.match(await run(['pull', 'show', id]), { status: 1, stderr: /concord serve/ })
  const failed = await run(['pull', 'run', id])
  t.match(failed, { status: 1, stderr: /The drop folder social-security\/in cannot be read.*ENOENT/ })
  t.match(await run(['pull', 'show', id]), { stdout: /outcome +failed\n[^]*pull-failed: The drop folder/ })

  mkdirSync(join(drop, 'social-security/in'), { recursive: true })
  t.match(await run(['pull', 'run', id]), { status: 0, stdout: /nothing new/ })
  writeFileSync(join(drop, 'social-security/in/a.ndjson'), ndjson(units(1, 3)))
  const done = await run(['pull', 'run', id, '--json'])
  t.match(jsonOf(done), { adapter: id, outcome: 'delivered', receipts: [{ accepted: 3 }] })
  const list = await run(['pull', 'list', '--json'])
  t.match(jsonOf(list), {
    pulls: [{ adapter: id, schedule: '0 3 * * * Z', outcome: 'delivered', failures: 0, problem: null }],
  })
  t.notMatch(list.stdout, /resume/)
  t.match(await run(['pull', 'list']), { stdout: /social-security\/pulled-units +0 3 \* \* \* Z .*delivered/ })
  t.match(await run(['pull', 'run', 'social-security/none']), { status: 1, stderr: /concord/ })
})
