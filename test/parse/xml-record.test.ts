import assert from 'node:assert'
import fc from '../properties.ts'
import { SaxesParser } from 'saxes'
import t from 'tap'
import { Window } from '../../src/parse/window.ts'
import { XmlNames } from '../../src/parse/xml-names.ts'
import { OTHER, XmlRecord } from '../../src/parse/xml-record.ts'
import { read } from './reading.ts'

type Tree = string | null | Tree[] | { [name: string]: Tree }

// Few names, so that they repeat as in records, one the start of another; a and b:a may be one attribute or two.
const name = fc.constantFrom('a', 'ab', 'b', 'p:a', 'q:a', '名称', 'x:nil')
const text = fc
  .array(
    fc.constantFrom('1', 'x y', '中文', '😀', ' ', '\n  ', '&amp;', '&lt;', '&#65;', '&#x4e2d;', '>', ']]', '"', "'"),
    { maxLength: 3 },
  )
  .map(parts => parts.join(''))
const attributeValue = text.map(value => value.replaceAll('"', '&quot;'))
const attributes = fc
  .uniqueArray(fc.tuple(name, fc.oneof(attributeValue, fc.constant('true'))), {
    maxLength: 2,
    selector: ([key]) => key,
  })
  .map(pairs => pairs.map(([key, value]) => ` ${key}="${value}"`).join(''))

const { element } = fc.letrec<{ element: string; content: string }>(tie => ({
  element: fc
    .tuple(name, attributes, tie('content'))
    .map(([tag, list, content]) => (content === '' ? `<${tag}${list}/>` : `<${tag}${list}>${content}</${tag}>`)),
  content: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    fc.array(tie('element'), { maxLength: 3 }).map(elements => elements.join('\n ')),
  ),
}))
const content = fc.array(element, { maxLength: 4 }).map(elements => elements.join(''))

// The same records again, so that their names are known when the last ones are read.
const body = fc
  .tuple(fc.array(content, { minLength: 1, maxLength: 3 }), fc.array(content, { minLength: 1, maxLength: 2 }))
  .map(([first, more]) => [...first, ...first, ...more].map(inside => `<R>${inside}</R>`).join('\n'))

const root = '<D xmlns:x="http://www.w3.org/2001/XMLSchema-instance" xmlns:p="urn:p" xmlns:q="urn:p" xmlns:nil="urn:n">'

const insertions = [
  ...['', '<', '>', '/', '</', '/>', '&', ';', '&x;', '&#0;', '&#xD800;', '&#1;', '"', "'", '=', ' ', '\n', '\t', '\r'],
  ...[
    ']',
    ']]>',
    '!',
    '?',
    '<!--',
    '-->',
    '<!-- -->',
    '<![CDATA[',
    '<![CDATA[<]]>',
    '<?x',
    '?>',
    '<?x y?>',
    '<a',
    '<a>',
  ],
  ...['</a>', '<R>', '</R>', '<R/>', 'a="1"', ' a="1"', ' q:b="1"', ' xmlns="urn:q"', ' xmlns:p="urn:r"', ' x:nil="1"'],
  ...['z:', ':', '\u0001', '\uFFFE', '\uFFFF', '\u007F', '\u3000', 'a', 'é', '<!DOCTYPE D>', '😀', '-', 'x:nil="0"'],
]

t.test('well-formed records are read as saxes reads them', async () => {
  await fc.assert(
    fc.asyncProperty(body, async records => agree(`${root}${records}</D>`)),
    { numRuns: 200 },
  )
})

t.test('a record damaged anywhere is refused, or read as saxes reads it', async () => {
  const record = '<R a="1" p:b=\'2\'>\n<a>x&amp;y</a> <b/><ab c="3">z</ab><a x:nil="true"/></R>'
  for (let at = 0; at <= record.length; at++) {
    for (const removed of [0, 1]) {
      for (const inserted of insertions) {
        const damaged = record.slice(0, at) + inserted + record.slice(at + removed)
        await agree(`${root}${record}${damaged}${record}</D>`)
      }
    }
  }
})

t.test('records damaged in several places are refused, or read as saxes reads them', async () => {
  const damage = fc.tuple(fc.nat(), fc.constantFrom(0, 1, 2, 5), fc.constantFrom(...insertions))
  await fc.assert(
    fc.asyncProperty(body, fc.array(damage, { minLength: 2, maxLength: 4 }), async (records, damages) => {
      let damaged = records
      for (const [place, removed, inserted] of damages) {
        // Rather in the later records: those are read without saxes.
        const at = damaged.length - 1 - (place % damaged.length)
        damaged = damaged.slice(0, at) + inserted + damaged.slice(at + removed)
      }
      if (!/\p{Surrogate}/u.test(damaged)) await agree(`${root}${damaged}</D>`)
    }),
    { numRuns: 500 },
  )
})

t.test('what nearly all records are made of is read without saxes', async t => {
  const plain = '<R a="1" b:c=\'2\'><a>中 &amp; &#x4e2d;</a>\n<b/><ab b="3" /><a x:nil="true"></a><d><a>]]</a></d></R>'
  const window = new Window()
  window.append(`${plain}<R><![CDATA[x]]></R>`)
  const reader = new XmlRecord(window, knownNames(), 3)
  t.equal(reader.read(0, 'R'), plain.length)
  t.same(reader.node, { '@a': '1', '@b:c': '2', a: ['中 & 中', null], b: '', ab: { '@b': '3' }, d: { a: ']]' } })
  t.equal(reader.read(plain.length, 'R'), OTHER)
  t.equal(new XmlRecord(window, knownNames(), 2).read(0, 'R'), OTHER, 'too deep')
})

async function agree(xml: string): Promise<void> {
  const expected = readBySaxes(xml)
  const { records, error } = await read(xml, { format: 'xml', records: 'D/R' })
  if (expected === undefined) {
    assert.ok(error !== undefined, 'saxes refuses it')
    return
  }
  assert.strictEqual(error, undefined)
  assert.deepStrictEqual(
    records.map(record => 'node' in record && record.node),
    expected,
  )
}

/** The trees of D/R, or undefined where saxes refuses the document. Namespaces are looked up in saxes' own way. */
function readBySaxes(xml: string): Tree[] | undefined {
  type Open = { name: string; isNil: boolean; text: string; members: [string, Tree][] }
  const records: Tree[] = []
  const open: Open[] = []
  let refused = false
  const saxes = new SaxesParser({ xmlns: true, defaultXMLVersion: '1.0', forceXMLVersion: true })
  saxes.on('error', () => (refused = true))
  saxes.on('doctype', () => (refused = true))
  saxes.on('opentag', tag => {
    const list = Object.values(tag.attributes).filter(({ uri }) => uri !== 'http://www.w3.org/2000/xmlns/')
    const isNil = ({ uri, local }: { uri: string; local: string }) =>
      uri === 'http://www.w3.org/2001/XMLSchema-instance' && local === 'nil'
    open.push({
      name: tag.name,
      isNil: list.some(attribute => isNil(attribute) && /^[ \t\r\n]*(true|1)[ \t\r\n]*$/.test(attribute.value)),
      text: '',
      members: list.filter(attribute => !isNil(attribute)).map(({ name: key, value }) => [`@${key}`, value]),
    })
  })
  const take = (more: string) => {
    const inner = open.at(-1)
    if (inner !== undefined) inner.text += more
  }
  saxes.on('text', take)
  saxes.on('cdata', take)
  saxes.on('closetag', () => {
    const { name: key, isNil, text: own, members } = open.pop()!
    const text = isNil ? '' : own
    const node = members.length > 0 ? treeOf(members, text) : isNil ? null : text
    open.at(-1)?.members.push([key, node])
    if (open.length === 1 && open[0]?.name === 'D' && key === 'R') records.push(node)
  })
  saxes.write(xml).close()
  return refused ? undefined : records
}

function treeOf(members: readonly [string, Tree][], text: string): Tree {
  const tree = new Map<string, Tree[]>()
  for (const [key, node] of members) tree.set(key, [...(tree.get(key) ?? []), node])
  if (/[^ \t\r\n]/.test(text)) tree.set('#text', [text])
  return Object.fromEntries([...tree].map(([key, nodes]) => [key, nodes.length === 1 ? nodes[0]! : nodes]))
}

/** The names of the plain record, as saxes would have taught them. */
function knownNames(): XmlNames {
  const names = new XmlNames({})
  for (const known of ['R', 'a', 'b', 'ab', 'd']) names.elements.add(known, known)
  for (const known of ['a', 'b', 'b:c']) names.attributes.add(known, `@${known}`)
  names.attributes.add('x:nil', '')
  return names
}
