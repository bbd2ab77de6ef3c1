import assert from 'node:assert/strict'
import fc from '../properties.ts'
import t from 'tap'
import type { Entry } from '../../src/log/entry.ts'
import { encodeEntry, maxEntryBytes } from '../../src/log/entry.ts'
import { splitEntry } from '../../src/log/split-entry.ts'
import { entryOf, pseudonym } from './entries.ts'

function disclosure(records: number, subjects: number): Entry {
  return {
    ...entryOf(1),
    records: Array.from({ length: records }, (_, at) => pseudonym(at)),
    subjects: Array.from({ length: subjects }, (_, at) => pseudonym(1e6 + at)),
    count: records,
  }
}

t.test('an entry that fits is left as it is', async t => {
  for (const entry of [entryOf(1), { ...entryOf(1), part: 3 }, disclosure(300, 300)])
    t.strictSame(splitEntry(entry), [entry])
})

t.test('the parts hold the whole in its order, each within the limit', async () => {
  const sizes = fc.nat({ max: 3_000 })
  fc.assert(
    fc.property(
      sizes,
      sizes,
      fc.option(fc.integer({ min: 1, max: 1e9 }), { nil: undefined }),
      (records, subjects, part) => {
        const whole = { ...disclosure(records, subjects), ...(part !== undefined && { part }) }
        const parts = splitEntry(whole)
        assert.deepEqual(
          parts.flatMap(each => each.records ?? []),
          whole.records,
        )
        assert.deepEqual(
          parts.flatMap(each => each.subjects ?? []),
          whole.subjects,
        )
        assert.equal(
          parts.reduce((sum, each) => sum + each.count, 0),
          whole.count,
        )
        for (const [at, each] of parts.entries()) {
          assert.ok(Buffer.byteLength(encodeEntry(each)) <= maxEntryBytes)
          if (parts.length === 1) continue
          assert.equal(each.part, (part ?? 1) + at)
          assert.deepEqual(
            { ...each, records: 0, subjects: 0, count: 0, part: 0 },
            { ...whole, records: 0, subjects: 0, count: 0, part: 0 },
          )
        }
      },
    ),
    { numRuns: 30 },
  )
})

t.test('parts are filled: a thousand records of one subject each take three entries', async t => {
  const parts = splitEntry(disclosure(1_000, 1_000))
  t.equal(parts.length, 3)
  t.strictSame(
    parts.map(part => part.part),
    [1, 2, 3],
  )
  t.notOk('subjects' in (parts[0] as Entry), 'a part without subjects does not mention them')
  t.notOk('records' in (parts[2] as Entry), 'nor one without records those')
  t.equal(parts[2]?.count, 0)
})

t.test('pseudonyms are measured in bytes, as they are written', async t => {
  const whole = { ...entryOf(1), records: Array.from({ length: 900 }, () => '市"'.repeat(10)), count: 900 }
  const parts = splitEntry(whole)
  t.strictSame(
    parts.flatMap(part => part.records ?? []),
    whole.records,
  )
  for (const part of parts) t.ok(Buffer.byteLength(encodeEntry(part)) <= maxEntryBytes)
})

t.test('an entry that is too long without its pseudonyms is refused', async t => {
  t.throws(() => splitEntry({ ...entryOf(1), case: 'a'.repeat(maxEntryBytes) }), RangeError)
})

t.test('a count that is not the number of records stands whole in the first part', async t => {
  const parts = splitEntry({ ...disclosure(2_000, 0), count: 3 })
  t.ok(parts.length > 1)
  t.same(
    parts.map(({ count }) => count),
    [3, ...parts.slice(1).map(() => 0)],
  )
})
