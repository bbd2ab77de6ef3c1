import t from 'tap'
import { cut, table } from '../../src/cli/output.ts'

t.test('columns begin beneath each other, Chinese characters counting twice', async t => {
  const text = table(['id', 'title'], [['housing', '住建'], ['住建局', 'x']], 'none') // prettier-ignore
  t.equal(text, ['ID       TITLE', 'housing  住建', '住建局   x'].join('\n'))
})

t.test('a table without rows says what to do instead', async t => {
  t.equal(table(['id'], [], 'There are none.'), 'There are none.')
})

t.test('a text is cut to the columns that there are, Chinese characters counting twice', async t => {
  t.equal(cut('abcdef', 6), 'abcdef')
  t.equal(cut('abcdefg', 6), 'abcde…')
  t.equal(cut('统一社会信用代码', 8), '统一社…')
  t.equal(cut('统一社会', 8), '统一社会')
})
