/** Texts of every format that a standard may ask for, at the edges of the format too. */
import { identifierTexts } from './identifier-texts.ts'
import { between, chance, digits, oneOf, type Random } from './random.ts'

export function formatText(format: string, random: Random): string | undefined {
  return (texts[format] ?? identifierTexts[format])?.(random)
}

const texts: Readonly<Record<string, (random: Random) => string>> = {
  date: day,
  'date-time'(random) {
    const time = oneOf(random, ['00:00:00', '23:59:59', '12:30:00.5', `0${digits(random, 1)}:15:30`]) ?? '00:00:00'
    return `${day(random)}T${time}${oneOf(random, ['Z', '+08:00', '-05:30', '+00:00'])}`
  },
  'year-month': random => day(random).slice(0, 7),
  decimal,
  uri: random =>
    oneOf(random, ['https://example.com/', 'urn:example:a', `http://example.org/${digits(random, 3)}`]) ?? '',
  email: random => oneOf(random, ['a@example.com', `user${digits(random, 3)}@example.org`]) ?? '',
}

/** The days at which programs stumble come first. */
const edgeDays = ['1899-12-31', '1900-01-01', '2000-02-29', '2024-02-29', '2024-12-31', '2099-12-31', '9999-09-09']

function day(random: Random): string {
  if (chance(random, 0.3)) return oneOf(random, edgeDays) ?? '2024-02-29'
  const two = (least: number, most: number): string => String(between(random, least, most)).padStart(2, '0')
  return `${between(random, 1990, 2035)}-${two(1, 12)}-${two(1, 28)}`
}

function decimal(random: Random): string {
  if (chance(random, 0.4)) return oneOf(random, ['0', '0.00', '-1', '1', '-0.5', '100000', '0.000001']) ?? '0'
  const whole = String(between(random, 0, 10 ** between(random, 1, 12)))
  return chance(random, 0.5) ? whole : `${whole}.${digits(random, between(random, 1, 6))}`
}
