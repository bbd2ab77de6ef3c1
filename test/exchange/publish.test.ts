import t, { type Test } from 'tap'
import { putDepartment } from '../../src/exchange/departments.ts'
import type { By } from '../../src/exchange/hub.ts'
import { showComparison, showVersion } from '../../src/exchange/show-standard.ts'
import { publishCodeList } from '../../src/exchange/publish-code-list.ts'
import { deleteStandardDraft, publishDraft, publishStandard } from '../../src/exchange/publish.ts'
import type { HubError } from '../../src/errors.ts'
import type { Comparison } from '../../src/catalogue/compare/compare.ts'
import type { Entry } from '../../src/log/entry.ts'
import { readStandard, type StandardDocument } from '../../src/standard.ts'
import { compileValidator } from '../../src/validate/validator.ts'
import { openTestHub, tester, type TestHub } from '../helper.ts'
import { documentWith } from '../standards.ts'

const text = { type: 'string', maxLength: 40 }

const steward: By = { actor: { kind: 'user', id: 'steward' }, department: 'data-bureau', request: 'r' }
const stranger: By = { actor: { kind: 'user', id: 'stranger' }, department: 'archives', request: 'r' }

async function openHub(t: Test): Promise<TestHub> {
  const hub = await openTestHub(t)
  for (const id of ['data-bureau', 'archives']) {
    await putDepartment(hub, tester, { id, titles: { 'zh-CN': '测试', en: 'Test' } })
  }
  return hub
}

/** A version of `thing` with these fields beside its id. */
function thing(version: string, properties: object = { name: text }, entry: object = {}): StandardDocument {
  const document = documentWith({
    id: 'thing',
    version,
    key: ['id'],
    subjects: ['id'],
    properties: { id: text, ...properties },
  })
  const $id = document.$id.replace('v1.json', `v${version.split('.')[0]}.json`)
  return { ...document, $id, standard: { ...document.standard, ...entry } } as StandardDocument
}

async function failure(work: Promise<unknown>): Promise<HubError> {
  return work.then(
    () => {
      throw new Error('it was not refused')
    },
    (error: unknown) => error as HubError,
  )
}

async function lastEntry(hub: TestHub): Promise<Entry> {
  return JSON.parse((await hub.log.entries({ from: 0, limit: 1000 })).at(-1)?.entry ?? '{}') as Entry
}

t.test('a number that does not fit is refused, with what changes and which number would', async t => {
  const hub = await openHub(t)
  await publishStandard(hub, tester, thing('1.0.0'))
  const wider = { name: text, note: text }
  const steps: [what: string, version: string, properties: object, says: RegExp | undefined][] = [
    ['a new field as a patch', '1.0.1', wider, /1\.1\.0/],
    ['a new field with a gap', '1.2.0', wider, /1\.1\.0/],
    ['a field that goes, as a minor', '1.1.0', {}, /2\.0\.0/],
    ['a shorter text, as a minor', '1.1.0', { name: { ...text, maxLength: 5 } }, /2\.0\.0/],
    ['a minor as a minor', '1.1.0', wider, undefined],
    ['words as a patch', '1.1.1', { ...wider, note: { ...text, titles: { 'zh-CN': '备注', en: 'Note' } } }, undefined],
    ['words as a minor: a steward may call it more than it is', '1.2.0', wider, undefined],
    ['a version of the past', '1.1.2', wider, /1\.2\.1/],
  ]
  for (const [what, version, properties, says] of steps) {
    const work = publishStandard(hub, tester, thing(version, properties))
    if (says === undefined) t.match(await work, { outcome: 'published' }, what)
    else t.match(await failure(work), { code: 'version-unfit', message: says, members: { comparison: {} } }, what)
  }
})

t.test('each break that a number is refused for is proved by a record that was valid and is no more', async t => {
  const hub = await openHub(t)
  const before = thing('1.0.0')
  const after = thing('1.1.0', { name: { ...text, maxLength: 5 } })
  await publishStandard(hub, tester, before)
  const { issues, members } = await failure(publishStandard(hub, tester, after))
  const { verdict, changes } = members['comparison'] as Comparison
  t.equal(verdict, 'major')
  t.equal(issues.length, changes.length)
  const [old, now] = [before, after].map(document => compileValidator(readStandard(document), () => undefined))
  const broken = changes.filter(({ impact }) => impact === 'major')
  t.ok(broken.length > 0)
  for (const { witness } of broken) {
    t.same(old?.validate(witness?.record ?? {}).issues, [])
    t.not(now?.validate(witness?.record ?? {}).issues.length, 0)
  }
})

t.test('the comparison is kept with the version, and a first one has none', async t => {
  const hub = await openHub(t)
  await publishStandard(hub, tester, thing('1.0.0'))
  const { comparison } = await publishStandard(hub, tester, thing('1.1.0', { name: text, note: text }))
  t.match(comparison, { standard: 'thing', from: '1.0.0', to: '1.1.0', verdict: 'minor' })
  t.same(JSON.parse(await showComparison(hub, 'thing', '1.1.0')), comparison)
  t.match(await failure(showComparison(hub, 'thing', '1.0.0')), { code: 'not-found' })
  t.match(await failure(showComparison(hub, 'thing', '9.0.0')), { code: 'standard-unknown' })
})

t.test('an older major goes on in its own line; one of the past is not added', async t => {
  const hub = await openHub(t)
  const conversion = { to: 2, fields: { id: { from: 'id' } } }
  await publishStandard(hub, tester, thing('2.0.0', {}))
  t.match(await failure(publishStandard(hub, tester, thing('1.0.0'))), { code: 'version-unfit', message: /begins/ })
  t.match(await failure(publishStandard(hub, tester, thing('4.0.0', {}))), {
    code: 'version-unfit',
    message: /3\.0\.0/,
  })
  const third = { ...thing('3.0.0', { code: { ...text, level: 'L1' } }), conversion } as StandardDocument
  await publishStandard(hub, tester, third)
  t.match(await publishStandard(hub, tester, thing('2.1.0', { note: text })), { comparison: { from: '2.0.0' } })
})

t.test('a draft is seen by its number alone, replaced, deleted, and published as it stands', async t => {
  const hub = await openHub(t)
  await publishStandard(hub, tester, thing('1.0.0'))
  const isDraft = true
  const seen = async () => {
    const { index } = await hub.published.configuration()
    return index.versionsOf.get('thing')?.map(({ version }) => version)
  }

  t.match(await publishStandard(hub, steward, thing('1.1.0', {}), { isDraft }), { outcome: 'draft', fault: /2\.0\.0/ })
  t.match(await lastEntry(hub), { operation: 'publish', standard: 'thing', detail: { act: 'draft', version: '1.1.0' } })
  t.same(await seen(), ['1.0.0'])
  await t.rejects(hub.published.standard('thing', '1.1.0'), { code: 'standard-unknown' })
  t.match(await showVersion(hub, 'thing', '1.1.0'), { status: 'draft', types: /interface Thing/ })
  await t.rejects(publishDraft(hub, steward, 'thing', '1.1.0'), { code: 'version-unfit' })

  const mended = thing('1.1.0', { name: text, note: text })
  const { outcome, fault } = await publishStandard(hub, steward, mended, { isDraft })
  t.same([outcome, fault], ['draft', undefined])
  t.match(await publishStandard(hub, steward, mended, { isDraft }), { outcome: 'unchanged' })
  t.match(await publishDraft(hub, steward, 'thing', '1.1.0'), {
    outcome: 'published',
    comparison: { verdict: 'minor' },
  })
  t.same(await seen(), ['1.0.0', '1.1.0'])
  t.ok(
    (await hub.published.standard('thing')).standard.fields.some(({ path }) => path === 'note'),
    'compiled anew',
  )

  await t.rejects(deleteStandardDraft(hub, steward, 'thing', '1.1.0'), { code: 'version-published' })
  await publishStandard(hub, steward, thing('1.2.0', { name: text }), { isDraft })
  await deleteStandardDraft(hub, steward, 'thing', '1.2.0')
  t.match(await lastEntry(hub), { operation: 'publish', detail: { act: 'delete-draft', version: '1.2.0' } })
  await t.rejects(deleteStandardDraft(hub, steward, 'thing', '1.2.0'), { code: 'standard-unknown' })
  await t.rejects(publishDraft(hub, steward, 'thing', '1.2.0'), { code: 'standard-unknown' })
})

t.test(
  'a draft draws from a code list that is only a draft itself; to be published it needs the list published',
  async t => {
    const hub = await openHub(t)
    const list = {
      $schema: '../meta/code-list.json',
      id: 'colour',
      version: '1.0.0',
      titles: { 'zh-CN': '颜色', en: 'Colours' },
      closed: false,
      source: 'Test',
      codes: [{ code: 'red', titles: { 'zh-CN': '红', en: 'Red' } }],
    }
    const document = thing('1.0.0', { colour: { type: 'string', codes: 'colour' } })
    const unknown = { code: 'standard-invalid', issues: [{ code: 'code-list-unknown' }] }
    t.match(await failure(publishStandard(hub, steward, document, { isDraft: true })), unknown, 'not even a draft')
    await publishCodeList(hub, steward, list, { isDraft: true })
    t.match(await publishStandard(hub, steward, document, { isDraft: true }), { outcome: 'draft' })
    t.match(await failure(publishDraft(hub, steward, 'thing', '1.0.0')), unknown, 'a draft of the list is not enough')
    await publishCodeList(hub, steward, list)
    t.match(await publishDraft(hub, steward, 'thing', '1.0.0'), { outcome: 'published' })
  },
)

t.test('a published version stays: the same again is unchanged, and an entry of who asked over HTTP', async t => {
  const hub = await openHub(t)
  await publishStandard(hub, tester, thing('1.0.0'))
  const size = await hub.log.size()
  t.match(await publishStandard(hub, tester, thing('1.0.0')), { outcome: 'unchanged' })
  t.equal(await hub.log.size(), size)
  t.match(await publishStandard(hub, steward, thing('1.0.0')), { outcome: 'unchanged' })
  t.match(await lastEntry(hub), { operation: 'publish', outcome: 'unchanged', actor: { id: 'steward' } })
  for (const isDraft of [true, false]) {
    await t.rejects(publishStandard(hub, tester, thing('1.0.0', {}), { isDraft }), { code: 'version-published' })
  }
})

t.test('the department that owns a standard publishes it; the operator alone hands it over', async t => {
  const hub = await openHub(t)
  await t.rejects(publishStandard(hub, stranger, thing('1.0.0')), { code: 'owner-only' })
  await publishStandard(hub, steward, thing('1.0.0'))
  const taken = thing('1.1.0', { name: text }, { owner: 'archives' })
  await t.rejects(publishStandard(hub, stranger, taken), { code: 'owner-only' })
  await t.rejects(publishStandard(hub, steward, taken), { code: 'owner-only' })
  await publishStandard(hub, steward, thing('1.0.1'), { isDraft: true })
  for (const isDraft of [true, false]) {
    await t.rejects(publishStandard(hub, stranger, thing('1.0.1'), { isDraft }), { code: 'owner-only' })
  }
  await t.rejects(publishDraft(hub, stranger, 'thing', '1.0.1'), { code: 'owner-only' })
  await t.rejects(deleteStandardDraft(hub, stranger, 'thing', '1.0.1'), { code: 'owner-only' })
  t.match(await publishStandard(hub, tester, taken), { outcome: 'published' })
  t.match(await publishStandard(hub, stranger, thing('1.1.1', { name: text }, { owner: 'archives', legalBasis: 'other' })), { outcome: 'published' }) // prettier-ignore
})

t.test('of two that publish the same number at once, one is refused', async t => {
  const hub = await openHub(t)
  await publishStandard(hub, tester, thing('1.0.0'))
  const outcomes = await Promise.allSettled(
    ['note', 'remark'].map(name => publishStandard(hub, tester, thing('1.1.0', { name: text, [name]: text }))),
  )
  t.same(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  const refused = outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult
  t.match(refused.reason, { code: 'conflict' })
})

t.test('a dry run says what would come of it, and writes nothing', async t => {
  const hub = await openHub(t)
  await publishStandard(hub, tester, thing('1.0.0'))
  const size = await hub.log.size()
  const isDryRun = true
  const minor = thing('1.1.0', { name: text, note: text })
  t.match(await publishStandard(hub, tester, minor, { isDryRun }), { outcome: 'would publish' })
  t.match(await publishStandard(hub, tester, minor, { isDryRun, isDraft: true }), { outcome: 'would draft' })
  await t.rejects(publishStandard(hub, tester, thing('1.1.0', {}), { isDryRun }), { code: 'version-unfit' })
  t.equal(await hub.log.size(), size)
  await t.rejects(showVersion(hub, 'thing', '1.1.0'), { code: 'standard-unknown' })
})

t.test('of two first versions at once, the past one is refused: alone it would be, too', async t => {
  const hub = await openHub(t)
  const outcomes = await Promise.allSettled(
    ['2.0.0', '1.0.0'].map(version => publishStandard(hub, tester, thing(version))),
  )
  const refused = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
  t.equal(refused.length, 1)
  t.match(refused[0]?.reason, { code: /^(version-unfit|conflict)$/ })
})

t.test('once a standard is published, its owner alone decides on its drafts, those of others included', async t => {
  const hub = await openHub(t)
  const foreign = (version: string) => thing(version, { name: text }, { owner: 'archives' })
  for (const version of ['1.0.1', '1.1.0']) await publishStandard(hub, stranger, foreign(version), { isDraft: true })
  await t.rejects(deleteStandardDraft(hub, steward, 'thing', '1.0.1'), { code: 'owner-only' }, 'not before')
  await publishStandard(hub, steward, thing('1.0.0'))
  await t.rejects(publishStandard(hub, stranger, foreign('1.0.2'), { isDraft: true }), { code: 'owner-only' })
  await t.rejects(publishDraft(hub, stranger, 'thing', '1.0.1'), { code: 'owner-only' })
  await t.rejects(deleteStandardDraft(hub, stranger, 'thing', '1.0.1'), { code: 'owner-only' })
  await deleteStandardDraft(hub, steward, 'thing', '1.0.1')
  const own = thing('1.1.0', { name: text, note: text })
  t.match(await publishStandard(hub, steward, own), { outcome: 'published' }, 'under the number of a draft of another')
})
