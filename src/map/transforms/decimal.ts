/**
 * Exact arithmetic on decimal texts.
 *
 * It is done on digits: a binary fraction never stands between a source's text and a record (3.437791 × 10000 is
 * 34377.909999999996 in floats).
 */

/** More digits than any amount or measure has; it bounds what 1E999999999 could ask for. */
const maximumDigits = 60

/**
 * The decimal number in `text` times ten to the `shift`, in its only canonical form: `-?(0|[1-9]\d*)(\.\d*[1-9])?`,
 * never `-0`. Undefined where the text is no decimal number, or one of more than 60 digits.
 */
export function canonicalDecimal(text: string, shift: number): string | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,5}))?$/.exec(text)
  if (match === null) return undefined
  const [, sign, whole = '', fraction = '', exponent] = match
  const all = whole + fraction
  if (all === '') return undefined

  // All that is left of the number: its digits from the first to the last that is not zero, and where its point stands.
  let first = 0
  while (all[first] === '0') first += 1
  let end = all.length
  while (end > first && all[end - 1] === '0') end -= 1
  if (first === end) return '0'
  const digits = all.slice(first, end)
  const point = whole.length - first + (exponent === undefined ? 0 : Number(exponent)) + shift
  if (Math.max(point, digits.length) - Math.min(point, 0) > maximumDigits) return undefined

  const minus = sign === '-' ? '-' : ''
  if (point >= digits.length) return minus + digits + '0'.repeat(point - digits.length)
  if (point > 0) return `${minus}${digits.slice(0, point)}.${digits.slice(point)}`
  return `${minus}0.${'0'.repeat(-point)}${digits}`
}

/** The number of a canonical decimal; undefined where it is no whole number of at most 15 digits. */
export function wholeNumber(decimal: string | undefined): number | undefined {
  return decimal !== undefined && /^-?\d{1,15}$/.test(decimal) ? Number(decimal) : undefined
}

/** The number of a canonical decimal; undefined where none is exactly that. */
export function exactNumber(decimal: string | undefined): number | undefined {
  if (decimal === undefined) return undefined
  const number = Number(decimal)
  const others = (decimal.includes('.') ? 1 : 0) + (number < 0 ? 1 : 0) + (Math.abs(number) < 1 ? 1 : 0)
  // Fifteen significant digits a number always keeps (IEEE 754 binary64).
  if (decimal.length - others <= 15) return number
  return canonicalDecimal(String(number), 0) === decimal ? number : undefined
}

/** The exact sum of canonical decimals, as one of them; that of none is 0. */
export function sumOf(decimals: readonly string[]): string {
  let scale = 0
  for (const decimal of decimals) scale = Math.max(scale, scaleOf(decimal))
  let sum = 0n
  for (const decimal of decimals) sum += scaled(decimal, scale)
  const digits = String(sum < 0n ? -sum : sum).padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '')
  return `${sum < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

/** Below, equal to or above zero as the first of two canonical decimals is to the second. */
export function compareDecimals(a: string, b: string): number {
  const scale = Math.max(scaleOf(a), scaleOf(b))
  const difference = scaled(a, scale) - scaled(b, scale)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

function scaleOf(decimal: string): number {
  const point = decimal.indexOf('.')
  return point === -1 ? 0 : decimal.length - point - 1
}

/** The decimal times ten to the `scale`, which is no less than its own. */
function scaled(decimal: string, scale: number): bigint {
  return BigInt(decimal.replace('.', '') + '0'.repeat(scale - scaleOf(decimal)))
}

/** A factor: a decimal, or a fraction of two (`1/60`, `10000/15`); the text must be one. */
export type Factor = { readonly numerator: string; readonly denominator: string }

/** The factor that a text writes; undefined where it writes none, or divides by zero. */
export function factorOf(text: string): Factor | undefined {
  const [above = '', below = '1', ...more] = text.split('/')
  const numerator = canonicalDecimal(above, 0)
  const denominator = canonicalDecimal(below, 0)
  if (numerator === undefined || denominator === undefined || denominator === '0' || more.length > 0) return undefined
  return { numerator, denominator }
}

/**
 * A canonical decimal times a factor, rounded to so many digits behind the point, half to even (GB/T 8170 §3).
 * Undefined where that has more than 60 digits.
 */
export function multiplied(decimal: string, { numerator, denominator }: Factor, digits: number): string | undefined {
  const [valueScale, aboveScale, belowScale] = [scaleOf(decimal), scaleOf(numerator), scaleOf(denominator)]
  const product = scaled(decimal, valueScale) * scaled(numerator, aboveScale) * 10n ** BigInt(belowScale + digits)
  const divisor = scaled(denominator, belowScale) * 10n ** BigInt(valueScale + aboveScale)
  const [dividend, by] = divisor < 0n ? [-product, -divisor] : [product, divisor]
  const isNegative = dividend < 0n
  const positive = isNegative ? -dividend : dividend
  const twiceRest = (positive % by) * 2n
  const floor = positive / by
  const rounded = twiceRest > by || (twiceRest === by && floor % 2n === 1n) ? floor + 1n : floor
  return canonicalDecimal(`${isNegative ? '-' : ''}${rounded}E-${digits}`, 0)
}
