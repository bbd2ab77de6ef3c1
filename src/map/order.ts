/** The order among records of one key, by the marks that they have. */
import { canonicalDecimal, compareDecimals } from './transforms/decimal.ts'

/**
 * Below, equal to or above zero as the first of two marks is to the second: as decimals where both are decimal texts, as
 * instants where both are date-times of RFC 3339, else by code points. An adapter's marks should all be one or the other: among a mixture there is no greatest.
 */
export function compareMarks(a: string, b: string): number {
  const first = canonicalDecimal(a, 0)
  const second = canonicalDecimal(b, 0)
  return first === undefined || second === undefined ? compareInstants(a, b) : compareDecimals(first, second)
}

/** By what clocks with the same offset show at them; by code points where one is no date-time of RFC 3339. */
export function compareInstants(a: string, b: string): number {
  const first = instantOf(a)
  const second = instantOf(b)
  if (first === undefined || second === undefined) return compareTexts(a, b)
  return first.milliseconds - second.milliseconds || compareTexts(first.fraction, second.fraction)
}

/** By code points, as databases with binary collation do, not by UTF-16 units. */
export function compareTexts(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/** The whole seconds of a date-time, in milliseconds since 1970, and the fraction's digits without zeros at the end. */
function instantOf(text: string): { milliseconds: number; fraction: string } | undefined {
  const [, seconds, fraction = '', offset] = dateTime.exec(text) ?? []
  const milliseconds = Date.parse(`${seconds}${offset}`)
  return Number.isNaN(milliseconds) ? undefined : { milliseconds, fraction: fraction.replace(/0+$/, '') }
}

const dateTime = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,20}))?(Z|[+-]\d\d:\d\d)$/
