/** Persons, whose standard has a sealed key, and an adapter that brings them. All are synthetic. */
import { join } from 'node:path'
import { home, publishFiles } from '../../src/exchange/documents.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { tester, type TestHub } from '../helper.ts'

export const people = [
  { idNumber: '331199190101010019', name: '张一', gender: '1', birthDate: '1901-01-01', alive: 'true' },
  { idNumber: '331199190102031014', name: '张示例', gender: '1', birthDate: '1901-02-03', alive: 'false' },
] as const satisfies readonly [object, object]

export async function publishPeople(hub: TestHub): Promise<void> {
  const files = ['departments.json', 'code-lists', 'standards/person-basic'].map(file => join(home, 'schemas', file))
  await publishFiles(hub, tester, files)
  await publishAdapter(hub, tester, {
    adapter: {
      department: 'public-security',
      name: 'people',
      version: '1.0.0',
      titles: { 'zh-CN': '测试', en: 'Test' },
    },
    standard: { id: 'person-basic', major: 1 },
    source: { format: 'ndjson', records: '' },
    mode: 'delta',
    fields: {
      idNumber: { from: 'idNumber' },
      name: { from: 'name' },
      gender: { from: 'gender' },
      birthDate: { from: 'birthDate' },
      domicileDivision: { value: '331199001001' },
      alive: { from: 'alive', via: [{ boolean: { true: ['true'], false: ['false'] } }] },
    },
  })
}
