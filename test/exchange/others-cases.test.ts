/** What the owner of a standard learns of other departments' cases by trying versions of it: nothing of what they say. */
import t from 'tap'
import { casesAgainst } from '../../src/exchange/cases.ts'
import type { By } from '../../src/exchange/hub.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import { readStandard, type StandardDocument } from '../../src/standard.ts'
import { openTestHub, tester } from '../helper.ts'
import { publishShops, shopAdapter, shopDocument } from './voices.ts'

const steward = (department: string): By => ({ actor: { kind: 'user', id: 'wang' }, department, request: 'r' })
const owner = steward('data-bureau')

const plain = {
  id: { from: 'id' }, name: { from: 'name' }, note: { from: 'note' }, area: { from: 'area' }, secret: { from: 'secret' },
  people: { each: 'people', fields: { name: { from: 'name' }, number: { from: 'number' } } },
} // prettier-ignore

function second(version: string, fields: object): StandardDocument {
  const first = shopDocument()
  const properties = { ...first.properties, note: { ...first.properties?.['note'], maxLength: 10 } }
  const standard = { ...first.standard, version }
  const $id = first.$id.replace('v1', 'v2')
  return { ...first, $id, standard, properties, conversion: { to: 1, fields } } as StandardDocument
}

t.test('a conversion that guesses at a value is answered the same, right or wrong', async t => {
  const hub = await openTestHub(t)
  await publishShops(hub)
  await publishStandard(hub, tester, second('2.0.0', plain))
  const adapter = shopAdapter('health', { standard: { id: 'shop', major: 2 } }) as { adapter: object }
  const data = { id: '1', secret: '110101199003071234' }
  await publishAdapter(hub, tester, { ...adapter, adapter: { ...adapter.adapter, version: '2.0.0' } }, [
    { name: 'real', input: JSON.stringify(data), expected: { records: [{ key: '1', data }], rejects: [] } },
  ])
  const guess = (by: By, matches: string) => {
    const when = { path: 'secret', matches }
    const secret = { firstOf: [{ value: 'x'.repeat(41), when }, { from: 'secret' }] }
    return publishStandard(hub, by, second('2.0.1', { ...plain, secret }), { isDryRun: true })
  }
  for (const [what, matches] of [
    ['wrong', '^110102'],
    ['right', '^110101'],
  ] as const) {
    t.match(await guess(owner, matches), { outcome: 'would publish' }, what)
  }
  await t.rejects(
    guess(tester, '^110101'),
    { code: 'standard-invalid', issues: [{ message: /case real/ }] },
    'of their own',
  )
})

t.test(
  'of another department’s case a publisher of the standard learns that one fails, never by what it lets in',
  async t => {
    const hub = await openTestHub(t)
    await publishShops(hub)
    const adapter = shopAdapter('health') as { adapter: object }
    const input = `{"id":"1","note":"kept"}\n{"id":"2","note":"${'z'.repeat(41)}"}\n`
    const rejects = [{ ordinal: 2, key: '2', issues: [{ pointer: '/note', source: 'note', code: 'too-long' }] }]
    const data = { id: '1', note: 'kept' }
    await publishAdapter(hub, tester, { ...adapter, adapter: { ...adapter.adapter, version: '1.1.0' } }, [
      { name: 'real', input, expected: { records: [{ key: '1', data }], rejects } },
    ])
    const notesOf = (maxLength: number) => {
      const document = shopDocument({}, '1.1.0')
      const note = { ...document.properties?.['note'], maxLength }
      return readStandard({ ...document, properties: { ...document.properties, note } } as StandardDocument)
    }
    t.same(await casesAgainst(hub, owner, notesOf(41)), [], 'what was too long is let in')
    t.not((await casesAgainst(hub, steward('health'), notesOf(41))).length, 0, 'which its own department is told')
    const told = await casesAgainst(hub, owner, notesOf(3))
    t.match(told, [{ pointer: '', code: 'case-differs', message: /^health\/shops: a case of this adapter/ }])
    t.same(await casesAgainst(hub, owner, notesOf(2)), told, 'one sentence, whatever fails')
    t.match(await casesAgainst(hub, steward('health'), notesOf(3)), [{ pointer: '/note', message: /case real/ }])
  },
)
