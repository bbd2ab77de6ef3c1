import t, { type Test } from 'tap'
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs' // prettier-ignore
import { join } from 'node:path'
import { pull } from '../../src/exchange/pull.ts'
import { folder, tester } from '../helper.ts'
import { deliveries, entriesOf, id, ndjson, openUnitsHub, pullRow, quickWaits, unitNumbers, units } from './units.ts'

const path = 'social-security/in'
const description = { schedule: '*/5 * * * *', folder: { path, match: '*.ndjson' } }

async function openHubOn(t: Test, { mode = 'delta' }: { mode?: 'delta' | 'snapshot' } = {}) {
  const dropDirectory = folder(t)
  const at = join(dropDirectory, path)
  mkdirSync(at, { recursive: true })
  const hub = await openUnitsHub(t, { pull: description, mode }, { dropDirectory })
  return {
    hub,
    dropDirectory,
    at,
    run: (waits = quickWaits()) => pull(hub, id, { by: tester, waits }),
    drop: (name: string, text: string) => writeFileSync(join(at, name), text),
    list: (below = '') => readdirSync(join(at, below)).sort(),
  }
}

t.test('dropped files are delivered in the order of their names, and moved to done', async t => {
  const { hub, run, drop, list } = await openHubOn(t, { mode: 'snapshot' })
  t.match(await run(), { outcome: 'nothing-new' })
  drop('2026-03-02.ndjson', ndjson(units(2, 4)))
  drop('2026-03-01.ndjson', ndjson(units(1, 3)))
  drop('readme.txt', 'not asked for')
  t.match(await run(), { outcome: 'delivered', receipts: [{ accepted: 3 }, { accepted: 1, withdrawn: 1 }] })
  t.same(await unitNumbers(hub), ['U2', 'U3', 'U4'])
  t.same(list('done'), ['2026-03-01.ndjson', '2026-03-02.ndjson'])
  t.same(list(), ['done', 'readme.txt'])
  drop('2026-03-02.ndjson', ndjson(units(2, 5)))
  t.match(await run(), { receipts: [{ accepted: 1, unchanged: 3 }] }, 'a name may come again')
  t.same(list('done'), ['2026-03-01.ndjson', '2026-03-02.ndjson', '2026-03-02.ndjson.2'])
  t.equal((await deliveries(hub)).length, 3)
})

t.test('a file that is still being written waits for the next run', async t => {
  const { at, run, drop, list } = await openHubOn(t)
  for (const name of ['a.ndjson.part', 'a.ndjson.tmp', '.a.ndjson']) drop(name, ndjson(units(1, 1)))
  drop('growing.ndjson', ndjson(units(1, 1)))
  drop('whole.ndjson', ndjson(units(5, 5)))
  const growing = quickWaits({
    async pause(ms) {
      t.equal(ms, 2000)
      appendFileSync(join(at, 'growing.ndjson'), ndjson(units(2, 2)))
    },
  })
  t.match(await run(growing), { receipts: [{ accepted: 1 }] })
  t.ok(list().includes('growing.ndjson'))
  t.match(await run(), { receipts: [{ accepted: 2 }] })
  t.same(list(), ['.a.ndjson', 'a.ndjson.part', 'a.ndjson.tmp', 'done'])
})

t.test('a file that changes while it is read stays, and is delivered again', async t => {
  const { hub, at, run, drop, list } = await openHubOn(t)
  const file = join(at, 'a.ndjson')
  drop('a.ndjson', ndjson(units(1, 3)))
  // The log of the delivery is written between its reading and the move.
  const transact = hub.store.transact.bind(hub.store)
  let isChanged = false
  const changing: typeof transact = async work => {
    const result = await transact(work)
    if (!isChanged && (await deliveries(hub)).some(({ state }) => state === 'done')) {
      isChanged = true
      appendFileSync(file, ndjson(units(4, 4)))
    }
    return result
  }
  const store = { ...hub.store, transact: changing }
  await pull({ ...hub, store }, id, { by: tester, waits: quickWaits() })
  t.same(list(), ['a.ndjson'])
  t.match(await run(), { receipts: [{ accepted: 1, unchanged: 3 }] })
  t.same(list('done'), ['a.ndjson'])
})

t.test('what cannot be read moves to failed, beside what is wrong with it; the others are delivered', async t => {
  const { hub, at, run, drop, list } = await openHubOn(t)
  drop('1.ndjson', ndjson(units(1, 2)))
  drop('2.ndjson', `${ndjson(units(3, 3))}\0VALUE-MARKER`)
  drop('3.ndjson', ndjson(units(4, 4)))
  await t.rejects(run(), { code: 'pull-failed', message: /1 of 3 files .*\(2\.ndjson\): social-security\/in\/failed/ })
  t.same(await unitNumbers(hub), ['U1', 'U2', 'U3', 'U4'])
  t.same(
    [list(), list('done'), list('failed')],
    [
      ['done', 'failed'],
      ['1.ndjson', '3.ndjson'],
      ['2.ndjson', '2.ndjson.problem.json'],
    ],
  )
  const problem = readFileSync(join(at, 'failed/2.ndjson.problem.json'), 'utf8')
  t.match(JSON.parse(problem), { code: 'input-refused', title: /./, detail: /U\+0000/, receipt: { accepted: 1 } })
  t.notMatch(problem, /VALUE-MARKER/)
  t.same(
    (await entriesOf(hub, 'deliver')).map(({ outcome }) => outcome),
    ['done', 'failed', 'done'],
    'one entry a file',
  )
  t.match(await run(), { outcome: 'nothing-new' })
})

t.test('a file that was delivered but not moved is moved, and not delivered again', async t => {
  const { hub, at, run, drop, list } = await openHubOn(t)
  drop('a.ndjson', ndjson(units(1, 3)))
  const before = new Date('2026-03-01T00:00:00Z')
  utimesSync(join(at, 'a.ndjson'), before, before)
  await run()
  // As if the process had died between the end of the delivery and the move.
  renameSync(join(at, 'done/a.ndjson'), join(at, 'a.ndjson'))
  t.match(await run(), { outcome: 'nothing-new' })
  t.same(list('done'), ['a.ndjson'])

  await t.test('but not one of the same name, size and time with other content', async t => {
    renameSync(join(at, 'done/a.ndjson'), join(at, 'a.ndjson'))
    writeFileSync(join(at, 'a.ndjson'), ndjson(units(1, 3)).replace('unit 2', 'unit X'))
    utimesSync(join(at, 'a.ndjson'), before, before)
    t.match(await run(), { receipts: [{ accepted: 1, unchanged: 2 }] })
  })
  t.equal((await deliveries(hub)).length, 2)
})

t.test('no link leads out of the drop folder', async t => {
  const { at, run, drop, list } = await openHubOn(t)
  const outside = folder(t)
  writeFileSync(join(outside, 'secret.ndjson'), ndjson(units(1, 1)))
  symlinkSync(join(outside, 'secret.ndjson'), join(at, 'linked.ndjson'))
  t.match(await run(), { outcome: 'nothing-new' })
  symlinkSync(outside, join(at, 'done'))
  drop('a.ndjson', ndjson(units(2, 2)))
  await t.rejects(run(), { code: 'pull-failed', message: /link on its path/ })
  t.ok(list().includes('a.ndjson'))
  t.notOk(existsSync(join(outside, 'a.ndjson')))
})

t.test('nor does a folder that is a link, is missing, or is not allowed', async t => {
  const { hub, dropDirectory, at, run } = await openHubOn(t)
  renameSync(at, join(dropDirectory, 'elsewhere'))
  await t.rejects(run(), { code: 'pull-failed', message: /social-security\/in cannot be read.*ENOENT/ })
  symlinkSync(join(dropDirectory, 'elsewhere'), at)
  await t.rejects(run(), { code: 'pull-failed', message: /link on its path/ })
  const { dropDirectory: _, ...config } = hub.config
  await t.rejects(pull({ ...hub, config }, id, { by: tester }), { message: /CONCORD_DROP_DIR/ })
  t.match(await pullRow(hub), { failures: 3, outcome: 'failed' })
})

t.test('what is wrong with a file is never written through a link', async t => {
  const { at, run, drop, list } = await openHubOn(t)
  const victim = join(folder(t), 'victim')
  writeFileSync(victim, 'precious')
  mkdirSync(join(at, 'failed'))
  symlinkSync(victim, join(at, 'failed/a.ndjson.problem.json'))
  symlinkSync(join(victim, 'nowhere'), join(at, 'failed/a.ndjson.2.problem.json'))
  drop('a.ndjson', '\0')
  await t.rejects(run(), { message: /1 of 1 files/ })
  t.equal(readFileSync(victim, 'utf8'), 'precious')
  t.match(list('failed'), ['a.ndjson.2.problem.json', 'a.ndjson.3', 'a.ndjson.3.problem.json', 'a.ndjson.problem.json'])
})

t.test('a folder that becomes a link between two looks, or later, gives nothing of where it leads', async t => {
  const { hub, dropDirectory, at, run, drop } = await openHubOn(t)
  const theirs = join(dropDirectory, 'taxation/in')
  mkdirSync(theirs, { recursive: true })
  drop('a.ndjson', ndjson(units(1, 1)))
  writeFileSync(join(theirs, 'a.ndjson'), ndjson(units(2, 2)))
  const when = new Date('2026-03-01T00:00:00Z')
  for (const each of [at, theirs]) utimesSync(join(each, 'a.ndjson'), when, when)
  const swap = (): void => {
    renameSync(at, `${at}-kept`)
    symlinkSync(theirs, at)
  }
  const swapBack = (): void => {
    rmSync(at)
    renameSync(`${at}-kept`, at)
  }
  await t.rejects(run(quickWaits({ pause: async () => swap() })), { code: 'pull-failed', message: /link on its path/ })
  swapBack()
  t.same(await unitNumbers(hub), [])

  // Within the transaction that begins the delivery, or the one that ends it.
  for (const state of ['running', 'done']) {
    const transact = hub.store.transact.bind(hub.store)
    let isSwapped = false
    const swapping: typeof transact = async work => {
      const result = await transact(work)
      if (!isSwapped && (await deliveries(hub)).some(delivery => delivery.state === state)) {
        isSwapped = true
        swap()
      }
      return result
    }
    const store = { ...hub.store, transact: swapping }
    const waits = quickWaits()
    await t.rejects(pull({ ...hub, store }, id, { by: tester, waits }), { message: /link on its path/ }, state)
    swapBack()
  }
  t.same(await unitNumbers(hub), ['U1'])
  t.same(readdirSync(theirs), ['a.ndjson'])
  t.match(await run(), { outcome: 'nothing-new' })
  t.ok(existsSync(join(at, 'done/a.ndjson')))
})
