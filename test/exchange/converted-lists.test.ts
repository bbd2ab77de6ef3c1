/** What consumers of an older major learn of a list that the newer one keeps from them: not even how long it is. */
import t from 'tap'
import { createAgreement } from '../../src/exchange/agreements.ts'
import { putDepartment } from '../../src/exchange/departments.ts'
import { discloseRecord } from '../../src/exchange/disclose.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import { openTestHub, tester } from '../helper.ts'
import { documentWith } from '../standards.ts'
import { deliverThings } from './things.ts'

const titles = { 'zh-CN': '测试', en: 'Test' }
const text = { titles, level: 'L1', type: 'string' }
const listOf = (properties: object) => ({
  titles,
  type: 'array',
  items: { type: 'object', additionalProperties: false, properties },
})

const kept: [what: string, marks: object][] = [
  ['sealed', { level: 'L4' }],
  ['not shared', { level: 'L2', sharing: 'not-shared' }],
]

for (const [what, marks] of kept) {
  t.test(
    `the length of a list that is ${what} in the newer major is withheld from the older one’s consumers`,
    async t => {
      const hub = await openTestHub(t)
      for (const id of ['data-bureau', 'archives']) await putDepartment(hub, tester, { id, titles })
      const own = { id: text, name: text }
      const thing = { id: 'thing', key: ['id'], subjects: ['id'] }
      await publishStandard(
        hub,
        tester,
        documentWith({ ...thing, properties: { ...own, households: listOf({ name: text }) } }),
      )
      await createAgreement(hub, tester, {
        id: 'a',
        department: 'archives',
        standard: 'thing',
        major: 1,
        fields: ['id', 'name', 'households.name'],
        operations: ['read'],
        matters: ['m'],
        from: new Date(0),
        until: new Date('2100-01-01'),
      })
      const second = documentWith({
        ...thing,
        version: '2.0.0',
        properties: { ...own, convictions: listOf({ what: { ...text, ...marks } }) },
      })
      const households = { each: 'convictions', fields: { name: { from: '../name' } } }
      const conversion = { to: 1, fields: { id: { from: 'id' }, name: { from: 'name' }, households } }
      await publishStandard(hub, tester, { ...second, $id: second.$id.replace('v1.json', 'v2.json'), conversion })
      await publishAdapter(hub, tester, {
        adapter: { department: 'data-bureau', name: 'plain', version: '1.0.0', titles },
        standard: { id: 'thing', major: 2 },
        source: { format: 'ndjson', records: '' },
        mode: 'delta',
        fields: {
          id: { from: 'id' },
          name: { from: 'name' },
          convictions: { each: 'convictions', fields: { what: { from: 'what' } } },
        },
      })
      const convictions = [{ what: 'x' }, { what: 'y' }, { what: 'z' }]
      await deliverThings(hub, 'data-bureau/plain', [
        { id: 'p', name: 'Ann', convictions },
        { id: 'q', name: 'Bo' },
      ])

      const by = { actor: { kind: 'client', id: 'archives' }, department: 'archives', request: 'r' } as const
      for (const [key, name] of [
        ['p', 'Ann'],
        ['q', 'Bo'],
      ] as const) {
        const call = { by, standard: 'thing', matter: 'm', case: undefined, fields: undefined }
        const { body } = await discloseRecord(hub, call, { key, knownTags: [] })
        t.match(JSON.parse(String(body)), {
          data: { id: key, name, households: undefined },
          withheld: ['households.name'],
        })
      }
    },
  )
}
