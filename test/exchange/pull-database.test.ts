/** Against a real PostgreSQL, killed between two runs as well. */
import t from 'tap'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { setCredential } from '../../src/exchange/credentials.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { pull } from '../../src/exchange/pull.ts'
import { folder, openTestHub, tester } from '../helper.ts'
import { noPostgres, password, startPostgres } from '../postgres.ts'
import { deliveries, id, openUnitsHub, pullRow, quickWaits, unitNumbers, units, unitsAdapter } from './units.ts'

const query = `SELECT 'U' || n AS id, name, changed_at FROM units WHERE changed_at > :watermark ORDER BY changed_at, n`
const database = { credential: 'exchange', query, watermark: 'changed_at', initial: '1970-01-01' }
const schedule = '*/5 * * * *'

t.test('a table of another database', { skip: noPostgres }, async t => {
  const { port, db } = await startPostgres(t)
  await db.raw('CREATE TABLE units (n int PRIMARY KEY, name text, changed_at timestamptz)')
  await db.raw(`CREATE ROLE reader LOGIN PASSWORD '${password}'`)
  await db.raw('GRANT SELECT ON units TO reader')
  const put = (from: number, to: number, at: string) =>
    db.raw(
      `INSERT INTO units SELECT n, 'Example unit ' || n, ?::timestamptz + n * interval '1 microsecond'
         FROM generate_series(?::int, ?::int) n ON CONFLICT (n) DO UPDATE SET name = 'Changed', changed_at = excluded.changed_at`,
      [at, from, to],
    )
  const origin = `postgres://127.0.0.1:${port}/postgres`
  const credential = { name: 'social-security/exchange', kind: 'password', secret: `reader:${password}` } as const

  const open = async (test: typeof t, directory = folder(test), more = {}) => {
    const hub = await openUnitsHub(test, { pull: { schedule, database: { ...database, ...more } } }, {}, directory)
    await setCredential(hub, tester, { ...credential, origin })
    return { hub, run: (options = {}) => pull(hub, id, { by: tester, waits: quickWaits(), ...options }) }
  }

  await t.test('is read from the watermark on, to the microsecond, and anew where that is asked for', async t => {
    await db('units').delete()
    await put(1, 1500, '2026-03-01T00:00:00Z')
    const { hub, run } = await open(t)
    t.match(await run(), { outcome: 'delivered', receipts: [{ accepted: 1500 }] })
    t.match(await run(), { outcome: 'nothing-new', receipts: [] })
    t.equal((await deliveries(hub)).length, 1, 'where there is no row there is no delivery')
    await put(1500, 1502, '2026-03-01T00:00:00.000001Z')
    t.match(await run(), { receipts: [{ accepted: 3, unchanged: 0 }] })
    t.match(await run({ anew: true }), { receipts: [{ accepted: 0, unchanged: 1502 }] })
    const { resume } = await pullRow(hub)
    t.same(resume.watermark, { column: 'changed_at', value: '2026-03-01T00:00:00.001503+00:00' })
  })

  await t.test('keeps its watermark where a run fails', async t => {
    await db('units').delete()
    await put(1, 5, '2026-03-01T00:00:00Z')
    const { hub, run } = await open(t)
    await run()
    const { resume } = await pullRow(hub)
    await put(6, 9, '2026-03-02T00:00:00Z')
    await db.raw('REVOKE SELECT ON units FROM reader')
    await t.rejects(run(), { code: 'pull-failed', message: /42501/ })
    await db.raw('GRANT SELECT ON units TO reader')
    t.same((await pullRow(hub)).resume, resume)
    t.match(await run(), { receipts: [{ accepted: 4 }] })

    await t.test('and begins again for another column', async t => {
      const other = { ...database, query: query.replaceAll('changed_at', 'n'), watermark: 'n', initial: '7' }
      await publishAdapter(hub, tester, unitsAdapter({ pull: { schedule, database: other }, version: '1.1.0' }))
      t.match(await run(), { receipts: [{ unchanged: 2 }] })
    })
  })

  await t.test('killed after any transaction and run again, ends as if it had not been disturbed', async t => {
    await db('units').delete()
    await put(1, 2500, '2026-03-01T00:00:00Z')
    const expected = units(1, 2500).map(unit => unit.id)
    // The claim, the delivery's beginning, three batches, its end with the watermark, the outbox, the end of the run.
    for (const kill of [1, 4, 6]) {
      const directory = folder(t)
      await t.test('a hub', async t => void (await open(t, directory)))
      const program = join(import.meta.dirname, 'pull-and-die.ts')
      const child = spawnSync(process.execPath, ['--import', 'tsx', program, directory, String(kill)])
      t.equal(child.signal, 'SIGKILL', `killed: ${child.stderr.toString()}`)
      await t.test(`killed after transaction ${kill}`, async t => {
        const hub = await openTestHub(t, directory)
        // The claim of the dead lapses.
        hub.pass(120_000)
        const report = await pull(hub, id, { waits: quickWaits() })
        t.equal(report?.outcome, kill < 6 ? 'delivered' : 'nothing-new', 'the watermark went with the delivery')
        t.same(await unitNumbers(hub), expected)
        t.equal((await hub.store.read.all('SELECT 1 FROM revisions')).length, 2500, 'nothing twice')
        t.match((await pullRow(hub)).resume.watermark, { value: '2026-03-01T00:00:00.0025+00:00' })
      })
    }
  })

  await t.test('is not read with what is no password of it', async t => {
    const { hub, run } = await open(t)
    await setCredential(hub, tester, { ...credential, kind: 'bearer', secret: 'x', origin: 'https://a.example' })
    await t.rejects(run(), { code: 'pull-failed', message: /no password of a database/ })
  })
})
