/** A consumer says that a field is wrong: to whom it goes, what is answered, who sees it, and when it has changed. */
import t, { type Test } from 'tap'
import type { DepartmentCall } from '../../src/exchange/access-entry.ts'
import { askCorrection } from '../../src/exchange/correct.ts'
import { answerCorrection, findCorrections, showCorrection } from '../../src/exchange/corrections.ts'
import { createAgreement } from '../../src/exchange/agreements.ts'
import { putDepartment } from '../../src/exchange/departments.ts'
import type { By } from '../../src/exchange/hub.ts'
import { revertDelivery } from '../../src/exchange/revert.ts'
import { rotateKeys } from '../../src/exchange/rotate-keys.ts'
import type { Operation } from '../../src/record.ts'
import { recordPseudonym, subjectPseudonym } from '../../src/seal/pseudonym.ts'
import { openTestHub, tester, type TestHub } from '../helper.ts'
import { entriesSince } from './reading.ts'
import { publishShops, say } from './voices.ts'

const all = ['id', 'name', 'note', 'area', 'secret', 'people.name', 'people.number']
const steward = (department: string): By => ({ actor: { kind: 'user', id: 'wang' }, department, request: 'r' })

type Terms = { fields?: string[]; operations?: Operation[]; rows?: Record<string, string[]>; dailyQuota?: number }

async function openShops(t: Test, terms: Terms = {}): Promise<{ hub: TestHub; call: DepartmentCall }> {
  const hub = await openTestHub(t)
  await publishShops(hub)
  await say(hub, 'archives', {
    id: '1',
    name: 'MARKER-a',
    secret: 'MARKER-s',
    people: [{ name: 'p', number: 'MARKER-n' }],
  })
  await say(hub, 'health', { id: '1', name: 'MARKER-b', area: '12' })
  await putDepartment(hub, tester, { id: 'permits', titles: { 'zh-CN': '测试', en: 'Test' } })
  await createAgreement(hub, tester, {
    department: 'permits', standard: 'shop', fields: all, operations: ['read'], matters: ['m'],
    from: new Date(0), until: new Date('2100-01-01'), ...terms,
  }) // prettier-ignore
  const by = { actor: { kind: 'client', id: 'permits-system' }, department: 'permits', request: 'r' } as const
  return { hub, call: { by, standard: 'shop', matter: 'm', case: 'c-1', fields: undefined } }
}

const words = { message: 'MESSAGE-MARKER', proposed: 'PROPOSED-MARKER' }

t.test(
  'it goes to the department whose word stands for the field, in an entry with pseudonyms and without words',
  async t => {
    const { hub, call } = await openShops(t)
    const from = await hub.log.size()
    for (const [field, addressee] of [
      ['name', 'archives'],
      ['area', 'health'],
      ['people.number', 'archives'],
      // Nobody says it: whose word it would be.
      ['note', 'archives'],
    ] as const) {
      const { id } = await askCorrection(hub, call, { key: '1', field, ...words })
      t.match(await showCorrection(hub, tester, id), {
        field,
        addressee,
        department: 'permits',
        state: 'open',
        ...words,
      })
    }
    const entries = await entriesSince(hub, from)
    t.match(entries[0], {
    operation: 'correct', outcome: 'done', standard: 'shop', matter: 'm', case: 'c-1', department: 'permits', fields: ['name'],
    records: [recordPseudonym(hub.keys.pseudonym, 'shop', '1')], detail: { addressee: 'archives' },
    subjects: [subjectPseudonym(hub.keys.pseudonym, 'MARKER-s')],
  }) // prettier-ignore
    t.notMatch(JSON.stringify(entries), /MARKER/)
    const tables = ['corrections', 'correction_answers']
    for (const table of tables) t.notMatch(JSON.stringify(await hub.store.read.all(`SELECT * FROM ${table}`)), /MARKER/)
  },
)

t.test('who may not see the field, or not the record, is refused, with an entry', async t => {
  const { hub, call } = await openShops(t, { fields: ['id', 'name'], rows: { name: ['MARKER-a'] } })
  await say(hub, 'archives', { id: '2', name: 'other' })
  const cases: [
    what: string,
    code: string,
    change: Partial<DepartmentCall>,
    asked?: { key?: string; field?: string },
  ][] = [
    ['a field that is not granted', 'field-not-granted', {}, { field: 'secret' }],
    ['no such field', 'request-invalid', {}, { field: 'nix' }],
    ['what holds fields, and is none', 'request-invalid', {}, { field: 'people' }],
    ['no such record', 'record-unknown', {}, { key: '9' }],
    ['a record that the row filter does not reach', 'record-unknown', {}, { key: '2' }],
    ['another matter', 'agreement-missing', { matter: 'x' }],
    ['no such standard', 'standard-unknown', { standard: 'nix' }],
  ]
  for (const [what, code, change, asked] of cases) {
    const from = await hub.log.size()
    await t.rejects(
      askCorrection(hub, { ...call, ...change }, { key: '1', field: 'name', ...words, ...asked }),
      { code },
      what,
    )
    // What is wrong in its form is entered at the door.
    if (code === 'request-invalid') continue
    t.match(await entriesSince(hub, from), [{ operation: 'correct', outcome: 'refused', problem: code }], what)
  }
  const ofObject = askCorrection(hub, call, { key: '1', field: 'people', ...words })
  await t.rejects(ofObject, { message: /people of shop holds other fields.*such as people\./ })
  t.same(await findCorrections(hub, tester, { limit: 10 }), [])
})

t.test(
  'asked again in the same words it is the same; in others it waits for an answer; it takes of the quota once',
  async t => {
    const { hub, call } = await openShops(t, { dailyQuota: 2 })
    const first = await askCorrection(hub, call, { key: '1', field: 'name', ...words })
    for (let again = 0; again < 3; again++) {
      t.same(await askCorrection(hub, call, { key: '1', field: 'name', ...words }), { id: first.id, isNew: false })
    }
    await t.rejects(askCorrection(hub, call, { key: '1', field: 'name', message: 'other' }), { code: 'conflict' })
    t.ok((await askCorrection(hub, call, { key: '1', field: 'area', ...words })).isNew)
    await t.rejects(askCorrection(hub, call, { key: '1', field: 'secret', ...words }), { code: 'quota-exceeded' })
    await answerCorrection(hub, tester, { id: first.id, outcome: 'rejected', message: 'no' })
    hub.pass(86_400_000)
    t.ok((await askCorrection(hub, call, { key: '1', field: 'name', ...words })).isNew, 'once it is answered, anew')
  },
)

t.test(
  'answered by who it is addressed to, seen by who asked, and by nobody else; sealed through a rotation',
  async t => {
    const { hub, call } = await openShops(t)
    const { id } = await askCorrection(hub, call, { key: '1', field: 'name', ...words })
    const answer = { id, outcome: 'corrected', message: 'ANSWER-MARKER' } as const
    await t.rejects(answerCorrection(hub, call.by, answer), { code: 'correction-addressed' })
    await t.rejects(answerCorrection(hub, steward('health'), answer), { code: 'correction-unknown' })
    await t.rejects(answerCorrection(hub, steward('archives'), { ...answer, to: 'health' }), {
      code: 'request-invalid',
    })
    const from = await hub.log.size()
    t.match(await answerCorrection(hub, steward('archives'), answer), { state: 'answered' })
    await rotateKeys(hub, tester)
    t.match(await showCorrection(hub, call.by, id), {
    key: '1', ...words, answers: [{ outcome: 'corrected', department: 'archives', message: 'ANSWER-MARKER' }],
  }) // prettier-ignore
    await t.rejects(answerCorrection(hub, steward('archives'), answer), { code: 'correction-state' })
    await t.rejects(showCorrection(hub, steward('health'), id), { code: 'correction-unknown' })
    const entries = await entriesSince(hub, from)
    t.match(entries[0], { operation: 'settle', detail: { correction: id, outcome: 'corrected' }, fields: ['name'] })
    t.notMatch(JSON.stringify(entries), /MARKER/)
    const rows = await hub.store.read.all('SELECT * FROM correction_answers')
    t.notMatch(JSON.stringify(rows), /MARKER/)
  },
)

t.test(
  'passed on to another that speaks of the record, or to the owner, and no further; the deadline stays',
  async t => {
    const { hub, call } = await openShops(t)
    const { id } = await askCorrection(hub, call, { key: '1', field: 'name', ...words })
    const pass = (to?: string) => ({ id, outcome: 'passed-on', message: 'not ours', to }) as const
    for (const to of [undefined, 'archives', 'permits', 'nobody']) {
      await t.rejects(answerCorrection(hub, steward('archives'), pass(to)), {
        code: 'request-invalid',
        message: /health or data-bureau/,
      })
    }
    t.match(await answerCorrection(hub, steward('archives'), pass('health')), {
      state: 'open',
      addressee: 'health',
      dueOn: '2026-03-15',
    })
    t.match(await answerCorrection(hub, steward('health'), pass('data-bureau')), { addressee: 'data-bureau' })
    const owner = steward('data-bureau')
    t.match(await answerCorrection(hub, owner, { id, outcome: 'rejected', message: 'it is right' }), {
      state: 'answered',
    })
    t.match((await showCorrection(hub, steward('archives'), id)).answers, [
    { outcome: 'passed-on', department: 'archives', passedTo: 'health' },
    { outcome: 'passed-on', department: 'health', passedTo: 'data-bureau' },
    { outcome: 'rejected', department: 'data-bureau', passedTo: null },
  ], 'who has passed it on sees what became of it') // prettier-ignore
    const listed = async (by: By, filter: object) => (await findCorrections(hub, by, { limit: 10, ...filter })).length
    t.same(
      [
        await listed(call.by, { role: 'asked' }),
        await listed(call.by, { role: 'to-answer' }),
        await listed(owner, { role: 'to-answer', state: 'answered' }),
        await listed(owner, { state: 'open' }),
        await listed(steward('archives'), {}),
        await listed(steward('somebody'), {}),
      ],
      [1, 0, 1, 0, 1, 0],
    )
  },
)

t.test('it is overdue after its last day, and not once it is answered', async t => {
  const { hub, call } = await openShops(t)
  const { id } = await askCorrection(hub, call, { key: '1', field: 'name', ...words })
  const overdue = async () => (await findCorrections(hub, tester, { limit: 10 })).map(({ isOverdue }) => isOverdue)
  hub.pass(14 * 86_400_000)
  t.same(await overdue(), [false], 'on the last day')
  hub.pass(86_400_000)
  t.same(await overdue(), [true])
  await answerCorrection(hub, tester, { id, outcome: 'rejected', message: 'r' })
  t.same(await overdue(), [false])
})

t.test('it notes when a delivery changes what it is about, and nothing else does', async t => {
  const { hub, call } = await openShops(t)
  const ids: Record<string, string> = {}
  for (const field of ['name', 'secret', 'people.number', 'area', 'note']) {
    ids[field] = (await askCorrection(hub, call, { key: '1', field, message: 'm' })).id
  }
  const changed = async () => {
    const found = await findCorrections(hub, tester, { limit: 10 })
    return found
      .filter(({ changedAt }) => changedAt !== null)
      .map(({ field }) => field)
      .sort()
  }
  const said = { id: '1', name: 'MARKER-a', secret: 'MARKER-s', people: [{ name: 'p', number: 'MARKER-n' }] }
  await say(hub, 'archives', { ...said, people: [{ name: 'q', number: 'MARKER-n' }] })
  await say(hub, 'health', { id: '1', name: 'MARKER-c', area: '12' })
  t.same(await changed(), [], 'the other fields of the record, and what does not stand')
  await say(hub, 'archives', { ...said, secret: 'MARKER-t' })
  t.same(await changed(), ['secret'])
  await say(hub, 'archives', { ...said, people: [{ name: 'p', number: 'MARKER-o' }], note: 'now' })
  t.same(await changed(), ['note', 'people.number'], 'the secret is again what is said to be wrong')
  await answerCorrection(hub, tester, { id: ids['name'] as string, outcome: 'corrected', message: 'tonight' })
  await answerCorrection(hub, tester, { id: ids['area'] as string, outcome: 'rejected', message: 'right' })
  hub.pass(1000)
  await say(hub, 'archives', { id: '1', gone: 'yes' })
  await say(hub, 'health', { id: '1', gone: 'yes' })
  t.same(await changed(), ['name', 'people.number', 'secret'], 'what was rejected is not waited for')
  t.match(await showCorrection(hub, tester, ids['name'] as string), { changedAt: '2026-03-01T08:00:01.000Z' })
})

t.test('a delivery that is reverted has changed nothing; what comes after it does', async t => {
  const { hub, call } = await openShops(t)
  const { id } = await askCorrection(hub, call, { key: '1', field: 'name', ...words })
  const changedAt = async () => (await showCorrection(hub, tester, id)).changedAt
  const { delivery } = await say(hub, 'archives', { id: '1', name: 'by mistake' })
  t.type(await changedAt(), 'string')
  await revertDelivery(hub, { delivery, by: tester })
  t.equal(await changedAt(), null, 'it says again what is wrong')
  hub.pass(1_000)
  await say(hub, 'archives', { id: '1', name: 'mended' })
  t.equal(await changedAt(), hub.clock().toISOString())
  await answerCorrection(hub, tester, { id, outcome: 'corrected', message: 'done' })
  t.same(await hub.store.read.all('SELECT 1 FROM corrections WHERE mark IS NOT NULL'), [], 'nothing is waited for')
})

t.test('what a delivery changes while it is asked is not taken for the change that is waited for', async t => {
  const { hub, call } = await openShops(t)
  let isFirst = true
  const transact: TestHub['store']['transact'] = async work => {
    if (isFirst) {
      isFirst = false
      await say(hub, 'archives', { id: '1', name: 'meanwhile' })
    }
    return hub.store.transact(work)
  }
  const { id } = await askCorrection({ ...hub, store: { ...hub.store, transact } }, call, {
    key: '1',
    field: 'name',
    ...words,
  })
  await say(hub, 'archives', { id: '1', name: 'meanwhile', note: 'x' })
  t.equal((await showCorrection(hub, tester, id)).changedAt, null)
})

t.test(
  'once the quota is used up, it does not tell whether a record is there; before that, one is not charged for',
  async t => {
    const { hub, call } = await openShops(t, { dailyQuota: 1 })
    const ask = (key: string) => askCorrection(hub, call, { key, field: 'name', ...words })
    await t.rejects(ask('9'), { code: 'record-unknown' })
    await say(hub, 'archives', { id: '2', name: 'n' })
    await ask('1')
    for (const key of ['2', '9']) await t.rejects(ask(key), { code: 'quota-exceeded' }, key)
  },
)
