import t from 'tap'
import { sideBySide, type FedValue } from '../../src/catalogue/side-by-side.ts'
import { compileAdapter } from '../../src/map/adapter.ts'
import type { SourceNode, SourceRecord } from '../../src/record.ts'
import { catalogue, read } from './draft/starter.ts'

const recordOf = (node: SourceNode, context: SourceRecord['context'] = {}): SourceRecord => ({
  node,
  context,
  position: { ordinal: 1, line: 1, column: 1 },
})

function fedBy(adapter: string, source: SourceRecord): Map<string, FedValue> {
  const compiled = compileAdapter(read(`adapters/${adapter}.json`), catalogue)
  const values = sideBySide(compiled, source, compiled.convert(source).record)
  return new Map(values.map(value => [value.at.join('.'), value]))
}

t.test('each value stands beside the texts that feed it, with the transforms between', async t => {
  const values = fedBy('market-regulation/enterprises', recordOf({ uniscid: ' 91331199MAXT000111', regcap: '10' }))
  t.match(values.get('unifiedSocialCreditCode'), {
    value: '91331199MAXT000111',
    sources: [{ path: 'uniscid', texts: [' 91331199MAXT000111'] }],
    via: ['identifier'],
  })
  t.match(values.get('registeredCapital'), { value: '100000', sources: [{ path: 'regcap' }], via: ['decimal'] })
})

t.test('a value that could not be had stands there without one, beside its text', async t => {
  const values = fedBy('market-regulation/enterprises', recordOf({ estdate: '2023-02-29', regstate: 'asleep' }))
  t.match(values.get('establishedOn'), { sources: [{ path: 'estdate', texts: ['2023-02-29'] }] })
  t.equal(values.get('establishedOn')?.value, undefined)
  t.match(values.get('status'), { sources: [{ texts: ['asleep'] }] })
  t.notOk(values.has('name'), 'what the source says nothing of has no line')
})

t.test('elements of a list stand beside their own nodes, though one lacks a text', async t => {
  const inspection = (inspection_date: string, grade: string | null, score: string) => ({
    camis: '1',
    dba: 'A',
    inspection_type: 'x',
    inspection_date,
    grade,
    score,
    violations: [{ violation_code: `${score}C`, violation_description: 'd', critical_flag: 'Critical' }],
  })
  const inspections = [inspection('2015-01-05T00:00:00', null, '28'), inspection('2015-02-03T00:00:00', 'A', '12')]
  const values = fedBy('nyc-health/inspections', recordOf({ camis: '1', dba: 'A', inspections }))
  const texts = (at: string): unknown => values.get(at)?.sources.flatMap(source => source.texts)
  t.same(texts('inspections.0.scoreNative'), ['28'])
  t.same(texts('inspections.1.scoreNative'), ['A', '12'])
  t.same(texts('inspections.1.violations.0.code'), ['12C'])
})

t.test('a rule for each element: its own path, and constants without one', async t => {
  const values = fedBy(
    'twse/companies',
    recordOf({ 公司代號: '1', 董事長: '甲', 總經理: '乙', 發言人: '丙', 代理發言人: '丁' }),
  )
  t.match(values.get('officers.1.name'), { value: '乙', sources: [{ path: '總經理', texts: ['乙'] }] })
  t.same(values.get('authority'), {
    at: ['authority'],
    field: 'authority',
    value: 'twse',
    sources: [],
    decidedBy: [],
    via: [],
  })
})

t.test('texts from around the record are shown by their absolute path', async t => {
  const source = recordOf({ type: 'x' }, { '/holders/name': '示例公司' })
  const values = fedBy('licence-bureau/licences', source)
  t.match(values.get('holderName'), { sources: [{ path: '/holders/name', texts: ['示例公司'] }] })
})
