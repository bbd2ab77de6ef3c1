import t from 'tap'
import { join } from 'node:path'
import type { Agreement } from '../../src/agreement/agreement.ts'
import { readAgreements } from '../../src/store/agreements.ts'
import { openDatabase } from '../../src/store/connection.ts'
import { recordMigrations } from '../../src/store/migrations/records.ts'
import { documentWith } from '../standards.ts'
import { folder } from '../helper.ts'

t.test('an agreement from before levels were kept gets those of the day on which it was made', async t => {
  const file = join(folder(t), 'concord.sqlite')
  const early = Object.fromEntries(Object.entries(recordMigrations).filter(([name]) => name < '003'))
  const before = await openDatabase(file, early)
  const versions = [
    ['1.0.0', 'L1', '2026-01-01T00:00:00.000Z'],
    ['1.1.0', 'L2', '2026-02-01T00:00:00.000Z'],
    ['1.2.0', 'L3', '2026-03-01T00:00:00.000Z'],
  ] as const
  for (const [version, level, at] of versions) {
    const properties = { id: { type: 'string' }, name: { type: 'string', level } }
    const document = JSON.stringify(documentWith({ key: ['id'], version, properties }))
    await before
      .knex('standards')
      .insert({ standard: 'test', version, major: 1, document, types: '', published_at: at })
  }
  const old: Agreement = {
    id: 'old',
    department: 'housing',
    standard: 'test',
    major: 1,
    fields: ['id', 'name'],
    operations: ['read'],
    matters: ['m'],
    from: '2026-01-01T00:00:00.000Z',
    until: '2027-01-01T00:00:00.000Z',
    status: 'active',
  }
  const { id, department, standard } = old
  const row = { id, department, standard, document: JSON.stringify(old), created_at: '2026-02-15T00:00:00.000Z' }
  await before.knex('agreements').insert(row)
  await before.close()

  const after = await openDatabase(file, recordMigrations)
  t.teardown(() => after.close())
  t.same(await readAgreements(after.read), [{ ...old, levels: { id: 'L1', name: 'L2' } }])
})
