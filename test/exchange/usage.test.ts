import t from 'tap'
import fc from '../properties.ts'
import { createClient } from '../../src/exchange/clients.ts'
import { putDepartment } from '../../src/exchange/departments.ts'
import { readUsage } from '../../src/exchange/usage.ts'
import { isAccess } from '../../src/log/access.ts'
import type { Entry } from '../../src/log/entry.ts'
import type { UsageDimension } from '../../src/log/usage.ts'
import { smallLog, someOf } from '../log/many-entries.ts'
import { folder, openTestHub, tester } from '../helper.ts'
import { publishThings } from './things.ts'
import { recount } from './recount.ts'

const dimensions: readonly UsageDimension[] = ['day', 'department', 'standard', 'agreement', 'operation', 'matter']

type Asked = Parameters<typeof readUsage>[2]

const anyQuestion: fc.Arbitrary<Asked> = fc
  .record({
    by: fc.subarray([...dimensions]),
    filters: someOf<Record<string, string>>({
      from: fc.constantFrom('2026-01-01', '2026-01-02', '2026-01-02T12:00:00Z'),
      to: fc.constantFrom('2026-01-02', '2026-01-03', '2026-01-03T06:00:00+08:00'),
      department: fc.constantFrom('housing', 'nowhere'),
      standard: fc.constant('thing'),
      matter: fc.constant('m1'),
      operation: fc.constantFrom('read', 'lookup'),
      client: fc.constant('one'),
      agreement: fc.constant('a1'),
    }),
    reach: fc.constantFrom(
      undefined,
      { department: 'housing' },
      { department: 'data-bureau' },
      { department: 'nowhere' },
    ),
  })
  .map(({ reach, ...asked }) => ({ ...asked, ...(reach && { reach }) }))

t.test('law: use is what a reading of the whole log counts', async t => {
  const property = fc.asyncProperty(
    smallLog,
    fc.array(anyQuestion, { minLength: 12, maxLength: 12 }),
    async (entries, questions) => {
      const hub = await openTestHub(t, folder(t))
      await publishThings(hub)
      for (const id of ['housing', 'nowhere']) {
        await putDepartment(hub, tester, { id, titles: { 'zh-CN': '测试', en: 'Test' } })
      }
      await createClient(hub, tester, { id: 'one', department: 'housing', title: 'one', scopes: ['read'] })
      for (const entry of entries) await hub.log.append(entry)
      const owners = { thing: 'data-bureau' }
      for (const question of [{ by: dimensions, filters: {} }, { by: [], filters: {} }, ...questions]) {
        const size = await hub.log.size()
        const log = (await hub.log.entries({ from: 0, limit: size })).map(({ entry }) => JSON.parse(entry) as Entry)
        const { usage, total } = await readUsage(hub, tester, question)
        const expected = recount(log, question, owners)
        t.strictSame({ usage, total }, expected, JSON.stringify(question))
      }
      await hub.close()
    },
  )
  await fc.assert(property, { numRuns: 8 })
})

t.test('what tells of access is told apart from acts, and from looking into quarantine', async t => {
  const cases: [entry: Parameters<typeof isAccess>[0], access: boolean][] = [
    [{ operation: 'read', standard: 's' }, true],
    [{ operation: 'changes', standard: 's' }, true],
    [{ operation: 'lookup', standard: 's', detail: { adapter: 'a/b', delivery: 'd' } }, true],
    [{ operation: 'read', standard: 's', detail: { quarantine: 'q' } }, false],
    [{ operation: 'list', detail: { of: 'quarantine' } }, false],
    [{ operation: 'list' }, false],
    [{ operation: 'deliver', standard: 's' }, false],
    [{ operation: 'approve', standard: 's' }, false],
  ]
  for (const [entry, access] of cases) t.equal(isAccess(entry), access, JSON.stringify(entry))
})

t.test('more groups than anybody reads are refused; that use was read is an entry', async t => {
  const hub = await openTestHub(t)
  const entry = (matter: string): Entry => ({
    time: '2026-01-01T00:00:00.000Z',
    actor: { kind: 'client', id: 'c' },
    operation: 'read',
    standard: 's',
    matter,
    outcome: 'disclosed',
    count: 1,
    request: matter,
  })
  await Promise.all(Array.from({ length: 10_001 }, (_, number) => hub.log.append(entry(`m${number}`))))
  await t.rejects(readUsage(hub, tester, { filters: {}, by: ['matter'] }), { code: 'request-invalid', message: /less/ })
  const { usage, total } = await readUsage(hub, tester, { filters: { matter: 'm7' }, by: ['day'] })
  t.strictSame(usage, [{ day: '2026-01-01', calls: 1, records: 1, subjects: 0, refusals: 0 }])
  t.equal(total.calls, 1)
  const [last] = await hub.log.entries({ from: (await hub.log.size()) - 1, limit: 1 })
  t.match(JSON.parse(last?.entry ?? ''), {
    operation: 'audit',
    count: 1,
    detail: { act: 'read-usage', filters: { matter: 'm7', by: ['day'] } },
  })
})
