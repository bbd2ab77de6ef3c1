/** Changes of what a value may be: its limits, its type, its constants, its form. */
import { between, chance, type Random } from '../../src/catalogue/records/random.ts'
import { formats, freeNames, patterns, pick, randomSchema, texts, type Draft } from './random-schema.ts'

export function mutateValue(schema: Draft, random: Random): void {
  const type = [schema['type'] ?? ''].flat()[0]
  const own = byType[String(type)] ?? []
  pick(random, [...own, ...own, ...anywhere])(schema, random)
}

type Change = (schema: Draft, random: Random) => void

/** Sets, moves by one, or takes away a limit. */
function limit(keyword: string, least: number, most: number): Change {
  return (schema, random) => {
    const value = schema[keyword]
    if (typeof value !== 'number') schema[keyword] = between(random, least, most)
    else if (chance(random, 0.3)) delete schema[keyword]
    else schema[keyword] = Math.max(keyword.includes('imum') ? -9 : 0, value + pick(random, [-1, 1]))
  }
}

function replace(keyword: string, values: readonly unknown[]): Change {
  return (schema, random) => {
    if (keyword in schema && chance(random, 0.4)) delete schema[keyword]
    else schema[keyword] = pick(random, values)
  }
}

const byType: Readonly<Record<string, readonly Change[]>> = {
  string: [
    limit('minLength', 0, 4),
    limit('maxLength', 3, 12),
    replace('pattern', patterns),
    replace('format', formats),
    replace('codes', ['colours', 'places', 'sizes']),
    schema => {
      if (schema['format'] === 'uscc') schema['checkDigit'] = schema['checkDigit'] === 'warn' ? 'reject' : 'warn'
    },
  ],
  integer: [limit('minimum', -3, 3), limit('maximum', 4, 20), limit('exclusiveMinimum', -4, 2), limit('exclusiveMaximum', 5, 21), replace('multipleOf', [1, 2, 3, 4, 6, 10, 1_000_000])], // prettier-ignore
  number: [limit('minimum', -3, 3), limit('maximum', 4, 20), limit('exclusiveMinimum', -4, 2), limit('exclusiveMaximum', 5, 21), replace('multipleOf', [0.5, 1, 2, 0.1])], // prettier-ignore
  array: [
    limit('minItems', 0, 3),
    limit('maxItems', 1, 4),
    replace('uniqueItems', [true, false]),
    (schema, random) => {
      const { titles: _, level: __, indexed: ___, unit: ____, ...items } = (schema['items'] ?? {}) as Draft
      const type = String([items['type'] ?? 'string'].flat()[0])
      schema['contains'] = pick<Draft>(random, [
        { type },
        'properties' in items ? { type } : items,
        { type, const: 'a' },
      ])
    },
  ],
  object: [
    limit('minProperties', 0, 2),
    limit('maxProperties', 1, 3),
    (schema, random) => {
      if (!('properties' in schema))
        replace('dependentRequired', [{ [pick(random, freeNames)]: [pick(random, freeNames)] }])(schema, random)
    },
    (schema, random) => {
      if (!('properties' in schema))
        replace(
          'propertyNames',
          patterns.map(pattern => ({ pattern })),
        )(schema, random)
    },
  ],
}

const anywhere: readonly Change[] = [
  changeType,
  changeType,
  changeValues,
  changeValues,
  (schema, random) => {
    schema['not'] = pick<unknown>(random, [{ const: 'a' }, { enum: [0, 'none'] }, { type: 'null' }, { const: null }])
  },
  (schema, random) => {
    if ('properties' in schema || '$ref' in schema) return
    const { titles, level, indexed, ...value } = schema
    for (const keyword of Object.keys(value)) delete schema[keyword]
    Object.assign(schema, {
      [pick(random, ['oneOf', 'anyOf'])]: [value, pick<Draft>(random, [{ const: 'none' }, { type: 'null' }])],
    })
  },
  (schema, random) => {
    const way = pick(random, ['oneOf', 'anyOf'])
    const other = way === 'oneOf' ? 'anyOf' : 'oneOf'
    if (!(other in schema)) return
    schema[way] = schema[other]
    delete schema[other]
  },
  (schema, random) => {
    if ('properties' in schema || 'properties' in ((schema['items'] ?? {}) as Draft)) return
    for (const keyword of Object.keys(schema))
      if (!['titles', 'level', 'indexed', '$ref'].includes(keyword)) delete schema[keyword]
    Object.assign(schema, randomSchema(random, 0))
  },
  (schema, random) => {
    if ('level' in schema) schema['level'] = pick(random, ['L1', 'L2', 'L3', 'L4'])
  },
  schema => {
    if (schema['indexed'] === true) delete schema['indexed']
    else if ('level' in schema) schema['indexed'] = true
  },
  (schema, random) => {
    if ('level' in schema) replace('unit', ['m', 'm2', 'CNY'])(schema, random)
  },
]

function changeType(schema: Draft, random: Random): void {
  const type = schema['type']
  if (type === undefined || 'properties' in schema || 'codes' in schema) return
  if (Array.isArray(type)) schema['type'] = type[0]
  else if (chance(random, 0.6)) schema['type'] = [type, 'null']
  else if (type === 'integer' || type === 'number') schema['type'] = type === 'integer' ? 'number' : 'integer'
  else delete schema['type']
}

function changeValues(schema: Draft, random: Random): void {
  if ('properties' in schema || 'codes' in schema) return
  const values = schema['enum']
  if (Array.isArray(values)) {
    const change = between(random, 0, 3)
    if (change === 0) schema['enum'] = [...values, 'further']
    else if (change === 1 && values.length > 1) schema['enum'] = values.slice(1)
    else if (change === 2) schema['enum'] = values.toReversed()
    else delete schema['enum']
  } else if ('const' in schema) {
    schema['enum'] = [schema['const'], ...(chance(random, 0.5) ? ['further'] : [])]
    delete schema['const']
  } else if (chance(random, 0.5)) {
    schema['enum'] = [...new Set([pick(random, texts), pick(random, texts)])]
  }
}
