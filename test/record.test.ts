import t from 'tap'
import fc from './properties.ts'
import { joinKey, splitKey } from '../src/record.ts'

t.test('splitting a key is the inverse of joining it', async t => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), parts => {
      t.same(splitKey(joinKey(parts)), parts)
    }),
    { numRuns: 50 },
  )
})
