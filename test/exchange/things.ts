/** A small standard and adapters to it that differ in what decides between words on one key. */
import { putDepartment } from '../../src/exchange/departments.ts'
import { deliver } from '../../src/exchange/deliver.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import type { JsonObject, Receipt } from '../../src/record.ts'
import { readRecord, unsealRecords } from '../../src/store/records.ts'
import { chunks, tester, type TestHub } from '../helper.ts'
import { documentWith } from '../standards.ts'

const standard = 'thing'

/** A source record: `gone` withdraws it, `v` is its mark. */
export type Thing = {
  readonly id: string
  readonly name?: string
  readonly note?: string
  readonly secret?: string
  readonly v?: string
  readonly gone?: 'yes'
  readonly convictions?: readonly object[]
}

const fields = { id: { from: 'id' }, name: { from: 'name' }, note: { from: 'note' }, secret: { from: 'secret' } }

const kinds = {
  /** Nothing decides: the second of two that differ is rejected. */
  plain: { mode: 'delta' },
  /** The later in the input. */
  input: { mode: 'delta', order: 'input' },
  /** The greater `v`. */
  marked: { mode: 'delta', order: { from: 'v' } },
  list: { mode: 'snapshot' },
  'marked-list': { mode: 'snapshot', order: { from: 'v' } },
} as const

export type Kind = keyof typeof kinds

export function thingAdapter(department: string, name: Kind, changes: object = {}): object {
  return {
    adapter: { department, name, version: '1.0.0', titles: { 'zh-CN': '测试', en: 'Test' } },
    standard: { id: standard, major: 1 },
    source: { format: 'ndjson', records: '' },
    withdraw: { when: { path: 'gone', is: 'yes' } },
    fields,
    ...kinds[name],
    ...changes,
  }
}

export const text = { type: 'string', maxLength: 40 }

export const thingProperties = {
  id: text,
  name: { type: 'string', maxLength: 10, indexed: true },
  note: text,
  secret: { ...text, level: 'L3', indexed: true },
} as const

/** Publishes the standard, and an adapter of each kind for two departments: the owner of the standard, and another. */
export async function publishThings(hub: TestHub): Promise<void> {
  const document = documentWith({
    id: standard,
    key: ['id'],
    subjects: ['secret'],
    properties: thingProperties,
  })
  for (const id of ['data-bureau', 'archives']) {
    await putDepartment(hub, tester, { id, titles: { 'zh-CN': '测试', en: 'Test' } })
  }
  await publishStandard(hub, tester, document)
  for (const department of ['data-bureau', 'archives']) {
    for (const kind of Object.keys(kinds) as Kind[]) await publishAdapter(hub, tester, thingAdapter(department, kind))
  }
}

export function deliverThings(hub: TestHub, adapter: string, things: readonly Thing[]): Promise<Receipt> {
  const body = chunks(things.map(thing => JSON.stringify(thing)).join('\n'))
  return deliver(hub, { adapter, body, by: tester })
}

/** Records whose key begins with a prefix, as one who may see everything sees them, by the rest of their key. */
export async function thingsOf(hub: TestHub, prefix = ''): Promise<Record<string, JsonObject>> {
  const { read } = hub.store
  const rows = await read.all<{ record_key: string }>(
    'SELECT record_key FROM records WHERE standard = ? AND withdrawn = 0 AND substr(record_key, 1, ?) = ? ORDER BY record_key',
    [standard, prefix.length, prefix],
  )
  const found: Record<string, JsonObject> = {}
  for (const { record_key: key } of rows) {
    const record = await readRecord(read, standard, key)
    if (record === undefined) throw new Error('a record is not there')
    const [sealed] = await unsealRecords(read, hub.keys.master, [record], ['secret'])
    const { id: _, ...open } = JSON.parse(record.body) as JsonObject
    const secret = sealed?.get('secret')
    found[key.slice(prefix.length)] = { ...open, ...(secret !== undefined && { secret: JSON.parse(secret) as string }) }
  }
  return found
}
