import t from 'tap'
import assert from 'node:assert/strict'
import fc from './properties.ts'
import { bytesOf, decodeUtf8, encodeUtf8 } from '../src/utf8-text.ts'

t.test('decoding is the inverse of encoding, joining commutes with both, and the bytes are UTF-8', async t => {
  const text = fc.string({ unit: 'grapheme' })
  fc.assert(
    fc.property(text, text, (a, b) => {
      assert.equal(decodeUtf8(encodeUtf8(a)), a)
      assert.equal(encodeUtf8(a) + encodeUtf8(b), encodeUtf8(a + b))
      assert.deepEqual(bytesOf(encodeUtf8(a)), Buffer.from(a))
    }),
  )
  t.same(bytesOf(encodeUtf8('é')), Buffer.from([0xc3, 0xa9]))
})
