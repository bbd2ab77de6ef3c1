import assert from 'node:assert'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import fc from '../properties.ts'
import t from 'tap'
import { defaultLimits } from '../../src/parse/limits.ts'
import { parse } from '../../src/parse/parse.ts'
import type { Source, Wrapping } from '../../src/source.ts'
import { chunks, nodes, read } from './reading.ts'

const source: Source = { format: 'ndjson', records: '' }
const text = '{"a":"中"}\n{"a":2}\n'
const trees = [{ a: '中' }, { a: '2' }]

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

/** How an input is wrapped, and what the adapter says of it. */
const wrapped: [string, Uint8Array, Wrapping[]][] = [
  ['gzip', gzipSync(text), ['gzip']],
  ['gzip that nobody named', gzipSync(text), []],
  ['gzip in members', Buffer.concat([gzipSync(text.slice(0, 5)), gzipSync(''), gzipSync(text.slice(5))]), []],
  ['zlib', deflateSync(text), ['zlib']],
  ['raw deflate', deflateRawSync(text), ['deflate']],
  ['base64', Buffer.from(base64(Buffer.from(text))), ['base64']],
  ['base64 in lines', Buffer.from(`\r\n${base64(Buffer.from(text)).replace(/.{5}/g, '$&\r\n')}\n`), ['base64']],
  [
    'base64 for addresses',
    Buffer.from(base64(Buffer.from(text)).replaceAll('+', '-').replaceAll('/', '_')),
    ['base64'],
  ],
  ['base64 of zlib', Buffer.from(base64(deflateSync(text))), ['base64', 'zlib']],
  ['base64 of gzip that nobody named', Buffer.from(base64(gzipSync(text))), ['base64']],
  ['gzip of gzip', gzipSync(gzipSync(text)), ['gzip']],
  ['gzip of base64 of raw deflate', gzipSync(base64(deflateRawSync(text))), ['gzip', 'base64', 'deflate']],
]

for (const [what, bytes, decode] of wrapped) {
  t.test(`${what} is undone, however its bytes come`, async t => {
    t.strictSame(await nodes(bytes, { ...source, decode }), trees)
    const each = Array.from(bytes, (_, i) => i)
    t.strictSame(await nodes(bytes, { ...source, decode }, { cuts: each }), trees, 'byte by byte')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 5 }), async cuts => {
        assert.deepStrictEqual(await nodes(bytes, { ...source, decode }, { cuts }), trees)
      }),
      { numRuns: 20 },
    )
  })
}

const gzip = gzipSync(text)
const corrupt = Buffer.from(gzip)
corrupt[corrupt.length - 6]! ^= 1

/** What is refused: what, bytes, what the adapter says, the reason, how many records come before. */
const refused: [string, Uint8Array, Wrapping[], RegExp, number][] = [
  ['gzip that ends too early', gzip.subarray(0, -4), [], /gzip ends too early/, 2],
  ['gzip that ends in its header', gzip.subarray(0, 6), [], /gzip ends too early/, 0],
  ['gzip that is corrupt', corrupt, [], /gzip is corrupt/, 0],
  ['gzip with garbage behind it', Buffer.concat([gzip, Buffer.from('{}')]), [], /gzip/, 0],
  ['gzip with zeros behind it', Buffer.concat([gzip, Buffer.alloc(512)]), [], /gzip is followed by/, 2],
  ['gzip with half a member behind it', Buffer.concat([gzip, gzip.subarray(0, 5)]), [], /gzip ends too early/, 2],
  ['plain text that is said to be gzip', Buffer.from(text), ['gzip'], /gzip is corrupt, or is no such thing/, 0],
  ['nothing that is said to be gzip', Buffer.from(''), ['gzip'], /gzip ends too early/, 0],
  ['zlib with garbage behind it', Buffer.concat([deflateSync(text), gzip]), ['zlib'], /zlib is followed by/, 2],
  ['zlib that is said to be raw', deflateSync(text), ['deflate'], /deflate is corrupt/, 0],
  ['raw deflate that ends too early', deflateRawSync(text).subarray(0, -3), ['deflate'], /deflate ends too early/, 1],
  ['base64 with another character', Buffer.from(`${base64(Buffer.from(text))}!`), ['base64'], /none of base64/, 1],
  ['base64 that goes on after its padding', Buffer.from('MQo=MQo='), ['base64'], /none of base64/, 0],
  ['base64 without its padding', Buffer.from(base64(Buffer.from(text)).slice(0, -1)), ['base64'], /early/, 1],
  ['base64 with too much padding', Buffer.from('MQo=='), ['base64'], /none of base64|early/, 0],
  ['text that is said to be base64', Buffer.from(text), ['base64'], /none of base64/, 0],
]

for (const [what, bytes, decode, reason, count] of refused) {
  t.test(`${what} is refused, after the records before it`, async t => {
    const { records, error } = await read(bytes, { ...source, decode })
    t.equal(error?.code, 'input-malformed')
    t.match(error?.message, reason)
    t.match(error?.message, /^Line \d+, column \d+: what /)
    const whole = records.filter(record => 'node' in record)
    t.strictSame(
      whole.map(({ node }) => node),
      [...trees.slice(0, count)],
    )
  })
}

t.test('limits hold before and after decompression', async t => {
  const long = '1\n'.repeat(5_000)
  const beyond = async (bytes: Uint8Array, inputBytes: number, decode: Wrapping[] = []) => {
    const { records, error } = await read(bytes, { ...source, decode }, { limits: { inputBytes } })
    return { code: error?.code, count: records.filter(record => 'node' in record).length }
  }
  t.strictSame(await beyond(gzipSync(long), 10_000), { code: undefined, count: 5_000 })
  t.strictSame(await beyond(gzipSync(long), 9_999), { code: 'input-refused', count: 4_999 })
  t.strictSame(await beyond(Buffer.from(long), 9_998), { code: 'input-refused', count: 4_999 })
  t.match(await beyond(gzipSync(base64(Buffer.from(long))), 10_000, ['gzip', 'base64']), { code: 'input-refused' })
  const empty = Buffer.concat(Array.from({ length: 1_000 }, () => gzipSync('')))
  t.match(await beyond(empty, 10_000), { code: 'input-refused', count: 0 }, 'what never gives a byte ends, too')
})

t.test('a bomb is undone piece by piece', async t => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, '1234567\n'))
  const twice = gzipSync(bomb)
  t.ok(twice.length < 5_000)
  const before = process.memoryUsage().arrayBuffers
  let most = 0
  // What is not held any more is memory only until somebody looks.
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  let count = 0
  let batches = 0
  const named: Source = { ...source, decode: ['gzip'] }
  for await (const batch of parse(chunks(twice, [1_000, 2_000]), named, { limits: defaultLimits })) {
    count += batch.length
    if (batches++ % 500 !== 0) continue
    collect()
    most = Math.max(most, process.memoryUsage().arrayBuffers - before)
  }
  t.ok(batches > 1000, 'it was looked at on the way')
  t.equal(count, 8 * 1024 * 1024)
  t.ok(most < 32e6, `${(most / 1e6).toFixed()} MB at most`)
})
