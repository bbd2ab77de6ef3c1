import t, { type Test } from 'tap'
import { spawnSync } from 'node:child_process'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { HubError } from '../../src/errors.ts'
import { deliver } from '../../src/exchange/deliver.ts'
import { revertDelivery } from '../../src/exchange/revert.ts'
import type { Entry } from '../../src/log/entry.ts'
import { chunks, folder, openStarterHub, openTestHub, tester, type TestHub } from '../helper.ts'
import { premisesXml, type Deviation } from './premises.ts'

const adapter = 'food-standards-agency/premises'

/** Three batches, then two of withdrawals, then the end: first one in full, then one that changes, spoils and lacks. */
const first = premisesXml({ count: 4400 })
const deviations: Record<number, Deviation> = { 5: 'changed', 1700: 'changed', 12: 'bad', 2500: 'bad' }
for (let id = 2600; id < 4200; id++) deviations[id] = 'missing'
const second = premisesXml({ count: 4400, deviations })

t.test('killed after any transaction and run again, a delivery ends as if it had not been disturbed', async t => {
  const start = join(folder(t), 'start')
  await t.test('a hub with the first snapshot', async t => {
    await deliver(await openStarterHub(t, start), { adapter, body: chunks(first), by: tester })
  })
  const file = join(folder(t), 'second.xml')
  writeFileSync(file, second)
  const deliverSecond = (hub: TestHub) => deliver(hub, { adapter, body: chunks(second), by: tester })
  const act: Act = { start, argument: file, run: deliverSecond }

  const undisturbed = await endState(t, act, 0)
  t.equal(undisturbed.withdrawn, 1600)
  t.equal(undisturbed.quarantine.length, 2)

  // Beginning, three batches, two of withdrawals, the end, and the outbox: a transaction each.
  for (let kill = 1; kill <= 8; kill++) {
    const { entries, ...state } = await endState(t, act, kill)
    const { entries: expected, ...same } = undisturbed
    t.same(state, same, `killed after transaction ${kill}`)
    const ends = entries.filter(entry => entry.operation === 'deliver').map(entry => entry.outcome)
    t.equal(ends.at(-1), 'done')
    t.equal(ends.length, expected.length + 1, 'every delivery has its entry, the killed one too')
  }
})

t.test('so does a revert', async t => {
  const start = join(folder(t), 'start')
  let before: State | undefined
  let id = ''
  await t.test('a hub with both snapshots', async t => {
    const hub = await openStarterHub(t, start)
    await deliver(hub, { adapter, body: chunks(first), by: tester })
    before = await stateOf(hub)
    id = (await deliver(hub, { adapter, body: chunks(second), by: tester })).delivery
  })
  const act: Act = { start, argument: `revert:${id}`, run: hub => revertOnce(hub, id) }

  const undisturbed = await endState(t, act, 0)
  t.same(dataOf(undisturbed.records), dataOf(before?.records ?? []), 'all is what it was before the delivery')
  t.match(undisturbed.quarantine, [{ state: 'closed' }, { state: 'closed' }])

  // Beginning, two batches, the end, and the outbox.
  for (let kill = 1; kill <= 5; kill++) {
    const { entries, ...state } = await endState(t, act, kill)
    const { entries: expected, ...same } = undisturbed
    t.same(state, same, `killed after transaction ${kill}`)
    // From its end on, the killed revert has done all there is to do: the next one is refused.
    const isDone = kill >= 4
    t.equal(entries.length, expected.length + (isDone ? 0 : 1), 'every revert has its entry, the killed one too')
  }
})

/** Reverts a delivery, unless the killed process has done so whole: to revert it again is refused. */
async function revertOnce(hub: TestHub, delivery: string): Promise<void> {
  await revertDelivery(hub, { delivery, by: tester }).catch((error: unknown) => {
    if (!(error instanceof HubError && error.code === 'delivery-reverted')) throw error
  })
}

/** What is done to a hub: by a program that can be killed, and by this one. */
type Act = { readonly start: string; readonly argument: string; readonly run: (hub: TestHub) => Promise<unknown> }

/** Does it, killed once unless `kill` is 0, then again undisturbed; what there is then. */
async function endState(t: Test, { start, argument, run }: Act, kill: number): Promise<State> {
  const directory = join(folder(t), 'hub')
  cpSync(start, directory, { recursive: true })
  if (kill > 0) {
    const program = join(import.meta.dirname, 'deliver-and-die.ts')
    const child = spawnSync(process.execPath, ['--import', 'tsx', program, directory, argument, String(kill)])
    t.equal(child.signal, 'SIGKILL', `killed: ${child.stderr.toString()}`)
  }
  let state: State | undefined
  await t.test(`then undisturbed (${kill})`, async t => {
    const hub = await openTestHub(t, directory)
    await run(hub)
    state = await stateOf(hub)
  })
  return state as State
}

type StoredRecord = {
  readonly record_key: string
  readonly withdrawn: number
  readonly revision: number
  readonly terms: string
  readonly body: string
}

type State = {
  readonly records: readonly StoredRecord[]
  readonly withdrawn: number
  readonly quarantine: readonly unknown[]
  readonly entries: readonly Entry[]
}

/** All but how often it has changed. */
function dataOf(records: readonly StoredRecord[]): object[] {
  return records.map(({ revision: _, ...data }) => data)
}

async function stateOf(hub: TestHub): Promise<State> {
  const { read } = hub.store
  const entries = await hub.log.entries({ from: 0, limit: 1000 })
  return {
    records: await read.all(
      `SELECT c.record_key, c.withdrawn, c.revision, c.contributions, c.terms, r.body, r.digest
         FROM records c JOIN revisions r ON r.standard = c.standard AND r.seq = c.seq ORDER BY c.record_key`,
    ),
    withdrawn: (await read.all('SELECT 1 FROM records WHERE withdrawn = 1')).length,
    quarantine: await read.all('SELECT fingerprint, record_key, state, issues FROM quarantine ORDER BY fingerprint'),
    entries: entries
      .map(({ entry }) => JSON.parse(entry) as Entry)
      .filter(({ operation }) => operation === 'deliver' || operation === 'revert'),
  }
}
