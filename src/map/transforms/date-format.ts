/**
 * Reads texts written in date formats such as `YYYY年M月D日` or `YYYMMDD`.
 *
 * Tokens: YYYY, YYY (year of the Republic of China, three digits: 001 is 1912), MM and DD (two digits), M and D (one or
 * two), HH, mm, ss, S (a fraction of a second, any length), Z (Z or an offset such as +08:00). All else stands for itself.
 */

/** What a text says; what its format lacks is missing. */
export type Moment = {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  /** The digits of the fraction of the second. */
  fraction: string
  /** `Z`, or hours and minutes from UTC; undefined for a local time. */
  offset: string | undefined
}

export type Part = keyof Moment

/** Undefined where the text is not in the format, or is a day or an hour that does not exist. */
export type DateReader = (text: string) => Moment | undefined

/** A reader of texts in any of the formats; the first that fits decides. */
export function dateReader(formats: readonly string[]): DateReader {
  const readers = formats.map(reader)
  return text => {
    for (const read of readers) {
      const moment = read(text)
      if (moment !== undefined) return moment
    }
    return undefined
  }
}

/** What is wrong with a format that has to give all of `needed`; undefined where it can be used. */
export function formatProblem(format: string, needed: readonly Part[]): string | undefined {
  const parts = piecesOf(format).map(piece => (typeof piece === 'string' ? undefined : piece.part))
  const twice = parts.find((part, index) => part !== undefined && parts.indexOf(part) !== index)
  if (twice !== undefined) return `the format ${format} gives the ${twice} twice`
  const missing = needed.find(part => !parts.includes(part))
  if (missing !== undefined) return `the format ${format} gives no ${missing}`
  const stray = /[YDHSMmsZ]/.exec(format.replace(token, ''))
  return stray === null ? undefined : `the format ${format} has a stray ${stray[0]}`
}

/** A run of digits, of `least` to `most` of them; an offset has its own form. */
type Piece = { readonly part: Part; readonly least: number; readonly most: number }

const token = /YYYY|YYY|MM?|DD?|HH|mm|ss|S|Z/g

const pieces: { readonly [token: string]: Piece } = {
  YYYY: { part: 'year', least: 4, most: 4 },
  YYY: { part: 'year', least: 3, most: 3 },
  MM: { part: 'month', least: 2, most: 2 },
  M: { part: 'month', least: 1, most: 2 },
  DD: { part: 'day', least: 2, most: 2 },
  D: { part: 'day', least: 1, most: 2 },
  HH: { part: 'hour', least: 2, most: 2 },
  mm: { part: 'minute', least: 2, most: 2 },
  ss: { part: 'second', least: 2, most: 2 },
  S: { part: 'fraction', least: 1, most: 20 },
  Z: { part: 'offset', least: 1, most: 6 },
}

/** Literal texts and pieces, in turn. */
function piecesOf(format: string): (string | Piece)[] {
  const literals = format.split(token)
  const tokens = [...format.matchAll(token)].map(([found]) => pieces[found] as Piece)
  return literals.flatMap((literal, index) => [literal, tokens[index] ?? '']).filter(piece => piece !== '')
}

/** Scans by hand: half the time of a pattern, and dates are in every record. */
function reader(format: string): DateReader {
  const parts = piecesOf(format)
  const yearsBefore = format.includes('YYYY') ? 0 : 1911
  return text => {
    const moment: Moment = { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0, fraction: '', offset: undefined }
    let at = 0
    for (const piece of parts) {
      if (typeof piece === 'string') {
        if (!text.startsWith(piece, at)) return undefined
        at += piece.length
        continue
      }
      const { part, least, most } = piece
      const end = part === 'offset' ? endOfOffset(text, at) : endOfDigits(text, at, most)
      if (end - at < least) return undefined
      if (part === 'fraction' || part === 'offset') moment[part] = text.slice(at, end)
      else moment[part] = numberIn(text, at, end)
      at = end
    }
    moment.year += yearsBefore
    return at === text.length && exists(moment) ? moment : undefined
  }
}

function endOfDigits(text: string, start: number, most: number): number {
  let end = start
  while (end < start + most && isDigit(text.charCodeAt(end))) end += 1
  return end
}

function endOfOffset(text: string, start: number): number {
  if (text.startsWith('Z', start)) return start + 1
  return /^[+-]\d\d:\d\d/.test(text.slice(start)) ? start + 6 : start
}

function numberIn(text: string, start: number, end: number): number {
  let number = 0
  for (let at = start; at < end; at += 1) number = number * 10 + text.charCodeAt(at) - 48
  return number
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** A leap second does not exist here: RFC 3339 would allow it, but most readers of records refuse it. */
function exists({ year, month, day, hour, minute, second }: Moment): boolean {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const last = month === 2 && isLeap ? 29 : (monthDays[month - 1] ?? 0)
  return year >= 1 && day >= 1 && day <= last && hour <= 23 && minute <= 59 && second <= 59
}
