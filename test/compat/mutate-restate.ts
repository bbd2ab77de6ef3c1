/** Says what a schema says in other words, mostly: by `allOf`, by `not` twice, by another limit of the same meaning. */
import { chance, type Random } from '../../src/catalogue/records/random.ts'
import { pick, type Draft } from './random-schema.ts'

export function restate(schema: Draft, random: Random): void {
  pick(random, restatements)(schema, random)
}

type Restatement = (schema: Draft, random: Random) => void

const aside = ['titles', 'level', 'indexed', 'unit', 'sharing', 'type', 'properties', 'items', '$ref', 'additionalProperties', 'codes', 'codesOn', 'if', 'then', 'else', 'checkDigit', 'required'] // prettier-ignore

const restatements: readonly Restatement[] = [
  // One keyword goes into a condition of its own.
  (schema, random) => {
    const keywords = Object.keys(schema).filter(keyword => !aside.includes(keyword) && keyword !== 'allOf')
    if (keywords.length === 0) return
    const keyword = pick(random, keywords)
    const moved = { [keyword]: schema[keyword] }
    schema['allOf'] = [...((schema['allOf'] ?? []) as Draft[]), chance(random, 0.7) ? moved : { not: { not: moved } }]
    delete schema[keyword]
  },
  schema => {
    const values = schema['enum']
    if (!Array.isArray(values) || 'oneOf' in schema) return
    schema['oneOf'] = values.map((value: unknown) => ({ const: value }))
    delete schema['enum']
  },
  schema => {
    const minimum = schema['minimum']
    if (schema['type'] !== 'integer' || typeof minimum !== 'number') return
    schema['exclusiveMinimum'] = minimum - 1
    delete schema['minimum']
  },
  schema => {
    if (schema['type'] === 'integer') Object.assign(schema, { type: 'number', multipleOf: schema['multipleOf'] ?? 1 })
  },
  schema => {
    if (!Array.isArray(schema['type'])) return
    const { titles, level, indexed, unit, type, ...rest } = schema
    const own = { titles, level, indexed, unit }
    for (const keyword of Object.keys(schema)) delete schema[keyword]
    for (const [keyword, value] of Object.entries(own)) if (value !== undefined) schema[keyword] = value
    schema['anyOf'] = (type as string[]).map(each => (each === 'null' ? { type: each } : { type: each, ...rest }))
  },
  schema => {
    if (schema['type'] === 'string' && !('minLength' in schema)) schema['minLength'] = 0
  },
  schema => {
    const dependent = schema['dependentRequired'] as Record<string, string[]> | undefined
    const [name, names] = Object.entries(dependent ?? {})[0] ?? []
    if (name === undefined) return
    const condition = { if: { required: [name] }, then: { required: names } }
    schema['allOf'] = [...((schema['allOf'] ?? []) as Draft[]), condition]
    delete schema['dependentRequired']
  },
]
