/** What the hub serves of its log, verified by code that nobody here wrote: that of Go's checksum database. */
import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { addDepartment } from '../../src/exchange/departments.ts'
import { createClient } from '../../src/exchange/clients.ts'
import { openHub } from '../../src/exchange/hub.ts'
import { encodeVerifierKey } from '../../src/log/note.ts'
import { openWitnessKey, WitnessMemory } from '../../src/log/witness-memory.ts'
import { buildWitness } from '../../src/web/witness.ts'
import { folder, openTestHub, serve, tester, tokenFor } from '../helper.ts'

/** Where Debian's golang-golang-x-mod-dev puts the sources. */
const sources = '/usr/share/gocode'

/** Two whole tiles and a partial one. */
const entries = 600

t.test('Go verifies checkpoint, cosignature, tiles and every proof', { skip: missing() }, async t => {
  const directory = folder(t)
  const { logKey } = await openTestHub(t, directory)
  const state = join(folder(t), 'state')
  const key = openWitnessKey(state, 'witness.example/w1')
  const memory = WitnessMemory.open(state, key, [logKey])
  const witness = buildWitness(memory, Date.now)
  t.teardown(() => witness.close())
  await witness.listen({ port: 0 })
  const { port } = witness.server.address() as AddressInfo
  const witnessKey = encodeVerifierKey(key)

  const hub = await openHub(
    readConfig({
      CONCORD_DATA_DIR: directory,
      CONCORD_LOG_LEVEL: 'silent',
      CONCORD_WITNESSES: `${witnessKey}@http://127.0.0.1:${port}`,
    }),
  )
  t.teardown(() => hub.close())
  await addDepartment(hub, tester, { id: 'housing', titles: { 'zh-CN': '住房', en: 'Housing' } })
  const auditor = { id: 'auditor', department: 'housing', title: 'Auditor', scopes: ['audit'] } as const
  const client = await createClient(hub, tester, auditor)
  const url = await serve(t, hub)
  const token = await tokenFor(url, client)
  await Promise.all(Array.from({ length: entries }, (_, at) => hub.log.append(entry(at))))
  await hub.log.keepCheckpoint()
  await hub.witnessing.tick(error => t.fail(String(error)))

  // A build cache of its own: Debian's Go would write into the home of whoever runs the tests.
  const env = { ...process.env, GOPATH: sources, GO111MODULE: 'off', GOFLAGS: '', GOCACHE: folder(t) }
  const args = ['run', join(import.meta.dirname, 'go/main.go'), url, token, encodeVerifierKey(hub.logKey), witnessKey]
  const { stdout } = await promisify(execFile)('go', args, { env })
  const verified = Number(/^verified (\d+) entries$/m.exec(stdout)?.[1])
  t.ok(verified >= entries, stdout)
})

function missing(): string | false {
  if (spawnSync('go', ['version']).status !== 0) return 'go is not installed (Debian: golang-go)'
  return existsSync(join(sources, 'src/golang.org/x/mod/sumdb/tlog'))
    ? false
    : 'golang.org/x/mod is not installed (Debian: golang-golang-x-mod-dev)'
}

function entry(at: number) {
  const actor = { kind: 'operator', id: '测试' } as const
  const request = `request ${at}`
  return { time: new Date().toISOString(), actor, operation: 'audit', outcome: 'done', count: at, request } as const
}
