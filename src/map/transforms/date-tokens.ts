/**
 * The tokens of date formats, and what each reads of a text.
 *
 * `YYYY` a year of four digits; `YYY` and `Y` one of the Republic of China, of three digits or of one to three (1 is
 * 1912); `YY` two digits of one. `MM`, `DD`, `HH`, `mm`, `ss` two digits; `M`, `D`, `H` one or two. `MMM`, `MMMM` an
 * English month, its first three letters or the whole, in any case. `hh`, `h` the hour of half a day, and `A` which
 * half. `S` a fraction of a second. `Z` an offset. `ddd` an English name of the day, which is passed over. `x`, `X` milliseconds and seconds since 1970 began in UTC. `[…]`
 * stands for what is in it, and all else for itself.
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
  /** Which half of the day the hour is of; undefined where it is of the whole day. */
  half: 'AM' | 'PM' | undefined
  /** Milliseconds since 1970, which say all the rest. */
  instant: number | undefined
}

export type Part = keyof Moment

export type Piece = {
  readonly token: string
  /** All that it says. */
  readonly gives: readonly Part[]
  /** What its digits are written to. */
  readonly part: Exclude<Part, 'offset' | 'half' | 'instant'>
  /** How many digits it has. */
  readonly least: number
  readonly most: number
  /** How many digits belong to the pieces that follow directly. */
  readonly reserve: number
  /** Where it is no plain number: reads it from a place on, and gives the place behind it; -1 where it is not there. */
  readonly scan: ((text: string, at: number, moment: Moment) => number) | undefined
}

/** The literal texts and the pieces of a format, in turn. */
export function piecesOf(format: string): (string | Piece)[] {
  const parts = format.split(token).filter(part => part !== '')
  const read = parts.map(part => (part.startsWith('[') ? part.slice(1, -1) : (pieces.get(part) ?? part)))
  return read.map((part, index) => (typeof part === 'string' ? part : { ...part, reserve: reserveAfter(read, index) }))
}

/** A letter that is no token, and that only `[…]` makes a text. */
export function strayIn(format: string): string | undefined {
  return /[YDdHSMmsZhAxX[\]]/.exec(format.replace(token, ''))?.[0]
}

/** The tokens of numbers of no fixed length that directly follow one another, so that nobody can tell them apart. */
export function ambiguousIn(format: string): readonly string[] | undefined {
  const runs: string[][] = [[]]
  for (const piece of piecesOf(format)) {
    if (typeof piece === 'string' || piece.scan !== undefined) runs.push([])
    else if (piece.least < piece.most) runs.at(-1)?.push(piece.token)
  }
  return runs.find(run => run.length > 1)
}

const token = /(\[[^\]]*\]|YYYY|YYY|YY|Y|MMMM|MMM|MM|M|ddd|DD|D|HH|H|hh|h|mm|ss|S|Z|A|x|X)/g

const months = [
  'january', 'february', 'march', 'april', 'may', 'june',
  'july', 'august', 'september', 'october', 'november', 'december',
] // prettier-ignore

const pieces: ReadonlyMap<string, Piece> = new Map(
  [
    digits('YYYY', 'year', 4),
    digits('YYY', 'year', 3),
    digits('YY', 'year', 2),
    digits('Y', 'year', 1, 3),
    digits('MM', 'month', 2),
    digits('M', 'month', 1, 2),
    digits('DD', 'day', 2),
    digits('D', 'day', 1, 2),
    digits('HH', 'hour', 2),
    digits('H', 'hour', 1, 2),
    digits('hh', 'hour', 2),
    digits('h', 'hour', 1, 2),
    digits('mm', 'minute', 2),
    digits('ss', 'second', 2),
    digits('S', 'fraction', 1, 20),
    scanned('MMM', ['month'], monthScan(3)),
    scanned('MMMM', ['month'], monthScan(9)),
    scanned('ddd', [], scanWeekday),
    scanned('A', ['half'], scanHalf),
    scanned('Z', ['offset'], scanOffset),
    scanned('X', ['instant', 'year', 'month', 'day', 'hour', 'minute', 'second', 'offset'], instantScan(1000)),
    scanned('x', ['instant', 'year', 'month', 'day', 'hour', 'minute', 'second', 'offset', 'fraction'], instantScan(1)),
  ].map(piece => [piece.token, piece]),
)

function digits(name: string, part: Piece['part'], least: number, most = least): Piece {
  return { token: name, gives: [part], part, least, most, reserve: 0, scan: undefined }
}

function scanned(name: string, gives: Piece['gives'], scan: Piece['scan']): Piece {
  return { token: name, gives, part: 'fraction', least: 0, most: 0, reserve: 0, scan }
}

function reserveAfter(parts: readonly (string | Piece)[], index: number): number {
  let reserve = 0
  for (const next of parts.slice(index + 1)) {
    if (typeof next === 'string' || next.scan !== undefined || next.least < next.most) break
    reserve += next.most
  }
  return reserve
}

function monthScan(letters: number): Piece['scan'] {
  const names = months.map(month => month.slice(0, letters))
  return (text, at, moment) => {
    const written = text.slice(at, at + letters).toLowerCase()
    const index = names.findIndex(name => written.startsWith(name))
    moment.month = index + 1
    return index === -1 ? -1 : at + (names[index] ?? '').length
  }
}

function scanHalf(text: string, at: number, moment: Moment): number {
  const written = text.slice(at, at + 2).toUpperCase()
  if (written !== 'AM' && written !== 'PM') return -1
  moment.half = written
  return at + 2
}

/** `Z`, `UTC` and `GMT`, and an offset with or without colon or minutes: `+08:00`, `+0800`, `+08`. */
function scanOffset(text: string, at: number, moment: Moment): number {
  const [written, hours, minutes = '00'] = /^(?:Z|UTC|GMT|([+-]\d\d)(?::?(\d\d))?)/.exec(text.slice(at, at + 6)) ?? []
  if (written === undefined) return -1
  moment.offset = hours === undefined ? 'Z' : `${hours}:${minutes}`
  return at + written.length
}

/** The name of a day, which the rest of the date says better. */
function scanWeekday(text: string, at: number): number {
  const [written] =
    /^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?/i.exec(text.slice(at, at + 9)) ?? []
  return written === undefined ? -1 : at + written.length
}

function instantScan(unitMilliseconds: number): Piece['scan'] {
  return (text, at, moment) => {
    const [written] = /^-?\d{1,15}/.exec(text.slice(at, at + 16)) ?? []
    if (written === undefined) return -1
    moment.instant = Number(written) * unitMilliseconds
    return at + written.length
  }
}
