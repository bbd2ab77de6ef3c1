import t from 'tap'
import type { Agreement } from '../../src/agreement/agreement.ts'
import { asItStood } from '../../src/agreement/past.ts'

const agreement: Agreement = {
  id: 'a',
  department: 'housing',
  standard: 'test',
  major: 1,
  fields: ['id'],
  operations: ['read'],
  matters: ['m'],
  from: '2026-01-01T00:00:00.000Z',
  until: '2027-01-01T00:00:00.000Z',
  status: 'active',
  levels: { id: 'L2' },
  acts: [
    { act: 'request', status: 'requested', at: '2026-01-01T00:00:00.000Z', by: 'user:li' },
    { act: 'approve', status: 'active', at: '2026-01-02T00:00:00.000Z', by: 'user:wang', levels: { id: 'L1' } },
    { act: 'suspend', status: 'suspended', at: '2026-01-03T00:00:00.000Z', by: 'user:wang', reason: 'audit' },
    { act: 'resume', status: 'active', at: '2026-01-04T00:00:00.000Z', by: 'user:wang' },
    { act: 'approve', status: 'active', at: '2026-01-05T00:00:00.000Z', by: 'user:wang', levels: { id: 'L2' } },
  ],
}

const cases: [at: string, status: string | undefined, level: string | undefined][] = [
  ['2025-12-31T23:59:59.999Z', undefined, undefined],
  ['2026-01-01T00:00:00.000Z', 'requested', undefined],
  ['2026-01-02T12:00:00.000Z', 'active', 'L1'],
  ['2026-01-03T00:00:00.000Z', 'suspended', 'L1'],
  ['2026-01-04T23:59:59.999Z', 'active', 'L1'],
  ['2026-01-05T00:00:00.000Z', 'active', 'L2'],
]

for (const [at, status, level] of cases) {
  t.test(`at ${at} it is ${status ?? 'not there'}`, async t => {
    const then = asItStood(agreement, at)
    t.equal(then?.status, status)
    t.equal(then?.levels?.['id'], level)
  })
}

t.test('after its last act an agreement is itself; one from before acts were kept always is', async t => {
  t.same(asItStood(agreement, '2030-01-01T00:00:00.000Z'), agreement)
  const { acts: _, ...old } = agreement
  t.equal(asItStood(old, '2020-01-01T00:00:00.000Z'), old)
})
