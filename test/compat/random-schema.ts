/** Random schemas of fields, within what a standard may use. */
import { between, chance, oneOf, type Random } from '../../src/catalogue/records/random.ts'
import type { Titles } from '../../src/record.ts'

/** A schema that is made and changed before it is a standard's. */
export type Draft = { [keyword: string]: unknown }

export const titles: Titles = { 'zh-CN': '名称', en: 'Name' }

export function pick<T>(random: Random, items: readonly T[]): T {
  const item = oneOf(random, items)
  if (item === undefined) throw new Error('bug: nothing to pick from')
  return item
}

export const patterns = [
  '^[a-z]+$', '^[a-z0-9]+$', '^[a-z]{1,3}$', '^\\d{4}$', '^\\d{4,6}$', '^\\d+$', '^(0|[1-9]\\d{0,5})(\\.\\d{1,2})?$', '\\d', '^A', '^[^*]{2,9}$', '.', '^\\ud83d\\ude00{1,2}$', '^\\u{1f600}\\x61?$', '^a{0,00000000000000000000000003}$', '^\\w\\$$',
] // prettier-ignore

export const formats = ['date', 'date-time', 'year-month', 'decimal', 'email', 'uri', 'uscc', 'resident-id', 'investment-project-code', 'construction-permit'] // prettier-ignore

export const texts = ['a', 'b', 'none', '', '1', '2024-02-29', '0001', '甲', 'abc', 'A1'] // prettier-ignore

/** A field with its titles, its level where it is a leaf. */
export function randomField(random: Random, depth = 2): Draft {
  const schema = randomSchema(random, depth)
  const hasMembers = 'properties' in schema || 'properties' in ((schema['items'] ?? {}) as Draft)
  return {
    titles,
    ...(!hasMembers && { level: pick(random, ['L1', 'L1', 'L2', 'L3']) }),
    ...(!hasMembers && !/array|object/.test(String(schema['type'])) && chance(random, 0.1) && { indexed: true }),
    ...schema,
  }
}

export function randomSchema(random: Random, depth: number): Draft {
  const kinds = depth > 0 ? [...flat, ...flat, ...nested] : flat
  return pick(random, kinds)(random, depth)
}

/** A condition or an alternative for a value of that type. */
export function randomShape(random: Random, type: string): Draft {
  const make = flat.filter(kind => [kind(random, 0)['type']].flat().includes(type))
  const { codes: _, checkDigit: __, ...shape } = make.length === 0 ? {} : pick(random, make)(random, 0)
  if (shape['type'] === undefined) return { type }
  return { ...shape, type }
}

type Make = (random: Random, depth: number) => Draft

const text: Make = random => ({
  type: 'string',
  ...(chance(random, 0.4) && { minLength: between(random, 0, 3) }),
  ...(chance(random, 0.4) && { maxLength: between(random, 3, 12) }),
})

const flat: readonly Make[] = [
  text,
  random => ({
    type: 'string',
    pattern: pick(random, patterns),
    ...(chance(random, 0.2) && { maxLength: between(random, 4, 9) }),
  }),
  random => ({ type: chance(random, 0.3) ? ['string', 'null'] : 'string', format: pick(random, formats) }),
  random => ({ type: 'string', codes: pick(random, ['colours', 'places', 'sizes']) }),
  random => ({ type: 'integer', ...limits(random, false) }),
  random => ({ type: 'number', ...limits(random, true) }),
  () => ({ type: 'boolean' }),
  random => ({ type: 'string', enum: [...new Set([pick(random, texts), pick(random, texts), pick(random, texts)])] }),
  random => ({ enum: [...new Set([pick(random, texts), between(random, 0, 3), null])] }),
  random => ({ const: pick<unknown>(random, ['a', 1, true, null]) }),
  random => ({ type: [pick(random, ['integer', 'boolean', 'string']), 'null'] }),
]

function limits(random: Random, isFraction: boolean): Draft {
  return {
    ...(chance(random, 0.4) && { minimum: between(random, -3, 3) }),
    ...(chance(random, 0.15) && { exclusiveMinimum: between(random, -4, 2) }),
    ...(chance(random, 0.4) && { maximum: between(random, 4, 20) }),
    ...(chance(random, 0.15) && { exclusiveMaximum: between(random, 5, 21) }),
    ...(chance(random, 0.25) && { multipleOf: pick(random, isFraction ? [0.5, 0.25, 1, 2] : [1, 2, 3, 6, 1_000_000]) }),
  }
}

/** Names of members that no schema lists; one is two others, joined. */
export const freeNames = ['a', 'b', 'a,b']

const nested: readonly Make[] = [
  randomObject,
  randomObject,
  (random, depth) => ({
    type: 'array',
    items: randomSchema(random, depth - 1),
    ...(chance(random, 0.4) && { minItems: between(random, 0, 2) }),
    ...(chance(random, 0.3) && { maxItems: between(random, 2, 4) }),
    ...(chance(random, 0.2) && { uniqueItems: true }),
  }),
  random => ({
    type: 'object',
    ...(chance(random, 0.5) && { propertyNames: { pattern: pick(random, patterns) } }),
    ...(chance(random, 0.7) && { additionalProperties: randomSchema(random, 0) }),
    ...(chance(random, 0.3) && { minProperties: 1 }),
    ...(chance(random, 0.2) && { not: { required: ['a', 'b'] } }),
    ...(chance(random, 0.2) && { dependentRequired: { [pick(random, freeNames)]: [pick(random, freeNames)] } }),
    ...(chance(random, 0.2) && { maxProperties: 2 }),
  }),
  random => ({ oneOf: [{ type: 'integer', ...limits(random, false) }, { const: pick(random, texts) }] }),
  () => ({ anyOf: [{ type: 'string', format: 'date' }, { type: 'string', maxLength: 4 }, { type: 'null' }] }),
]

export function randomObject(random: Random, depth: number): Draft {
  const names = ['name', 'kind', 'amount', 'note'].slice(0, between(random, 1, 4))
  return {
    type: 'object',
    properties: Object.fromEntries(names.map(name => [name, randomField(random, depth - 1)])),
    required: names.filter(() => chance(random, 0.5)),
    additionalProperties: false,
  }
}
