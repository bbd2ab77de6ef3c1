import assert from 'node:assert/strict'
import fc from '../properties.ts'
import t from 'tap'
import { compareCodeLists, nextVersion } from '../../src/catalogue/code-list-change.ts'
import { editionsIn, mergeEditions, type OfficialEdition } from '../../src/catalogue/code-list-editions.ts'
import { gatherEditions } from '../../src/catalogue/code-list-gather.ts'
import { codesOn } from '../../src/code-periods.ts'
import type { Code, CodeList } from '../../src/code-list.ts'
import { checkCodeList } from '../../src/validate/code-list.ts'

const empty: CodeList & { $schema: string } = {
  $schema: '../meta/code-list.json',
  id: 'list',
  version: '1.0.0',
  titles: { 'zh-CN': '表', en: 'list' },
  closed: false,
  source: 'tests',
  codes: [],
}

/** An edition from titles by code. */
function edition(name: string, from: string, titles: Readonly<Record<string, string>>): OfficialEdition {
  return { name, from, codes: new Map(Object.entries(titles).map(([code, title]) => [code, { title }])) }
}

const of1980 = edition('1980', '1980-01-01', { 1: '甲', 2: '乙', 3: '丙' })
const of2000 = edition('2000', '2000-01-01', { 1: '甲', 2: '新乙', 4: '丁' })
const of2018 = edition('2018', '2018-01-01', { 1: '甲', 2: '新乙', 3: '丙', 4: '丁' })

t.test('codes have the days that follow from the editions', async t => {
  const { codes, edition: newest, editions } = mergeEditions(empty, [of2018, of1980, of2000])
  t.same(codes, [
    { code: '1', titles: { 'zh-CN': '甲' } },
    { code: '2', titles: { 'zh-CN': '新乙' }, from: '2000-01-01', former: [{ titles: { 'zh-CN': '乙' }, to: '1999-12-31' }] },
    { code: '3', titles: { 'zh-CN': '丙' }, from: '2018-01-01', former: [{ titles: { 'zh-CN': '丙' }, to: '1999-12-31' }] },
    { code: '4', titles: { 'zh-CN': '丁' }, from: '2000-01-01' },
  ]) // prettier-ignore
  t.equal(newest, '2018')
  t.same(editions?.map(({ name }) => name), ['1980', '2000', '2018']) // prettier-ignore
  t.same(mergeEditions(empty, [of1980, of2000]).codes[2], { code: '3', titles: { 'zh-CN': '丙' }, to: '1999-12-31' })
})

t.test('codes written by hand stay, and keep their English where the official title is the same', async t => {
  const hand: Code[] = [
    { code: '1', titles: { 'zh-CN': '甲', en: 'one' } },
    { code: '2', titles: { 'zh-CN': '手写', en: 'by hand' } },
    { code: '331199', titles: { 'zh-CN': '示例县', en: 'Sample County' }, to: '2019-12-31' },
  ]
  const once = mergeEditions({ ...empty, codes: hand }, [of1980])
  t.same(once.codes, [
    { code: '1', titles: { 'zh-CN': '甲', en: 'one' } },
    { code: '2', titles: { 'zh-CN': '乙' } },
    { code: '3', titles: { 'zh-CN': '丙' } },
    { code: '331199', titles: { 'zh-CN': '示例县', en: 'Sample County' }, to: '2019-12-31', local: true },
  ])
  t.same(mergeEditions(once, [of2000]).codes[3], once.codes[3], 'no later edition ends it')
  const official = mergeEditions(once, [edition('2020', '2020-01-01', { 331199: '示例县' })]).codes.at(-1)
  t.same(official, { code: '331199', titles: { 'zh-CN': '示例县', en: 'Sample County' }, from: '2020-01-01' })
})

t.test('an edition may be corrected, but not so that a code is lost', async t => {
  const list = mergeEditions(empty, [of1980, of2000])
  const corrected = mergeEditions(list, [edition('2000', '2000-06-01', { 1: '甲', 2: '乙', 4: '丁' })])
  t.same(corrected.codes[1], { code: '2', titles: { 'zh-CN': '乙' } })
  t.equal(corrected.codes[3]?.from, '2000-06-01')
  t.throws(() => mergeEditions(list, [edition('2000', '2000-01-01', { 1: '甲' })]), {
    code: 'codes-refused',
    message: /1 codes of the edition 2000 would be taken out/,
  })
  t.throws(() => mergeEditions(list, [edition('other', '2000-01-01', { 1: '甲' })]), { code: 'codes-refused' })
})

const arbitraryEditions = fc
  .uniqueArray(fc.integer({ min: 1950, max: 2030 }), { minLength: 1, maxLength: 5 })
  .chain(years =>
    fc.tuple(
      ...years.map(year =>
        fc
          .dictionary(fc.constantFrom('1', '2', '3', '4', '5'), fc.constantFrom('甲', '乙'), { minKeys: 1 })
          .map(titles => edition(String(year), `${year}-01-01`, titles)),
      ),
    ),
  )

t.test('laws of merging: each edition comes out as it went in, in any order, one by one or at once, and once', async () => {
  fc.assert(
    fc.property(arbitraryEditions, fc.boolean(), (editions, withHand) => {
      const hand = withHand ? [{ code: '9', titles: { 'zh-CN': '手写' } }] : []
      const list = { ...empty, codes: hand }
      const merged = mergeEditions(list, editions)
      checkCodeList(merged)
      for (const { from, codes } of editions) {
        const then = codesOn(merged.codes, from).filter(({ local }) => !local)
        assert.deepEqual(Object.fromEntries(then.map(({ code, titles }) => [code, titles['zh-CN']])), titlesOf(codes))
      }
      assert.deepEqual(mergeEditions(list, editions.toReversed()), merged)
      assert.deepEqual(editions.reduce<CodeList>((sofar, each) => mergeEditions(sofar, [each]), list), merged)
      assert.deepEqual(mergeEditions(merged, editions), merged)
      assert.deepEqual(mergeEditions(merged, editionsIn(merged)), merged)
      assert.equal(merged.codes.filter(({ local }) => local).length, hand.length)
    }),
  )
}) // prettier-ignore

function titlesOf(codes: OfficialEdition['codes']): Record<string, string> {
  return Object.fromEntries([...codes].map(([code, { title }]) => [code, title]))
}

t.test('files are put together by edition, and parents across files', async t => {
  const file = (name: string, titles: Record<string, string>, own?: string) => ({
    name,
    parts: [{ edition: own, source: undefined, codes: edition('', '', titles).codes }],
  })
  const [one, ...more] = gatherEditions([file('a', { 330000: '省' }), file('b', { 331100: '市', 331199004: '镇' })], {
    edition: '201802',
    width: 6,
    source: 'office',
  })
  t.same(more, [])
  t.match(one, { name: '201802', from: '2018-02-01', source: 'office' })
  t.same([...(one?.codes.values() ?? [])].map(({ parent }) => parent), [undefined, '330000', '331100']) // prettier-ignore

  const refusals: [says: RegExp, files: Parameters<typeof gatherEditions>[0], said: object][] = [
    [/does not say which edition/, [file('a', { 1: '甲' })], {}],
    [/another title in another file/, [file('a', { 1: '甲' }), file('b', { 1: '乙' })], { edition: '2018' }],
    [/On which day the edition v2 came into force/, [file('a', { 1: '甲' })], { edition: 'v2' }],
    [/On which day/, [file('a', { 1: '甲' })], { edition: '201813' }],
    [/hold 2 editions/, [file('a', { 1: '甲' }, '1980'), file('b', { 1: '甲' }, '1990')], { from: '2018-01-01' }],
  ]
  for (const [says, files, said] of refusals) {
    t.throws(() => gatherEditions(files, { ...said, width: undefined }), { code: 'codes-refused', message: says })
  }
})

t.test('the next version is what the change makes it', async t => {
  const list: CodeList = { ...empty, codes: [{ code: '1', titles: { 'zh-CN': '甲' } }, { code: '2', titles: { 'zh-CN': '乙' } }] } // prettier-ignore
  const with3: Code[] = [...list.codes, { code: '3', titles: { 'zh-CN': '丙' } }]
  const renamed: Code[] = [list.codes[0] as Code, { code: '2', titles: { 'zh-CN': '新' }, from: '2000-01-01', former: [{ titles: { 'zh-CN': '乙' }, to: '1999-12-31' }] }] // prettier-ignore
  const ended: Code[] = [list.codes[0] as Code, { code: '2', titles: { 'zh-CN': '乙' }, to: '1999-12-31' }]
  const cases: [what: string, before: CodeList, after: CodeList, version: string][] = [
    ['titles', list, { ...list, codes: renamed }, '1.0.1'],
    ['a code more', list, { ...list, codes: with3 }, '1.1.0'],
    ['a code ended', list, { ...list, codes: ended }, '1.1.0'],
    ['a code less', list, { ...list, codes: list.codes.slice(1) }, '2.0.0'],
    ['a code more in a closed list', { ...list, closed: true }, { ...list, closed: true, codes: with3 }, '2.0.0'],
  ]
  for (const [what, before, after, version] of cases) t.equal(nextVersion(before, after), version, what)
  t.same(compareCodeLists(list, { ...list, codes: [...ended, with3[2] as Code] }), { added: ['3'], removed: [], ended: ['2'], renamed: [] }) // prettier-ignore
  t.same(compareCodeLists(list, { ...list, codes: renamed }).renamed, ['2'])
  t.same(compareCodeLists({ ...list, codes: with3 }, list).removed, ['3'])
})
