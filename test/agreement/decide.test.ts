import t from 'tap'
import type { Agreement } from '../../src/agreement/agreement.ts'
import { decide, overlap } from '../../src/agreement/decide.ts'

const agreement: Agreement = {
  id: 'a',
  department: 'housing',
  standard: 'enterprise-registration',
  major: 1,
  fields: ['name'],
  operations: ['read'],
  matters: ['permit', 'inspection'],
  from: '2026-01-01T00:00:00.000Z',
  until: '2027-01-01T00:00:00.000Z',
  status: 'active',
}
const request = { standard: 'enterprise-registration', operation: 'read', matter: 'permit' } as const
const now = new Date('2026-06-01T00:00:00Z')

t.test('an agreement allows what it covers, and its fields only', async t => {
  t.same(decide([agreement], request, now), { allowed: true, agreement, fields: ['name'] })
})

const refusals: [what: string, agreements: Agreement[], changes: object, at: string, reason: string][] = [
  ['no agreement on the standard', [{ ...agreement, standard: 'other' }], {}, '2026-06-01', 'no-agreement'],
  ['a call that names no matter', [agreement], { matter: undefined }, '2026-06-01', 'no-matter'],
  ['another matter', [agreement], { matter: 'tax' }, '2026-06-01', 'matter'],
  ['a part of a matter’s name', [agreement], { matter: 'perm' }, '2026-06-01', 'matter'],
  ['another operation', [agreement], { operation: 'list' }, '2026-06-01', 'operation'],
  ['a term that has not begun', [agreement], {}, '2025-12-31T23:59:59.999Z', 'not-begun'],
  ['a term that has ended, at the very instant', [agreement], {}, '2027-01-01T00:00:00.000Z', 'expired'],
  ['a revoked agreement', [{ ...agreement, status: 'revoked' }], {}, '2026-06-01', 'revoked'],
]

for (const [what, agreements, changes, at, reason] of refusals) {
  t.test(`refuses ${what}`, async t => {
    const decision = decide(agreements, { ...request, ...changes }, new Date(at))
    t.match(decision, { allowed: false, reason })
  })
}

t.test('a revoked agreement does not stand in the way of its successor', async t => {
  const decision = decide(
    [
      { ...agreement, status: 'revoked' },
      { ...agreement, id: 'b' },
    ],
    request,
    now,
  )
  t.match(decision, { allowed: true, agreement: { id: 'b' } })
})

t.test('two agreements overlap where both would decide one call at one time', async t => {
  const other = { ...agreement, id: 'b' }
  t.ok(overlap(agreement, other))
  t.notOk(overlap(agreement, { ...other, matters: ['tax'] }), 'other matters')
  t.notOk(overlap(agreement, { ...other, status: 'revoked' }), 'one is revoked')
  t.notOk(overlap(agreement, { ...other, department: 'ecology' }), 'another department')
  t.notOk(
    overlap(agreement, { ...other, from: agreement.until, until: '2028-01-01T00:00:00.000Z' }),
    'one after the other',
  )
})
