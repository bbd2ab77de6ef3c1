/** An open standard, records of it, and standards that are not open for one reason each. */
import { deliver } from '../../src/exchange/deliver.ts'
import { putDepartment } from '../../src/exchange/departments.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import type { StandardDocument } from '../../src/standard.ts'
import { documentWith } from '../standards.ts'
import { chunks, tester, type TestHub } from '../helper.ts'

export const places = [
  { id: '1', town: 'a', name: 'Library' },
  { id: '2', town: 'a', name: 'Park, "old"' },
  { id: '3', town: 'b', name: '=1+1' },
] as const

type Entry = StandardDocument['standard']

/** A standard of places. `level` is that of the name. */
export function placeDocument(changes: Partial<Entry> = {}, level = 'L1', sharing?: string): StandardDocument {
  const text = { type: 'string', maxLength: 40 }
  const document = documentWith({
    id: 'place',
    key: ['id'],
    subjects: ['id'],
    properties: { id: text, town: { ...text, indexed: true }, name: { ...text, level, ...(sharing && { sharing }) } },
  })
  const standard = { ...document.standard, openness: 'open', sharing: 'unconditional', ...changes } as Entry
  return { ...document, $id: `https://concord.example/schemas/standards/${standard.id}/v1.json`, standard }
}

/** Standards that are not open, by their ids. */
export const closed: readonly StandardDocument[] = [
  placeDocument({ id: 'on-request', openness: 'on-request' }),
  placeDocument({ id: 'closed', openness: 'closed' }),
  placeDocument({ id: 'conditional', sharing: 'conditional' }),
  placeDocument({ id: 'compared', compareOnly: true }),
  placeDocument({ id: 'sensitive' }, 'L2'),
  placeDocument({ id: 'held-back' }, 'L1', 'not-shared'),
]

export function placesAdapter(version: string) {
  return {
    adapter: { department: 'data-bureau', name: 'places', version, titles: { 'zh-CN': '测试', en: 'Test' } },
    standard: { id: 'place', major: 1 },
    source: { format: 'ndjson', records: '' },
    mode: 'delta',
    fields: { id: { from: 'id' }, town: { from: 'town' }, name: { from: 'name' } },
  }
}

export async function publishPlaces(hub: TestHub): Promise<void> {
  await putDepartment(hub, tester, { id: 'data-bureau', titles: { 'zh-CN': '数据局', en: 'Data bureau' } })
  await publishStandard(hub, tester, placeDocument())
  await publishAdapter(hub, tester, placesAdapter('1.0.0'))
  const body = chunks(places.map(place => JSON.stringify(place)).join('\n'))
  await deliver(hub, { adapter: 'data-bureau/places', body, by: tester })
}
