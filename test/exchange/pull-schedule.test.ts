import t from 'tap'
import { setTimeout as wait } from 'node:timers/promises'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { supervise } from '../../src/exchange/supervise.ts'
import { PullSchedule } from '../../src/exchange/pull-schedule.ts'
import { pull } from '../../src/exchange/pull.ts'
import { claimPull, endPull, writeResume } from '../../src/store/pulls.ts'
import { folder, openTestHub, tester, type TestHub } from '../helper.ts'
import { allowing, deliveries, entriesOf, id, ndjson, openUnitsHub, pullRow, quickWaits, startSource, units, unitsAdapter } from './units.ts' // prettier-ignore

const minute = 60_000
const day = 24 * 60 * minute

/** A hub at 2026-03-01T08:00Z whose adapter pulls at three o'clock in China: 19:00Z. */
async function openScheduled(t: Parameters<typeof openUnitsHub>[0], answer = (): string => ndjson(units(1, 3))) {
  const source = await startSource(t, (_request, response) => {
    const text = answer()
    response.writeHead(text === '' ? 500 : 200).end(text)
  })
  const directory = folder(t)
  const http = { url: `${source.origin}/units` }
  const config = allowing(source)
  const described = (schedule: string) => ({ pull: { schedule, http }, timezone: '+08:00' })
  const hub = await openUnitsHub(t, described('0 3 * * *'), config, directory)
  return { hub, source, directory, config, described }
}

function scheduleOn(hub: TestHub, failures: unknown[] = [], random = () => 1) {
  const schedule = new PullSchedule(hub, error => void failures.push(error), { waits: quickWaits(), random })
  return {
    schedule,
    async tick() {
      await schedule.tick()
      await schedule.settled()
      // What a run has found is planned with the next tick, as in a process that lives on.
      await schedule.tick()
    },
  }
}

t.test('a pull runs when its time has come, in the time zone of its adapter, and not before', async t => {
  const { hub, source } = await openScheduled(t)
  const { tick } = scheduleOn(hub)
  await tick()
  t.match(await pullRow(hub), { nextAt: '2026-03-01T19:00:00.000Z', outcome: null, startedAt: null, failures: 0 })
  hub.pass(11 * 60 * minute - 1)
  await tick()
  t.same(source.requests, [])
  hub.pass(1)
  await tick()
  t.equal(source.requests.length, 1)
  t.match(await pullRow(hub), {
    nextAt: '2026-03-02T19:00:00.000Z',
    startedAt: '2026-03-01T19:00:00.000Z',
    outcome: 'delivered',
    delivery: /./,
  })
  t.match(await entriesOf(hub, 'deliver'), [{ actor: { kind: 'hub', id: 'hub' }, outcome: 'done', count: 3 }])
})

t.test('of several processes one runs it', async t => {
  const { hub, directory, config } = await openScheduled(t)
  const second = await openTestHub(t, directory)
  const both = [hub, { ...second, config: { ...second.config, ...config } }]
  const schedules = both.map(one => scheduleOn(one).schedule)
  for (const schedule of schedules) await schedule.tick()
  for (const one of both) one.pass(day)
  await Promise.all(schedules.map(schedule => schedule.tick()))
  await Promise.all(schedules.map(schedule => schedule.settled()))
  t.equal((await deliveries(hub)).length, 1)
})

t.test('runs that were missed while no hub was up are made up for once', async t => {
  const { hub, source, directory, config } = await openScheduled(t)
  await scheduleOn(hub).tick()
  const later = await openTestHub(t, directory)
  later.pass(10 * day)
  const { tick } = scheduleOn({ ...later, config: { ...later.config, ...config } })
  await tick()
  await tick()
  t.equal(source.requests.length, 1)
  t.match(await pullRow(hub), { nextAt: '2026-03-11T19:00:00.000Z' })
})

t.test('what fails is tried again, twice as late each time up to an hour, until it works', async t => {
  let text = ''
  const failures: unknown[] = []
  const { hub } = await openScheduled(t, () => text)
  const { tick } = scheduleOn(hub, failures)
  await tick()
  hub.pass(11 * 60 * minute)
  for (const minutes of [1, 2, 4, 8, 16, 32, 60, 60]) {
    await tick()
    const { nextAt } = await pullRow(hub)
    t.equal(Date.parse(nextAt ?? '') - hub.clock().getTime(), minutes * minute)
    hub.pass(minutes * minute)
  }
  t.equal(failures.length, 8)
  t.match(await pullRow(hub), {
    failures: 8,
    outcome: 'failed',
    problem: { code: 'pull-failed', detail: /status 500/ },
  })
  t.equal((await entriesOf(hub, 'deliver')).filter(({ outcome }) => outcome === 'failed').length, 8)
  text = ndjson(units(1, 3))
  await tick()
  t.match(await pullRow(hub), { failures: 0, outcome: 'delivered', problem: null, nextAt: '2026-03-02T19:00:00.000Z' })
})

t.test('retries are spread by chance over the second half of their time', async t => {
  for (const [chance, seconds] of [
    [0, 30],
    [0.5, 45],
    [1, 60],
  ] as const) {
    const { hub } = await openScheduled(t, () => '')
    await t.rejects(pull(hub, id, { by: tester, random: () => chance, waits: quickWaits() }), { code: 'pull-failed' })
    const { nextAt } = await pullRow(hub)
    t.equal(Date.parse(nextAt ?? '') - hub.clock().getTime(), seconds * 1000)
  }
})

t.test('a new version is obeyed at once: another schedule, or none', async t => {
  const { hub, described } = await openScheduled(t)
  const { tick } = scheduleOn(hub)
  await tick()
  await publishAdapter(hub, tester, unitsAdapter({ ...described('30 9 * * *'), version: '1.1.0' }))
  await tick()
  t.match(await pullRow(hub), { schedule: '30 9 * * * +08:00', nextAt: '2026-03-02T01:30:00.000Z' })
  await publishAdapter(hub, tester, unitsAdapter({ version: '1.2.0' }))
  await tick()
  t.match(await pullRow(hub), { nextAt: null })
  hub.pass(9 * day)
  await tick()
  t.same(await deliveries(hub), [])
  await publishAdapter(hub, tester, unitsAdapter({ ...described('30 9 * * *'), version: '1.3.0' }))
  await tick()
  t.match(await pullRow(hub), { nextAt: '2026-03-11T01:30:00.000Z' })
})

t.test('a version that comes while another process runs an older one is planned when that has ended', async t => {
  const { hub, described } = await openScheduled(t)
  const { tick } = scheduleOn(hub)
  await tick()
  const now = hub.clock()
  const until = new Date(now.getTime() + 2 * minute)
  const claim = await hub.store.transact(tx => claimPull(tx, id, { now, onlyDue: false }))
  if (claim === undefined) return t.fail('it is claimed')
  await publishAdapter(hub, tester, unitsAdapter({ ...described('30 9 * * *'), version: '1.1.0' }))
  await tick()
  const end = {
    at: now,
    outcome: 'nothing-new',
    problem: null,
    receipt: undefined,
    failures: 0,
    nextAt: until,
  } as const
  await hub.store.transact(tx => endPull(tx, claim, end))
  await tick()
  t.match(await pullRow(hub), { schedule: '30 9 * * * +08:00', nextAt: '2026-03-02T01:30:00.000Z' })
})

t.test('a version that comes while an older one runs is planned when that has ended', async t => {
  const { hub, described } = await openScheduled(t)
  const { tick } = scheduleOn(hub)
  await tick()
  const now = hub.clock()
  const until = new Date(now.getTime() + 2 * minute)
  const claim = await hub.store.transact(tx => claimPull(tx, id, { now, onlyDue: false }))
  t.ok(claim)
  await publishAdapter(hub, tester, unitsAdapter({ ...described('30 9 * * *'), version: '1.1.0' }))
  await tick()
  t.match(await pullRow(hub), { outcome: 'running', nextAt: until.toISOString() })

  await t.test('and one whose process has died is due again when its claim has lapsed', async t => {
    await t.rejects(pull(hub, id, { by: tester }), { code: 'delivery-busy', message: /pull show/ })
    hub.pass(2 * minute - 1)
    await tick()
    t.match(await pullRow(hub), { outcome: 'running' })
    hub.pass(1)
    await tick()
    t.match(await pullRow(hub), { outcome: 'delivered', nextAt: '2026-03-02T01:30:00.000Z' })
  })
})

t.test('what runs when the hub stops is ended, does not count as failed, and goes on when it is up again', async t => {
  let isSlow = true
  const source = await startSource(t, (_request, response) => {
    response.write(ndjson(units(1, 2)))
    if (!isSlow) response.end(ndjson(units(3, 3)))
  })
  const http = { url: source.origin }
  const hub = await openUnitsHub(t, { pull: { schedule: '0 3 * * *', http } }, allowing(source))
  const failures: unknown[] = []
  const { schedule } = scheduleOn(hub, failures)
  await schedule.tick()
  hub.pass(day)
  await schedule.tick()
  while (source.requests.length === 0) await new Promise(resolve => setImmediate(resolve))
  await schedule.stop()
  t.match(failures, [{ code: 'pull-failed', message: /was stopped/ }])
  t.match(await pullRow(hub), { outcome: 'failed', failures: 0, nextAt: hub.clock().toISOString() })
  isSlow = false
  await scheduleOn(hub).tick()
  t.match(await pullRow(hub), { outcome: 'delivered' })
})

t.test('an adapter that cannot be compiled any more fails its pull, and not the others', async t => {
  const { hub } = await openScheduled(t)
  const failures: unknown[] = []
  const { tick } = scheduleOn(hub, failures)
  await tick()
  await hub.store.transact(async tx => {
    const rows = await tx.all<{ document: string }>('SELECT document FROM adapters')
    const spoilt = rows[0]?.document.replace('"from":"id"', '"from":"a/../b"') ?? ''
    await tx.run('UPDATE adapters SET document = ?', [spoilt])
    await tx.run(`UPDATE hub SET value = '1000' WHERE name = 'generation'`)
  })
  hub.published.expire()
  hub.pass(day)
  await tick()
  t.match(failures, [{ code: 'adapter-invalid' }])
  t.match(await pullRow(hub), { failures: 1, problem: { code: 'adapter-invalid' } })
})

t.test('a hub that serves runs what is due by itself', async t => {
  const { hub } = await openScheduled(t)
  await scheduleOn(hub).tick()
  hub.pass(day)
  const supervision = supervise(hub, error => t.fail(String(error)))
  t.teardown(() => supervision.stop())
  // Far more than the second that it takes.
  for (let turn = 0; turn < 1000 && (await pullRow(hub)).outcome !== 'delivered'; turn++) await wait(10)
  t.match(await pullRow(hub), { outcome: 'delivered' })
})

t.test('an adapter without a pull cannot be pulled', async t => {
  const hub = await openUnitsHub(t, {})
  await t.rejects(pull(hub, id, { by: tester }), { code: 'request-invalid', message: /does not say where to fetch/ })
  t.equal(await pull(hub, id), undefined, 'nor is it ever due')
})

t.test('a run whose claim has lapsed keeps nothing over what the run after it has found', async t => {
  let wake = (): void => {}
  const awakes = new Promise<void>(resolve => (wake = resolve))
  const source = await startSource(t, (_request, response) => {
    const isFirst = source.requests.length === 1
    response.setHeader('ETag', isFirst ? '"old"' : '"new"')
    const answer = () => response.end(ndjson([{ id: 'U1', name: isFirst ? 'Old' : 'New' }]))
    if (isFirst) void awakes.then(answer)
    else answer()
  })
  const directory = folder(t)
  const described = { pull: { schedule: '0 3 * * *', http: { url: source.origin } } }
  const hub = await openUnitsHub(t, described, allowing(source), directory)
  const other = await openTestHub(t, directory)
  const asleep = pull(hub, id, { by: tester, waits: quickWaits() })
  while (source.requests.length === 0) await wait(5)
  other.pass(2 * minute)
  await pull({ ...other, config: hub.config }, id, { by: tester, waits: quickWaits() })
  wake()
  await t.rejects(asleep, { code: 'delivery-superseded', message: /Another run of the pull/ })
  t.equal((await hub.store.read.all('SELECT 1 FROM revisions')).length, 1)
  t.match(await pullRow(hub), { outcome: 'delivered', problem: null, resume: { validators: { etag: '"new"' } } })
})

t.test('what to go on from is kept by the run that has the claim only', async t => {
  const { hub } = await openScheduled(t)
  await scheduleOn(hub).tick()
  const claim = await hub.store.transact(tx => claimPull(tx, id, { now: hub.clock(), onlyDue: false }))
  if (claim === undefined) return t.fail('it is claimed')
  const write = (value: string) => {
    const resume = { watermark: { column: 'at', value } }
    return hub.store.transact(tx => writeResume(tx, claim, resume))
  }
  await write('1')
  hub.pass(2 * minute)
  await hub.store.transact(tx => claimPull(tx, id, { now: hub.clock(), onlyDue: true }))
  await t.rejects(write('2'), { code: 'delivery-superseded' })
  t.match((await pullRow(hub)).resume, { watermark: { value: '1' } })
})

t.test('a run learns that another has taken over while it waits for its source', async t => {
  const source = await startSource(t, () => {})
  const hub = await openUnitsHub(t, { pull: { schedule: '0 3 * * *', http: { url: source.origin } } }, allowing(source))
  const run = pull(hub, id, { by: tester, waits: quickWaits({ renewMs: 5 }) })
  while (source.requests.length === 0) await wait(5)
  await hub.store.transact(tx => tx.run(`UPDATE pulls SET started_at = '2026-03-01T09:00:00.000Z'`))
  await t.rejects(run, { code: 'pull-failed', message: /Another run of this pull has taken over/ })
  t.match(await pullRow(hub), { outcome: 'running', failures: 0 }, 'the other goes on')
})

t.test('a clock that once ran ahead does not end the schedule', async t => {
  const { hub } = await openScheduled(t)
  const { tick } = scheduleOn(hub)
  hub.pass(3650 * day)
  await tick()
  t.match(await pullRow(hub), { nextAt: '2036-02-27T19:00:00.000Z' })
  hub.pass(-3650 * day)
  await tick()
  t.match(await pullRow(hub), { nextAt: '2026-03-01T19:00:00.000Z' })

  await t.test('of another process', async t => {
    await hub.store.transact(tx => tx.run(`UPDATE pulls SET next_at = '2036-02-27T19:00:00.000Z'`))
    hub.pass(60 * minute)
    await tick()
    t.match(await pullRow(hub), { nextAt: '2026-03-01T19:00:00.000Z' })
  })

  await t.test('nor does a claim that it has made', async t => {
    const claimed = `UPDATE pulls SET outcome = 'running', started_at = '2036-02-27T19:00:00.000Z', next_at = '2036-02-27T19:02:00.000Z'`
    await hub.store.transact(tx => tx.run(claimed))
    t.match(await pull(hub, id, { by: tester, waits: quickWaits() }), { outcome: 'delivered' })
    await hub.store.transact(tx => tx.run(claimed))
    await tick()
    t.match(await pullRow(hub), { outcome: 'delivered', nextAt: '2026-03-01T19:00:00.000Z' })
  })

  await t.test('while clocks that differ a little leave each other alone', async t => {
    hub.pass(10 * 60 * minute - 2000)
    await hub.store.transact(tx => tx.run(`UPDATE pulls SET next_at = '2026-03-02T19:00:00.000Z'`))
    await scheduleOn(hub).tick()
    t.match(await pullRow(hub), { nextAt: '2026-03-02T19:00:00.000Z' })
  })
})
