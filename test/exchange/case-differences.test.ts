import t from 'tap'
import { differencesOf, pointersOfDifference } from '../../src/exchange/case-differences.ts'
import type { Outcome } from '../../src/exchange/case-outcome.ts'

const record = (key: string, more: object = {}) => ({ key, data: { id: key, a: { b: 1, c: [1, 2] }, ...more } })
const outcome = (more: Partial<Outcome> = {}): Outcome => ({
  records: [record('1'), record('2'), record('3')],
  rejects: [{ ordinal: 4, key: '4', issues: [{ pointer: '/a', code: 'required' }] }],
  ...more,
})

const cases: [what: string, given: Outcome, found: [pointer: string, message: RegExp][]][] = [
  ['the same, whatever the order of its names', { ...outcome(), records: outcome().records.toReversed() }, []],
  [
    'another value deep inside',
    outcome({ records: [record('1'), record('2', { a: { b: 2, c: [1, 3] } }), record('3')] }),
    [
      ['/a/b', /^record 2 of those/],
      ['/a/c/1', /^record 2/],
    ],
  ],
  ['a list that is longer', outcome({ records: [record('1', { a: { b: 1, c: [1] } }), record('2'), record('3')] }), [['/a/c', /record 1/]]],
  ['a field more', outcome({ records: [record('1', { 'x/y': 1 }), record('2'), record('3')] }), [['/x~1y', /record 1/]]],
  ['a record less, which is the only difference', outcome({ records: [record('1'), record('3')] }), [['', /record 2 .* is not given/]]],
  ['a record more', outcome({ records: [...outcome().records, record('9')] }), [['', /1 records are given/]]],
  ['another date of the source', outcome({ records: [{ ...record('1'), asOf: '2026-01-01' }, record('2'), record('3')] }), [['', /id, date or mark/]]],
  [
    'a reject more: by its reasons',
    outcome({
      records: [record('1'), record('2')],
      rejects: [...outcome().rejects, { ordinal: 3, issues: [{ pointer: '/id', code: 'pattern' }] }],
    }),
    [
      ['/id', /record 3 of the input is rejected/],
      ['', /record 3 of those that the case expects is not given/],
    ],
  ],
  ['a reject less', outcome({ rejects: [] }), [['', /record 4 of the input is not rejected/]]],
  ['another reason', outcome({ rejects: [{ ordinal: 4, key: '4', issues: [{ pointer: '/a', code: 'type' }] }] }), [['/a', /other reasons/]]],
  ['a withdrawal', outcome({ withdrawals: [{ key: '7' }] }), [['', /withdrawn/]]],
  ['an input that is refused', outcome({ problem: 'input-malformed' }), [['', /refused with input-malformed/]]],
] // prettier-ignore

for (const [what, given, found] of cases) {
  t.test(what, t => {
    const issues = differencesOf(outcome(), given)
    t.equal(issues.length, found.length)
    for (const [index, [pointer, message]] of found.entries()) t.match(issues[index], { pointer, message })
    t.end()
  })
}

t.test('a record is named by its key only where that may be told', t => {
  const given = outcome({ records: [record('1'), record('3')] })
  t.match(differencesOf(outcome(), given, true), [{ message: /^record 2 of .* \(key 2\) is not given$/ }])
  t.notMatch(differencesOf(outcome(), given), [{ message: /key/ }])
  t.end()
})

t.test('twenty differences are enough', t => {
  const records = Array.from({ length: 30 }, (_, index) => record(`k${index}`))
  t.equal(differencesOf(outcome({ records }), outcome({ records: [] })).length, 20)
  t.end()
})

t.test('two records have no difference exactly where they are the same', t => {
  t.same(pointersOfDifference({ a: null }, { a: null }), [])
  t.same(pointersOfDifference({ a: null }, {}), ['/a'])
  t.same(pointersOfDifference({ a: [] }, { a: {} }), ['/a'])
  t.end()
})
