import t from 'tap'
import { mergeEditions } from '../../src/catalogue/code-list-editions.ts'
import { draftCrosswalk } from '../../src/catalogue/crosswalk-draft.ts'
import type { CodeList, Edition } from '../../src/code-list.ts'
import { checkCrosswalk } from '../../src/validate/crosswalk.ts'

const of2011: Edition = { name: '2011', from: '2011-11-01' }
const of2017: Edition = { name: '2017', from: '2017-10-01' }

/** The real case of power: what was D4414 is D4415, which was solar power, which is D4416. */
const power: CodeList = mergeEditions(
  { id: 'power', version: '1.0.0', titles: { 'zh-CN': '电力', en: 'Power' }, closed: false, codes: [] },
  [
    { ...of2011, codes: codes({ D441: '电力生产', D4411: '火力发电', D4414: '风力发电', D4415: '太阳能发电', D4419: '其他' }) },
    { ...of2017, codes: codes({ D441: '电力生产', D4411: '火力发电', D4414: '核力发电', D4415: '风力发电', D4416: '太阳能发电', D4418: '其余', D4420: '其余' }) },
  ],
) // prettier-ignore

t.test('a draft takes the same code and title, then the title alone, and leaves the rest to a person', async t => {
  const { crosswalk, same, moved, open } = draftCrosswalk(power, of2011, of2017)
  t.same(crosswalk.rows, [
    { from: 'D441', to: 'D441' },
    { from: 'D4411', to: 'D4411' },
    { from: 'D4414', to: 'D4415' },
    { from: 'D4415', to: 'D4416' },
  ])
  t.same([same, moved, open], [2, 2, ['D4419']])
  t.match(crosswalk, { id: 'power-2011-2017', from: { list: 'power', edition: '2011' }, to: { edition: '2017' } })
  t.doesNotThrow(() => checkCrosswalk(crosswalk, () => power))
})

t.test('a title that stands twice decides nothing', async t => {
  t.same(draftCrosswalk(power, of2017, of2011).open, ['D4414', 'D4418', 'D4420'])
})

function codes(titles: Readonly<Record<string, string>>): Map<string, { title: string }> {
  return new Map(Object.entries(titles).map(([code, title]) => [code, { title }]))
}
