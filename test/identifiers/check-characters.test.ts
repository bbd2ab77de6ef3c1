import assert from 'node:assert/strict'
import * as cdigit from 'cdigit'
import fc from '../properties.ts'
import t from 'tap'
import { mod11_10, mod11_2, mod11Organisation, mod31, mod37_36 } from '../../src/identifiers/check-characters.ts'

const digits = '0123456789'
const alphabet31 = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const alphabet36 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

const independent = [
  { name: 'MOD 11,10', ours: mod11_10, theirs: cdigit.mod11_10, alphabet: digits },
  { name: 'MOD 37,36', ours: mod37_36, theirs: cdigit.mod37_36, alphabet: alphabet36 },
  { name: 'MOD 11-2 (GB 11643)', ours: mod11_2, theirs: cdigit.mod11_2, alphabet: digits },
]

for (const { name, ours, theirs, alphabet } of independent) {
  t.test(`${name} agrees with an independent implementation`, async () => {
    fc.assert(
      fc.property(texts(alphabet, { minLength: 1, maxLength: 40 }), body => {
        assert.equal(ours(body), theirs.compute(body))
      }),
      { numRuns: 2_000 },
    )
  })
}

// No independent implementation of these two is at hand, so the check equation of the standard's text stands for one.

t.test('GB 32100: the eighteen values weighted by the powers of 3 add up to nothing modulo 31', async () => {
  fc.assert(
    fc.property(texts(alphabet31, { minLength: 17, maxLength: 17 }), body => {
      const values = [...(body + mod31(body))].map(character => alphabet31.indexOf(character))
      const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1]
      assert.equal(dot(values, weights) % 31, 0)
    }),
    { numRuns: 2_000 },
  )
})

t.test('GB 11714: the nine values weighted by 3, 7, 9, 10, 5, 8, 4, 2, 1 add up to nothing modulo 11', async () => {
  fc.assert(
    fc.property(texts(alphabet36, { minLength: 8, maxLength: 8 }), body => {
      const check = mod11Organisation(body)
      const values = [...[...body].map(character => alphabet36.indexOf(character)), check === 'X' ? 10 : Number(check)]
      assert.equal(dot(values, [3, 7, 9, 10, 5, 8, 4, 2, 1]) % 11, 0)
    }),
    { numRuns: 2_000 },
  )
})

function texts(alphabet: string, length: { minLength: number; maxLength: number }): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...alphabet), ...length })
}

function dot(values: number[], weights: number[]): number {
  return values.reduce((sum, value, i) => sum + value * (weights[i] ?? 0), 0)
}
