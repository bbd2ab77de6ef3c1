import t, { type Test } from 'tap'
import BetterSqlite from 'better-sqlite3'
import { join } from 'node:path'
import type { Agreement } from '../../src/agreement/agreement.ts'
import { enter, type Call } from '../../src/exchange/access-entry.ts'
import { putDepartment } from '../../src/exchange/departments.ts'
import { admit } from '../../src/exchange/admit.ts'
import {
  approveAgreement,
  rejectAgreement,
  resumeAgreement,
  revokeAgreement,
  suspendAgreement,
} from '../../src/exchange/agreement-acts.ts'
import type { Terms } from '../../src/exchange/agreement-terms.ts'
import { createAgreement, requestAgreement } from '../../src/exchange/agreements.ts'
import { explainAgreement, type Supposed } from '../../src/exchange/explain.ts'
import { listAgreements, viewOf } from '../../src/exchange/find-agreement.ts'
import { operator, type By } from '../../src/exchange/hub.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import type { Entry } from '../../src/log/entry.ts'
import { readRecord } from '../../src/store/records.ts'
import type { StandardDocument } from '../../src/standard.ts'
import { documentWith } from '../standards.ts'
import { raisedThing } from './raised-thing.ts'
import { deliverThings, publishThings } from './things.ts'
import { openTestHub, tester, type TestHub } from '../helper.ts'

/** Of the owner of the standard, of the department that wants its records, and of neither. */
const owner = by('user', 'wang', 'data-bureau')
const consumer = by('user', 'li', 'archives')
const stranger = by('user', 'chen', 'elsewhere')

const terms: Terms = {
  department: 'archives',
  standard: 'thing',
  fields: ['id', 'name', 'secret'],
  operations: ['read', 'lookup'],
  matters: ['m'],
  legalBasis: 'SECRET-BASIS, a law',
  until: new Date('2027-01-01'),
}

t.test(
  'what is asked for waits for the owner, is approved, suspended, resumed and revoked, each with its entry',
  async t => {
    const hub = await openHub(t)
    const before = (await entries(hub)).length
    const { id } = await requestAgreement(hub, consumer, terms)
    await rejects(t, admitted(hub), 'agreement-missing', /has not decided yet/)
    hub.pass(1000)
    t.match(await approveAgreement(hub, owner, id), { status: 'active', levels: { id: 'L1', secret: 'L3' } })
    t.equal((await admitted(hub)).agreement.id, id)
    hub.pass(1000)
    await suspendAgreement(hub, owner, id, 'SECRET-REASON')
    await rejects(t, admitted(hub), 'agreement-missing', /is suspended/)
    hub.pass(1000)
    await resumeAgreement(hub, owner, id)
    t.equal((await admitted(hub)).agreement.id, id)
    hub.pass(1000)
    const ended = await revokeAgreement(hub, owner, id, 'SECRET-REASON')
    await rejects(t, admitted(hub), 'agreement-missing', /was revoked/)
    t.match(ended.acts, [
      { act: 'request', by: 'user:li', at: '2026-03-01T08:00:00.000Z' },
      { act: 'approve', by: 'user:wang', levels: { name: 'L1' } },
      { act: 'suspend', reason: 'SECRET-REASON' },
      { act: 'resume' },
      { act: 'revoke', reason: 'SECRET-REASON', at: '2026-03-01T08:00:04.000Z' },
    ])
    const log = (await entries(hub)).slice(before)
    const acts = log.filter(({ outcome }) => outcome === 'done')
    t.match(
      acts.map(({ operation, actor, department, agreement }) => [operation, actor.id, department, agreement]),
      [
        ['request', 'li', 'archives', id],
        ['approve', 'wang', 'data-bureau', id],
        ['suspend', 'wang', 'data-bureau', id],
        ['resume', 'wang', 'data-bureau', id],
        ['revoke', 'wang', 'data-bureau', id],
      ],
    )
    t.match(acts[0]?.detail, { department: 'archives', fields: ['id', 'name', 'secret'], matters: ['m'], major: 1 })
    t.notMatch(JSON.stringify(log), /SECRET/, 'what people write stands in no log')
  },
)

t.test('who may do what to whose agreement', async t => {
  const hub = await openHub(t)
  const { id } = await requestAgreement(hub, consumer, terms)
  const otherOfConsumer = by('client', 'archive-system', 'archives')
  type Attempt = [what: string, attempt: () => Promise<unknown>, code: string]
  const attempts: Attempt[] = [
    ['who asked, for another department', () => requestAgreement(hub, owner, terms), 'scope-missing'],
    ['who asked approves', () => approveAgreement(hub, consumer, id), 'self-decision'],
    ['who asked rejects', () => rejectAgreement(hub, consumer, id, 'x'), 'self-decision'],
    ['somebody else of the asking department approves', () => approveAgreement(hub, otherOfConsumer, id), 'owner-only'],
    ['somebody else of the asking department suspends', () => suspendAgreement(hub, otherOfConsumer, id, 'x'), 'owner-only'],
    ['a department that has nothing to do with it', () => approveAgreement(hub, stranger, id), 'agreement-unknown'],
    ['somebody of no department', () => approveAgreement(hub, by('user', 'root'), id), 'agreement-unknown'],
    ['one that is not there', () => approveAgreement(hub, owner, 'none'), 'agreement-unknown'],
  ] // prettier-ignore
  for (const [what, attempt, code] of attempts) await rejects(t, attempt(), code, /\.$/, what)
  t.match(await approveAgreement(hub, owner, id), { status: 'active' })
  t.match(await revokeAgreement(hub, otherOfConsumer, id), { status: 'revoked' }, 'a department gives its own up')

  const asked = await requestAgreement(hub, tester, terms)
  await rejects(t, approveAgreement(hub, tester, asked.id), 'self-decision', /somebody else/, 'an operator too')
  t.match(await approveAgreement(hub, operator('another'), asked.id), { status: 'active' })
})

t.test('an owner that asks for its own standard needs a second person', async t => {
  const hub = await openHub(t)
  const { id } = await requestAgreement(hub, owner, { ...terms, department: 'data-bureau' })
  await rejects(t, approveAgreement(hub, owner, id), 'self-decision')
  t.match(await approveAgreement(hub, by('user', 'zhao', 'data-bureau'), id), { status: 'active' })
})

t.test('an act that the state does not allow changes nothing and says so', async t => {
  const hub = await openHub(t)
  const acts = {
    approve: (id: string) => approveAgreement(hub, owner, id),
    reject: (id: string) => rejectAgreement(hub, owner, id, 'no'),
    suspend: (id: string) => suspendAgreement(hub, owner, id, 'no'),
    resume: (id: string) => resumeAgreement(hub, owner, id),
    revoke: (id: string) => revokeAgreement(hub, owner, id),
  } as const
  type Act = keyof typeof acts
  const ways: [to: string, by: Act[], allowed: Act[]][] = [
    ['requested', [], ['approve', 'reject', 'revoke']],
    ['rejected', ['reject'], []],
    ['active', ['approve'], ['suspend', 'revoke']],
    ['suspended', ['approve', 'suspend'], ['resume', 'revoke']],
    ['revoked', ['approve', 'revoke'], []],
  ]
  for (const [status, way, allowed] of ways) {
    for (const act of Object.keys(acts) as Act[]) {
      const { id } = await requestAgreement(hub, consumer, terms)
      for (const step of way) await acts[step](id)
      const before = (await entries(hub)).length
      const done = acts[act](id)
      if (allowed.includes(act)) t.equal((await done).id, id, `${act} of one that is ${status}`)
      else {
        await rejects(t, done, 'agreement-state', new RegExp(`is ${status}`), `${act} of one that is ${status}`)
        t.equal((await entries(hub)).length, before, 'no act, no entry of it')
      }
      await revokeAgreement(hub, owner, id).catch(() => {})
    }
  }
})

t.test(
  'of two that would decide the same call, the second is refused at approval, also while the first is suspended',
  async t => {
    const hub = await openHub(t)
    const first = await requestAgreement(hub, consumer, terms)
    const second = await requestAgreement(hub, consumer, { ...terms, matters: ['n', 'm'] })
    await approveAgreement(hub, owner, first.id)
    await rejects(t, approveAgreement(hub, owner, second.id), 'agreement-ambiguous', new RegExp(first.id))
    await suspendAgreement(hub, owner, first.id, 'x')
    await rejects(t, approveAgreement(hub, owner, second.id), 'agreement-ambiguous')
    await revokeAgreement(hub, owner, first.id)
    t.match(await approveAgreement(hub, owner, second.id), { status: 'active' })
    const late = await requestAgreement(hub, consumer, { ...terms, matters: ['z'], until: new Date('2026-03-02') })
    hub.pass(86_400_000)
    await rejects(t, approveAgreement(hub, owner, late.id), 'agreement-state', /term is over/)
  },
)

t.test('what is shared with every department is approved at once, by the hub, and nothing beyond it is', async t => {
  const hub = await openHub(t)
  const text = { type: 'string', indexed: true }
  const properties = {
    id: text,
    plain: { ...text, level: 'L2' },
    high: { ...text, level: 'L3' },
    asked: { ...text, sharing: 'conditional' },
    own: { ...text, sharing: 'not-shared' },
  }
  await publishStandard(hub, tester, shared({ id: 'open', sharing: 'unconditional', properties }))
  await publishStandard(hub, tester, shared({ id: 'closed', sharing: 'not-shared', properties: { id: text } }))
  await publishStandard(hub, tester, shared({ id: 'half', properties: { id: { ...text, sharing: 'unconditional' } } }))
  const ask = (standard: string, ...fields: string[]) =>
    requestAgreement(hub, consumer, { ...terms, standard, fields, matters: [String(Math.random())] })

  const granted = await ask('open', 'id', 'plain')
  t.match(granted, { status: 'active', levels: { plain: 'L2' }, acts: [{ by: 'user:li' }, { by: 'hub:hub' }] })
  t.match((await entries(hub)).slice(-2), [
    { operation: 'request', actor: { kind: 'user', id: 'li' }, agreement: granted.id },
    { operation: 'approve', actor: { kind: 'hub', id: 'hub' }, agreement: granted.id },
  ])
  for (const field of ['high', 'asked']) t.equal((await ask('open', 'id', field)).status, 'requested', field)
  t.equal((await ask('half', 'id')).status, 'requested', 'the standard itself is conditional')
  const issue = (path: string) => ({ issues: [{ pointer: `/fields/${path}`, code: 'field-not-shared' }] })
  t.match(await failure(ask('open', 'id', 'own')), { code: 'request-invalid', ...issue('own') })
  t.match(await failure(ask('closed', 'id')), { code: 'request-invalid', ...issue('id') })
  t.match(
    await failure(createAgreement(hub, tester, { ...terms, standard: 'open', fields: ['id', 'own'] })),
    issue('own'),
    'an operator cannot record one either',
  )
})

t.test('terms that cannot be are refused with a place for each', async t => {
  const hub = await openHub(t)
  await publishStandard(hub, tester, wide())
  const long = 'x'.repeat(30_000)
  const cases: [what: string, changes: Partial<Terms>, pointer: string, code: string][] = [
    ['a field that is none', { fields: ['id', 'colour'] }, '/fields/colour', 'field-unknown'],
    ['no key', { fields: ['name'] }, '/fields', 'key-missing'],
    ['rows of a field that is none', { rows: { colour: ['x'] } }, '/rows/colour', 'field-unknown'],
    ['rows of a field that is not indexed', { rows: { note: ['x'] } }, '/rows/note', 'field-not-indexed'],
    ['rows of a sealed field', { rows: { secret: ['x'] } }, '/rows/secret', 'field-sealed'],
    ['rows without a value', { rows: { name: [] } }, '/rows/name', 'values-missing'],
    ['no matter', { matters: [] }, '/matters', 'matters-missing'],
    ['an empty matter', { matters: [''] }, '/matters', 'text-length'],
    ['no operation', { operations: [] }, '/operations', 'operations-missing'],
    ['a term that ends before it begins', { until: new Date('2026-01-01') }, '/until', 'term-empty'],
    ['a quota of none', { dailyQuota: 0 }, '/dailyQuota', 'quota-invalid'],
    ['more fields and levels than fit', { standard: 'wide', fields: ['id', ...wideNames] }, '', 'too-long'],
    ['more matters than fit an entry', { matters: long.match(/.{300}/g)?.map((m, i) => m + i) ?? [] }, '', 'too-long'],
  ]
  for (const [what, changes, pointer, code] of cases) {
    const refused = await failure(requestAgreement(hub, consumer, { ...terms, ...changes }))
    t.match(refused, { code: 'request-invalid', issues: [{ pointer, code }] }, what)
  }
  t.match(await failure(requestAgreement(hub, tester, { ...terms, department: 'none' })), {
    code: 'department-unknown',
  })
  t.match(await failure(requestAgreement(hub, consumer, { ...terms, standard: 'none' })), { code: 'standard-unknown' })
})

t.test('a term without an end ends with the last year that is written in four digits', async t => {
  const hub = await openHub(t)
  const { until } = await createAgreement(hub, tester, { ...terms, until: new Date('+010000-01-01T00:00:00.000Z') })
  t.equal(until, '9999-12-31T23:59:59.999Z')
  await t.resolves(admitted(hub))
})

t.test(
  'where the level of the key was raised, nothing is shown of which it is the name, and explain says so',
  async t => {
    const hub = await openHub(t)
    const { id } = await createAgreement(hub, tester, { ...terms, fields: ['id', 'name'] })
    await t.resolves(admitted(hub))
    const raised = raisedThing('L1')
    const properties = { ...raised.properties, id: { ...raised.properties?.['id'], level: 'L2' } }
    await publishStandard(hub, tester, { ...raised, properties } as StandardDocument)
    for (const [fields, message] of [
      [undefined, /The key, .* approves the agreement again/],
      [['name'], /The key/],
      [['id'], /none of the fields/],
    ] as const) {
      const refused = await failure(admitted(hub, { fields: fields && [...fields] }))
      t.match(refused, { code: 'field-not-granted', message })
      const supposed = { operation: 'read', matter: 'm', fields } as const
      const explained = await explainAgreement(hub, tester, { id, reach: {}, supposed })
      t.match(explained, { allowed: false, refusal: 'field-not-granted', detail: refused?.message })
    }
    await approveAgreement(hub, owner, id)
    await t.resolves(admitted(hub))
  },
)

t.test('a field whose level is raised is held back until the agreement is approved again', async t => {
  const hub = await openHub(t)
  const { id } = await requestAgreement(hub, consumer, terms)
  await approveAgreement(hub, owner, id)
  await rejects(t, approveAgreement(hub, owner, id), 'agreement-state', /no level was raised/)
  await publishStandard(hub, tester, raisedThing('L2'))
  const grant = await admitted(hub)
  t.same(grant.cut.fields, ['id', 'secret'])
  t.ok(grant.cut.withheld.includes('name'), 'it is named as held back')
  t.match(await viewOf(hub, grant.agreement), { heldBack: ['name'], state: 'active' })
  await rejects(t, admitted(hub, { fields: ['name'] }), 'field-not-granted')
  await rejects(t, approveAgreement(hub, consumer, id), 'self-decision')
  t.match(await approveAgreement(hub, owner, id), { status: 'active', levels: { name: 'L2' } })
  t.same((await admitted(hub)).cut.fields, ['id', 'name', 'secret'])
})

t.test('a suspended agreement that is approved again stays suspended', async t => {
  const hub = await openHub(t)
  const { id } = await requestAgreement(hub, consumer, terms)
  await approveAgreement(hub, owner, id)
  await suspendAgreement(hub, owner, id, 'x')
  await publishStandard(hub, tester, raisedThing('L2'))
  t.match(await approveAgreement(hub, owner, id), { status: 'suspended', levels: { name: 'L2' } })
})

t.test('who is not concerned sees no agreement; who is, sees them page by page', async t => {
  const hub = await openHub(t)
  const made: Agreement[] = []
  for (const matter of ['a', 'b', 'c'])
    made.push(await requestAgreement(hub, consumer, { ...terms, matters: [matter] }))
  const ids = made.map(({ id }) => id).sort()
  for (const [who, seen] of [
    [owner, 3],
    [consumer, 3],
    [stranger, 0],
  ] as const) {
    // prettier-ignore
    const list = await listAgreements(hub, who, { reach: { department: who.department } })
    t.equal(list.length, seen, who.department ?? '')
  }
  const first = await listAgreements(hub, tester, { reach: {}, limit: 2 })
  const rest = await listAgreements(hub, tester, { reach: {}, limit: 2, after: first.at(-1)?.id })
  t.same([...first, ...rest].map(({ id }) => id).sort(), ids)
  t.equal((await listAgreements(hub, tester, { reach: {}, state: 'active' })).length, 0)
  await rejects(t, listAgreements(hub, tester, { reach: {}, after: 'none' }), 'request-invalid', /cursor/)
  t.match((await entries(hub)).at(-1), { operation: 'audit', outcome: 'done', detail: { act: 'list-agreements' } })
})

t.test('a call is explained by what stood at the time', async t => {
  const hub = await openHub(t)
  const asked = { ...terms, caseRequired: true, rows: { name: ['one'] } }
  const { id } = await requestAgreement(hub, consumer, asked)
  const at: Record<string, Date> = { asked: hub.clock() }
  const step = async (name: string, act: () => Promise<unknown>): Promise<void> => {
    hub.pass(60_000)
    await act()
    at[name] = hub.clock()
  }
  await step('approved', () => approveAgreement(hub, owner, id))
  await step('suspended', () => suspendAgreement(hub, owner, id, 'x'))
  await step('resumed', () => resumeAgreement(hub, owner, id))
  await step('raised', () => publishStandard(hub, tester, raisedThing('L2')))
  await step('approvedAgain', () => approveAgreement(hub, owner, id))
  await step('revoked', () => revokeAgreement(hub, owner, id))
  const explain = (supposed: Supposed) => explainAgreement(hub, tester, { id, reach: {}, supposed })
  const call = { operation: 'read', matter: 'm', case: 'c' } as const

  const past: [when: string, state: string | null, refusal: string | null, name: string | undefined][] = [
    ['before', null, 'no-agreement', undefined],
    ['asked', 'requested', 'requested', 'level-raised'],
    ['approved', 'active', null, 'granted'],
    ['suspended', 'suspended', 'suspended', 'granted'],
    ['resumed', 'active', null, 'granted'],
    ['raised', 'active', null, 'level-raised'],
    ['approvedAgain', 'active', null, 'granted'],
    ['revoked', 'revoked', 'revoked', 'granted'],
  ]
  for (const [when, state, refusal, name] of past) {
    const explained = await explain({ ...call, at: at[when] ?? new Date(0) })
    t.match(explained, { state, refusal, allowed: refusal === null, rows: { name: ['one'] } }, when)
    t.equal(explained.fields.find(({ field }) => field === 'name')?.verdict, name, when)
  }
  const now = at['resumed'] as Date
  const future = new Date('2027-06-01')
  const supposed: [what: string, call: Supposed, refusal: string | null, failing: string[]][] = [
    ['another matter', { ...call, matter: 'x', at: now }, 'matter', ['matter']],
    ['no matter', { ...call, matter: undefined, at: now }, 'no-matter', ['matter']],
    [
      'another operation and no case',
      { operation: 'export', matter: 'm', at: now },
      'operation',
      ['operation', 'case'],
    ],
    ['a field that is not granted', { ...call, fields: ['note'], at: now }, 'field-not-granted', []],
    ['later than the term', { ...call, at: future }, 'revoked', ['status', 'term']],
  ]
  for (const [what, asked, refusal, failing] of supposed) {
    const explained = await explain(asked)
    t.equal(explained.refusal, refusal, what)
    t.same(explained.steps.filter(({ holds }) => !holds).map(({ step }) => step), failing, what) // prettier-ignore
  }
  await rejects(t, explain({ ...call, fields: ['colour'], at: now }), 'request-invalid')
  t.match(
    (await entries(hub)).findLast(({ detail }) => detail?.['act'] === 'explain-agreement'),
    { agreement: id },
  )
})

t.test('what explain says of now is what admission does', async t => {
  const hub = await openHub(t)
  const { id } = await createAgreement(hub, tester, { ...terms, caseRequired: true, dailyQuota: 1 })
  const calls: Partial<Call & { operation: 'read' | 'list' }>[] = [
    {},
    { case: undefined },
    { matter: 'x' },
    { matter: undefined },
    { operation: 'list' },
    { fields: ['note'] },
    { fields: ['note', 'name'] },
  ]
  const compare = async (): Promise<void> => {
    for (const call of calls) {
      const { operation = 'read', ...rest } = { matter: 'm', case: 'c', fields: undefined, ...call }
      const done = await failure(admitted(hub, rest, operation))
      const { allowed, detail } = await explainAgreement(hub, tester, {
        id,
        reach: {},
        supposed: { operation, ...rest },
      })
      t.equal(allowed, done === undefined, JSON.stringify(call))
      if (done !== undefined) t.equal(detail, done.message)
    }
  }
  await compare()
  await deliverThings(hub, 'data-bureau/plain', [{ id: '1', name: 'one', secret: 'S' }])
  await disclose(hub)
  await compare()
  const { allowed, refusal, quota } = await explainAgreement(hub, tester, {
    id,
    reach: {},
    supposed: { operation: 'read', matter: 'm', case: 'c', at: new Date('2026-03-01T07:00:00Z') },
  })
  t.match({ allowed, refusal }, { allowed: false, refusal: 'no-agreement' }, 'before it was made')
  t.match(quota, { daily: 1, used: 1, usedUpAt: '2026-03-01T08:00:00.000Z' })
})

t.test(
  'what explain says goes by the quota of the agreement that decides, not of the one that is explained',
  async t => {
    const hub = await openHub(t)
    await deliverThings(hub, 'data-bureau/plain', [{ id: '1', name: 'one', secret: 'S' }])
    const { id } = await createAgreement(hub, tester, { ...terms, dailyQuota: 1 })
    await disclose(hub)
    await revokeAgreement(hub, tester, id)
    const second = await createAgreement(hub, tester, { ...terms, dailyQuota: 1 })
    const supposed = { operation: 'read', matter: 'm' } as const
    const explain = (of: string) => explainAgreement(hub, tester, { id: of, reach: {}, supposed })
    t.match(await explain(id), { allowed: true, decidedBy: second.id, quota: { used: 1 } })
    await t.resolves(admitted(hub))
    await disclose(hub)
    t.match(await explain(id), { allowed: false, refusal: 'quota', decidedBy: second.id })
    const third = await createAgreement(hub, tester, { ...terms, matters: ['other'] })
    const other = { id: third.id, reach: {}, supposed }
    t.match(
      await explainAgreement(hub, tester, other),
      { refusal: 'quota', decidedBy: second.id },
      'by one without a quota',
    )
  },
)

t.test('explain says that verify refuses a claim on a field that is held back', async t => {
  const hub = await openHub(t)
  const { id } = await createAgreement(hub, tester, { ...terms, operations: ['verify'] })
  const explain = (fields: string[]) =>
    explainAgreement(hub, tester, { id, reach: {}, supposed: { operation: 'verify', matter: 'm', fields } })
  t.match(await explain(['name']), { allowed: true })
  t.match(await explain(['name', 'note']), { allowed: false, refusal: 'field-not-granted' })
})

t.test('a quota that is used up refuses the next record whole, says when to come back, and begins anew', async t => {
  const hub = await openHub(t)
  await deliverThings(hub, 'data-bureau/plain', [{ id: '1', name: 'one', secret: 'S' }])
  const { id } = await createAgreement(hub, tester, { ...terms, dailyQuota: 3 })
  const before = (await entries(hub)).length
  await disclose(hub, 2)
  const refused = await failure(disclose(hub, 2))
  t.match(refused, { code: 'quota-exceeded', message: /room for 1 more/, retryAfterSeconds: 16 * 3600 })
  await disclose(hub, 1)
  await rejects(t, disclose(hub, 1), 'quota-exceeded', /used up/)
  await rejects(t, admitted(hub), 'quota-exceeded', /used up/, 'before anything is read')
  hub.pass(16 * 3600 * 1000)
  await disclose(hub, 3)
  const log = (await entries(hub)).slice(before)
  t.same(
    log.map(({ outcome, count, agreement }) => [outcome, count, agreement]),
    [['disclosed', 2], ['refused', 0], ['disclosed', 1], ['refused', 0], ['refused', 0], ['disclosed', 3]].map(row => [...row, id]),
  ) // prettier-ignore
})

t.test('what could not be entered is given back to the quota', async t => {
  const hub = await openHub(t)
  await deliverThings(hub, 'data-bureau/plain', [{ id: '1', name: 'one', secret: 'S' }])
  await createAgreement(hub, tester, { ...terms, dailyQuota: 2 })
  const raw = new BetterSqlite(join(hub.config.dataDirectory, 'log.sqlite'))
  t.teardown(() => raw.close())
  raw.exec(`CREATE TRIGGER broken BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'no space'); END`)
  await rejects(t, disclose(hub, 2), 'log-unavailable')
  raw.exec('DROP TRIGGER broken')
  await disclose(hub, 2)
  await rejects(t, disclose(hub), 'quota-exceeded')
})

/** The test's agreement is asked for one read; `count` records of it are then entered as disclosed. */
async function disclose(hub: TestHub, count = 1): Promise<void> {
  const grant = await admitted(hub)
  const record = await readRecord(hub.store.read, 'thing', '1')
  if (record === undefined) throw new Error('the record is not there')
  const records = Array.from({ length: count }, () => record)
  await enter(hub, { call: callOf({}), operation: 'read', grant, records, outcome: 'disclosed' })
}

function callOf(changes: Partial<Call>): Call {
  const caller = { ...consumer, department: 'archives' }
  return { by: caller, standard: 'thing', matter: 'm', case: 'c', fields: undefined, ...changes }
}

function admitted(hub: TestHub, changes: Partial<Call> = {}, operation: 'read' | 'list' = 'read') {
  return admit(hub, callOf(changes), operation)
}

async function openHub(t: Test): Promise<TestHub> {
  const hub = await openTestHub(t)
  await publishThings(hub)
  await putDepartment(hub, tester, { id: 'elsewhere', titles: { 'zh-CN': '测试', en: 'Test' } })
  return hub
}

function by(kind: 'user' | 'client', id: string, department?: string): By {
  return { actor: { kind, id }, request: id, ...(department !== undefined && { department }) }
}

function shared(parts: { id: string; sharing?: 'unconditional' | 'not-shared'; properties: object }): StandardDocument {
  const document = documentWith({ ...parts, key: ['id'], subjects: ['id'] })
  return { ...document, standard: { ...document.standard, sharing: parts.sharing ?? 'conditional' } }
}

async function entries(hub: TestHub): Promise<Entry[]> {
  return (await hub.log.entries({ from: 0, limit: 1000 })).map(({ entry }) => JSON.parse(entry) as Entry)
}

async function failure(attempt: Promise<unknown>): Promise<Error | undefined> {
  return attempt.then(
    () => undefined,
    (error: Error) => error,
  )
}

async function rejects(t: Test, attempt: Promise<unknown>, code: string, message = /./, what = ''): Promise<void> {
  t.match(await failure(attempt), { code, message }, what || code)
}

const wideNames = Array.from({ length: 500 }, (_, at) => `aFieldWithARatherLongName${at}`)

/** Its fields fit an entry, and its fields with their levels beside do not. */
function wide(): StandardDocument {
  const text = { type: 'string' }
  const properties = Object.fromEntries(['id', ...wideNames].map(name => [name, text]))
  return documentWith({ id: 'wide', key: ['id'], subjects: ['id'], properties })
}
