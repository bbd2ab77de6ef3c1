import t from 'tap'
import { compilePattern, maximumWork, patternProblem } from '../../src/map/pattern.ts'

t.test('what is no pattern of RE2 is told, with its reason', async t => {
  const beyond = /backreferences and lookaround cannot be matched in linear time/
  const problems: [pattern: string, problem: RegExp][] = [
    ['(a)\\1', beyond],
    ['(?<n>a)\\k<n>', beyond],
    ['(?=a)', beyond],
    ['(?!a)', beyond],
    ['(?<=a)b', beyond],
    ['(?<!a)b', beyond],
    ['(', /missing closing \)/],
    ['a{1001}', /invalid repeat count/],
    ['[z-a]', /invalid character class range/],
    ['*', /missing argument/],
  ]
  for (const [pattern, problem] of problems) t.match(patternProblem(pattern), problem, pattern)
  for (const pattern of ['a', '^\\p{Han}+$', '(?i)x', '(?P<year>\\d{4})年']) t.equal(patternProblem(pattern), undefined)
})

t.test('groups are counted and named, and a match has them', async t => {
  const pattern = compilePattern('(?P<year>\\d{4})年((\\d+)月)?')
  t.equal(pattern.groups, 3)
  t.match(pattern.names, { year: 1 })
  t.same(pattern.first('于2019年4月'), ['2019年4月', '2019', '4月', '4'])
  t.same(pattern.first('2019年'), ['2019年', '2019', null, null])
  t.equal(pattern.first('19年'), undefined)
  t.equal(pattern.matches('x2019年'), true)
})

t.test('all matches are replaced, empty ones and those of rare characters too', async t => {
  const replace = (pattern: string, text: string) => compilePattern(pattern).replaceAll(text, ([whole]) => `<${whole}>`)
  t.equal(replace('\\d+', 'a1b22'), 'a<1>b<22>')
  t.equal(replace('x*', 'axb'), '<>a<x><>b<>')
  t.equal(replace('𠮷', 'a𠮷b𠮷'), 'a<𠮷>b<𠮷>')
  t.equal(replace('z', 'abc'), 'abc')
})

t.test('a pattern that takes others exponential time takes a few steps a character', async t => {
  const text = `${'a'.repeat(2 ** 20)}!`
  for (const pattern of ['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '(.*a){12}$', '^(([a-z])+.)+[A-Z]([a-z])+$']) {
    const compiled = compilePattern(pattern)
    const steps = stepsOf(() => compiled.first(text))
    t.ok(steps > 0 && steps <= 8 * text.length, `${pattern}: ${steps} steps`)
  }
})

t.test('all matches of a long text are replaced only as far as that is bounded', async t => {
  const erase = (pattern: string, length: number) => compilePattern(pattern).replaceAll('a'.repeat(length), () => '')
  // Each match looks at all the rest of the text for a b before it settles for one a.
  t.equal(erase('a.*b|a', 500), '')
  const longest = Math.sqrt(maximumWork)
  t.equal(erase('a', longest), '')
  t.equal(erase('a', longest + 1), undefined)
  t.equal(erase('a+', longest + 1), '')
})

/** How many characters of texts are looked at: what a matcher does between two of them depends on its pattern only. */
function stepsOf(run: () => unknown): number {
  const { charCodeAt } = String.prototype
  let steps = 0
  String.prototype.charCodeAt = function (position) {
    steps += 1
    return charCodeAt.call(this, position)
  }
  try {
    run()
  } finally {
    String.prototype.charCodeAt = charCodeAt
  }
  return steps
}
