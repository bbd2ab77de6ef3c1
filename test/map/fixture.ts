/** A small standard, a code list, and adapters to it. */
import type { Test as Tap } from 'tap'
import { compileAdapter, type Adapter, type Catalogue, type Resolve } from '../../src/map/adapter.ts'
import type { Converted } from '../../src/map/conversion.ts'
import type { SourceNode, SourceRecord } from '../../src/record.ts'
import type { CodeList, Crosswalk } from '../../src/code-list.ts'
import { standardWith } from '../standards.ts'

const titles = { 'zh-CN': '测试', en: 'Test' }
const text = { type: 'string' }

export const colours: CodeList = {
  id: 'colour',
  version: '1.0.0',
  titles,
  closed: true,
  codes: [
    { code: 'red', titles: { 'zh-CN': '红', en: 'Red' } },
    { code: 'green', titles: { 'zh-CN': '绿', en: 'Green' } },
  ],
}

export const standard = standardWith({
  key: ['id', 'place'],
  properties: {
    id: text,
    place: text,
    name: text,
    colour: { ...text, codes: 'colour' },
    shade: { ...text, codes: 'shade' },
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
    uscc: { ...text, format: 'uscc' },
    until: { level: 'L1', oneOf: [{ ...text, format: 'date' }, { const: 'open' }] },
    secret: { ...text, level: 'L3' },
  },
})

/** Another standard, for what is read of its records. */
export const units = standardWith({
  id: 'unit',
  key: ['number', 'kind'],
  properties: {
    number: text,
    kind: text,
    name: text,
    since: { type: ['string', 'null'], format: 'date' },
    staff: { type: 'integer' },
    colour: { ...text, codes: 'shade' },
    owner: { ...text, level: 'L2' },
    secret: { ...text, level: 'L3' },
    address: { type: 'object', properties: { city: { ...text, level: 'L1' } } },
    parts: { type: 'array', items: { type: 'object', properties: { name: { ...text, level: 'L1' } } } },
  },
})

/** A list whose codes have days and whose titles changed; 1 was used again for another shade. */
export const shades: CodeList = {
  id: 'shade',
  version: '1.0.0',
  titles,
  closed: true,
  codes: [
    { code: '1', titles: { 'zh-CN': '绯', en: 'Scarlet' }, from: '2010-01-01', former: [{ titles: { 'zh-CN': '朱' }, to: '2009-12-31' }] },
    { code: '2', titles: { 'zh-CN': '朱' }, from: '2010-01-01', former: [{ titles: { 'zh-CN': '黛' }, to: '2009-12-31' }] },
    { code: '3', titles: { 'zh-CN': '青', en: 'Cyan' }, to: '2015-06-30' },
  ],
} // prettier-ignore

const toColours: Crosswalk = {
  id: 'shade-colour',
  version: '1.0.0',
  titles,
  from: { list: 'shade' },
  to: { list: 'colour' },
  rows: [
    { from: '1', to: 'red' },
    { from: '2', to: 'red', until: '2012-12-31' },
    { from: '2', to: 'green', since: '2013-01-01' },
    { from: '3', to: 'green' },
    { from: '3', to: 'green', since: '2000-01-01' },
  ],
}
const toShades: Crosswalk = { ...toColours, id: 'colour-shade', from: { list: 'colour' }, to: { list: 'shade' } }

export const catalogue: Catalogue = {
  standard: (id, major) => [standard, units].find(each => each.id === id && each.major === major),
  codeList: id => [colours, shades].find(list => list.id === id),
  crosswalk: id => [toColours, toShades].find(crosswalk => crosswalk.id === id),
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
export function valueOf(name: string, rule: object, node: { [name: string]: SourceNode }, resolve?: Resolve): unknown {
  const { record, issues } = adapterWith({ [name]: rule }).convert(sourceOf(node), 'en', resolve)
  return issues.length > 0 ? issues.map(({ pointer, source, code }) => `${pointer} ${source} ${code}`) : record[name]
}

export function sourceOf(node: SourceNode, context: SourceRecord['context'] = {}): SourceRecord {
  return { node, context, position: { ordinal: 1, line: 1, column: 1 } }
}

export type Node = { [name: string]: SourceNode }

/** A rule of a field, what it is fed, and what comes of it. */
export type Case = [rule: object, node: Node, value: unknown]

/** Checks that rules of fields make of what they are fed what they should. */
export function checkCases(t: Pick<Tap, 'strictSame'>, byField: { [field: string]: Case[] }, resolve?: Resolve): void {
  for (const [field, cases] of Object.entries(byField)) {
    for (const [rule, node, value] of cases) {
      const name = `${JSON.stringify(rule)} of ${JSON.stringify(node)}`
      t.strictSame(valueOf(field, rule, node, resolve), value, name)
    }
  }
}

export type { Converted }
