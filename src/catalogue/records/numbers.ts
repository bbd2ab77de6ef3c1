/** Grows numbers: at, just inside and just outside the limits that either version names. */
import type { SchemaNode } from '../../standard.ts'
import type { Growing } from './growing.ts'
import { holds } from './holds.ts'
import type { Place } from './hints.ts'
import { chance, oneOf } from './random.ts'
import { numberAt } from './schema.ts'

const limits = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']

export function growNumber(
  growing: Growing,
  way: readonly SchemaNode[],
  place: Place,
  isInteger: boolean,
): number | undefined {
  const { random, edge } = growing
  const suits = (value: number): boolean =>
    Number.isFinite(value) &&
    (!isInteger || Number.isInteger(value)) &&
    way.every(schema => holds(schema, value, growing.codes.has))
  if (chance(random, edge)) {
    const value = oneOf(random, edgeNumbers(growing, way, place).filter(suits))
    if (value !== undefined) return value
  }
  for (let tries = 0; tries < 12; tries++) {
    const value = rounded(way, inRange(growing, way), isInteger)
    if (suits(value)) return value
  }
  return oneOf(random, edgeNumbers(growing, way, place).filter(suits))
}

function edgeNumbers({ hints }: Growing, way: readonly SchemaNode[], place: Place): number[] {
  const named = [...way, ...(hints.get(place) ?? [])].flatMap(schema =>
    limits.flatMap(keyword => (typeof schema[keyword] === 'number' ? [schema[keyword]] : [])),
  )
  const step = stepOf(way)
  const around = [0, ...named].flatMap(limit => {
    const multiple = Math.round(limit / step) * step
    return [limit, limit - 1, limit + 1, limit + 0.5, limit - 0.5, multiple, multiple + step, multiple - step]
  })
  // From 1e21 on a quotient is written with an exponent, and is a multiple of nothing.
  return [...around.map(tidy), 2 ** 53, 1e22]
}

function inRange({ random }: Growing, way: readonly SchemaNode[]): number {
  const lows = way.flatMap(schema =>
    ['minimum', 'exclusiveMinimum'].map(keyword => numberAt(schema, keyword, -Infinity)),
  )
  const highs = way.flatMap(schema =>
    ['maximum', 'exclusiveMaximum'].map(keyword => numberAt(schema, keyword, Infinity)),
  )
  const low = Math.max(...lows)
  const high = Math.min(...highs)
  const reach = 1000 * stepOf(way)
  const from = Number.isFinite(low) ? low : Number.isFinite(high) ? high - reach : -reach / 10
  const to = Number.isFinite(high) ? high : from + reach
  return from + random() * (to - from)
}

function rounded(way: readonly SchemaNode[], value: number, isInteger: boolean): number {
  const step = way.some(schema => 'multipleOf' in schema) ? stepOf(way) : isInteger ? 1 : 0.01
  return tidy(Math.round(value / step) * step)
}

/** A number of which all `multipleOf` may have multiples; 1 where there is none. */
function stepOf(way: readonly SchemaNode[]): number {
  const steps = way.map(schema => numberAt(schema, 'multipleOf', 1))
  const largest = Math.max(...steps.filter(step => step !== 1), 0) || 1
  return way.some(schema => numberAt(schema, 'multipleOf', largest) !== largest)
    ? tidy(steps.reduce((product, step) => product * step, 1))
    : largest
}

/** Without the last digits that adding fractions leaves (0.1 + 0.2), and never -0, which JSON does not keep. */
function tidy(value: number): number {
  return Number(value.toPrecision(15)) + 0
}
