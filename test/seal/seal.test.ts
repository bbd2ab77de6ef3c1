import t from 'tap'
import assert from 'node:assert/strict'
import fc from '../properties.ts'
import { newDataKey, seal, unseal, unwrapDataKey, wrapDataKey } from '../../src/seal/seal.ts'
import { equalityHash, recordPseudonym, subjectPseudonym } from '../../src/seal/pseudonym.ts'

const place = { standard: 'person-basic', key: 'k', revision: 1, field: 'name' }
const key = newDataKey()

t.test('unsealing is the inverse of sealing, and no two sealings are alike', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), text => {
      const sealed = seal(key, place, text)
      assert.equal(unseal(key, place, sealed), text)
      assert.notEqual(seal(key, place, text), sealed)
    }),
  )
})

t.test('a sealed text opens in its own place only', async t => {
  const sealed = seal(key, place, 'secret')
  for (const change of [
    { standard: 'other' },
    { key: 'l' },
    { revision: 2 },
    { revision: '1' },
    { field: 'address' },
  ]) {
    t.throws(() => unseal(key, { ...place, ...change }, sealed), /does not open/, JSON.stringify(change))
  }
  t.throws(() => unseal(newDataKey(), place, sealed), /does not open/, 'another data key')
})

t.test('a sealed text of which any bit was changed, or that was cut, does not open', async t => {
  const bytes = Buffer.from(seal(key, place, 'secret'), 'base64')
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Buffer.from(bytes)
    changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
    assert.throws(() => unseal(key, place, changed.toString('base64')), /does not open/)
  }
  for (let length = 0; length < bytes.length; length++) {
    assert.throws(() => unseal(key, place, bytes.subarray(0, length).toString('base64')), /does not open/)
  }
  t.pass(`${bytes.length * 8} bits, ${bytes.length} lengths`)
})

t.test('a data key is unwrapped for its own subject only', async t => {
  const master = newDataKey()
  const wrapped = wrapDataKey(master, 'subject', key)
  t.ok(unwrapDataKey(master, 'subject', wrapped).equals(key))
  t.throws(() => unwrapDataKey(master, 'another', wrapped), /does not open/)
})

t.test('pseudonyms differ by kind, standard and key, and are the same subject’s in every standard', async t => {
  const hashes = [
    recordPseudonym(key, 'a', 'x'),
    recordPseudonym(key, 'b', 'x'),
    subjectPseudonym(key, 'x'),
    equalityHash(key, 'a', 'f', 'x'),
    equalityHash(key, 'a', 'g', 'x'),
    recordPseudonym(newDataKey(), 'a', 'x'),
  ]
  t.equal(new Set(hashes).size, hashes.length)
  for (const hash of hashes) t.match(hash, /^[\w-]{22}$/)
})
