/** A standard of which several departments speak, and what each says. */
import { deliver } from '../../src/exchange/deliver.ts'
import { putDepartment } from '../../src/exchange/departments.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import { readText } from '../../src/record-text.ts'
import type { JsonObject, Receipt } from '../../src/record.ts'
import type { StandardDocument } from '../../src/standard.ts'
import { readRecord, unsealRecords } from '../../src/store/records.ts'
import { decodeUtf8 } from '../../src/utf8-text.ts'
import { chunks, tester, type TestHub } from '../helper.ts'
import { documentWith } from '../standards.ts'

const titles = { 'zh-CN': '测试', en: 'Test' }

export const departments = ['archives', 'data-bureau', 'health'] as const

export type Department = (typeof departments)[number]

/** What a department says of a shop; `gone` withdraws it. */
export type Shop = {
  readonly id: string
  readonly name?: string
  readonly note?: string
  readonly area?: string
  readonly secret?: string
  readonly people?: readonly { readonly name?: string; readonly number?: string }[]
  readonly gone?: 'yes'
}

const text = { type: 'string', maxLength: 40 } as const
const leaf = { ...text, titles, level: 'L1' } as const

/** Whose word counts: of `name` the archives', of `area` the health department's, of the rest the owner's. */
export const authorities: Readonly<Record<string, string>> = { name: 'archives', area: 'health' }

/** @param of whose word counts, by field; `''` is the standard itself */
export function shopDocument(of: Readonly<Record<string, string>> = authorities, version = '1.0.0'): StandardDocument {
  const authority = (name: string): object => (of[name] === undefined ? {} : { authority: of[name] })
  const document = documentWith({
    id: 'shop',
    version,
    key: ['id'],
    subjects: ['secret'],
    properties: {
      id: text,
      name: { ...text, ...authority('name'), indexed: true },
      note: { ...text, ...authority('note') },
      area: { ...text, format: 'decimal', ...authority('area') },
      secret: { ...text, level: 'L3', ...authority('secret') },
      people: {
        type: 'array',
        ...authority('people'),
        items: {
          type: 'object',
          additionalProperties: false,
          properties: { name: leaf, number: { ...leaf, level: 'L3' } },
        },
      },
    },
  })
  return { ...document, standard: { ...document.standard, ...authority('') } }
}

const fields = {
  id: { from: 'id' },
  name: { from: 'name' },
  note: { from: 'note' },
  area: { from: 'area' },
  secret: { from: 'secret' },
  people: { each: 'people', fields: { name: { from: 'name' }, number: { from: 'number' } } },
}

export function shopAdapter(department: string, changes: object = {}): object {
  return {
    adapter: { department, name: 'shops', version: '1.0.0', titles },
    standard: { id: 'shop', major: 1 },
    source: { format: 'ndjson', records: '' },
    mode: 'delta',
    order: 'input',
    withdraw: { when: { path: 'gone', is: 'yes' } },
    fields,
    ...changes,
  }
}

export async function publishShops(hub: TestHub, document = shopDocument()): Promise<void> {
  for (const id of departments) await putDepartment(hub, tester, { id, titles })
  await publishStandard(hub, tester, document)
  for (const department of departments) await publishAdapter(hub, tester, shopAdapter(department))
}

export function say(hub: TestHub, department: string, ...shops: readonly Shop[]): Promise<Receipt> {
  const body = chunks(shops.map(shop => JSON.stringify(shop)).join('\n'))
  return deliver(hub, { adapter: `${department}/shops`, body, by: tester })
}

/** The record with everything in it; undefined where there is none. */
export async function shopOf(hub: TestHub, id: string): Promise<JsonObject | undefined> {
  const { read } = hub.store
  const record = await readRecord(read, 'shop', id)
  if (record === undefined) return undefined
  const [sealed] = await unsealRecords(read, hub.keys.master, [record], ['secret', 'people.number'])
  return readText({
    open: decodeUtf8(record.body),
    sealed: [...(sealed ?? [])].map(([field, value]) => ({ field, text: value })),
  })
}
