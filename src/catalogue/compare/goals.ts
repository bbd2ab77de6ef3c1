/** What a value must be like to fail a demand: the schemas that a witness is grown under. */
import { identifierOf } from '../../identifiers/identifiers.ts'
import type { Json } from '../../record.ts'
import type { CodeList } from '../../code-list.ts'
import type { SchemaNode } from '../../standard.ts'
import { formatText } from '../records/format-texts.ts'
import { seededRandom } from '../records/random.ts'
import { inlined, kindsNamed, kindsOf, type Left } from './known.ts'
import type { Unmet } from './proof.ts'

/** The likeliest first; each fails the demand, but `{}`, which is any value. */
export function goalsOf(unmet: Unmet): SchemaNode[] {
  const { keyword, facet, values, left } = unmet
  const opposite: SchemaNode = { not: inlined(facet) }
  if (values !== undefined) return [{ enum: values }, ...values.slice(0, 20).map((value: Json) => ({ const: value }))]
  const limit = Number(facet.schema[keyword])
  const goal = goals[keyword]?.(limit, unmet)
  if (keyword === 'format') return [...wrongCheckDigits(unmet), opposite]
  if (keyword === 'codes') return [...missingCodes(left, unmet), {}]
  return goal === undefined ? [opposite] : [...[goal].flat(), opposite]
}

type Goal = (limit: number, unmet: Unmet) => SchemaNode | SchemaNode[]

const goals: Readonly<Record<string, Goal>> = {
  type: (_, { left, facet }) => {
    const kinds = kindsOf(left).filter(kind => !kindsNamed(facet.schema.type).includes(kind))
    return kinds.map(kind => (kind === 'fraction' ? { type: 'number', not: { type: 'integer' } } : { type: kind }))
  },
  minLength: limit => ({ maxLength: limit - 1 }),
  maxLength: limit => ({ minLength: limit + 1 }),
  minimum: limit => ({ exclusiveMaximum: limit }),
  maximum: limit => ({ exclusiveMinimum: limit }),
  exclusiveMinimum: limit => ({ maximum: limit }),
  exclusiveMaximum: limit => ({ minimum: limit }),
  // From 1e21 on, a quotient is written with an exponent, and is no number of steps (rules.ts).
  multipleOf: (limit, { facet }) => [{ not: inlined(facet) }, { enum: [limit * 1e21, limit * -1e21] }],
  minItems: limit => ({ maxItems: limit - 1 }),
  maxItems: limit => ({ minItems: limit + 1 }),
  minProperties: limit => ({ maxProperties: limit - 1 }),
  maxProperties: limit => ({ minProperties: limit + 1 }),
  uniqueItems: () => ({ minItems: 2, not: { uniqueItems: true } }),
  contains: () => ({ maxItems: 0 }),
  required: (_, { name = '' }) => ({ not: { required: [name] } }),
  dependentRequired: (_, { name = '', facet }) => ({
    required: Object.keys(facet.schema['dependentRequired'] ?? {}),
    not: { required: [name] },
  }),
  additionalProperties: (_, { name }) => (name === undefined ? [] : { required: [name] }),
  not: (_, { facet }) => inlined(facet)['not'] as SchemaNode,
  oneOf: (_, { facet }) => {
    const ways = [inlined(facet)['oneOf']].flat() as SchemaNode[]
    return ways.flatMap((one, i) => ways.slice(i + 1).map(other => ({ allOf: [one, other] })))
  },
}

/** Identifiers of the right form with a check digit that only the right minds. */
function wrongCheckDigits({ facet: { schema }, left }: Unmet): SchemaNode[] {
  const identifier = schema.format === undefined ? undefined : identifierOf(schema.format)
  if (identifier === undefined || !left.some(other => other.schema.format === schema.format)) return []
  const random = seededRandom(1)
  const texts = Array.from({ length: 20 }, () => formatText(identifier.name, random) ?? '')
  const wrong = texts
    .flatMap(text => Array.from('0123456789X', last => text.slice(0, -1) + last))
    .filter(text => identifier.check(text)?.endsWith('check-digit') === true)
  return wrong.length === 0 ? [] : [{ enum: wrong }]
}

/** The codes that the left's list has and the right's lacks. */
function missingCodes(left: Left, { facet }: Unmet): SchemaNode[] {
  const list = facet.schema.codes === undefined ? undefined : facet.side.codeList(facet.schema.codes)
  const known = new Set(list?.codes.map(({ code }) => code))
  const lists = left.flatMap(({ side, schema }): CodeList[] =>
    schema.codes === undefined ? [] : [side.codeList(schema.codes) ?? []].flat(),
  )
  const missing = lists.flatMap(({ codes }) => codes.map(({ code }) => code)).filter(code => !known.has(code))
  return missing.length === 0 ? [] : [{ enum: missing }]
}
