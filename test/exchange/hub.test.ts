import t from 'tap'
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../../src/config.ts'
import { openHub } from '../../src/exchange/hub.ts'
import { putDepartment } from '../../src/exchange/departments.ts'
import { folder, tester } from '../helper.ts'

const open = (directory: string, more: Record<string, string> = {}) =>
  openHub(readConfig({ CONCORD_DATA_DIR: directory, CONCORD_LOG_LEVEL: 'silent', ...more }))

t.test('keys are made on the first start, for their owner alone, and are the same on the second', async t => {
  const directory = folder(t)
  await (await open(directory)).close()
  const read = (): string[] =>
    ['signing', 'token', 'pseudonym', 'master'].map(name =>
      readFileSync(join(directory, 'keys', `${name}.key`), 'utf8'),
    )
  const first = read()
  t.equal(new Set(first).size, 4)
  for (const name of ['signing', 'token', 'pseudonym', 'master']) {
    t.equal(statSync(join(directory, 'keys', `${name}.key`)).mode & 0o777, 0o600, name)
  }
  await (await open(directory)).close()
  t.same(read(), first)
})

t.test('two processes that start at once on an empty folder agree on keys and tables', async t => {
  const directory = folder(t)
  const hubs = await Promise.all([open(directory), open(directory), open(directory)])
  t.equal(new Set(hubs.map(hub => hub.keys.master.inFile.join())).size, 1)
  for (const hub of hubs) await hub.close()
})

t.test('a database refuses the keys of another, and a log another name', async t => {
  const directory = folder(t)
  await (await open(directory)).close()
  await t.rejects(open(directory, { CONCORD_LOG_ORIGIN: 'other.example/log' }), {
    code: 'configuration-invalid',
    message: /concord\.local\/log/,
  })
  const file = join(directory, 'other.key')
  writeFileSync(file, Buffer.alloc(32, 7).toString('base64'))
  await t.rejects(open(directory, { CONCORD_MASTER_KEY_FILE: file }), { code: 'key-unreadable', message: /master/ })
})

t.test('a log that was lost is missed: a new one would begin a second history', async t => {
  const directory = folder(t)
  const hub = await open(directory)
  await putDepartment(hub, tester, { id: 'health', titles: { 'zh-CN': '卫生', en: 'Health' } })
  await hub.close()
  for (const file of ['log.sqlite', 'log.sqlite-wal', 'log.sqlite-shm']) rmSync(join(directory, file), { force: true })
  await t.rejects(open(directory), { code: 'log-invalid', message: /has held \d+/ })
})

t.test('a key file that does not hold its key is refused without showing what it holds', async t => {
  const directory = folder(t)
  const file = join(directory, 'bad.key')
  writeFileSync(file, 'SECRET-MARKER')
  for (const name of ['SIGNING', 'TOKEN', 'PSEUDONYM', 'MASTER']) {
    const error = (await open(join(directory, name), { [`CONCORD_${name}_KEY_FILE`]: file }).catch(
      (caught: unknown) => caught,
    )) as Error
    t.match(error, { code: 'key-unreadable' }, name)
    t.notMatch(`${error.message} ${error.stack}`, /SECRET-MARKER/)
  }
  await t.rejects(open(join(directory, 'x'), { CONCORD_MASTER_KEY_FILE: join(directory, 'none') }), {
    code: 'key-unreadable',
  })
})
