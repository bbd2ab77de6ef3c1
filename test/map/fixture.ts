/** A small standard, a code list, and adapters to it. */
import { compileAdapter, type Adapter, type Catalogue } from '../../src/map/adapter.ts'
import type { Converted } from '../../src/map/conversion.ts'
import type { SourceNode, SourceRecord } from '../../src/record.ts'
import type { CodeList } from '../../src/standard.ts'
import { standardWith } from '../standards.ts'

const titles = { 'zh-CN': '测试', en: 'Test' }
const text = { type: 'string' }

export const colours: CodeList = {
  id: 'colour',
  version: '1.0.0',
  titles,
  closed: true,
  codes: ['red', 'green'].map(code => ({ code, titles })),
}

export const standard = standardWith({
  key: ['id', 'place'],
  properties: {
    id: text,
    place: text,
    name: text,
    colour: { ...text, codes: 'colour' },
    size: { enum: ['small', 'large'] },
    count: { type: 'integer' },
    weight: { type: 'number' },
    amount: { ...text, format: 'decimal' },
    open: { type: 'boolean' },
    since: { type: ['string', 'null'], format: 'date' },
    at: { ...text, format: 'date-time' },
    tags: { type: 'array', items: text },
    colours: { type: 'array', items: { ...text, codes: 'colour' } },
    price: {
      type: 'object',
      properties: { amount: { ...text, level: 'L1' }, currency: { ...text, level: 'L1' } },
      required: ['amount', 'currency'],
    },
    parts: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: { ...text, level: 'L1' },
          of: { ...text, level: 'L1' },
          pieces: {
            type: 'array',
            items: { type: 'object', properties: { number: { type: 'integer', level: 'L1' } } },
          },
        },
        required: ['name'],
      },
    },
    names: { type: 'object', level: 'L1', additionalProperties: text },
    value: {
      level: 'L1',
      oneOf: [{ type: 'object', properties: { amount: text }, required: ['amount'] }, { const: 'none' }],
    },
    secret: { ...text, level: 'L3' },
  },
})

export const catalogue: Catalogue = {
  standard: (id, major) => (id === 'test' && major === 1 ? standard : undefined),
  codeList: id => (id === 'colour' ? colours : undefined),
}

/** A good document: its key comes from `id` and `place`; `fields` and `more` are added to it. */
export function documentWith(fields: object = {}, more: object = {}): object {
  return {
    adapter: { department: 'data-bureau', name: 'tests', version: '1.0.0', titles },
    standard: { id: 'test', major: 1 },
    source: { format: 'json', records: '' },
    mode: 'delta',
    fields: { id: { from: 'id' }, place: { from: 'place' }, ...fields },
    ...more,
  }
}

export function adapterWith(fields: object, more?: object): Adapter {
  return compileAdapter(documentWith(fields, more), catalogue)
}

/** What the rule of `name`, fed with `node`, makes of it: the value, or the codes and pointers of its issues. */
export function valueOf(name: string, rule: object, node: { [name: string]: SourceNode }): unknown {
  const { record, issues } = adapterWith({ [name]: rule }).convert(sourceOf(node))
  return issues.length > 0 ? issues.map(({ pointer, source, code }) => `${pointer} ${source} ${code}`) : record[name]
}

export function sourceOf(node: SourceNode, context: SourceRecord['context'] = {}): SourceRecord {
  return { node, context, position: { ordinal: 1, line: 1, column: 1 } }
}

export type { Converted }
