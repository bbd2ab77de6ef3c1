import t from 'tap'
import BetterSqlite from 'better-sqlite3'
import { join } from 'node:path'
import { openDatabase } from '../../src/store/connection.ts'
import { recordMigrations } from '../../src/store/migrations/records.ts'
import { build, programOn } from '../cli/concord.ts'
import { folder } from '../helper.ts'

t.test('processes that open new databases at once all find them whole', async t => {
  build()
  const concord = programOn(folder(t))
  const runs = await Promise.all(Array.from({ length: 6 }, () => concord.run(['migrate'])))
  for (const { status, stderr } of runs) t.equal(status, 0, stderr)
})

t.test('a lock that a killed process left behind, or two made at once, keeps nobody out', async t => {
  const file = join(folder(t), 'concord.sqlite')
  const [first, ...rest] = Object.keys(recordMigrations)
  const older = await openDatabase(file, { [first as string]: recordMigrations[first as string] as never })
  t.same(older.applied, [first])
  await older.close()
  const raw = new BetterSqlite(file)
  raw.exec('DELETE FROM knex_migrations_lock; INSERT INTO knex_migrations_lock (is_locked) VALUES (1), (1)')
  raw.close()
  const opened = await openDatabase(file, recordMigrations)
  t.same(opened.applied, rest)
  await opened.close()
  const again = await openDatabase(file, recordMigrations)
  t.same(again.applied, [])
  await again.close()
})
