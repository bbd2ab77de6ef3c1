import t from 'tap'
import type { FedValue } from '../../src/catalogue/side-by-side.ts'
import { previewText } from '../../src/cli/preview-text.ts'

const position = { ordinal: 3, line: 7, column: 1 }
const value = (more: Partial<FedValue>): FedValue => ({
  at: ['name'],
  field: 'name',
  value: '示例公司',
  sources: [{ path: 'entname', texts: ['示例公司 '] }],
  decidedBy: [],
  via: ['trim', 'dots'],
  ...more,
})

t.test('a wide terminal shows source, field and rule in columns, one line a field', async t => {
  const lines = previewText({ position, values: [value({})], issues: [] }, 120).split('\n')
  t.same(lines, [
    'Record 3 (line 7, column 1): valid',
    '  SOURCE              FIELD           BY',
    '  entname: 示例公司   name: 示例公司  trim, dots',
  ])
})

t.test('a narrow one shows them one below the other, no line wider than it', async t => {
  const long = value({ value: 'x'.repeat(200), decidedBy: ['kind'] })
  const lines = previewText({ position, values: [long], issues: [] }, 40).split('\n')
  t.match(lines[1], /^ {2}name: x+…$/)
  t.same(lines.slice(2), ['    from entname: 示例公司 ', '    by trim, dots; decided by kind'])
  for (const line of lines) t.ok(line.length <= 40, line)
})

t.test('absent values, constants and lists are told apart', async t => {
  const { value: _, ...absent } = value({})
  const text = previewText(
    { position, values: [absent, value({ sources: [] }), value({ value: ['a', 'b'] })], issues: [] },
    120,
  )
  t.match(text, /name: \(absent\)/)
  t.match(text, /\(constant\)/)
  t.match(text, /name: \["a","b"\]/)
})

t.test('issues stand below the record that they reject', async t => {
  const issues = [{ pointer: '/name', source: 'entname', code: 'x', message: 'is wrong' }]
  const lines = previewText({ position, values: [value({})], issues }, 120).split('\n')
  t.equal(lines[0], 'Record 3 (line 7, column 1): rejected')
  t.same(lines.slice(-2), ['Issues:', '  /name  entname  is wrong'])
})

t.test('what a source sends is no command to the terminal', async t => {
  const hostile = value({ value: '\u001b[2Jx\u0007\n\u202ey', sources: [{ path: 'a', texts: ['\u001b]0;t\u0007'] }] })
  for (const columns of [120, 40]) {
    const text = previewText({ position, values: [hostile], issues: [] }, columns)
    t.notMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u)
    t.equal(text.split('\n').length, columns === 120 ? 3 : 4)
  }
  const unreadable = previewText({ position, values: [], issues: [], unreadable: '\u001b[2J' }, 120)
  t.notOk(unreadable.includes('\u001b'))
})
