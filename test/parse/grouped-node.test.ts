import t from 'tap'
import type { SourceNode } from '../../src/record.ts'
import { groupedNode, type GroupLevel } from '../../src/parse/grouped-node.ts'

const plain = (node: SourceNode): SourceNode => JSON.parse(JSON.stringify(node)) as SourceNode

/** A tree as JSON with one member more. */
const textWith = (tree: SourceNode, name: string, text: string): string =>
  JSON.stringify(tree).replace(/\}$/, `,"${name}":${text}}`)

/** The node of a group without its rows. */
const common = (rows: SourceNode[]): SourceNode => {
  const { rows: _, ...rest } = plain(groupedNode(rows, { by: [] })) as { [name: string]: SourceNode }
  return rest
}

t.test('what rows say in common stands as it is, what differs is a list, a null says nothing', async t => {
  const cases: [why: string, rows: SourceNode[], expected: SourceNode][] = [
    ['equal', [{ a: '1' }, { a: '1' }], { a: '1' }],
    ['different, in the order met', [{ a: '2' }, { a: '1' }, { a: '2' }], { a: ['2', '1'] }],
    ['null in some', [{ a: null }, { a: '1' }, {}], { a: '1' }],
    ['null in all', [{ a: null }, { a: null }], { a: null }],
    ['a blank text says nothing where others say something', [{ a: ' ' }, { a: '1' }], { a: '1' }],
    ['a blank text stays where no row says more', [{ a: '' }, { a: null }], { a: '' }],
    ['objects, member by member', [{ o: { x: '1', y: '1' } }, { o: { x: '1', y: '2', z: '3' } }], { o: { x: '1', y: ['1', '2'], z: '3' } }],
    ['equal lists', [{ l: ['1', '2'] }, { l: ['1', '2'] }], { l: ['1', '2'] }],
    ['different lists', [{ l: ['1'] }, { l: ['2'] }], { l: [['1'], ['2']] }],
    ['a text and an object', [{ a: '{}' }, { a: {} }], { a: ['{}', {}] }],
    ['names of Object.prototype', [{ constructor: '1' }, { constructor: '2' }], { constructor: ['1', '2'] }],
    ['attributes in some', [{ a: '1' }, { a: { '@u': 'x', '#text': '1' } }], { a: { '@u': 'x', '#text': '1' } }],
    ['attributes, and other texts', [{ a: '1' }, { a: { '@u': 'x', '#text': '2' } }], { a: { '@u': 'x', '#text': ['1', '2'] } }],
    ['attributes', [{ '@id': '1', '#text': 'a' }, { '@id': '1', '#text': 'b' }], { '@id': '1', '#text': ['a', 'b'] }],
  ] // prettier-ignore
  for (const [why, rows, expected] of cases) t.same(common(rows), expected, why)
  const proto = groupedNode([JSON.parse('{"__proto__":"1"}') as SourceNode], { by: [] })
  t.equal(JSON.stringify(proto), '{"__proto__":"1","rows":[{"__proto__":"1"}]}', 'not even that one')
})

t.test('under its name stand the rows as they came, or the groups within, made likewise', async t => {
  const rows = [
    { id: '1', day: '1', code: 'a' },
    { id: '1', day: null, code: 'b' },
    { id: '1', day: '1 ', code: 'c' },
    { id: '1', code: 'd' },
  ]
  t.same(plain(groupedNode(rows, { by: ['id'] })), { id: '1', day: ['1', '1 '], code: ['a', 'b', 'c', 'd'], rows })
  const nested: GroupLevel = { by: ['id'], as: 'days', group: { by: ['day'], as: 'codes' } }
  t.same(
    (plain(groupedNode(rows, nested)) as { days: SourceNode }).days,
    [
      { id: '1', day: '1', code: ['a', 'c'], codes: [rows[0], rows[2]] },
      { id: '1', day: null, code: ['b', 'd'], codes: [rows[1], rows[3]] },
    ],
    'what has no text is a group too',
  )
})

t.test('what rows are grouped by is one text, trimmed, in the groups within too', async t => {
  const cases: [by: string, rows: SourceNode[], expected: SourceNode][] = [
    ['a', [{ a: '1' }, { a: '1 ' }], { a: '1' }],
    ['a/b', [{ a: { b: ' 1' }, c: 'x' }, { a: { b: '1', d: '2' } }], { a: { b: '1', d: '2' }, c: 'x' }],
    ['a/b', [{ a: [{ b: ' 1' }] }, { a: [{ b: '1' }] }], { a: [{ b: '1' }] }],
    ['a/1', [{ a: ['0', '1'] }, { a: ['0', '1 '] }], { a: ['0', '1'] }],
    ['a/0', [{ a: '1' }, { a: '1 ' }], { a: '1' }],
    ['@a', [{ '@a': '1' }, { '@a': '1\t' }], { '@a': '1' }],
    ['a', [{ a: { '@u': 'x', '#text': '1 ' } }, { a: '1' }], { a: { '@u': 'x', '#text': '1' } }],
    ['__proto__', [JSON.parse('{"__proto__":"1"}') as SourceNode, JSON.parse('{"__proto__":"1 "}') as SourceNode], JSON.parse('{"__proto__":"1"}') as SourceNode],
  ] // prettier-ignore
  for (const [by, rows, expected] of cases) {
    const before = JSON.stringify(rows)
    const group: GroupLevel = { by: [by], as: 'inner', group: { by: ['x'], as: 'rows' } }
    const node = JSON.stringify(groupedNode(rows, group))
    t.equal(node, textWith(expected, 'inner', `[${textWith(expected, 'rows', before)}]`), by)
    t.equal(JSON.stringify(rows), before, 'rows stand as they came')
  }
})
