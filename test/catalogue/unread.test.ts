import t from 'tap'
import { unreadPaths } from '../../src/catalogue/unread.ts'
import { compileAdapter } from '../../src/map/adapter.ts'
import type { SourceNode } from '../../src/record.ts'
import { adapterWith } from '../map/fixture.ts'
import { catalogue, read } from './draft/starter.ts'

const cases: [what: string, adapter: string, node: SourceNode, unread: string[]][] = [
  [
    'paths that no rule reads, in their order',
    'market-regulation/enterprises',
    { uniscid: '1', zzz: 'x', e_inv: [{ inv: 'a', rate: '5' }, { inv: 'b' }], aaa: 'y' },
    ['zzz', 'e_inv/rate', 'aaa'],
  ],
  ['the source’s own id and date are read, beside the fields', 'market-regulation/enterprises', { pripid: '1' }, []],
  ['what only decides is read', 'market-regulation/enterprises', { e_pri_person: [{ lerepsign: '1' }] }, []],
  ['what is blank or null is no text', 'market-regulation/enterprises', { zzz: ' ', yyy: null }, []],
  [
    'a column of grouped rows is read wherever a rule reads it',
    'nyc-health/inspections',
    { camis: '1', score: '5', sid: '7', inspections: [{ score: '5', sid: '7', violations: [{ score: '5', sid: '7' }] }] },
    ['sid'],
  ],
  ['the text of an element with attributes', 'natural-resources/titles', { FDCQ: { QLLX: { '@x': '1', '#text': '4' } } }, ['FDCQ/QLLX/@x']],
] // prettier-ignore

for (const [what, adapter, node, unread] of cases) {
  t.test(what, async t => {
    t.same(unreadPaths(compileAdapter(read(`adapters/${adapter}.json`), catalogue), [node]), unread)
  })
}

t.test('what is read beside the fields is read, by whatever rule', async t => {
  const adapter = adapterWith(
    { tags: { each: 't', sortBy: { from: 'at', when: { path: 'kind', is: '1' } }, item: { from: 'n' } } },
    {
      recordId: 'p/0/no',
      asOf: { one: 'p', where: { path: 'last', present: true }, item: { from: 'on' } },
      order: { max: 'p/seq' },
      withdraw: { when: { any: [{ path: 'p/op', is: 'D' }] } },
      source: { format: 'json', records: '', where: { not: { path: 'p/void', is: '1' } } },
    },
  )
  const p = { no: '1', last: '1', on: '2026-02-03', seq: '7', op: 'I', void: '0', other: 'x' }
  const node = { id: '1', place: 'a', p: [p], t: [{ at: '1', kind: '1', n: 'a', other: 'x' }] }
  t.same(unreadPaths(adapter, [node]), ['p/other', 't/other'])
})
