import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { joinPaths, nodeFinder, parsePath, pathText, textReader, type Path, type Run } from '../../src/map/path.ts'
import { Refusal } from '../../src/map/transforms/transform.ts'
import type { SourceNode } from '../../src/record.ts'

const run: Run = { context: { '/Head/Date': '20240315' }, language: 'en', issues: [], positions: [] }

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
  'a/b~c': 'k',
  'd:name': 'l',
  constructor: 'm',
}

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
    const given = textReader(pathOf(path))({ node, up: undefined }, run)
    t.same(given instanceof Refusal ? { refused: given.code } : given, text, path)
  }
})

t.test('a record may be a text, a list or nothing', async t => {
  const read = (path: string, record: SourceNode) => textReader(pathOf(path))({ node: record, up: undefined }, run)
  t.equal(read('.', 'x'), 'x')
  t.equal(read('length', 'x'), undefined)
  t.equal(read('a', null), undefined)
  t.equal(read('a', [{ a: '1' }]), '1')
  t.match(read('a', [{ a: '1' }, { a: '2' }]), { code: 'source-several' })
})

t.test('a path finds all nodes, through lists, nulls left out', async t => {
  const found = (path: string) => nodeFinder(pathOf(path))({ node, up: undefined }).map(place => place.node)
  t.same(found('rows/id'), ['1', '2'])
  t.same(found('rows/tag'), ['x', 'y'])
  t.same(found('nestedLists'), ['i', 'j'])
  t.same(found('sparse'), ['h'])
  t.same(found('nil'), [])
  t.same(found('name'), ['a'])
  t.same(found('.'), [node])
})

t.test('.. climbs by names, and a list is no level', async t => {
  const [row] = nodeFinder(pathOf('nested/deep'))({ node, up: undefined })
  const [tag] = nodeFinder(pathOf('rows/tag'))({ node, up: undefined })
  t.ok(row && tag)
  if (!row || !tag) return
  t.equal(textReader(pathOf('../inner'))(row, run), 'b')
  t.equal(textReader(pathOf('../../name'))(row, run), 'a')
  t.equal(textReader(pathOf('../id'))(tag, run), '1')
  t.equal(textReader(pathOf('../../name'))(tag, run), 'a')
})

t.test('what is no path is told', async t => {
  for (const text of ['', '/', 'a//b', 'a/', 'a/../b', 'a/.', './a', '/../a', 'a~b', 'a~2', '..//a']) {
    t.equal(parsePath(text), undefined, text)
  }
})

t.test('a path that was written is read as it was', async () => {
  const name = fc.string({ minLength: 1 }).filter(text => text !== '.' && text !== '..')
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

function pathOf(text: string): Path {
  const path = parsePath(text)
  assert(path, text)
  return path
}
