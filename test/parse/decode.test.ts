import assert from 'node:assert'
import { readdirSync } from 'node:fs'
import fc from '../properties.ts'
import t from 'tap'
import { decode, type Piece } from '../../src/parse/decode.ts'
import { defaultLimits } from '../../src/parse/limits.ts'
import type { Format } from '../../src/source.ts'
import { chunks, needs, nodes, realData, realDataUrl } from './reading.ts'

type Given = {
  readonly format?: Format
  readonly encoding?: string
  readonly recordBytes?: number
}

/** Known bytes: what, bytes, text, and what is known of them. */
const known: [string, number[], string, Given][] = [
  ['UTF-8', [0x22, 0xe4, 0xb8, 0xad, 0xf0, 0x9f, 0x98, 0x80], '"中😀', {}],
  ['UTF-8 with a mark', [0xef, 0xbb, 0xbf, 0x22, 0xe4, 0xb8, 0xad], '"中', {}],
  ['UTF-8 with a mark, said to be something else', [0xef, 0xbb, 0xbf, 0xe4, 0xb8, 0xad], '中', { encoding: 'gb18030' }],
  ['UTF-16LE with a mark', [0xff, 0xfe, 0x2d, 0x4e], '中', {}],
  ['UTF-16BE with a mark', [0xfe, 0xff, 0x4e, 0x2d], '中', {}],
  ['UTF-16LE without', [0x22, 0, 0x2d, 0x4e, 0x3d, 0xd8, 0, 0xde], '"中😀', {}],
  ['UTF-16BE without', [0, 0x22, 0x4e, 0x2d], '"中', {}],
  ['GB18030 with a mark', [0x84, 0x31, 0x95, 0x33, 0xd6, 0xd0], '中', {}],
  ['GB18030 unnamed', [0x22, 0xd6, 0xd0, 0xce, 0xc4], '"中文', {}],
  ['GB18030 of four bytes', [0x95, 0x32, 0x82, 0x36, 0x94, 0x39, 0xfc, 0x36], '𠀀😀', { encoding: 'gb18030' }],
  ['GB18030 named GBK', [0x95, 0x32, 0x82, 0x36, 0xa8, 0xbf], '𠀀ǹ', { encoding: 'GBK' }],
  ['GB18030 named GB2312', [0x95, 0x32, 0x82, 0x36], '𠀀', { encoding: 'gb2312' }],
  ['Big5 named', [0xa4, 0xa4, 0xa4, 0xe5], '中文', { encoding: 'big5' }],
  ['Shift_JIS named', [0x92, 0x86, 0x95, 0xb6], '中文', { encoding: 'shift_jis' }],
  ['EUC-JP named', [0xc3, 0xe6, 0xca, 0xb8], '中文', { encoding: 'euc-jp' }],
  ['EUC-KR named', [0xc7, 0xd1], '한', { encoding: 'euc-kr' }],
  ['windows-1251 named', [0xd0, 0xf3, 0xe1], 'Руб', { encoding: 'windows-1251' }],
  ['UTF-16LE of CSV without, beginning with any character', [0x2d, 0x4e, 0x0a, 0, 0x31, 0], '中\n1', { format: 'csv' }],
  ['UTF-16BE of CSV without', [0x4e, 0x2d, 0, 0x0a, 0, 0x31], '中\n1', { format: 'csv' }],
  ['GB18030 of CSV unnamed', [0xd6, 0xd0, 0x2c, 0x31], '中,1', { format: 'csv' }],
  ['nothing', [], '', {}],
]

for (const [what, bytes, text, given] of known) {
  t.test(`${what} is decoded`, async t => t.strictSame(await decoded(Buffer.from(bytes), given), { text }))
}

t.test('an encoding is what the XML declaration says, if the adapter says nothing', async t => {
  const declaration = (encoding: string) => `<?xml version="1.0" encoding='${encoding}' standalone="yes"?>`
  const big5 = Buffer.concat([Buffer.from(declaration('Big5')), Buffer.from([0xa4, 0xa4])])
  t.strictSame(await decoded(big5, { format: 'xml' }), { text: `${declaration('Big5')}中` })
  t.not((await decoded(big5, { format: 'xml', encoding: 'gbk' })).text, `${declaration('Big5')}中`)
  t.not((await decoded(big5, { format: 'json' })).text, `${declaration('Big5')}中`, 'only XML has a declaration')
  const wide = Buffer.from(declaration('utf-8'), 'utf16le')
  t.strictSame(await decoded(wide, { format: 'xml' }), { text: declaration('utf-8') }, 'UTF-16 is seen')
})

/** Inputs of no encoding: what, bytes, what is known of them. */
const unreadable: [string, Buffer, Given][] = [
  ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0]), {}],
  ['UTF-32 without a mark', Buffer.from([0, 0, 0, 0x3c]), {}],
  ['UTF-32LE without a mark', Buffer.from([0x3c, 0, 0, 0]), {}],
  ['an encoding that nobody knows', Buffer.from('{}'), { encoding: 'ebcdic-cn' }],
  ['a declared one that nobody knows', Buffer.from('<?xml version="1.0" encoding="x-none"?><a/>'), { format: 'xml' }],
  ['a declared UTF-16 that it is not', Buffer.from('<?xml version="1.0" encoding="UTF-16"?><a/>'), { format: 'xml' }],
  ['ISO-2022-JP', Buffer.from('{}'), { encoding: 'iso-2022-jp' }],
  ['bytes of no encoding', Buffer.from([0x22, 0xff, 0x22]), {}],
]

for (const [what, bytes, given] of unreadable) {
  t.test(`${what} is refused`, async t => {
    t.match(await decoded(bytes, given), {
      text: '',
      failure: { code: 'encoding-unreadable', what: /source\.encoding/ },
    })
  })
}

t.test('a bad byte ends the input: what stands before it is read, and it is named', async t => {
  const text = '{"a":"中"}\n'.repeat(200_000)
  for (const encoding of ['utf-8', 'gb18030']) {
    const bytes = encode(text, encoding)
    const bad = bytes.lastIndexOf('"')
    bytes[bad] = 0xff
    const { failure, text: read } = await decoded(bytes, { encoding })
    t.ok(read === text.slice(0, -3))
    t.equal(failure?.code, 'encoding-unreadable')
    t.match(failure?.what, `byte ${bad} `)
  }
})

t.test('an input that ends inside a character, or has U+0000, is read to there', async t => {
  t.match(await decoded(Buffer.from([0x61, 0xe4, 0xb8]), { encoding: 'utf-8' }), {
    text: 'a',
    failure: { code: 'encoding-unreadable', what: /ends inside/ },
  })
  t.match(await decoded(Buffer.from([0x61, 0x00, 0x62]), { encoding: 'utf-8' }), {
    text: 'a',
    failure: { code: 'input-refused' },
  })
  const eten = Buffer.from([0xa4, 0xa4, 0xc6, 0xa1])
  t.match(await decoded(eten, { encoding: 'big5' }), { text: '中', failure: { code: 'encoding-unreadable' } })
})

t.test('text without an end of a character in sight is refused, not held', async t => {
  const given = { encoding: 'gb18030', recordBytes: 1000 }
  const { failure } = await decoded(Buffer.alloc(1 << 20, 0xb0), given)
  t.equal(failure?.code, 'input-refused')
})

t.test('text is the same however its bytes come', async () => {
  const unit = fc.constantFrom('a', ' ', '"', '\n', '中', '文', 'é', '𠀀', '\u3000')
  // Long enough to be cut into blocks after the look at it.
  const long = fc.array(unit, { minLength: 1, maxLength: 50 }).map(units => units.join('').repeat(30_000))
  const cuts = fc.array(fc.nat(), { maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(
      long,
      cuts,
      fc.constantFrom('utf-8', 'gb18030', 'utf-16le'),
      fc.boolean(),
      async (text, at, encoding, isBad) => {
        const bytes = encode(text, encoding)
        if (isBad) bytes[bytes.length >> 1] = 0xff
        const whole = await decoded(bytes, { encoding })
        if (!isBad) assert.ok(whole.text === text)
        const cut = await decoded(bytes, { encoding }, at)
        assert.ok(cut.text === whole.text)
        assert.deepStrictEqual(cut.failure, whole.failure)
      },
    ),
    { numRuns: 40 },
  )
})

t.test('every character of an encoding is read, or the encoding refused', needs('xml-encodings/quick-xml'), async t => {
  // Its decoder's Big5, EUC-KR and windows-1255 lack some characters of these; the others it does not have at all.
  const refused = ['Big5', 'EUC-KR', 'windows-1255', 'ISO-2022-JP', 'ISO-8859-16', 'x-user-defined']
  for (const name of readdirSync(realDataUrl('xml-encodings/quick-xml/'))) {
    const { text, failure } = await decoded(realData(`xml-encodings/quick-xml/${name}`), { format: 'xml' })
    if (refused.includes(name.replace('.xml', ''))) t.equal(failure?.code, 'encoding-unreadable', name)
    else t.match(text, /<\/(root|project)>\s*$/, name)
    t.notMatch(text, /\ufffd/, name)
  }
})

/** file, what the adapter says, path, the records' titles. */
const feeds: [string, string | undefined, string, string][] = [
  ['feedparser-chardet/gb2312.xml', undefined, 'rss/channel/item', '不归移民漫画系列：专业工作'],
  ['feedparser-chardet/koi8r.xml', 'koi8-r', 'rss/channel/item', 'Как пережить новогоднюю ночь'],
  ['feedparser-chardet/shiftjis.xml', 'shift_jis', 'feed/entry', 'DrecomRSSに記事投稿が反映されない…'],
  ['feedparser-encoding/euc-kr.xml', undefined, 'rss/channel', '년'],
  ['feedparser-encoding/utf-8-bom.xml', undefined, 'rss', '\n'],
  ['feedparser-encoding/utf-16be-autodetect.xml', undefined, 'rss', '\n'],
  ['feedparser-encoding/utf-16le-bom.xml', undefined, 'rss', '\n'],
]

t.test('feeds in many encodings are read', needs('xml-encodings'), async t => {
  for (const [name, encoding, records, title] of feeds) {
    const found = await nodes(realData(`xml-encodings/${name}`), {
      format: 'xml',
      records,
      ...(encoding && { encoding }),
    })
    t.match(found, [title === '\n' ? title : { title }], name)
  }
})

/** Feeds in what nobody decodes, in what they do not say, and with a wrong byte. */
const undecodable = [
  ...['koi8r', 'tis620', 'windows1255'].map(name => `feedparser-chardet/${name}.xml`),
  ...['bogus_encoding', 'encoding_mismatch_crash', 'invalid-bytes-with-bom', 'linenoise'].map(
    name => `feedparser-encoding/bozo_${name}.xml`,
  ),
  ...['be', 'le'].flatMap(end => ['', '-bom', '-autodetect'].map(how => `feedparser-encoding/utf-32${end}${how}.xml`)),
  'feedparser-encoding/utf_32.xml',
  'feedparser-encoding/http_text_xml_charset_2.xml',
]

t.test('a feed is decoded to its end, or its encoding refused', needs('xml-encodings'), async t => {
  for (const folder of ['feedparser-chardet', 'feedparser-encoding']) {
    for (const file of readdirSync(realDataUrl(`xml-encodings/${folder}/`))) {
      const name = `${folder}/${file}`
      const { text, failure } = await decoded(realData(`xml-encodings/${name}`), { format: 'xml' })
      t.equal(failure?.code, undecodable.includes(name) ? 'encoding-unreadable' : undefined, name)
      if (failure === undefined) t.match(text, />\s*$/, name)
      t.notMatch(text, /\ufffd/, name)
    }
  }
})

async function decoded(bytes: Uint8Array, given: Given, cuts: readonly number[] = []): Promise<Piece> {
  const { format = 'json', encoding, recordBytes = defaultLimits.recordBytes } = given
  const source = { format, ...(encoding !== undefined && { encoding }) }
  const texts: string[] = []
  for await (const { text, failure } of decode(chunks(bytes, cuts), source, { ...defaultLimits, recordBytes })) {
    texts.push(text)
    if (failure !== undefined) return { text: texts.join(''), failure }
  }
  return { text: texts.join('') }
}

/** TextEncoder does UTF-8 only; of GB18030 these tests need few characters. */
function encode(text: string, encoding: string): Buffer {
  if (encoding !== 'gb18030') return Buffer.from(text, encoding === 'utf-8' ? 'utf8' : 'utf16le')
  const bytes: { [character: string]: string } = {
    中: '\xd6\xd0',
    文: '\xce\xc4',
    é: '\xa8\xa6',
    𠀀: '\x95\x32\x82\x36',
    '\u3000': '\xa1\xa1',
  }
  return Buffer.from(
    text.replace(/[^\0-\x7f]/gu, character => bytes[character] ?? '?'),
    'latin1',
  )
}
