import t from 'tap'
import { besides, table } from '../../src/cli/output.ts'

t.test('columns begin beneath each other, Chinese characters counting twice', async t => {
  const text = table(['id', 'title'], [['housing', '住建'], ['住建局', 'x']], 'none') // prettier-ignore
  t.equal(text, ['ID       TITLE', 'housing  住建', '住建局   x'].join('\n'))
})

t.test('a table without rows says what to do instead', async t => {
  t.equal(table(['id'], [], 'There are none.'), 'There are none.')
})

t.test('two texts stand beside each other, and long lines are broken, not cut', async t => {
  const lines = besides('{\n  "a": 1\n}', `"${'x'.repeat(30)}"`, 60).split('\n')
  t.equal(lines[0], `{         "${'x'.repeat(27)}`)
  t.equal(lines[1], `  "a": 1  xxx"`)
  t.equal(lines.length, 3)
})
