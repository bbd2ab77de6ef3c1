/** Values that records are chosen by: a value that no record can have is refused, and not answered by an empty page. */
import t from 'tap'
import { readFilters } from '../../src/exchange/filter-values.ts'
import { publishCodeList } from '../../src/exchange/publish-code-list.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import type { Issue } from '../../src/record.ts'
import { putDepartment } from '../../src/exchange/departments.ts'
import { openTestHub, tester } from '../helper.ts'
import { documentWith } from '../standards.ts'

const titles = { 'zh-CN': '测试', en: 'Test' }

const colours = {
  $schema: '../meta/code-list.json',
  closed: true,
  id: 'colours',
  version: '1.0.0',
  titles,
  source: 'invented',
  codes: [{ code: 'red', titles }],
}

const indexed = { indexed: true } as const

const properties = {
  id: { type: 'string' },
  beds: { ...indexed, type: 'integer', minimum: 0 },
  area: { ...indexed, type: ['number', 'null'] },
  let: { ...indexed, type: 'boolean' },
  since: { ...indexed, type: 'string', format: 'date' },
  kind: { ...indexed, type: 'string', enum: ['house', 'flat'] },
  colour: { ...indexed, type: 'string', codes: 'colours' },
  name: { ...indexed, type: 'string' },
}

const read: [field: string, text: string, as: string][] = [
  ['beds', '4', '4'],
  ['beds', '4.0', '4'],
  ['area', '1e2', '100'],
  ['let', 'true', 'true'],
  ['since', '2026-02-28', '2026-02-28'],
  ['kind', 'flat', 'flat'],
  ['colour', 'red', 'red'],
  ['name', '12', '12'],
]

const refused: [field: string, text: string, code: string][] = [
  ['beds', 'four', 'type'],
  ['beds', '4.5', 'type'],
  ['beds', '', 'type'],
  ['beds', '0x4', 'type'],
  ['beds', '1e999', 'type'],
  ['beds', '-1', 'out-of-range'],
  ['area', 'wide', 'type'],
  ['let', 'yes', 'type'],
  ['since', '2026-02-30', 'format'],
  ['kind', 'castle', 'not-listed'],
  ['colour', 'mauve', 'code-unknown'],
]

t.test('filters are values that their fields can have', async t => {
  const hub = await openTestHub(t)
  await putDepartment(hub, tester, { id: 'data-bureau', titles })
  await publishCodeList(hub, tester, colours)
  await publishStandard(hub, tester, documentWith({ id: 'home', key: ['id'], subjects: ['id'], properties }))
  const { standard } = await hub.published.standard('home')
  for (const [field, text, as] of read) {
    t.same([...(await readFilters(hub, standard, new Map([[field, text]])))], [[field, as]], `${field}=${text}`)
  }
  for (const [field, text, code] of refused) {
    const refusal = await readFilters(hub, standard, new Map([[field, text]])).catch((error: unknown) => error)
    const { issues, message } = refusal as { issues: Issue[]; message: string }
    t.match(refusal, { code: 'request-invalid', issues: [{ pointer: `/${field}`, code }] }, `${field}=${text}`)
    if (text !== '') t.notOk(JSON.stringify([message, issues]).includes(text), 'its value is not repeated')
  }
})
