import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { HubError } from '../../src/errors.ts'
import { defaultLimits } from '../../src/parse/limits.ts'
import { parse } from '../../src/parse/parse.ts'
import type { Source } from '../../src/source.ts'
import { chunks, read } from './reading.ts'

const xml: Source = { format: 'xml', records: 'D/R' }
const json: Source = { format: 'json', records: '' }

t.test('an input that breaks off gives the records before it, and its error', async t => {
  const broken = new Error('connection lost')
  async function* bytes() {
    yield Buffer.from(`[${'1,'.repeat(1_000_000)}`)
    throw broken
  }
  let count = 0
  await t.rejects(async () => {
    for await (const batch of parse(bytes(), json, { limits: defaultLimits })) count += batch.length
  }, broken)
  t.ok(count > 500_000)
})

/** Limits: what, source, input within it, input beyond, limit. */
const limited: [string, Source, string, string, object][] = [
  ['input', json, '[1,2,3]', '[1,2,3] ', { inputBytes: 7 }],
  ['records', json, '[1,2]', '[1,2,3]', { records: 2 }],
  ['records in XML', xml, '<D><R/><R/></D>', '<D><R/><R/><R/></D>', { records: 2 }],
  ['a record', json, '[12345]', '[123456]', { recordBytes: 5 }],
  ['a record in XML', xml, '<D><R>123</R></D>', '<D><R>1234</R></D>', { recordBytes: 10 }],
  ['a record of Chinese in XML', xml, '<D><R>中中中</R></D>', '<D><R>中中中中</R></D>', { recordBytes: 10 }],
  ['depth', json, '[[[1]]]', '[[[[1]]]]', { depth: 3 }],
  ['depth outside the records', { ...json, records: 'a' }, '{"b":[[1]]}', '{"b":[[[1]]]}', { depth: 3 }],
  ['depth in XML', xml, '<D><R><a/></R></D>', '<D><R><a><b/></a></R></D>', { depth: 3 }],
  ['depth outside the records in XML', xml, '<D><H><a/></H></D>', '<D><H><a><b/></a></H></D>', { depth: 3 }],
]

for (const [what, source, within, beyond, limits] of limited) {
  t.test(`the limit of ${what} holds, to the last one`, async t => {
    t.equal((await read(within, source, { limits })).error, undefined)
    const { error } = await read(beyond, source, { limits })
    t.equal(error?.code, 'input-refused')
    t.match(error?.message, /^Line 1, column \d+: .*\b\d+\b/)
  })
}

t.test('an NDJSON line beyond a limit is unreadable, and reading goes on', async t => {
  const { records, error } = await read(
    '1\n"123456789"\n[[[1]]]\n2',
    { format: 'ndjson', records: '' },
    {
      limits: { recordBytes: 10, depth: 2 },
    },
  )
  t.equal(error, undefined)
  t.match(records, [
    { node: '1' },
    { unreadable: { code: 'input-refused', pointer: '' }, text: '', position: { ordinal: 2, line: 2, column: 1 } },
    { unreadable: { code: 'input-refused' }, text: '[[[1]]]', position: { ordinal: 3, line: 3, column: 1 } },
    { node: '2', position: { ordinal: 4, line: 4 } },
  ])
})

t.test('a bad NDJSON line is unreadable: its text is kept, but is not in the message', async t => {
  const { records } = await read('{"name":"秘密}\r\n\n {"a":1}', { format: 'ndjson', records: '' })
  t.match(records, [
    { unreadable: { code: 'input-malformed', message: /^Line 1, column 13: it ends here/ }, text: '{"name":"秘密}' },
    { node: { a: '1' }, position: { ordinal: 2, line: 3, column: 2 } },
  ])
  t.notMatch(JSON.stringify(records.map(record => 'unreadable' in record && record.unreadable)), /秘密/)
})

t.test('a large input comes in small batches and is the same however its bytes come', async t => {
  const text = `<D>${Array.from({ length: 60_000 }, (_, i) => `<R n="${i}"><名称>中文 ${i}</名称></R>\n`).join('')}</D>`
  const bytes = Buffer.from(text)
  const sizes: number[] = []
  let ordinal = 0
  for await (const batch of parse(chunks(bytes, [1, 70_001, 1_048_577, 1_200_000, 1_200_001, 2_000_003]), xml, {
    limits: defaultLimits,
  })) {
    sizes.push(batch.length)
    for (const { position, ...record } of batch) {
      ordinal += 1
      const expected = { '@n': String(ordinal - 1), 名称: `中文 ${ordinal - 1}` }
      if (
        position.ordinal !== ordinal ||
        position.line !== ordinal ||
        JSON.stringify('node' in record && record.node) !== JSON.stringify(expected)
      ) {
        t.fail(`record ${ordinal} is wrong`)
      }
    }
  }
  t.equal(ordinal, 60_000)
  t.ok(Math.max(...sizes.slice(1)) < 3_000, 'but for the first, which was looked at for the encoding')
})

t.test('memory does not grow with the input', async t => {
  const block = Buffer.from('<R><a>中文</a><b>text</b></R>\n'.repeat(2_000))
  async function* bytes() {
    yield Buffer.from('<D>')
    for (let i = 0; i < 3_000; i++) yield block
    yield Buffer.from('</D>')
  }
  let count = 0
  let early = 0
  for await (const batch of parse(bytes(), xml, { limits: defaultLimits })) {
    count += batch.length
    if (count < 600_000) early = process.memoryUsage().rss
  }
  t.equal(count, 6_000_000)
  const more = process.memoryUsage().rss - early
  // What the collector leaves lying about is up to some 50 MB; the rest being held, as trees, would be a gigabyte.
  t.ok(more < 96e6, `${(more / 1e6).toFixed()} MB more after nine tenths of ${((block.length * 3) / 1e3).toFixed()} MB`)
})

t.test('a record that never ends is refused before it fills the memory', async t => {
  for (const [source, start, more] of [
    [xml, '<D><R/><R><a>', 'xxxxxxxxxx'],
    [xml, '<D><R/><R><a>', '<a></a>'],
    [xml, '<D><R/><!--', ' - '],
    [xml, '<D', ' a="1"'],
    [xml, 'x', 'x'],
    [json, '[1,"', 'xxxxxxxxxx'],
    [json, '[1,[', '1,[],'],
    [json, '', 'truefalse'],
  ] as const) {
    async function* bytes() {
      yield Buffer.from(start)
      for (;;) yield Buffer.from(more.repeat(10_000))
    }
    await t.rejects(
      async () => {
        for await (const _ of parse(bytes(), source, { limits: defaultLimits }));
      },
      HubError,
      start,
    )
  }
})

t.test('reading touches no file and no address', async t => {
  const folder = new URL('../../src/parse/', import.meta.url)
  for (const name of readdirSync(folder)) {
    t.notMatch(
      readFileSync(new URL(name, folder), 'utf8'),
      /from 'node:(?!buffer'|crypto'|zlib')|import\(|fetch\(|require\(/,
      name,
    )
  }
})
