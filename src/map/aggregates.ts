/** What aggregates make of values, which are at least one. */
import { compareInstants, compareTexts } from './order.ts'
import type { Target } from './target.ts'
import { canonicalDecimal, compareDecimals, exactNumber, sumOf, wholeNumber } from './transforms/decimal.ts'
import { notDecimal, notInteger, notNumber } from './transforms/number.ts'
import type { Kind, Value } from './transforms/transform.ts'
import { Refusal } from './transforms/transform.ts'

export type AggregateName = 'count' | 'countDistinct' | 'sum' | 'min' | 'max' | 'first' | 'last'

/** What an aggregate gives of values of a kind, and how; it is never asked about no values. */
export type Aggregate = (
  element: Kind,
  target: Target,
) => { gives: Kind; aggregate: (values: Value[]) => Value | Refusal }

export const aggregates: { readonly [name in AggregateName]: Aggregate } = {
  count: () => ({ gives: { type: 'integer' }, aggregate: values => values.length }),
  countDistinct: () => ({
    gives: { type: 'integer' },
    aggregate: values => new Set(values.map(value => (typeof value === 'string' ? value.trim() : value))).size,
  }),
  sum: (_element, target) => sumAs(target),
  min: element => ({ gives: element, aggregate: values => outermost(values, comparison(element), -1) }),
  max: element => ({ gives: element, aggregate: values => outermost(values, comparison(element), 1) }),
  first: element => ({ gives: element, aggregate: values => values.reduce(first => first) }),
  last: element => ({ gives: element, aggregate: values => values.reduce((_before, last) => last) }),
}

/** A sum is a decimal text where the standard takes texts, else the integer or number that it takes. */
function sumAs({ types }: Target): ReturnType<Aggregate> {
  const exactSum = (values: Value[]): string | Refusal => {
    const decimals = values.map(value => canonicalDecimal(String(value).trim(), 0))
    return decimals.every(decimal => decimal !== undefined) ? sumOf(decimals) : notDecimal
  }
  if (types.has('string')) return { gives: { type: 'text', format: 'decimal' }, aggregate: exactSum }
  const [type, numberOf, refusal] = types.has('integer')
    ? (['integer', wholeNumber, notInteger] as const)
    : (['number', exactNumber, notNumber] as const)
  return {
    gives: { type },
    aggregate: values => {
      const sum = exactSum(values)
      return sum instanceof Refusal ? sum : (numberOf(sum) ?? refusal)
    },
  }
}

/** Numbers and decimal texts by what they amount to, date-times by their instants, other texts by their characters. */
function comparison({ type, format }: Kind): (a: Value, b: Value) => number {
  if (type === 'integer' || type === 'number') return (a, b) => Number(a) - Number(b)
  const compare = format === 'decimal' ? compareDecimals : format === 'date-time' ? compareInstants : compareTexts
  return (a, b) => compare(String(a), String(b))
}

/** The first of the values that none lies beyond, in the direction of the sign. */
function outermost(values: Value[], compare: (a: Value, b: Value) => number, sign: 1 | -1): Value {
  return values.reduce((extreme, value) => (compare(value, extreme) * sign > 0 ? value : extreme))
}
