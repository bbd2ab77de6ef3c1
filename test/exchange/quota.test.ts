/** The daily quota under several real processes: never more than it, and all of it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { createAgreement } from '../../src/exchange/agreements.ts'
import type { Entry } from '../../src/log/entry.ts'
import { readQuotaUse } from '../../src/store/quotas.ts'
import { folder, openTestHub, tester } from '../helper.ts'
import { deliverThings, publishThings } from './things.ts'

const quota = 101
const script = fileURLToPath(new URL('use-quota.ts', import.meta.url))

t.test('several processes disclose together the quota of an agreement, and not one record more', async t => {
  const directory = folder(t)
  const hub = await openTestHub(t, directory)
  await publishThings(hub)
  await deliverThings(hub, 'data-bureau/plain', [{ id: '1', name: 'one' }])
  const { id } = await createAgreement(hub, tester, {
    department: 'archives',
    standard: 'thing',
    fields: ['id', 'name'],
    operations: ['read'],
    matters: ['m'],
    dailyQuota: quota,
    until: new Date('2027-01-01'),
  })
  const children = ['one', 'two', 'three'].map(name => {
    const child = spawn(process.execPath, ['--import', 'tsx', script, directory, name], {
      env: { PATH: process.env['PATH'] },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    return {
      child,
      lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
      ended: once(child, 'close'),
    }
  })
  // All of them are open before the first begins.
  for (const { lines } of children) t.equal((await lines.next()).value, 'ready')
  for (const { child } of children) child.stdin.end('go\n')
  const results = await Promise.all(
    children.map(async ({ lines, ended }) => {
      const { value } = await lines.next()
      t.same(await ended, [0, null])
      return JSON.parse(String(value)) as { disclosed: number; refused: number }
    }),
  )
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
  t.equal(sum(results.map(({ disclosed }) => disclosed)), quota)
  t.same(await readQuotaUse(hub.store.read, id, '2026-03-01'), { used: quota, usedUpAt: '2026-03-01T08:00:00.000Z' })
  const log = (await hub.log.entries({ from: 0, limit: 10_000 })).map(({ entry }) => JSON.parse(entry) as Entry)
  const of = (outcome: string): Entry[] => log.filter(entry => entry.agreement === id && entry.outcome === outcome)
  t.equal(sum(of('disclosed').map(({ count }) => count)), quota, 'the log says the same')
  t.equal(of('refused').length, sum(results.map(({ refused }) => refused)), 'and every refusal')
})
