import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import fc from '../properties.ts'
import t from 'tap'
import { checkCases, valueOf } from './fixture.ts'

const parts = { digestOf: [{ from: 'a' }, { from: 'b' }, { from: 'c' }] }

t.test('a digest is the first half of the SHA-256 of what the rules give, the absent counted', async t => {
  const digest = createHash('sha256').update('[["1"],[],["x"]]').digest('hex').slice(0, 32)
  const issues = ['/name a source-several']
  checkCases(t, {
    name: [
      [parts, { a: '1', c: 'x' }, digest],
      [{ digestOf: [{ from: 'a' }, { from: 'b' }, { from: 'c', default: 'x' }] }, { a: '1' }, digest],
      [parts, {}, undefined],
      [{ ...parts, default: 'none' }, { a: '' }, 'none'],
      [{ digestOf: [{ value: 'x' }] }, {}, undefined],
      [parts, { a: ['1', '2'], b: '3' }, issues],
      [{ digestOf: [{ from: 'b' }, { from: 'a', via: ['integer'] }] }, { b: '1', a: '?' }, ['/name a not-an-integer']],
    ],
  })
})

t.test('lists and objects are digested, whatever the order in which the adapter writes their members', async t => {
  const digest = (fields: object) => valueOf('name', { digestOf: [{ each: 'r', fields }] }, { r: [{ a: '1', b: '2' }] })
  const given = digest({ a: { from: 'a' }, b: { from: 'b' } })
  t.match(given, /^[0-9a-f]{32}$/)
  t.equal(digest({ b: { from: 'b' }, a: { from: 'a' } }), given)
  t.not(digest({ a: { from: 'b' }, b: { from: 'a' } }), given)
})

t.test('digests differ where any part does, and only there', async () => {
  const text = fc.option(
    fc.string({ minLength: 1, unit: 'binary' }).filter(given => given.trim() !== '' && !/\p{Cs}/u.test(given)),
  )
  const parted = fc.tuple(text, text, text)
  const digest = ([a, b, c]: (string | null)[]) => valueOf('name', parts, { a: a ?? null, b: b ?? null, c: c ?? null })
  fc.assert(
    fc.property(parted, parted, (one, other) => {
      assert.equal(digest(one) === digest(other), JSON.stringify(one) === JSON.stringify(other))
    }),
  )
  // Parts that run into one another are the likeliest to be confused.
  const short = fc.tuple(...[1, 2, 3].map(() => fc.constantFrom(null, 'a', 'aa', 'ab', 'b', '"', ',', '],[')))
  fc.assert(
    fc.property(short, short, (one, other) => {
      assert.equal(digest(one) === digest(other), JSON.stringify(one) === JSON.stringify(other))
    }),
  )
})
