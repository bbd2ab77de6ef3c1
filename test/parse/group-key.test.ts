import t from 'tap'
import type { SourceNode } from '../../src/record.ts'
import { keyReader, KeysMet } from '../../src/parse/group-key.ts'

t.test('a key is read from names, attributes and lists, trimmed', async t => {
  const cases: [by: string, node: SourceNode, expected: string | undefined][] = [
    ['a', { a: ' 1 ' }, '1'],
    ['a/b', { a: { b: '1' } }, '1'],
    ['@id', { '@id': '1' }, '1'],
    ['a', { a: { '@unit': 'x', '#text': '1' } }, '1'],
    ['a~1b', { 'a/b': '1' }, '1'],
    ['a/1', { a: ['0', '1'] }, '1'],
    ['a/0', { a: '1' }, '1'],
    ['a/b', { a: [{ b: '1' }] }, '1'],
    ['a', {}, undefined],
    ['a', { a: null }, undefined],
    ['a', { a: '  ' }, undefined],
    ['a', { a: ['1', '2'] }, undefined],
    ['a', { a: { b: '1' } }, undefined],
    ['a', '1', undefined],
    ['constructor', {}, undefined],
  ]
  for (const [by, node, expected] of cases) {
    t.same(keyReader([by])(node), [expected], `${by} of ${JSON.stringify(node)}`)
  }
})

t.test('keys that were met are remembered, however many', async t => {
  const met = new KeysMet()
  const keys = Array.from({ length: 5000 }, (_, index) => `key ${index}`)
  t.ok(keys.every(key => met.add(key)))
  t.notOk(keys.some(key => met.add(key)))
  t.ok(met.add('another'))
})
