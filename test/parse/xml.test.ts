import t from 'tap'
import type { Json } from '../../src/record.ts'
import type { Source } from '../../src/source.ts'
import { nodes, read } from './reading.ts'

const source: Source = { format: 'xml', records: 'D/R' }
const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

/** What stands inside the record's element → its tree. */
const trees: [string, string, Json][] = [
  ['an element of text is its text', '<a>1</a>', { a: '1' }],
  ['text keeps its white space', '<a> 1\t\n</a>', { a: ' 1\t\n' }],
  ['text of white space is text', '<a>  </a>', { a: '  ' }],
  ['an ideographic space is no white space', '<a b="1">\u3000</a>', { a: { '@b': '1', '#text': '\u3000' } }],
  ['an empty element is empty text', '<a/><b></b><c />', { a: '', b: '', c: '' }],
  ['a number is its text', '<a>0071234</a><b>2.5E7</b>', { a: '0071234', b: '2.5E7' }],
  ['attributes stand under @', '<a b="1" c=\'2\'/>', { a: { '@b': '1', '@c': '2' } }],
  ['text beside attributes stands under #text', '<a b="1">x</a>', { a: { '@b': '1', '#text': 'x' } }],
  ['white space beside attributes is dropped', '<a b="1">\n </a>', { a: { '@b': '1' } }],
  ['elements nest', '<a><b>1</b><c><d>2</d></c></a>', { a: { b: '1', c: { d: '2' } } }],
  ['elements repeat', '<a>1</a><b/><a>2</a><a><c>3</c></a>', { a: ['1', '2', { c: '3' }], b: '' }],
  ['white space between elements is dropped', '\n  <a>1</a>\n  <b>\n    <c/>\n  </b>\n', { a: '1', b: { c: '' } }],
  ['text between elements is kept whole', 'x<a/> <b/>y', { a: '', b: '', '#text': 'x y' }],
  ['the five entities are expanded', '<a>&lt;&gt;&amp;&quot;&apos;</a>', { a: '<>&"\'' }],
  ['references are expanded once', '<a>&amp;lt;</a>', { a: '&lt;' }],
  ['characters by number are expanded', '<a>&#x4e2d;&#25991;&#x1F600;</a>', { a: '中文😀' }],
  ['references in attributes are expanded', '<a b="&lt;&#10;&amp;"/>', { a: { '@b': '<\n&' } }],
  ['white space in attributes is spaces', '<a b="1\n2\t3"/>', { a: { '@b': '1 2 3' } }],
  ['line ends are newlines', '<a>1\r\n2\r3\n</a>', { a: '1\n2\n3\n' }],
  ['a return by number is a return', '<a>1&#13;&#10;</a>', { a: '1\r\n' }],
  ['CDATA is text', '<a>1<![CDATA[<b>&amp;]]]>2</a>', { a: '1<b>&amp;]2' }],
  ['comments and instructions are nothing', '<a>1<!-- <b> -->2<?x <c> ?>3</a>', { a: '123' }],
  ['> and ]] and quotes may stand in text', '<a>1>2 ]] ] "\'</a>', { a: '1>2 ]] ] "\'' }],
  ['> may stand in an attribute', '<a b="x>y/>"/>', { a: { '@b': 'x>y/>' } }],
  ['names may be Chinese', '<名称 类型="甲">乙</名称>', { 名称: { '@类型': '甲', '#text': '乙' } }],
  [
    'names may be those of objects',
    '<__proto__>1</__proto__><constructor>2</constructor>',
    JSON.parse('{"__proto__":"1","constructor":"2"}') as Json,
  ],
  ['a name may be the start of another', '<a>1</a><ab>2</ab><a>3</a>', { a: ['1', '3'], ab: '2' }],
  ['white space may stand in tags', '<a  b = "1"\n c="2" >x</a >', { a: { '@b': '1', '@c': '2', '#text': 'x' } }],
  [
    'nil is null, or an element without text',
    '<a xsi:nil="true"/><b xsi:nil="1" c="2"></b>',
    { a: null, b: { '@c': '2' } },
  ],
  ['not nil is nothing special', '<a xsi:nil="false">1</a><b xsi:nil="0"/>', { a: '1', b: '' }],
  ['nil repeats', '<a xsi:nil="true"/><a>1</a>', { a: [null, '1'] }],
  ['prefixes stay as they are', '<x:a xmlns:x="urn:x" x:b="1"/>', { 'x:a': { '@x:b': '1' } }],
  ['declarations are no attributes', '<a xmlns="urn:x" xmlns:y="urn:y">1</a>', { a: '1' }],
]

for (const [what, xml, tree] of trees) {
  t.test(`${what}, in the first record and in the next ones`, async t => {
    const record = `<R>${xml}</R>`
    t.strictSame(await nodes(`<D ${xsi}>${record}\n${record}${record}</D>`, source), [tree, tree, tree])
  })
}

t.test('a record may be text, null, attributes alone, or the root element', async t => {
  const xml = `<D ${xsi}><R>1</R><R/><R xsi:nil="true"/><R a="1"/><R a="2"></R><R a="3" b=""/></D>`
  t.strictSame(await nodes(xml, source), ['1', '', null, { '@a': '1' }, { '@a': '2' }, { '@a': '3', '@b': '' }])
  t.strictSame(await nodes('<D a="1"><R/></D>', { format: 'xml', records: 'D' }), [{ '@a': '1', R: '' }])
})

t.test('records are found by their whole path, wherever it is met', async t => {
  const xml = '<D><R>0</R><L><R>1</R><X><R>2</R></X></L><R><R>3</R></R><L><R>4</R><S>5</S><R>6</R></L></D>'
  t.strictSame(await nodes(xml, { format: 'xml', records: 'D/L/R' }), ['1', '4', '6'])
  t.strictSame(await nodes(xml, source), ['0', { R: '3' }])
  t.strictSame(await nodes(xml, { format: 'xml', records: 'L/R' }), [])
  t.equal((await read(xml, { format: 'xml', records: '' })).error?.code, 'adapter-invalid')
})

t.test('a step of the path may be any name, and a record knows its own', async t => {
  const xml =
    '<D><A><R>1</R><S/></A><B><R>2</R><R x="">3</R><R>4</R><S>5</S><R>6</R><x:S xmlns:x="urn:x">7</x:S></B></D>'
  const found = async (records: string) =>
    (await read(xml, { format: 'xml', records, namespaces: { n: 'urn:x' } })).records.map(
      record => 'node' in record && [record.context['#name'], record.node],
    )
  t.strictSame(await found('D/B/*'), [
    ['R', '2'],
    ['R', { '@x': '', '#text': '3' }],
    ['R', '4'],
    ['S', '5'],
    ['R', '6'],
    ['n:S', '7'],
  ])
  t.strictSame(await found('*/*/S'), [['S', ''], ['S', '5']]) // prettier-ignore
  t.strictSame(await found('D/*/n:S'), [['n:S', '7']])
  t.strictSame(
    (await found('*')).map(record => record && record[0]),
    ['D'],
  )
})

t.test('the empty prefix is that of names without one', async t => {
  const namespaced: Source = { format: 'xml', records: 'D/R', namespaces: { '': 'urn:t' } }
  t.same(
    await nodes('<x:D xmlns:x="urn:t"><x:R a="1"><x:b>2</x:b></x:R><x:R a="1"><x:b>2</x:b></x:R></x:D>', namespaced),
    [
      { '@a': '1', b: '2' },
      { '@a': '1', b: '2' },
    ],
  )
})

t.test('a path has the prefixes of the adapter, whatever those of the input are', async t => {
  const namespaced: Source = { format: 'xml', records: 't:D/t:R', namespaces: { t: 'urn:t', u: 'urn:u' } }
  const record = { 't:a': '1', 'u:b': { '@u:c': '2', '@d': '3' }, e: '4', 'z:f': '5' }
  const inputs = {
    'one prefix': `<t:D xmlns:t="urn:t" xmlns:u="urn:u" xmlns:z="urn:z">${'<t:R><t:a>1</t:a><u:b u:c="2" d="3"/><e>4</e><z:f>5</z:f></t:R>'.repeat(3)}</t:D>`,
    others: `<x:D xmlns:x="urn:t" xmlns:y="urn:u" xmlns:z="urn:z">${'<x:R><x:a>1</x:a><y:b y:c="2" d="3"/><e>4</e><z:f>5</z:f></x:R>'.repeat(3)}</x:D>`,
    'declared in the record': `<D xmlns="urn:t">${'<R><a>1</a><y:b xmlns:y="urn:u" y:c="2" d="3"/><e xmlns="">4</e><z:f xmlns:z="urn:z">5</z:f></R>'.repeat(3)}</D>`,
    none: `<D xmlns="urn:t" xmlns:y="urn:u">${'<R><a>1</a><y:b y:c="2" d="3"/><e xmlns="">4</e><z:f xmlns:z="urn:z">5</z:f></R>'.repeat(3)}</D>`,
  }
  for (const [what, xml] of Object.entries(inputs))
    t.strictSame(await nodes(xml, namespaced), [record, record, record], what)
})

t.test('a prefix means what it means where it stands', async t => {
  const group = (uri: string) => `<G xmlns:p="${uri}"><R><p:a>1</p:a></R><R><p:a p:b="2"/></R></G>`
  const namespaced: Source = { format: 'xml', records: 'D/G/R', namespaces: { one: 'urn:1', two: 'urn:2', p: 'urn:3' } }
  t.strictSame(await nodes(`<D>${group('urn:1')}${group('urn:2')}${group('urn:4')}</D>`, namespaced), [
    { 'one:a': '1' },
    { 'one:a': { '@one:b': '2' } },
    { 'two:a': '1' },
    { 'two:a': { '@two:b': '2' } },
    { '{urn:4}a': '1' },
    { '{urn:4}a': { '@{urn:4}b': '2' } },
  ])
})

t.test('a record knows its place', async t => {
  const { records } = await read('<D>\n<R/><R/>\r\n <!--x\n--> <R>\n<a/></R>\r<R>\n</R\n>\n\n中😀<R/></D>', source)
  t.strictSame(
    records.map(({ position: { ordinal, line, column } }) => [ordinal, line, column]),
    [
      [1, 2, 1],
      [2, 2, 5],
      [3, 4, 5],
      [4, 6, 1],
      [5, 10, 4],
    ],
  )
})

t.test('texts from outside come with the records after them', async t => {
  const xml = `<D v="1"><H><date>2026-03-01</date><n>2</n><n>3</n></H><date>3</date><G a="x"><R/></G><date>4</date><G><R/><R/></G></D>`
  const context = ['/D/@v', '/D/H/date', '/D/H/n', '/D/G/@a', '/D/date', '/D/none']
  const { records } = await read(xml, { format: 'xml', records: 'D/G/R' }, { context })
  const first = { '#name': 'R', '/D/@v': '1', '/D/H/date': '2026-03-01', '/D/H/n': '3', '/D/date': '3', '/D/G/@a': 'x' }
  const { '/D/G/@a': _, ...second } = { ...first, '/D/date': '4' }
  t.strictSame(
    records.map(record => 'context' in record && record.context),
    [first, second, second],
  )
})

t.test('a text behind the records that were read without it is refused', async t => {
  const { records, error } = await read('<D><R/><date>4</date><R/></D>', source, { context: ['/D/date'] })
  t.match(
    [records.length, error],
    [1, { code: 'input-refused', message: /The text at \/D\/date stands behind records/ }],
  )
})

t.test('a text from outside that is too long is not kept', async t => {
  const xml = (length: number) => `<D><a>${'x<!-- -->'.repeat(length)}</a><R/></D>`
  const contexts = []
  for (const length of [65_536, 65_537]) {
    const { records } = await read(xml(length), source, { context: ['/D/a'] })
    contexts.push(records.map(record => 'context' in record && Object.keys(record.context)))
  }
  t.strictSame(contexts, [[['/D/a', '#name']], [['#name']]])
})

/** Documents that are refused: what, document, code, where, how many records come before. */
const refused: [string, string, string, string, number][] = [
  ['nothing', '', 'input-malformed', 'Line 1, column 1:', 0],
  ['no root element', ' \n', 'input-malformed', 'Line 2, column 1:', 0],
  ['an end too early', '<D>\n<R>1</R><R>2</R>', 'input-malformed', 'Line 2, column 17:', 2],
  ['an end inside a record', '<D><R>1</R><R><a>2', 'input-malformed', 'Line 1, column 19:', 1],
  ['an end inside a tag', '<D><R>1</R><R', 'input-malformed', 'Line 1, column 14:', 1],
  ['a wrong end tag', '<D><R>1</R><R>2</S></D>', 'input-malformed', 'Line 1, column 19:', 1],
  ['a second root', '<D/><D/>', 'input-malformed', 'Line 1, column 7:', 0],
  ['text after the root', '<D><R/></D>x', 'input-malformed', 'Line 1, column 13:', 1],
  ['an unknown entity', '<D><R>1</R><R>&x;</R></D>', 'input-malformed', 'Line 1, column 17:', 1],
  ['an unescaped ampersand', '<D><R>1</R><R>a & b</R></D>', 'input-malformed', 'Line 1, column', 1],
  ['a character that XML lacks', '<D><R>1</R><R>\u0001</R></D>', 'input-malformed', 'Line 1, column 15:', 1],
  ['a noncharacter', '<D><R>1</R><R>\uFFFE</R></D>', 'input-malformed', 'Line 1, column 15:', 1],
  ['U+0000', '<D>\n<R>1</R><R>\0</R></D>', 'input-refused', 'Line 2, column 12:', 1],
  ['U+0000 by number', '<D><R>1</R><R>&#0;</R></D>', 'input-malformed', 'Line 1, column 18:', 1],
  [']]> in text', '<D><R>1</R><R>]]></R></D>', 'input-malformed', 'Line 1, column 17:', 1],
  ['-- in a comment', '<D><R/><!-- a -- b --></D>', 'input-malformed', 'Line 1, column', 1],
  ['an attribute twice', '<D><R a="0"/><R a="1" a="2"/></D>', 'input-malformed', 'Line 1, column 29:', 1],
  [
    'an attribute twice by two prefixes',
    '<D xmlns:p="urn:1" xmlns:q="urn:1"><R p:a="0"/><R q:a="0"/><R p:a="1" q:a="2"/></D>',
    'input-malformed',
    'Line 1',
    2,
  ],
  ['an attribute without quotes', '<D><R a="0"/><R a=1/></D>', 'input-malformed', 'Line 1, column 19:', 1],
  ['attributes without space', '<D><R a="0" b="0"/><R a="1"b="2"/></D>', 'input-malformed', 'Line 1, column 28:', 1],
  ['< in an attribute', '<D><R a="0"/><R a="<"/></D>', 'input-malformed', 'Line 1, column 20:', 1],
  [
    'a prefix bound in another record',
    '<D><R><p:a xmlns:p="urn:p"/></R><R><p:a/></R></D>',
    'input-malformed',
    'Line 1',
    1,
  ],
  ['an unbound prefix', '<D><R/><p:R/></D>', 'input-malformed', 'Line 1, column 13:', 1],
  ['a DOCTYPE', '<?xml version="1.0"?>\n<!DOCTYPE D>\n<D><R/></D>', 'input-refused', 'Line 2, column 1:', 0],
  ['a DOCTYPE after records', '<D><R/><!DOCTYPE D></D>', 'input-refused', 'Line 1, column 8:', 1],
  ['another declaration', '<D><R/><!ENTITY x "y"></D>', 'input-malformed', 'Line 1, column 8:', 1],
  ['an XML declaration that is late', ' <?xml version="1.0"?><D/>', 'input-malformed', 'Line 1, column', 0],
  ['JSON', '{"a":1}', 'input-malformed', 'Line 1, column 8:', 0],
]

for (const [what, xml, code, where, count] of refused) {
  t.test(`${what} is refused, after the records before it`, async t => {
    const { records, error } = await read(xml, source)
    t.equal(error?.code, code)
    t.equal(error?.message.slice(0, where.length), where, String(error))
    t.equal(records.length, count)
  })
}

t.test('an error says nothing of the input but names', async t => {
  for (const xml of ['<D><R a="秘密"/><R a="秘密" a="秘密"/></D>', '<D><R>秘密</S></D>', '<D><R>秘密&秘密;</R></D>']) {
    const { error } = await read(xml, source)
    t.notMatch(String(error), /秘密/)
  }
  const { error } = await read(`<D><R>1</R></D></${'x'.repeat(10_000)}>`, source)
  t.ok(String(error).length < 300, 'nor all of a long name')
})
