import t from 'tap'
import { codesOn, editionOf, periodOn, periodsOf } from '../src/code-periods.ts'
import type { Code } from '../src/code-list.ts'

const title = (text: string) => ({ 'zh-CN': text })

/** Used until 2000, not from 2001 to 2010, and again since 2011 with another meaning. */
const reused: Code = {
  code: '440511',
  titles: title('金平区'),
  from: '2011-01-01',
  parent: '440500',
  former: [{ titles: title('郊区'), to: '2000-12-31' }],
}

t.test('a code is what its period says, both days included', async t => {
  const days: [day: string, title: string | undefined][] = [
    ['1900-01-01', '郊区'],
    ['2000-12-31', '郊区'],
    ['2001-01-01', undefined],
    ['2010-12-31', undefined],
    ['2011-01-01', '金平区'],
    ['2999-01-01', '金平区'],
    ['9999-12-31', '金平区'],
  ]
  for (const [day, expected] of days) t.equal(periodOn(reused, day)?.titles['zh-CN'], expected, day)
  t.same(
    periodsOf(reused).map(({ titles }) => titles['zh-CN']),
    ['郊区', '金平区'],
    'oldest first',
  )
})

t.test('the codes of a day stand as they were then', async t => {
  const ended: Code = { code: '1', titles: title('一'), to: '2005-06-30', local: true }
  t.same(codesOn([reused, ended], '1999-01-01'), [
    { code: '440511', titles: title('郊区'), to: '2000-12-31', parent: '440500' },
    ended,
  ])
  t.same(codesOn([reused, ended], '2005-07-01'), [])
})

t.test('an edition is found by its name', async t => {
  const list = { id: 'x', version: '1.0.0', titles: { 'zh-CN': '一', en: 'one' }, closed: false, codes: [] }
  const editions = [{ name: '2017', from: '2017-10-01' }]
  t.equal(editionOf({ ...list, editions }, '2017'), editions[0])
  t.equal(editionOf(list, '2017'), undefined)
})
