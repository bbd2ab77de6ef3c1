import assert from 'node:assert'
import fc from '../properties.ts'
import t from 'tap'
import { canonicalise } from '../../src/canonical.ts'
import { exportLine, importLines } from '../../src/cli/export-lines.ts'
import type { LogItem } from '../../src/log/verify.ts'
import type { Json } from '../../src/record.ts'

async function read(chunks: Iterable<string>): Promise<LogItem[]> {
  const items: LogItem[] = []
  for await (const item of importLines(fromChunks(chunks))) items.push(item)
  return items
}

async function* fromChunks(chunks: Iterable<string>): AsyncGenerator<string> {
  yield* chunks
}

// U+2028 ends a line for some readers of lines, and not for ours.
const entry = fc
  .dictionary(fc.string(), fc.oneof(fc.string({ unit: 'binary' }), fc.constant('a\u2028b'), fc.integer()))
  .map(object => canonicalise(object as Json))
const item: fc.Arbitrary<LogItem> = fc.oneof(
  fc.record({ index: fc.nat(), entry }),
  fc.string({ unit: 'binary' }).map(checkpoint => ({ checkpoint })),
)

t.test('what is exported is read back to the byte, however it is cut into chunks', async t => {
  await fc.assert(
    fc.asyncProperty(fc.array(item), fc.integer({ min: 1, max: 40 }), async (items, size) => {
      const text = items.map(exportLine).join('')
      const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
        text.slice(at * size, (at + 1) * size),
      )
      assert.deepEqual(await read(chunks), items)
    }),
    { numRuns: 200 },
  )
  t.pass('200 logs')
})

t.test('every line is JSON by itself, and what is stored beside an entry stays behind', async t => {
  const line = exportLine({ index: 7, entry: '{"a":1}', hashes: new Uint8Array(32) })
  t.same(JSON.parse(line), { index: 7, entry: { a: 1 } })
})

t.test('a line that is neither entry nor checkpoint is named', async t => {
  for (const line of ['{"indey":0,"entry":{}}', '{"index":0,"entry":{}', '', 'x', '{"checkpoint":1}', '[]', 'null']) {
    await t.rejects(read([`{"checkpoint":"a"}\n${line}\n`]), { code: 'log-invalid', message: /^Line 2 / }, line)
  }
})
