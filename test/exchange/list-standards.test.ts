import t from 'tap'
import { putDepartment } from '../../src/exchange/departments.ts'
import { publishFiles } from '../../src/exchange/documents.ts'
import { listStandards, type StandardSearch } from '../../src/exchange/list-standards.ts'
import { draftsOf, showStandard } from '../../src/exchange/show-standard.ts'
import { deleteStandardDraft, publishDraft, publishStandard } from '../../src/exchange/publish.ts'
import type { StandardDocument } from '../../src/standard.ts'
import { fixture, openTestHub, tester, type TestHub } from '../helper.ts'
import { documentWith } from '../standards.ts'
import { deprecateThing, publishThing2 } from './thing-majors.ts'
import { publishThings } from './things.ts'

const text = { type: 'string', maxLength: 40 }

function standard(id: string, entry: object = {}, properties: object = {}): StandardDocument {
  const document = documentWith({ id, key: ['id'], subjects: ['id'], properties: { id: text, ...properties } })
  return { ...document, standard: { ...document.standard, ...entry } } as StandardDocument
}

async function found(hub: TestHub, search: Partial<StandardSearch>): Promise<string[]> {
  const { standards } = await listStandards(hub, { limit: 10, ...search })
  return standards.map(({ id }) => id)
}

t.test('standards are found by words in Chinese and English, anywhere in id, titles, abstract and fields', async t => {
  const hub = await openTestHub(t)
  for (const id of ['data-bureau', 'archives']) {
    await putDepartment(hub, tester, { id, titles: { 'zh-CN': '测试', en: 'Test' } })
  }
  const titled = (zh: string, en: string) => ({ titles: { 'zh-CN': zh, en } })
  const documents = [
    standard('food-licence', titled('食品经营许可', 'Food business licence'), {
      holder: { ...text, ...titled('统一社会信用代码', 'Unified social credit code') },
    }),
    standard('person', { ...titled('自然人', 'Person'), abstract: { 'zh-CN': '人口基础信息', en: 'Who lives HERE' } }),
    standard('title-deed', { ...titled('不动产', '100% ownership_title'), owner: 'archives' }),
  ]
  for (const document of documents) await publishStandard(hub, tester, document)
  await publishStandard(hub, tester, standard('draft', titled('草稿', 'Draft')), { isDraft: true })

  const questions: [question: string | undefined, ids: string[]][] = [
    [undefined, ['food-licence', 'person', 'title-deed']],
    ['许可', ['food-licence']],
    ['信用代码', ['food-licence']],
    ['HOLDER', ['food-licence']],
    ['here lives', ['person']],
    ['food  经营', ['food-licence']],
    ['food 不动产', []],
    ['ＦＯＯＤ', ['food-licence']],
    ['100%', ['title-deed']],
    ['p_t', ['title-deed']],
    ['%', ['title-deed']],
    ['\\', []],
    ['草稿', []],
  ]
  for (const [question, ids] of questions) t.same(await found(hub, { question }), ids, String(question))
  t.same(await found(hub, { owner: 'archives' }), ['title-deed'])
  t.same(await found(hub, { status: 'draft' }), ['draft'])
  t.same(await found(hub, { status: 'draft', question: '自然人' }), [])
  t.same(await found(hub, { status: 'published', question: 'person' }), ['person'])
  t.same(await found(hub, { status: 'retired' }), [])
})

t.test('pages follow each other without a gap, also where a status passes some over', async t => {
  const hub = await openTestHub(t)
  await putDepartment(hub, tester, { id: 'data-bureau', titles: { 'zh-CN': '测试', en: 'Test' } })
  const ids = ['a', 'b', 'c', 'd', 'e']
  for (const id of ids) await publishStandard(hub, tester, standard(id))
  for (const limit of [1, 2, 4, 5, 6]) {
    const seen: string[] = []
    for (let after: string | undefined; ;) {
      const { standards, next } = await listStandards(hub, { limit, after, status: 'published' })
      t.ok(standards.length <= limit)
      seen.push(...standards.map(({ id }) => id))
      if (next === undefined) break
      after = next
    }
    t.same(seen, ids, `${limit} a page`)
  }
})

t.test('what a search goes by is that of the newest version', async t => {
  const hub = await openTestHub(t)
  await putDepartment(hub, tester, { id: 'data-bureau', titles: { 'zh-CN': '测试', en: 'Test' } })
  await publishStandard(hub, tester, standard('thing', { titles: { 'zh-CN': '旧', en: 'Old' } }))
  const renamed = standard('thing', { version: '1.0.1', titles: { 'zh-CN': '新', en: 'New' } })
  await publishStandard(hub, tester, renamed)
  t.same([await found(hub, { question: '旧' }), await found(hub, { question: '新' })], [[], ['thing']])
  t.match(await showStandard(hub, 'thing'), {
    version: '1.0.1',
    versions: ['1.0.0', '1.0.1'],
    fields: [{ path: 'id' }],
  })
  await t.rejects(showStandard(hub, 'none'), { code: 'standard-unknown' })
})

t.test(
  'files are tried together: what stands beside a document counts as published, and nothing is written',
  async t => {
    const hub = await openTestHub(t)
    const files = ['departments.json', 'code-lists', 'crosswalks', 'standards'].map(name =>
      fixture(`../schemas/${name}`),
    )
    const adapter = fixture('../adapters/food-standards-agency/premises.json')
    const size = await hub.log.size()
    const tried = await publishFiles(hub, tester, [...files, adapter], { isDryRun: true })
    t.same([...new Set(tried.map(({ outcome }) => outcome))], ['would publish'])
    t.equal(new Set(tried.map(({ kind }) => kind)).size, 5)
    t.equal(await hub.log.size(), size)
    t.equal((await hub.published.configuration()).index.standards.length, 0)
    await t.rejects(publishFiles(hub, tester, [adapter], { isDryRun: true }), { message: /premises\.json: / })
    await t.rejects(publishFiles(hub, tester, [adapter], { isDraft: true }), {
      message: /Only standards and code lists/,
    })
  },
)

t.test('a standard says what has become of its majors, and is found by one that ends', async t => {
  const hub = await openTestHub(t)
  await publishThings(hub)
  await publishThing2(hub)
  t.same(await found(hub, { status: 'deprecated' }), [])
  await deprecateThing(hub, '2026-06-01')
  const majors = [
    { major: 1, version: '1.0.0', status: 'deprecated', sunset: '2026-06-01T00:00:00.000Z' },
    { major: 2, version: '2.0.0', status: 'published' },
  ]
  t.match(await showStandard(hub, 'thing'), { version: '2.0.0', status: 'published', majors })
  t.match(await showStandard(hub, 'thing', '1.0.0'), { version: '1.0.0', status: 'deprecated', majors })
  const { standards } = await listStandards(hub, { limit: 10, status: 'deprecated' })
  t.match(standards, [{ id: 'thing', version: '2.0.0', status: 'published', majors }])
  t.same(await found(hub, { status: 'published' }), ['thing'])
  t.same(await found(hub, { status: 'retired' }), [])
})

t.test('a draft is shown by its number, with what is published beside it', async t => {
  const hub = await openTestHub(t)
  await putDepartment(hub, tester, { id: 'data-bureau', titles: { 'zh-CN': '测试', en: 'Test' } })
  await publishStandard(hub, tester, standard('thing'))
  await publishStandard(hub, tester, standard('thing', { version: '1.1.0' }, { more: text }), { isDraft: true })
  t.same(await draftsOf(hub, 'thing'), ['1.1.0'])
  const shown = await showStandard(hub, 'thing', '1.1.0')
  t.match(shown, { version: '1.1.0', status: 'draft', versions: ['1.0.0'], fields: [{ path: 'id' }, { path: 'more' }] })
  t.equal(shown.publishedAt, undefined)
})

t.test('what is declared open and is not is published, and a note says why', async t => {
  const hub = await openTestHub(t)
  await putDepartment(hub, tester, { id: 'data-bureau', titles: { 'zh-CN': '测试', en: 'Test' } })
  const open = { openness: 'open', sharing: 'unconditional' }
  const cases: [id: string, entry: object, properties: object, says: RegExp | undefined][] = [
    ['closed', {}, { phone: { ...text, level: 'L2' } }, undefined],
    ['open', open, { place: text }, undefined],
    ['sensitive', open, { phone: { ...text, level: 'L2' } }, /phone \(L2\)/],
    ['withheld', open, { phone: { ...text, sharing: 'not-shared' } }, /phone \(not-shared\)/],
    ['conditional', { openness: 'open' }, {}, /the standard is not shared without condition/],
  ]
  for (const [id, entry, properties, says] of cases) {
    const { outcome, notes } = await publishStandard(hub, tester, standard(id, entry, properties))
    t.equal(outcome, 'published', id)
    if (says === undefined) t.equal(notes, undefined, id)
    else t.match(notes, [says], id)
  }
})

t.test('drafts come in pages too, several of one standard', async t => {
  const hub = await openTestHub(t)
  await putDepartment(hub, tester, { id: 'data-bureau', titles: { 'zh-CN': '测试', en: 'Test' } })
  const drafts = ['a 1.0.0', 'a 1.1.0', 'b 1.0.0', 'c 2.0.0', 'c 3.0.0']
  for (const draft of drafts) {
    const [id = '', version = ''] = draft.split(' ')
    const document = standard(id, { version })
    const $id = document.$id.replace('v1.json', `v${version[0]}.json`)
    await publishStandard(hub, tester, { ...document, $id }, { isDraft: true })
  }
  for (const limit of [1, 2, 4, 5, 6]) {
    const seen: string[] = []
    for (let after: string | undefined; ;) {
      const { standards, next } = await listStandards(hub, { limit, after, status: 'draft' })
      t.ok(standards.length <= limit)
      seen.push(...standards.map(({ id, version }) => `${id} ${version}`))
      if (next === undefined) break
      after = next
    }
    t.same(seen, drafts, `${limit} a page`)
  }
  await deleteStandardDraft(hub, tester, 'c', '2.0.0')
  await publishDraft(hub, tester, 'b', '1.0.0')
  t.same(await found(hub, { status: 'draft' }), ['a', 'a', 'c'], 'what is deleted or published is no draft')
})
