/** The order among records of one key, by the marks that they have. */
import { canonicalDecimal, compareDecimals } from './transforms/decimal.ts'

/**
 * Below, equal to or above zero as the first of two marks is to the second: as decimals where both are decimal texts,
 * else by code points. An adapter's marks should all be one or the other: among a mixture there is no greatest.
 */
export function compareMarks(a: string, b: string): number {
  const first = canonicalDecimal(a, 0)
  const second = canonicalDecimal(b, 0)
  return first === undefined || second === undefined ? compareTexts(a, b) : compareDecimals(first, second)
}

/** By code points, as databases with binary collation do, not by UTF-16 units. */
export function compareTexts(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
