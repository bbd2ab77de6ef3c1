import t from 'tap'
import assert from 'node:assert/strict'
import fc from '../properties.ts'
import type { Agreement, Status } from '../../src/agreement/agreement.ts'
import { decide, overlap, stateOf, type AccessRequest } from '../../src/agreement/decide.ts'
import type { Operation } from '../../src/record.ts'
import { reasons } from '../../src/agreement/reasons.ts'
import { outcomeByReference } from './reference.ts'

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

t.test('an agreement allows what it covers', async t => {
  t.same(decide([agreement], request, now), { allowed: true, agreement })
})

const strict: Agreement = { ...agreement, caseRequired: true, dailyQuota: 10 }

const refusals: [what: string, agreements: Agreement[], changes: object, at: string, reason: string][] = [
  ['no agreement on the standard', [{ ...agreement, standard: 'other' }], {}, '2026-06-01', 'no-agreement'],
  ['a call that names no matter', [agreement], { matter: undefined }, '2026-06-01', 'no-matter'],
  ['another matter', [agreement], { matter: 'tax' }, '2026-06-01', 'matter'],
  ['a part of a matter’s name', [agreement], { matter: 'perm' }, '2026-06-01', 'matter'],
  ['another operation', [agreement], { operation: 'list' }, '2026-06-01', 'operation'],
  ['a term that has not begun', [agreement], {}, '2025-12-31T23:59:59.999Z', 'not-begun'],
  ['a term that has ended, at the very instant', [agreement], {}, '2027-01-01T00:00:00.000Z', 'expired'],
  ['a revoked agreement', [{ ...agreement, status: 'revoked' }], {}, '2026-06-01', 'revoked'],
  ['one that nobody has decided on', [{ ...agreement, status: 'requested' }], {}, '2026-06-01', 'requested'],
  ['a rejected one', [{ ...agreement, status: 'rejected' }], {}, '2026-06-01', 'rejected'],
  ['a suspended one', [{ ...agreement, status: 'suspended' }], {}, '2026-06-01', 'suspended'],
  ['a call without a case, where one is asked for', [strict], {}, '2026-06-01', 'no-case'],
  ['a quota that is used up', [strict], { case: 'c', used: 10 }, '2026-06-01', 'quota'],
]

for (const [what, agreements, changes, at, reason] of refusals) {
  t.test(`refuses ${what}`, async t => {
    const decision = decide(agreements, { ...request, ...changes }, new Date(at))
    t.match(decision, { allowed: false, reason })
  })
}

t.test('the last record of a quota is allowed, and a quota that is not asked about stops nothing', async t => {
  for (const used of [9, undefined]) t.ok(decide([strict], { ...request, case: 'c', used }, now).allowed, String(used))
})

t.test('every refusal has words, for whoever calls and for adapters', async t => {
  for (const [, , , , reason] of refusals) t.match(reasons, { [reason]: { toCaller: /\.$/, ofDepartment: /^has / } })
  t.equal(Object.keys(reasons).length, new Set(refusals.map(([, , , , reason]) => reason)).size, 'each is met above')
})

t.test('a revoked agreement does not stand in the way of its successor', async t => {
  const decision = decide([{ ...agreement, status: 'revoked' }, { ...agreement, id: 'b' }], request, now) // prettier-ignore
  t.match(decision, { allowed: true, agreement: { id: 'b' } })
})

t.test('two agreements overlap where both would decide one call at one time', async t => {
  const other = { ...agreement, id: 'b' }
  const later = { from: agreement.until, until: '2028-01-01T00:00:00.000Z' }
  const cases: [what: string, changes: Partial<Agreement>, expected: boolean][] = [
    ['the same', {}, true],
    ['one is suspended, and may be resumed', { status: 'suspended' }, true],
    ['one shared matter of several', { matters: ['tax', 'permit'] }, true],
    ['other matters', { matters: ['tax'] }, false],
    ['another standard', { standard: 'other' }, false],
    ['another department', { department: 'ecology' }, false],
    ['one is revoked', { status: 'revoked' }, false],
    ['one is only asked for', { status: 'requested' }, false],
    ['one after the other', later, false],
  ]
  for (const [what, changes, expected] of cases) {
    t.equal(overlap(agreement, { ...other, ...changes }), expected, what)
    t.equal(overlap({ ...other, ...changes }, agreement), expected, `${what}, the other way round`)
  }
})

/** Few values, so that random agreements and calls meet often, and at the very edges of terms. */
const instants = ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04'].map(day => `${day}T00:00:00.000Z`)
const some = <T>(...values: T[]): fc.Arbitrary<T[]> => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 })
const operation = fc.constantFrom(...(['read', 'list', 'export'] as const))

const anyAgreement: fc.Arbitrary<Agreement> = fc
  .record({
    standard: fc.constantFrom('s', 't'),
    fields: some('x', 'y'),
    operations: some<Operation>('read', 'list', 'export'),
    matters: some('m', 'mm', 'n'),
    caseRequired: fc.boolean(),
    dailyQuota: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    term: fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 2 }),
    status: fc.constantFrom<Status[]>('requested', 'rejected', 'active', 'active', 'active', 'suspended', 'revoked'),
  })
  .map(({ term, dailyQuota, ...terms }) => ({
    ...terms,
    ...(dailyQuota !== undefined && { dailyQuota }),
    id: '',
    department: 'd',
    major: 1,
    from: instants[Math.min(...term)] as string,
    until: instants[Math.max(...term)] as string,
  }))

const anyAgreements = fc
  .array(anyAgreement, { maxLength: 5 })
  .map(list => list.map((one, index) => ({ ...one, id: `a${index}` })))

const anyCall: fc.Arbitrary<AccessRequest> = fc.record({
  standard: fc.constantFrom('s', 's', 't', 'u'),
  operation,
  matter: fc.constantFrom('m', 'm', 'mm', 'n', 'x', undefined),
  case: fc.constantFrom('c', undefined),
  used: fc.constantFrom(0, 1, 2, 3, 4, undefined),
})

t.test('random calls under random agreements are decided as the slow reference decides them', async t => {
  const seen = new Map<string, number>()
  const property = fc.property(anyAgreements, anyCall, fc.constantFrom(...instants), (agreements, call, instant) => {
    const decision = decide(agreements, call, new Date(instant))
    const outcome = decision.allowed ? `allowed by ${decision.agreement.id}` : decision.reason
    assert.equal(outcome, outcomeByReference(agreements, call, instant))
    const kind = decision.allowed ? 'allowed' : outcome
    seen.set(kind, (seen.get(kind) ?? 0) + 1)
  })
  fc.assert(property, { numRuns: 20_000 })
  for (const kind of ['allowed', ...Object.keys(reasons)])
    t.ok((seen.get(kind) ?? 0) > 20, `${kind}: ${seen.get(kind)}`)
})

t.test('rights are never a union: what is allowed, one agreement allows alone', async () => {
  const property = fc.property(anyAgreements, anyCall, fc.constantFrom(...instants), (agreements, call, instant) => {
    const now = new Date(instant)
    const decision = decide(agreements, call, now)
    if (!decision.allowed) return
    assert.ok(agreements.includes(decision.agreement))
    assert.deepEqual(decide([decision.agreement], call, now), decision)
    assert.equal(stateOf(decision.agreement, instant), 'active')
  })
  fc.assert(property, { numRuns: 10_000 })
})

t.test('one more agreement that is not in force takes no right away', async () => {
  const property = fc.property(anyAgreements, anyAgreement, anyCall, (agreements, more, call) => {
    const instant = instants[1] as string
    if (stateOf(more, instant) === 'active') return
    const before = decide(agreements, call, new Date(instant))
    if (before.allowed) assert.deepEqual(decide([...agreements, more], call, new Date(instant)), before)
  })
  fc.assert(property, { numRuns: 10_000 })
})
