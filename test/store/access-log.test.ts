import t, { type Test } from 'tap'
import BetterSqlite from 'better-sqlite3'
import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import { HubError } from '../../src/errors.ts'
import { openCheckpoint } from '../../src/log/checkpoint.ts'
import type { Entry } from '../../src/log/entry.ts'
import { noteKey } from '../../src/log/note.ts'
import { verifyLog } from '../../src/log/verify.ts'
import { AccessLog } from '../../src/store/access-log.ts'
import { openDatabase } from '../../src/store/connection.ts'
import { recordMigrations } from '../../src/store/migrations/records.ts'
import { post, readOutbox } from '../../src/store/outbox.ts'
import { folder } from '../helper.ts'

const signer = noteKey('test.example/log', generateKeyPairSync('ed25519').privateKey)
const keys = [signer]

const entry = (request: string): Entry => ({
  time: '2026-03-01T08:00:00.000Z',
  actor: { kind: 'client', id: 'c' },
  operation: 'read',
  outcome: 'disclosed',
  records: ['r'],
  count: 1,
  request,
})

t.test('entries get consecutive numbers, whoever appends, and the log verifies', async t => {
  const { log, file } = await openLog(t)
  const other = await AccessLog.open(file, signer, { now: Date.now })
  const numbers = await Promise.all(
    Array.from({ length: 200 }, (_, index) => (index % 3 === 0 ? other : log).append(entry(String(index)))),
  )
  await other.close()
  t.same(
    numbers.toSorted((a, b) => a - b),
    Array.from({ length: 200 }, (_, index) => index),
  )
  t.equal(await log.size(), 200)
  t.match(await verifyLog(log.items(), { keys }), { finding: 'none', entries: 200 })
})

t.test('a thread of its own writes as well, says what fails, and ends when it is told to', async t => {
  const { file } = await openLog(t)
  const log = await AccessLog.open(file, signer, { now: Date.now, thread: true })
  const numbers = await Promise.all(Array.from({ length: 50 }, (_, index) => log.append(entry(String(index)))))
  t.same(
    numbers,
    Array.from({ length: 50 }, (_, index) => index),
  )
  const raw = new BetterSqlite(file)
  raw.exec(`CREATE TRIGGER full BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
  await t.rejects(log.append(entry('lost')), { code: 'log-unavailable' })
  raw.exec('DROP TRIGGER full')
  raw.close()
  t.equal(await log.append(entry('after')), 50)
  t.match(await verifyLog(log.items(), { keys }), { finding: 'none', entries: 51 })
  await log.close()
})

t.test('a checkpoint is kept for each second of activity, and a last one when the log closes', async t => {
  let now = 1_000_000
  const { file } = await openLog(t)
  const log = await AccessLog.open(file, signer, { now: () => now })
  for (const pass of [0, 10, 990, 5, 2000]) {
    now += pass
    await log.append(entry(`at ${now}`))
  }
  const sizes = async (): Promise<number[]> => {
    const found: number[] = []
    for await (const item of log.items())
      if ('checkpoint' in item) found.push(openCheckpoint(item.checkpoint, keys).size)
    return found
  }
  t.same(await sizes(), [1, 3, 5])
  await log.append(entry('after the last one'))
  await log.close()
  const again = await AccessLog.open(file, signer, { now: Date.now })
  t.teardown(() => again.close())
  t.equal(openCheckpoint((await again.checkpoint()) as string, keys).size, 6)
})

t.test('the outbox arrives in the log once, even if it is carried over again', async t => {
  const { log, directory } = await openLog(t)
  const store = await openDatabase(join(directory, 'records.sqlite'), recordMigrations)
  t.teardown(() => store.close())
  await store.transact(async tx => {
    await post(tx, entry('one'))
    await post(tx, entry('two'))
  })
  const rows = await readOutbox(store.read, 10)
  await log.relay(store)
  t.equal(await log.size(), 2)
  t.same(await readOutbox(store.read, 10), [])
  // As if the process had died between the log's commit and the clearing of the outbox.
  await store.transact(tx =>
    tx.runEach(
      'INSERT INTO outbox (id, entry) VALUES (?, ?)',
      rows.map(row => [row.id, row.entry]),
    ),
  )
  await log.relay(store)
  t.equal(await log.size(), 2)
})

t.test('what was changed in the file behind our back is found', async t => {
  const changes: [what: string, sql: string, verdict: object][] = [
    [
      'an entry',
      `UPDATE entries SET entry = replace(entry, '"read"', '"list"') WHERE leaf = 7`,
      { finding: 'entry-changed', entry: 7 },
    ],
    ['an entry removed', 'DELETE FROM entries WHERE leaf = 7', { finding: 'entry-misplaced', expected: 7, found: 8 }],
    [
      'two entries swapped',
      'UPDATE entries SET leaf = 1015 - leaf WHERE leaf IN (7, 8); UPDATE entries SET leaf = leaf - 1000 WHERE leaf > 999',
      { finding: /changed/ },
    ],
    [
      'a stored hash',
      'UPDATE entries SET hashes = zeroblob(length(hashes)) WHERE leaf = 7',
      { finding: 'entry-changed', entry: 7 },
    ],
    ['the tail cut off', 'DELETE FROM entries WHERE leaf > 17', { finding: 'tail-missing', entries: 18, signed: 20 }],
  ]
  for (const [what, sql, verdict] of changes) {
    const { log, file } = await openLog(t)
    for (let index = 0; index < 20; index++) await log.append(entry(String(index)))
    await log.close()
    const raw = new BetterSqlite(file)
    for (const table of ['entries', 'checkpoints']) {
      raw.exec(`DROP TRIGGER ${table}_no_update; DROP TRIGGER ${table}_no_delete`)
    }
    raw.exec(sql)
    raw.close()
    const again = await AccessLog.open(file, signer, { now: Date.now })
    t.match(await verifyLog(again.items(), { keys }), verdict, what)
    await again.close()
  }
})

t.test('entries and checkpoints cannot be changed by statement', async t => {
  const { log, file } = await openLog(t)
  await log.append(entry('1'))
  await log.close()
  const raw = new BetterSqlite(file)
  t.teardown(() => raw.close())
  for (const sql of [
    `UPDATE entries SET entry = ''`,
    'DELETE FROM entries',
    `UPDATE checkpoints SET note = ''`,
    'DELETE FROM checkpoints',
  ]) {
    t.throws(() => raw.exec(sql), /append-only/, sql)
  }
})

t.test('a log that cannot be written refuses, and goes on when it can', async t => {
  const { log, file } = await openLog(t)
  await log.append(entry('before'))
  const locker = new BetterSqlite(file, { timeout: 0 })
  t.teardown(() => locker.close())
  locker.exec(`CREATE TRIGGER full BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
  await t.rejects(log.append(entry('lost')), HubError)
  await t.rejects(log.append(entry('lost')), { code: 'log-unavailable' })
  locker.exec('DROP TRIGGER full')
  t.equal(await log.append(entry('after')), 1)
})

async function openLog(t: Test): Promise<{ log: AccessLog; file: string; directory: string }> {
  const directory = folder(t)
  const file = join(directory, 'log.sqlite')
  const log = await AccessLog.open(file, signer, { now: Date.now })
  t.teardown(() => log.close())
  return { log, file, directory }
}
