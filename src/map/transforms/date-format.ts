/** Reads texts written in date formats such as `YYYY年M月D日` or `YYYMMDD`, whose tokens are in date-tokens.ts. */
import type { Moment, Part, Piece } from './date-tokens.ts'
import { ambiguousIn, piecesOf, strayIn } from './date-tokens.ts'

export type { Moment, Part } from './date-tokens.ts'

/** What formats do not say themselves. */
export type Reading = {
  /** The first of the hundred years that two digits stand for. */
  readonly century?: number | undefined
  /**
   * What the clocks show at an instant, be it written with an offset or counted from 1970. Without it a time with an
   * offset stays as it is written, and one that is counted is of UTC.
   */
  readonly clockAt?: (instant: Date) => Moment
}

/** Undefined where the text is not in the format, or is a day or an hour that does not exist. */
export type DateReader = (text: string) => Moment | undefined

/** A reader of texts in any of the formats; the first that fits decides. */
export function dateReader(formats: readonly string[], reading: Reading = {}): DateReader {
  const readers = formats.map(format => reader(format, reading))
  return text => {
    for (const read of readers) {
      const moment = read(text)
      if (moment !== undefined) return moment
    }
    return undefined
  }
}

/** What is wrong with a format that has to give all of `needed`; undefined where it can be used. */
export function formatProblem(format: string, needed: readonly Part[], century?: number): string | undefined {
  const pieces = piecesOf(format).filter(piece => typeof piece !== 'string')
  const parts = pieces.flatMap(({ gives }) => gives)
  const has = (...tokens: string[]): boolean => pieces.some(piece => tokens.includes(piece.token))
  const twice = parts.find((part, index) => parts.indexOf(part) !== index)
  if (twice !== undefined) return `the format ${format} gives the ${twice} twice`
  const missing = needed.find(part => !parts.includes(part))
  if (missing !== undefined) return `the format ${format} gives no ${missing}`
  const stray = strayIn(format)
  if (stray !== undefined) return `the format ${format} has a stray ${stray}`
  const ambiguous = ambiguousIn(format)
  if (ambiguous !== undefined) return `the format ${format} does not say where ${ambiguous.join(' and ')} part`
  if (has('A') !== has('h', 'hh')) return `the format ${format} has only one of h and A: half a day, and which`
  if (has('YY') && century === undefined) return `the format ${format} needs a century: the first year that YY can mean`
  return undefined
}

/** The time of an instant in UTC. */
export function clockOfUtc(instant: Date): Moment {
  return {
    year: instant.getUTCFullYear(),
    month: instant.getUTCMonth() + 1,
    day: instant.getUTCDate(),
    hour: instant.getUTCHours(),
    minute: instant.getUTCMinutes(),
    second: instant.getUTCSeconds(),
    fraction: String(instant.getUTCMilliseconds()).padStart(3, '0'),
    offset: 'Z',
    half: undefined,
    instant: instant.getTime(),
  }
}

/** The milliseconds from UTC of `Z`, `+08:00`, or `+08:05:43` as Shanghai kept before 1901. */
export function millisecondsOf(offset: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = offset.slice(1).split(':').map(Number)
  return (offset.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds) * 1000
}

/** Scans by hand: half the time of a pattern, and dates are in every record. */
function reader(format: string, { century, clockAt }: Reading): DateReader {
  const pieces = piecesOf(format)
  // A day with an offset and no hour is no instant.
  const hasHour = pieces.some(piece => typeof piece !== 'string' && piece.gives.includes('hour'))
  const yearOf = yearsIn(pieces, century)
  return text => {
    const moment = newMoment()
    let at = 0
    for (const piece of pieces) {
      if (typeof piece === 'string') {
        if (!text.startsWith(piece, at)) return undefined
        at += piece.length
      } else if (piece.scan === undefined) {
        const { part, least, most, reserve } = piece
        const end = endOfDigits(text, at, most + reserve) - reserve
        if (end - at < least) return undefined
        if (part === 'fraction') moment.fraction = text.slice(at, end)
        else moment[part] = numberIn(text, at, end)
        at = end
      } else {
        at = piece.scan(text, at, moment)
        if (at === -1) return undefined
      }
    }
    if (at !== text.length) return undefined
    moment.year = yearOf(moment.year)
    if (moment.instant !== undefined) return counted(moment, moment.instant, clockAt)
    const whole = wholeDay(moment)
    if (whole === undefined || !exists(whole)) return undefined
    if (clockAt === undefined || !hasHour || whole.offset === undefined) return whole
    return atInstant(whole, instantOf(whole, whole.offset), clockAt)
  }
}

function newMoment(): Moment {
  return {
    year: 0,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    fraction: '',
    offset: undefined,
    half: undefined,
    instant: undefined,
  }
}

function yearsIn(pieces: readonly (string | Piece)[], century = 0): (year: number) => number {
  const token = pieces.map(piece => (typeof piece === 'string' ? '' : piece.token)).find(name => name.startsWith('Y'))
  if (token === 'YY') return year => century + ((((year - century) % 100) + 100) % 100)
  // There is no year 0 of the Republic: 1911 is the first before it.
  return token === 'YYYY' || token === undefined ? year => year : year => (year === 0 ? 0 : year + 1911)
}

function endOfDigits(text: string, start: number, most: number): number {
  let end = start
  while (end < start + most && isDigit(text.charCodeAt(end))) end += 1
  return end
}

function numberIn(text: string, start: number, end: number): number {
  let number = 0
  for (let at = start; at < end; at += 1) number = number * 10 + text.charCodeAt(at) - 48
  return number
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57
}

/** With the hour of the whole day: 12 AM is midnight. Undefined where half a day has no such hour. */
function wholeDay(moment: Moment): Moment | undefined {
  if (moment.half === undefined) return moment
  if (moment.hour < 1 || moment.hour > 12) return undefined
  moment.hour = (moment.hour % 12) + (moment.half === 'PM' ? 12 : 0)
  return moment
}

/** Refuses a fraction behind a count below zero: -1.5 is before -1, and half a second on from -1 is after it. */
function counted(moment: Moment, instant: number, clockAt: Reading['clockAt']): Moment | undefined {
  const isNegative = instant < 0 || Object.is(instant, -0)
  return isNegative && moment.fraction !== '' ? undefined : atInstant(moment, instant, clockAt)
}

function instantOf({ year, month, day, hour, minute, second }: Moment, offset: string): number {
  const wall = new Date(0)
  wall.setUTCFullYear(year, month - 1, day)
  wall.setUTCHours(hour, minute, second)
  return wall.getTime() - millisecondsOf(offset)
}

function atInstant({ fraction }: Moment, instant: number, clockAt = clockOfUtc): Moment | undefined {
  const date = new Date(instant)
  const year = date.getUTCFullYear()
  // NaN, where no date is so far away, is neither.
  if (!(year >= 1 && year <= 9999)) return undefined
  const moment = clockAt(date)
  if (!exists(moment)) return undefined
  return fraction === '' ? moment : { ...moment, fraction }
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** A leap second does not exist here: RFC 3339 would allow it, but most readers of records refuse it. */
function exists({ year, month, day, hour, minute, second }: Moment): boolean {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const last = month === 2 && isLeap ? 29 : (monthDays[month - 1] ?? 0)
  return year >= 1 && year <= 9999 && day >= 1 && day <= last && hour <= 23 && minute <= 59 && second <= 59
}
