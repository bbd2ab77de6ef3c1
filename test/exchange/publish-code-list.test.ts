import t, { type Test } from 'tap'
import { putDepartment } from '../../src/exchange/departments.ts'
import type { By, Hub } from '../../src/exchange/hub.ts'
import { codeListOn, listCodeLists } from '../../src/exchange/list-code-lists.ts'
import { deleteDraftOfCodeList, publishCodeList, publishCodeListDraft } from '../../src/exchange/publish-code-list.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import { deleteOrWithdraw, withdrawCodeList } from '../../src/exchange/withdraw-code-list.ts'
import type { Code } from '../../src/code-list.ts'
import { folder, openTestHub, tester } from '../helper.ts'
import { documentWith } from '../standards.ts'

const day = 86_400_000

function codes(...named: readonly string[]): Code[] {
  return named.map(code => ({ code, titles: { 'zh-CN': code, en: code } }))
}

function colours(version: string, parts: object = {}): object {
  const titles = { 'zh-CN': '颜色', en: 'Colours' }
  const list = { id: 'colour', version, titles, closed: false, source: 'Test', codes: codes('red', 'blue') }
  return { $schema: '../meta/code-list.json', ...list, ...parts }
}

async function publishThing(hub: Hub): Promise<void> {
  await putDepartment(hub, tester, { id: 'data-bureau', titles: { 'zh-CN': '测试', en: 'Test' } })
  const text = { type: 'string', maxLength: 40 }
  const properties = { id: text, colour: { type: 'string', codes: 'colour' } }
  await publishStandard(hub, tester, documentWith({ id: 'thing', key: ['id'], subjects: ['id'], properties }))
}

/** Whether a record with a colour is valid by what the hub goes by now. */
async function takes(hub: Hub, colour: string): Promise<boolean> {
  const { validator } = await hub.published.standard('thing', 1)
  return validator.validate({ id: '1', colour }).issues.length === 0
}

async function openColours(t: Test, parts: object = {}) {
  const hub = await openTestHub(t)
  await publishCodeList(hub, tester, colours('1.0.0', parts))
  await publishThing(hub)
  return hub
}

t.test('the number of a list fits what has changed in it', async t => {
  const hub = await openTestHub(t)
  await publishCodeList(hub, tester, colours('1.0.0'))
  const more = { codes: codes('red', 'blue', 'green') }
  const steps: [what: string, version: string, parts: object, refused: RegExp | undefined][] = [
    ['a new code as a patch', '1.0.1', more, /1\.1\.0/],
    ['a new code with a gap', '1.3.0', more, /1\.1\.0/],
    ['a new code as a minor', '1.1.0', more, undefined],
    ['a code that is gone, as a minor', '1.2.0', {}, /2\.0\.0/],
    ['an end for a code', '1.2.0', { codes: [...codes('red', 'blue'), { ...codes('green')[0], to: '2026-12-31' }] }, undefined], // prettier-ignore
    ['a list that is opened, as nobody draws from it', '2.0.0', { closed: true }, undefined],
    ['a new code in a closed list, as a minor', '2.1.0', { closed: true, ...more }, /3\.0\.0/],
    ['longer codes that are taken', '2.1.0', { closed: false, refined: { prefix: 3, lengths: [5] } }, /3\.0\.0/],
  ]
  for (const [what, version, parts, refused] of steps) {
    const work = publishCodeList(hub, tester, colours(version, parts))
    if (refused === undefined) t.match(await work, { outcome: 'published' }, what)
    else await t.rejects(work, { code: 'version-unfit', message: refused, members: { comparison: {} } }, what)
  }
})

t.test('what standards draw from is not broken behind them: the refusal names them and says what to do', async t => {
  const hub = await openColours(t, { closed: true })
  const closed = true
  const cases: [what: string, parts: object, says: RegExp][] = [
    ['a code that is gone', { closed, codes: codes('red') }, /thing 1 draws.*`to`/],
    [
      'a new code in a closed list',
      { closed, codes: codes('red', 'blue', 'green') },
      /thing 1.*new list under a new id/,
    ],
    ['a closed list that is opened', { closed: false }, /thing 1.*new list under a new id/],
  ]
  for (const [what, parts, says] of cases) {
    const refused = { code: 'code-list-in-use', message: says, members: { comparison: { verdict: 'major' } } }
    await t.rejects(publishCodeList(hub, tester, colours('2.0.0', parts)), refused, what)
  }
  const ended = [{ ...codes('red')[0], to: '2026-12-31' }, ...codes('blue')]
  t.match(await publishCodeList(hub, tester, colours('1.1.0', { closed, codes: ended })), { outcome: 'published' })
})

t.test('a version is in use from its day on, and the hub takes it up by itself', async t => {
  const directory = folder(t)
  const hub = await openTestHub(t, directory)
  await publishCodeList(hub, tester, colours('1.0.0'))
  await publishThing(hub)
  // Of 1 March 2026.
  const next = colours('1.1.0', { effectiveFrom: '2026-03-02', codes: codes('red', 'blue', 'green') })
  t.match(await publishCodeList(hub, tester, next), { outcome: 'published' })
  t.match(await hub.published.codeList('colour'), { version: '1.0.0' })
  t.notOk(await takes(hub, 'green'))
  const { codeLists } = await listCodeLists(hub, { limit: 10 })
  t.match(codeLists, [
    { id: 'colour', version: '1.0.0', codes: 2, versions: [{}, { version: '1.1.0', effectiveFrom: '2026-03-02' }] },
  ])

  hub.pass(day)
  // As the next request would, once the configuration is old.
  hub.published.expire()
  t.match(await hub.published.codeList('colour'), { version: '1.1.0' })
  t.ok(await takes(hub, 'green'), 'what was compiled by the old version is forgotten')
  const later = await openTestHub(t, directory)
  t.match(await later.published.codeList('colour'), { version: '1.0.0' }, 'a hub whose clock is behind goes by its own')
})

t.test('no version comes into use before the one that it follows', async t => {
  const hub = await openTestHub(t)
  await publishCodeList(hub, tester, colours('1.0.0', { effectiveFrom: '2026-06-01' }))
  t.equal(await hub.published.codeList('colour'), undefined, 'its day has not come')
  const more = { codes: codes('red', 'blue', 'green') }
  for (const early of [{}, { effectiveFrom: '2026-05-31' }]) {
    const refused = { code: 'code-list-invalid', issues: [{ pointer: '/effectiveFrom', code: 'day-early' }] }
    await t.rejects(publishCodeList(hub, tester, colours('1.1.0', { ...more, ...early })), refused)
  }
  const same = colours('1.1.0', { ...more, effectiveFrom: '2026-06-01' })
  t.match(await publishCodeList(hub, tester, same), { outcome: 'published' })
})

t.test('a draft counts for nothing until it is published', async t => {
  const hub = await openColours(t)
  const draft = colours('1.1.0', { codes: codes('red', 'blue', 'green') })
  const isDraft = true
  t.match(await publishCodeList(hub, tester, draft, { isDraft }), { outcome: 'draft' })
  t.match(await publishCodeList(hub, tester, draft, { isDraft }), { outcome: 'unchanged' })
  t.notOk(await takes(hub, 'green'))
  await publishCodeList(hub, tester, colours('1.1.0', { codes: codes('red', 'blue', 'black') }), { isDraft })
  t.match(await publishCodeListDraft(hub, tester, 'colour', '1.1.0'), { outcome: 'published' })
  t.same([await takes(hub, 'black'), await takes(hub, 'green')], [true, false])

  await t.rejects(deleteDraftOfCodeList(hub, tester, 'colour', '1.1.0'), { code: 'version-published' })
  await publishCodeList(hub, tester, colours('1.2.0'), { isDraft })
  await deleteDraftOfCodeList(hub, tester, 'colour', '1.2.0')
  await t.rejects(publishCodeListDraft(hub, tester, 'colour', '1.2.0'), { code: 'code-list-unknown' })
})

t.test('a version whose day has not come is withdrawn, the newest first, and its number is free again', async t => {
  const hub = await openColours(t)
  const green = { codes: codes('red', 'blue', 'green') }
  const grey = { codes: codes('red', 'blue', 'green', 'grey') }
  // It is 1 March 2026.
  await publishCodeList(hub, tester, colours('1.1.0', { ...green, effectiveFrom: '2026-03-02' }))
  await publishCodeList(hub, tester, colours('1.2.0', { ...grey, effectiveFrom: '2026-06-01' }))
  const refusals: [version: string, code: string, says: RegExp][] = [
    ['1.0.0', 'version-published', /since it was published/],
    ['1.1.0', 'version-published', /withdraw 1\.2\.0 before/],
    ['1.3.0', 'code-list-unknown', /not published as 1\.3\.0/],
  ]
  for (const [version, code, message] of refusals) {
    await t.rejects(withdrawCodeList(hub, tester, 'colour', version), { code, message }, version)
  }

  await deleteOrWithdraw(hub, tester, 'colour', '1.2.0')
  const { codeLists } = await listCodeLists(hub, { limit: 10 })
  t.same(
    codeLists[0]?.versions.map(({ version }) => version),
    ['1.0.0', '1.1.0'],
  )
  t.match(await publishCodeList(hub, tester, colours('1.2.0', { ...grey, effectiveFrom: '2026-03-02' })), {
    outcome: 'published',
  })
  hub.pass(day)
  hub.published.expire()
  const begun = { code: 'version-published', message: /since 2026-03-02/ }
  await t.rejects(withdrawCodeList(hub, tester, 'colour', '1.2.0'), begun)
  t.match(await hub.published.codeList('colour'), { version: '1.2.0' })
})

t.test('a list as of a day is that of the version in use on it, also of one to come', async t => {
  const hub = await openTestHub(t)
  await publishCodeList(hub, tester, colours('1.0.0', { effectiveFrom: '2026-02-01' }))
  const green = { codes: codes('red', 'blue', 'green') }
  await publishCodeList(hub, tester, colours('1.1.0', { ...green, effectiveFrom: '2026-06-01' }))
  const days: [day: string, version: string][] = [
    ['2026-06-01', '1.1.0'],
    ['2026-05-31', '1.0.0'],
    ['2026-02-01', '1.0.0'],
    ['2018-01-01', '1.0.0'],
  ]
  for (const [on, version] of days) t.match(await codeListOn(hub, 'colour', on), { version }, on)
  t.equal(await codeListOn(hub, 'none', '2026-06-01'), undefined)
})

t.test('what would break a standard is said before the day that is too early', async t => {
  const hub = await openColours(t, { closed: true })
  const ended = [{ ...codes('red')[0], to: '2026-12-31' }, ...codes('blue')]
  const later = colours('1.1.0', { closed: true, codes: ended, effectiveFrom: '2026-06-01' })
  t.match(await publishCodeList(hub, tester, later), { outcome: 'published' })
  const both = colours('2.0.0', { closed: true, codes: codes('red') })
  await t.rejects(publishCodeList(hub, tester, both), { code: 'code-list-in-use' })
})

t.test('a draft that does not fit says so again when it is sent again', async t => {
  const hub = await openColours(t)
  const more = colours('1.0.1', { codes: codes('red', 'blue', 'green') })
  for (const outcome of ['draft', 'unchanged']) {
    t.match(await publishCodeList(hub, tester, more, { isDraft: true }), { outcome, fault: /1\.1\.0/ })
  }
})

t.test(
  'a standard is not published on a list whose coming version breaks it: the refusal names list, version and day',
  async t => {
    const hub = await openTestHub(t)
    await publishCodeList(hub, tester, colours('1.0.0'))
    await publishCodeList(hub, tester, colours('2.0.0', { effectiveFrom: '2026-03-02', codes: codes('red') }))
    const refused = { code: 'code-list-in-use', issues: [{ message: /colour 2\.0\.0 .* 2026-03-02/ }] }
    await t.rejects(publishThing(hub), refused)
    await withdrawCodeList(hub, tester, 'colour', '2.0.0')
    await publishCodeList(
      hub,
      tester,
      colours('1.1.0', { effectiveFrom: '2026-03-02', codes: codes('red', 'blue', 'green') }),
    )
    await t.resolves(publishThing(hub), 'one that breaks nothing may come')
  },
)

t.test('the day of a version is at most two years ahead', async t => {
  const hub = await openTestHub(t)
  const refused = { code: 'code-list-invalid', issues: [{ pointer: '/effectiveFrom', code: 'day-late' }] }
  await t.rejects(publishCodeList(hub, tester, colours('1.0.0', { effectiveFrom: '9999-12-31' })), refused)
  await t.rejects(publishCodeList(hub, tester, colours('1.0.0', { effectiveFrom: '2028-03-02' })), refused)
  await t.resolves(publishCodeList(hub, tester, colours('1.0.0', { effectiveFrom: '2028-03-01' })))
})

t.test('a list is of who published it first; one of the operator is published by nobody else', async t => {
  const hub = await openTestHub(t)
  const of = (department: string): By => ({ actor: { kind: 'user', id: department }, department, request: 'r' })
  const [owner, other] = [of('data-bureau'), of('archives')]
  await publishCodeList(hub, owner, colours('1.0.0'))
  const later = { effectiveFrom: '2026-06-01', codes: codes('red', 'blue', 'green') }
  await publishCodeList(hub, tester, colours('1.1.0', later))
  await publishCodeList(hub, tester, { ...colours('1.0.0'), id: 'shade' })
  const next = colours('1.2.0', { ...later, codes: codes('red', 'blue', 'green', 'grey') })
  const acts: [what: string, act: (by: By) => Promise<unknown>][] = [
    ['draft', by => publishCodeList(hub, by, next, { isDraft: true })],
    ['delete a draft', by => deleteDraftOfCodeList(hub, by, 'colour', '1.2.0')],
    ['withdraw', by => withdrawCodeList(hub, by, 'colour', '1.1.0')],
    ['publish', by => publishCodeList(hub, by, colours('1.1.0', later))],
  ]
  for (const [what, act] of acts) {
    if (what === 'delete a draft') await publishCodeList(hub, owner, next, { isDraft: true })
    await t.rejects(act(other), { code: 'owner-only' }, what)
    await t.resolves(act(owner), what)
  }
  for (const by of [owner, other]) {
    const shade = { ...colours('1.1.0', later), id: 'shade' }
    await t.rejects(publishCodeList(hub, by, shade), { code: 'owner-only' })
  }
})
