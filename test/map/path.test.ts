import assert from 'node:assert/strict'
import fc from '../properties.ts'
import t from 'tap'
import { textReader } from '../../src/map/node-text.ts'
import { joinPaths, mayEnclose, parsePath, pathText, type Path } from '../../src/map/path.ts'
import type { Run } from '../../src/map/run.ts'
import { Refusal } from '../../src/map/transforms/transform.ts'
import { nodeFinder, placeOf, type Place } from '../../src/map/walk.ts'
import type { SourceNode } from '../../src/record.ts'

const context = { '/Head/Date': '20240315', '#name': 'Row' }

const run: Run = { context, language: 'en', issues: [], positions: [], resolve: undefined }

const node: SourceNode = {
  name: 'a',
  empty: '',
  nil: null,
  '@id': '7',
  nested: { inner: 'b', '@unit': 'm', deep: { deeper: 'c' } },
  attributed: { '@code': '1', '#text': 'd' },
  bare: { '@code': '1' },
  once: ['e'],
  twice: ['f', 'g'],
  sparse: [null, 'h', null],
  rows: [{ id: '1', tag: ['x', 'y'] }, { id: '2' }, null],
  single: [{ id: '3' }],
  nestedLists: [['i'], [['j']]],
  coordinates: ['1.5', '2.5'],
  polygon: [
    [
      ['1', '2'],
      ['3', '4'],
    ],
  ],
  numbered: { '0': 'n', '1': null },
  members: { x: '1', y: ['2', '3'], '@z': '4', '#text': '5' },
  'a/b~c': 'k',
  'd:name': 'l',
  constructor: 'm',
}

const top: Place = placeOf({ node, context })

const texts: [path: string, text: string | undefined | { refused: string }][] = [
  ['name', 'a'],
  ['empty', ''],
  ['nil', undefined],
  ['missing', undefined],
  ['@id', '7'],
  ['nested/inner', 'b'],
  ['nested/@unit', 'm'],
  ['nested/deep/deeper', 'c'],
  ['nested/missing/deeper', undefined],
  ['name/below', undefined],
  ['nested', { refused: 'source-nested' }],
  ['attributed', 'd'],
  ['attributed/#text', 'd'],
  ['bare', undefined],
  ['once', 'e'],
  ['twice', { refused: 'source-several' }],
  ['sparse', 'h'],
  ['rows/id', { refused: 'source-several' }],
  ['rows/tag', { refused: 'source-several' }],
  ['rows/none', undefined],
  ['single/id', '3'],
  ['coordinates/0', '1.5'],
  ['coordinates/2', undefined],
  ['coordinates/00', undefined],
  ['name/0', 'a'],
  ['name/1', undefined],
  ['nested/0/inner', 'b'],
  ['sparse/0', undefined],
  ['sparse/1', 'h'],
  ['rows/1/id', '2'],
  ['rows/tag/0', 'x'],
  ['rows/id/0', { refused: 'source-several' }],
  ['polygon/0/1/0', '3'],
  ['polygon/0/0', { refused: 'source-several' }],
  ['numbered/0', 'n'],
  ['numbered/1', undefined],
  ['numbered/2', undefined],
  ['members/*', { refused: 'source-several' }],
  ['nested/*/deeper', 'c'],
  ['once/*', undefined],
  ['nested/deep/#name', 'deep'],
  ['once/#name', 'once'],
  ['missing/#name', undefined],
  ['#name', 'Row'],
  ['a~1b~0c', 'k'],
  ['d:name', 'l'],
  ['constructor', 'm'],
  ['toString', undefined],
  ['__proto__', undefined],
  ['nested/toString', undefined],
  ['/Head/Date', '20240315'],
  ['/Head/Missing', undefined],
]

t.test('a path reads the one text that it leads to, and never silently the first of several', async t => {
  for (const [path, text] of texts) {
    const given = textReader(pathOf(path))(top, run)
    t.same(given instanceof Refusal ? { refused: given.code } : given, text, path)
  }
})

t.test('a record may be a text, a list or nothing', async t => {
  const read = (path: string, record: SourceNode) =>
    textReader(pathOf(path))(placeOf({ node: record, context: {} }), run)
  t.equal(read('.', 'x'), 'x')
  t.equal(read('length', 'x'), undefined)
  t.equal(read('a', null), undefined)
  t.equal(read('a', [{ a: '1' }]), '1')
  t.match(read('a', [{ a: '1' }, { a: '2' }]), { code: 'source-several' })
})

t.test('a path finds all nodes, through lists, nulls left out', async t => {
  const found = (path: string) => nodeFinder(pathOf(path))(top).map(place => place.node)
  t.same(found('rows/id'), ['1', '2'])
  t.same(found('rows/tag'), ['x', 'y'])
  t.same(found('nestedLists'), [['i'], [['j']]], 'one level of lists')
  t.same(found('nestedLists/1'), [['j']])
  t.same(found('polygon/0'), [
    ['1', '2'],
    ['3', '4'],
  ])
  t.same(found('members/*'), ['1', '2', '3'], 'neither attributes nor the own text')
  t.same(found('rows/*'), ['1', 'x', 'y', '2'])
  t.same(found('members/*/#name'), ['x', 'y'])
  t.same(found('sparse'), ['h'])
  t.same(found('nil'), [])
  t.same(found('name'), ['a'])
  t.same(found('.'), [node])
})

t.test('.. climbs by names, and a list is no level', async t => {
  const [row] = nodeFinder(pathOf('nested/deep'))(top)
  const [tag] = nodeFinder(pathOf('rows/tag'))(top)
  t.ok(row && tag)
  if (!row || !tag) return
  t.equal(textReader(pathOf('../inner'))(row, run), 'b')
  t.equal(textReader(pathOf('../../name'))(row, run), 'a')
  t.equal(textReader(pathOf('../id'))(tag, run), '1')
  t.equal(textReader(pathOf('../../name'))(tag, run), 'a')
  const [first] = nodeFinder(pathOf('coordinates/0'))(top)
  const [member] = nodeFinder(pathOf('members/*'))(top)
  t.ok(first && member)
  if (!first || !member) return
  t.equal(textReader(pathOf('../1'))(first, run), '2.5', 'a position is a level')
  t.equal(textReader(pathOf('#name'))(member, run), 'x')
  t.equal(textReader(pathOf('../@z'))(member, run), '4')
})

t.test('what is no path is told', async t => {
  for (const text of [
    '',
    '/',
    'a//b',
    'a/',
    'a/../b',
    'a/.',
    './a',
    '/../a',
    'a~b',
    'a~2',
    '..//a',
    '#name/a',
    '/a/*',
    '/#name',
  ]) {
    t.equal(parsePath(text), undefined, text)
  }
})

t.test('a path that was written is read as it was', async () => {
  const name = fc.string({ minLength: 1 }).filter(text => !['.', '..', '#name'].includes(text))
  fc.assert(
    fc.property(fc.array(name, { minLength: 1 }), names => {
      const path = pathOf(pathText(names))
      assert.deepEqual(path.names, names)
      assert.deepEqual(joinPaths([], path), names)
    }),
  )
})

t.test('paths join as folders do', async t => {
  t.same(joinPaths(['a', 'b'], pathOf('c/d')), ['a', 'b', 'c', 'd'])
  t.same(joinPaths(['a', 'b'], pathOf('../c')), ['a', 'c'])
  t.same(joinPaths(['a', 'b'], pathOf('../..')), [])
  t.same(joinPaths(['a'], pathOf('.')), ['a'])
  t.equal(pathText([]), '.')
})

t.test('a path may enclose another, whatever its positions pick', async t => {
  const cases: [outer: string, inner: string, may: boolean][] = [
    ['a', 'a', true],
    ['a', 'a/b', true],
    ['a/b', 'a', false],
    ['a/b', 'a/c', false],
    ['a/0/b', 'a/b', true],
    ['a/b', 'a/0/b/1', true],
    ['a/0/b', 'a/*/b', true],
    ['a/*', 'a/b', true],
    ['a/b', '*/b', true],
    ['a/0', 'a/1/b', true],
    ['.', 'a', true],
  ]
  for (const [outer, inner, may] of cases) {
    t.equal(mayEnclose(pathOf(outer).names, pathOf(inner).names), may, `${outer} ${inner}`)
  }
})

function pathOf(text: string): Path {
  const path = parsePath(text)
  assert(path, text)
  return path
}
