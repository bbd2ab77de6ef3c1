/**
 * Two majors of the starter standard enterprise-registration: in the second, a field is renamed, a name is split in two, a
 * code list is another, sealed fields have moved, a list is renamed, and a level is raised. Records are generated.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { draftConversion } from '../../src/catalogue/draft-conversion.ts'
import { seededRandom } from '../../src/catalogue/records/random.ts'
import { recordGenerator } from '../../src/catalogue/records/record-generator.ts'
import { deliver } from '../../src/exchange/deliver.ts'
import { putDepartment } from '../../src/exchange/departments.ts'
import { home } from '../../src/exchange/documents.ts'
import { publishAdapter } from '../../src/exchange/publish-adapter.ts'
import { publishCodeList } from '../../src/exchange/publish-code-list.ts'
import { publishStandard } from '../../src/exchange/publish.ts'
import type { JsonObject, Receipt } from '../../src/record.ts'
import type { CodeList } from '../../src/code-list.ts'
import type { StandardDocument } from '../../src/standard.ts'
import { codeListsNamedIn } from '../../src/validate/named-code-lists.ts'
import { chunks, tester, type TestHub } from '../helper.ts'

export const standard = 'enterprise-registration'

const read = (path: string): unknown => JSON.parse(readFileSync(join(home, 'schemas', path), 'utf8'))

export const first = read(`standards/${standard}/v1.json`) as StandardDocument

const titles = { 'zh-CN': '测试', en: 'Test' }

const {
  name, legalRepresentativeName: _, legalRepresentativeIdType: idType, legalRepresentativeIdNumber: idNumber, investors,
  ...same
} = first.properties as Record<string, JsonObject> // prettier-ignore

const part = { titles, level: 'L1', type: 'string', minLength: 1, maxLength: 40, pattern: '^\\p{L}+$' }
const investor = investors?.['items'] as JsonObject & { properties: Record<string, JsonObject> }
const { name: holder, ...ofInvestor } = investor.properties
const representative = {
  titles,
  type: 'object',
  additionalProperties: false,
  properties: { familyName: part, givenName: part, idType, idNumber },
  required: ['givenName'],
  dependentRequired: { idType: ['idNumber'], idNumber: ['idType'] },
}
const shareholders = {
  titles,
  type: 'array',
  items: {
    ...investor,
    properties: { holder, ...ofInvestor },
    required: ['holder', 'idType', 'idNumber', 'subscribed', 'paid'],
  },
}

/** That the number is of the form which its type asks for. */
const numberOf = (type: string, format: string): JsonObject => ({
  if: {
    properties: { representative: { type: 'object', properties: { idType: { const: type } }, required: ['idType'] } },
    required: ['representative'],
  },
  then: { properties: { representative: { type: 'object', properties: { idNumber: { type: 'string', format } } } } },
})

const [capital] = first['allOf'] as JsonObject[]
const renamed = {
  ...same,
  enterpriseName: name,
  representative,
  shareholders,
  status: {
    titles,
    level: 'L1',
    indexed: true,
    type: 'string',
    enum: ['active', 'revoked', 'cancelled', 'moved', 'other'],
  },
  domicile: { ...same['domicile'], level: 'L2' },
}

const drafted = draftConversion({ ...first, properties: renamed } as unknown as StandardDocument, first)

export const fields: JsonObject = {
  ...drafted.conversion.fields,
  name: { from: 'enterpriseName' },
  legalRepresentativeName: {
    listOf: [{ from: 'representative/familyName' }, { from: 'representative/givenName' }],
    via: [{ join: '' }],
  },
  legalRepresentativeIdType: { from: 'representative/idType' },
  legalRepresentativeIdNumber: { from: 'representative/idNumber' },
  status: { from: 'status', codes: { active: '1', revoked: '2', cancelled: '3', moved: '4', other: '9' } },
  investors: {
    each: 'shareholders',
    fields: {
      name: { from: 'holder' },
      idType: { from: 'idType' },
      idNumber: { from: 'idNumber' },
      subscribed: { from: 'subscribed' },
      paid: { from: 'paid' },
    },
  },
}

export function second(conversion: unknown = { to: 1, fields }, version = '2.0.0'): StandardDocument {
  const required = first.required?.filter(one => one !== 'name' && one !== 'legalRepresentativeName') ?? []
  return {
    ...first,
    $id: first.$id.replace('v1.json', 'v2.json'),
    standard: {
      ...first.standard,
      version,
      subjects: ['unifiedSocialCreditCode', 'representative.idNumber', 'shareholders.idNumber'],
    },
    ...(conversion === null ? {} : { conversion }),
    properties: renamed,
    required: [...required, 'enterpriseName', 'representative'],
    dependentRequired: { registeredCapital: ['currency'] },
    allOf: [capital, numberOf('111', 'resident-id'), numberOf('001', 'uscc')],
  } as unknown as StandardDocument
}

const lists = codeListsNamedIn(first).map(id => read(`code-lists/${id}.json`) as CodeList)

/** The first major alone. */
export async function publishFirst(hub: TestHub): Promise<void> {
  for (const id of [first.standard.owner, 'archives']) await putDepartment(hub, tester, { id, titles })
  for (const list of lists) await publishCodeList(hub, tester, list)
  await publishStandard(hub, tester, first)
  await publishAdapter(hub, tester, asItIs('first', first))
}

export async function publishSecond(hub: TestHub, document = second()): Promise<void> {
  await publishStandard(hub, tester, document)
  await publishAdapter(hub, tester, asItIs('second', document))
}

/** An adapter that takes records as they are; a null has a text for it, as JSON's null is unknown to adapters. */
export function asItIs(adapterName: string, document: StandardDocument): object {
  const own = draftConversion(document, document).conversion.fields as Record<string, JsonObject>
  return {
    adapter: { department: first.standard.owner, name: adapterName, version: '1.0.0', titles },
    standard: { id: standard, major: Number.parseInt(document.standard.version, 10) },
    source: { format: 'ndjson', records: '' },
    mode: 'delta',
    order: 'input',
    withdraw: { when: { path: 'gone', is: 'yes' } },
    absentWhen: ['(none)'],
    fields: {
      ...own,
      termFrom: { from: 'termFrom', nullWhen: ['长期'] },
      termTo: { from: 'termTo', nullWhen: ['长期'] },
    },
  }
}

export function deliverTo(
  hub: TestHub,
  adapterName: 'first' | 'second' | 'third',
  records: readonly JsonObject[],
): Promise<Receipt> {
  const lines = records.map(record =>
    JSON.stringify(record, (_name, value: unknown) => (value === null ? '长期' : value)),
  )
  const body = chunks(lines.join('\n'))
  return deliver(hub, { adapter: `${first.standard.owner}/${adapterName}`, body, by: tester })
}

/** So many records of a major, each with a key of its own. */
export function generated(document: StandardDocument, count: number, seed: number): JsonObject[] {
  const generate = recordGenerator({ document, codeList: id => lists.find(list => list.id === id) })
  const random = seededRandom(seed)
  const found = new Map<string, JsonObject>()
  while (found.size < count) {
    const record = generate(random)
    if (record !== undefined) found.set(record['unifiedSocialCreditCode'] as string, record)
  }
  return [...found.values()]
}
