import t from 'tap'
import assert from 'node:assert/strict'
import fc from '../properties.ts'
import { covers } from '../../src/exchange/pull-glob.ts'

const cases: [pattern: string, covered: readonly string[], not: readonly string[]][] = [
  ['*', ['', 'a', 'a\nb'], []],
  ['*.xml', ['.xml', 'a.xml', 'a.xml.xml'], ['a.xml2', 'axml', 'A.XML']],
  ['day-??.csv', ['day-01.csv', 'day-名称.csv', 'day-😀😀.csv'], ['day-1.csv', 'day-😀.csv', 'day-001.csv']],
  ['a*b*c', ['abc', 'a-b-b-c'], ['acb', 'abcd']],
  ['[a].(b)+', ['[a].(b)+'], ['a.b']],
  ['', [''], ['a']],
]

t.test('a star covers any characters, a question mark one, and everything else itself', async t => {
  for (const [pattern, covered, others] of cases) {
    for (const name of covered) t.equal(covers(pattern, name), true, `${pattern} ${name}`)
    for (const name of others) t.equal(covers(pattern, name), false, `${pattern} not ${name}`)
  }
})

t.test('it agrees with the plain definition', async () => {
  const isCovered = ([first, ...rest]: readonly string[], name: readonly string[]): boolean => {
    if (first === undefined) return name.length === 0
    if (first === '*') return isCovered(rest, name) || (name.length > 0 && isCovered([first, ...rest], name.slice(1)))
    return name.length > 0 && (first === '?' || first === name[0]) && isCovered(rest, name.slice(1))
  }
  const text = (...letters: string[]) => fc.array(fc.constantFrom(...letters), { maxLength: 8 })
  fc.assert(
    fc.property(text('*', '?', 'a', 'b'), text('a', 'b'), (pattern, name) => {
      assert.equal(covers(pattern.join(''), name.join('')), isCovered(pattern, name))
    }),
    { numRuns: 2000 },
  )
})

t.test('many stars take no longer than the product of both lengths', async t => {
  const begun = performance.now()
  t.equal(covers(`${'*a'.repeat(60)}*b`, 'a'.repeat(250)), false)
  // A pattern that backtracks into every star would outlive us all.
  t.ok(performance.now() - begun < 1000)
})
