import t from 'tap'
import type { Agreement } from '../../src/agreement/agreement.ts'
import { grantedFields, levelsOf, verdictOn } from '../../src/agreement/granted.ts'
import { standardWith } from '../standards.ts'

const properties = {
  id: { type: 'string' },
  name: { type: 'string', level: 'L2' },
  note: { type: 'string', level: 'L2' },
  people: {
    type: 'array',
    items: {
      type: 'object',
      properties: { name: { type: 'string', level: 'L1' }, idNumber: { type: 'string', level: 'L3' } },
    },
  },
}
const standard = standardWith({ key: ['id'], properties })
const fields = ['id', 'name', 'people.idNumber']

const agreement = {
  id: 'a',
  department: 'housing',
  standard: 'test',
  major: 1,
  fields,
  operations: ['read'],
  matters: ['m'],
  from: '',
  until: '',
  status: 'active',
} as const satisfies Agreement

const verdicts = (of: Agreement, on = standard): Record<string, string> =>
  Object.fromEntries(on.fields.map(field => [field.path, verdictOn(of, field)]))

t.test('what an agreement names is granted at the level that was approved, and nothing else', async t => {
  const approved = { ...agreement, levels: levelsOf(standard, fields) }
  t.same(approved.levels, { id: 'L1', name: 'L2', 'people.idNumber': 'L3' })
  t.same(verdicts(approved), {
    id: 'granted',
    name: 'granted',
    note: 'not-granted',
    'people.name': 'not-granted',
    'people.idNumber': 'granted',
  })
  t.same([...grantedFields(approved, standard)], fields)
})

t.test('a field whose level was raised is held back, nested ones too; one that was lowered is not', async t => {
  const approved = { ...agreement, levels: levelsOf(standard, fields) }
  const people = (level: string): object => ({
    type: 'array',
    items: { type: 'object', properties: { idNumber: { type: 'string', level } } },
  })
  const raised = standardWith({
    key: ['id'],
    version: '1.1.0',
    properties: { id: { type: 'string' }, name: { type: 'string', level: 'L3' }, people: people('L4') },
  })
  t.same(verdicts(approved, raised), { id: 'granted', name: 'level-raised', 'people.idNumber': 'level-raised' })
  const lowered = standardWith({
    key: ['id'],
    version: '1.2.0',
    properties: { id: { type: 'string' }, name: { type: 'string', level: 'L1' }, people: people('L2') },
  })
  t.same(verdicts(approved, lowered), { id: 'granted', name: 'granted', 'people.idNumber': 'granted' })
  t.same(verdicts({ ...agreement, levels: levelsOf(raised, fields) }, raised)['name'], 'granted', 'approved again')
})

t.test('a field that is shared no more is held back, and one whose level nobody approved', async t => {
  const unshared = standardWith({
    key: ['id'],
    version: '1.1.0',
    properties: { id: { type: 'string' }, name: { type: 'string', level: 'L2', sharing: 'not-shared' } },
  })
  t.same(verdicts({ ...agreement, levels: levelsOf(standard, fields) }, unshared)['name'], 'not-shared')
  t.same([...grantedFields(agreement, standard)], [])
})
