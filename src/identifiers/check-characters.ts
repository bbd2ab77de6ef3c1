/**
 * The check character systems that the identifiers use, each computing the check character of a body.
 *
 * They trust their argument: a body has passed its identifier's form, so that every character is in the alphabet.
 */

/** The check digit by ISO/IEC 7064 MOD 11,10, of digits. */
export function mod11_10(body: string): string {
  return valueToCharacter(hybrid(body, 10))
}

/** The check character by ISO/IEC 7064 MOD 37,36, of digits and capital letters. */
export function mod37_36(body: string): string {
  return valueToCharacter(hybrid(body, 36))
}

/** The check character by ISO/IEC 7064 MOD 11-2, of digits: 0–9, or X for ten (GB 11643-1999). */
export function mod11_2(body: string): string {
  let sum = 0
  for (let i = 0; i < body.length; i++) sum = ((sum + valueAt(body, i)) * 2) % 11
  return elevenToCharacter((12 - sum) % 11)
}

/** The check character of the eight characters of an organisation code, weighted modulo 11 (GB 11714-1997). */
export function mod11Organisation(body: string): string {
  let sum = 0
  for (const [i, weight] of organisationWeights.entries()) sum += weight * valueAt(body, i)
  return elevenToCharacter((11 - (sum % 11)) % 11)
}

const organisationWeights = [3, 7, 9, 10, 5, 8, 4, 2]

/** The check character of the first seventeen characters of a unified social credit code (GB 32100-2015). */
export function mod31(body: string): string {
  let sum = 0
  let weight = 1
  for (let i = 0; i < body.length; i++) {
    sum += weight * (values31[body.charCodeAt(i)] ?? 0)
    weight = (weight * 3) % 31
  }
  return alphabet31.charAt((31 - (sum % 31)) % 31)
}

/** The 31 characters of GB 32100: no I, O, S, V, Z, which are read as digits or as U. */
const alphabet31 = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** The value of each character of that alphabet, by character code. */
const values31 = Uint8Array.from({ length: 128 }, (_, code) => alphabet31.indexOf(String.fromCharCode(code)))

/** A hybrid system of ISO/IEC 7064 with moduli `modulus + 1` and `modulus`. */
function hybrid(body: string, modulus: number): number {
  let product = modulus
  for (let i = 0; i < body.length; i++) {
    const sum = (product + valueAt(body, i)) % modulus || modulus
    product = (sum * 2) % (modulus + 1)
  }
  return (modulus + 1 - product) % modulus
}

/** 0–9 are 0 to 9, A–Z are 10 to 35. */
function valueAt(text: string, index: number): number {
  const code = text.charCodeAt(index)
  return code < 0x3a ? code - 0x30 : code - 0x37
}

function valueToCharacter(value: number): string {
  return value.toString(36).toUpperCase()
}

function elevenToCharacter(value: number): string {
  return value === 10 ? 'X' : String(value)
}
