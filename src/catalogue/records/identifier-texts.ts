/**
 * Identifiers that are valid and nobody's: division 331199 (assigned to nobody), births from 1901 to 1908, organisation
 * codes from MAXT on.
 */
import { mod11_10, mod11_2, mod11Organisation, mod31, mod37_36 } from '../../identifiers/check-characters.ts'
import { between, chance, digits, oneOf, type Random } from './random.ts'

const division = '331199'

/** By the name of the format; each gives the canonical form with its check characters. */
export const identifierTexts: Readonly<Record<string, (random: Random) => string>> = {
  uscc(random) {
    const kind = oneOf(random, ['91', '91', '92', '93', '12', '51', '11']) ?? '91'
    const body = kind + division + organisation(random)
    return body + mod31(body)
  },
  'organisation-code': random => {
    const code = organisation(random)
    return chance(random, 0.2) ? `${code.slice(0, 8)}-${code.slice(8)}` : code
  },
  'resident-id'(random) {
    const body = `${division}${birth(random)}${digits(random, 3)}`
    return body + mod11_2(body)
  },
  'resident-id-15': random => `${division}${birth(random).slice(2)}${digits(random, 3)}`,
  'business-registration'(random) {
    const body = division + digits(random, 8)
    return body + mod11_10(body)
  },
  'investment-project-code': projectCode,
  'real-estate-unit': realEstateUnit,
  'electronic-licence'(random) {
    const parts = ['11100000000013338W005', '11331199000000174L', `${division}${digits(random, 12)}`, digits(random, 3)]
    return `1.2.156.3005.2.${parts.join('.')}.${mod37_36(parts.join(''))}`
  },
  'food-licence'(random) {
    const body = `${between(random, 1, 3)}${division}${digits(random, 6)}`
    return `JY${body}${mod11_10(body)}`
  },
  'construction-permit': random => `${division}${calendarDay(random, 2000, 2030)}${digits(random, 4)}`,
  'tw-business-number': taiwanNumber,
}

function organisation(random: Random): string {
  const body = `MAXT${digits(random, 4)}`
  return body + mod11Organisation(body)
}

function birth(random: Random): string {
  return calendarDay(random, 1901, 1908)
}

function calendarDay(random: Random, from: number, to: number): string {
  const day = between(random, 1, 28)
  return [between(random, from, to), between(random, 1, 12), day].map(part => String(part).padStart(2, '0')).join('')
}

function projectCode(random: Random): string {
  if (chance(random, 0.2)) return `20${digits(random, 2)}-${division}-04-01-${digits(random, 5)}`
  const month = String(between(random, 1, 12)).padStart(2, '0')
  const body = `24${month}-${division}-04-0${between(random, 1, 5)}-${digits(random, 5)}`
  return body + mod11_10(body.replaceAll('-', ''))
}

function realEstateUnit(random: Random): string {
  const feature = oneOf(random, ['GB', 'ZD', 'JB', 'JA', 'JC', 'GX']) ?? 'GB'
  const fixture = chance(random, 0.4) ? 'W00000000' : `${oneOf(random, ['F', 'L', 'Q'])}${digits(random, 8)}`
  return `${division}001001${feature}${digits(random, 5)}${fixture}`
}

/** Every fifth number of eight digits is one: the last digit is found by trying. */
function taiwanNumber(random: Random): string {
  const body = digits(random, 7)
  const weights = [1, 2, 1, 2, 1, 2, 4]
  const sum = weights.reduce((total, weight, i) => {
    const product = weight * Number(body[i])
    return total + Math.floor(product / 10) + (product % 10)
  }, 0)
  return `${body}${(10 - (sum % 10)) % 10}`
}
