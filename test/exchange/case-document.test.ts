/** Cases as they are sent. */
import t from 'tap'
import { readCase } from '../../src/exchange/case-document.ts'

const sent = (inputBase64: unknown): object => ({ name: 'x', inputBase64, expected: { records: [], rejects: [] } })

t.test('an input in base64 is read, padded or not', async t => {
  for (const text of ['', 'a', 'ab', 'abc', 'ÿþ?>']) {
    const bytes = Buffer.from(text)
    t.same(readCase(sent(bytes.toString('base64'))).input, bytes, text)
  }
  t.equal(readCase(sent(Buffer.alloc(256 * 1024).toString('base64'))).input.length, 256 * 1024, 'the largest')
})

t.test('an input that is none is refused, however long it is', async t => {
  for (const [what, text] of [
    ['no base64', 'a?=='],
    ['cut', 'QUJ'],
    ['padded too much', 'Q==='],
    ['padded in between', 'Q==A'],
    ['no text', 7],
    ['a little too large', 'A'.repeat(349_532)],
    ['far too large', 'A'.repeat(12_000_000)],
  ] as const) {
    t.throws(() => readCase(sent(text)), { code: 'case-invalid' }, what)
  }
})
