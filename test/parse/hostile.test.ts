/** What nobody means well: bombs, broken files, noise, and real files with something wrong in them. */
import assert from 'node:assert'
import { readdirSync, statSync } from 'node:fs'
import { deflateSync, gzipSync } from 'node:zlib'
import fc from '../properties.ts'
import t from 'tap'
import type { Source } from '../../src/source.ts'
import { needs, read, realData, realDataUrl } from './reading.ts'

/** Of the hostile XML, what is well-formed and harmless. */
const harmless = [
  'defusedxml/schema-include.xsd',
  'defusedxml/simple-ns.xml',
  'defusedxml/simple.xml',
  'fast-xml-parser/mini-sample.xml',
  'fast-xml-parser/ptest.xml',
  'fast-xml-parser/sample.xml',
  'libxml2-namespaces/err_0.xml',
  'libxml2-namespaces/reconcile/tests.xml',
]

/** What is wrong only after its root element. */
const wrongLate = ['extra-content', 'trailing-null-1', 'truncated-utf16'].map(name => `libxml2-errors/${name}.xml`)

t.test('hostile XML is refused at once, saying where and why', needs('xml-hostile'), async t => {
  const before = process.memoryUsage().rss
  for (const name of filesIn('xml-hostile', /\.(xml|ent|dtd|xsd)$/)) {
    const bytes = realData(`xml-hostile/${name}`)
    const start = performance.now()
    const { records, error } = await read(bytes, { format: 'xml', records: '*' })
    t.ok(performance.now() - start < 1000, `${name} in time`)
    if (harmless.includes(name)) {
      t.equal(error, undefined, name)
      t.equal(records.length, 1, name)
      continue
    }
    t.match(error?.message, /^Line \d+, column \d+: ./, name)
    t.equal(records.length, wrongLate.includes(name) ? 1 : 0, name)
    const hasDoctype = /^[^<]*(<\?[^>]*>\s*|<!--[^>]*-->\s*)*<!DOCTYPE/.test(bytes.toString('latin1'))
    if (hasDoctype) t.match(error?.code, /^(input-refused|encoding-unreadable)$/, name)
  }
  t.ok(process.memoryUsage().rss - before < 200e6, 'in little memory')
})

const sources: Source[] = [
  { format: 'xml', records: 'D/R' },
  { format: 'xml', records: '*/*', decode: ['base64'] },
  { format: 'json', records: '' },
  { format: 'json', records: 'd/*', columns: { at: 'c', name: 'n' } },
  { format: 'json', records: 'd', columns: 'first' },
  { format: 'ndjson', records: '' },
  { format: 'csv', records: '' },
  { format: 'csv', records: '', columns: ['a', 'b'], delimiter: ';', quote: "'", skipLines: 1, encoding: 'gb18030' },
  { format: 'csv', records: '', decode: ['zlib'] },
  { format: 'xml', records: '*', envelope: [{ format: 'json', at: 'd', decode: ['base64', 'zlib'] }] },
  { format: 'json', records: '', envelope: [{ format: 'xml', at: 'D/R' }] },
]

const words = ['<', '>', '</', '<D>', '<R>', '</R>', '</D>', '/>', '<![CDATA[', ']]>', '<!--', '-->', '<?', '?>', '&', ';', '&#', '=', '"', "'", '{', '}', '[', ']', ',', ':', '"d"', '"c"', '"n"', 'true', '-1.5e3', '\\u', '\\', '\n', '\r', '\t', ' ', 'a', '中', '\0', '\ufeff', '\u0001'] // prettier-ignore
const noise = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.array(fc.constantFrom(...words), { maxLength: 60 }).map(all => Buffer.from(all.join(''))),
  fc.array(fc.constantFrom(...words), { maxLength: 60 }).map(all => Buffer.from(all.join(''), 'utf16le')),
)
const wrap = fc.constantFrom<(bytes: Uint8Array) => Uint8Array>(
  bytes => bytes,
  bytes => gzipSync(bytes),
  bytes => deflateSync(bytes),
  bytes => Buffer.from(Buffer.from(bytes).toString('base64')),
  bytes => Buffer.from(JSON.stringify({ d: deflateSync(bytes).toString('base64') })),
  bytes => Buffer.from(`<D><R>${Buffer.from(bytes).toString('latin1').replace(/[<&]/g, '')}</R></D>`),
)

t.test('noise is read or refused, however it comes', async () => {
  const cuts = fc.array(fc.nat(200), { maxLength: 3 })
  await fc.assert(
    // Anything but a HubError is thrown on by read().
    fc.asyncProperty(noise, wrap, fc.constantFrom(...sources), cuts, async (bytes, wrapped, source, at) => {
      const whole = await read(wrapped(bytes), source)
      const cut = await read(wrapped(bytes), source, { cuts: at })
      if (!isCompressed(source)) assert.deepStrictEqual(cut, whole)
    }),
    { numRuns: 1_500 },
  )
})

type Damage = { readonly at: number; readonly removed: number; readonly inserted: Uint8Array; readonly ends: boolean }

const damage: fc.Arbitrary<Damage> = fc.record({
  at: fc.nat(),
  removed: fc.constantFrom(0, 1, 2, 50),
  inserted: fc.oneof(
    fc.uint8Array({ maxLength: 4 }),
    fc.constantFrom(...words).map(word => Buffer.from(word)),
  ),
  ends: fc.boolean(),
})

for (const [what, source] of [
  ['XML', { format: 'xml', records: '*/*' }],
  ['JSON', { format: 'json', records: '' }],
  ['JSON by members', { format: 'json', records: '*' }],
  ['CSV', { format: 'csv', records: '', delimiter: '\t', encoding: 'utf-8' }],
] as const) {
  t.test(
    `${what} with a fault in it gives what stands before the fault, and no half record`,
    needs('bikes'),
    async t => {
      const files = realFiles(source.format)
      t.ok(files.length >= 4, `${files.length} files`)
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...files), damage, async (file, fault) => {
          const bytes = realData(file)
          const at = fault.at % bytes.length
          const before = await read(bytes.subarray(0, at), encoded(source, bytes))
          const damaged = await read(damagedBy(fault, bytes), encoded(source, bytes))
          // Nobody can tell whether the last row of CSV was to go on.
          const known = source.format === 'csv' ? before.records.slice(0, -1) : before.records
          assert.deepStrictEqual(damaged.records.slice(0, known.length), known, file)
          const sound = await read(bytes, encoded(source, bytes))
          if (sound.error === undefined) assert.deepStrictEqual(sound.records.slice(0, known.length), known, file)
        }),
        { numRuns: 150 },
      )
    },
  )
}

t.test(
  'a compressed file with a fault in it gives nothing else than the sound one before it',
  needs('bikes'),
  async () => {
    const files = realFiles('xml')
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), damage, fc.boolean(), async (file, fault, isEnvelope) => {
        const plain = realData(file)
        const source = encoded({ format: 'xml', records: '*/*' }, plain)
        const envelope = { format: 'json', at: 'd', decode: ['base64', 'zlib'] } as const
        const wrapped = isEnvelope
          ? Buffer.from(JSON.stringify({ d: deflateSync(plain).toString('base64') }))
          : gzipSync(plain)
        const wrappedSource = isEnvelope ? { ...source, envelope: [envelope] } : source
        const at = fault.at % wrapped.length
        const { records: before } = await read(wrapped.subarray(0, at), wrappedSource)
        const { records } = await read(damagedBy(fault, wrapped), wrappedSource)
        const common = Math.min(before.length, records.length)
        assert.deepStrictEqual(records.slice(0, common), before.slice(0, common), file)
      }),
      { numRuns: 150 },
    )
  },
)

function damagedBy({ at, removed, inserted, ends }: Damage, bytes: Uint8Array): Buffer {
  const place = at % bytes.length
  const rest = ends ? new Uint8Array() : bytes.subarray(place + removed)
  return Buffer.concat([bytes.subarray(0, place), inserted, rest])
}

/** Names the encoding where the file does not: a bad byte would else turn the look at them to another. */
function encoded(source: Source, bytes: Buffer): Source {
  return /^\W*<\?xml[^>]*encoding/.test(bytes.toString('latin1', 0, 200)) ? source : { ...source, encoding: 'utf-8' }
}

/** Where an engine fails it keeps back what it has begun to give, which depends on how the bytes came. */
function isCompressed({ decode = [], envelope }: Source): boolean {
  return decode.includes('zlib') || envelope !== undefined
}

const extensions = { xml: /\.(xml|rdf)$/, json: /\.json$/, ndjson: /\.json$/, csv: /\.tsv$/ }

/** Files of a format that are small enough to be read a few hundred times. */
function realFiles(format: Source['format']): string[] {
  const folders = ['bikes', 'fx', 'niem', 'catalogue-dcat', 'cn-divisions', 'fhir-xml-json', 'xml-encodings']
  return folders.flatMap(folder =>
    filesIn(folder, extensions[format])
      .map(name => `${folder}/${name}`)
      .filter(name => !name.endsWith('MANIFEST.tsv') && statSync(realDataUrl(name)).size < 120_000),
  )
}

function filesIn(folder: string, names: RegExp): string[] {
  const url = realDataUrl(`${folder}/`)
  return readdirSync(url, { recursive: true, encoding: 'utf8' }).filter(name => names.test(name))
}
