/** The number of RFC 8259 §6, by its grammar and no value. */

const PLUS = 0x2b
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const SMALL_E = 0x65

/** The index after the number that begins at an index; where a digit is missing, ~ of the index where it should stand. */
export function endOfNumber(units: Uint16Array, at: number): number {
  let i = units[at] === MINUS ? at + 1 : at
  if (!isDigit(units[i]!)) return ~i
  i = units[i] === ZERO ? i + 1 : endOfDigits(units, i)
  if (units[i] === DOT) {
    if (!isDigit(units[i + 1]!)) return ~(i + 1)
    i = endOfDigits(units, i + 1)
  }
  // E is e without one bit.
  if ((units[i]! | 0x20) === SMALL_E) {
    i += units[i + 1] === PLUS || units[i + 1] === MINUS ? 2 : 1
    if (!isDigit(units[i]!)) return ~i
    i = endOfDigits(units, i)
  }
  return i
}

function endOfDigits(units: Uint16Array, at: number): number {
  let i = at
  while (isDigit(units[i]!)) i++
  return i
}

function isDigit(unit: number): boolean {
  return unit >= ZERO && unit <= NINE
}
