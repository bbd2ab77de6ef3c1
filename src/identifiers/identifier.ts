/**
 * What an identifier is: a format name of the catalogue with a canonical form and a check of it.
 */
import type { Titles } from '../record.ts'

/**
 * Why a text is not the identifier: `masked` (`330222****`), `form` (length, characters, fixed parts), `date` (no such
 * day or month), `inner-check-digit` (of the organisation code inside a USCC), `check-digit`.
 *
 * They are looked for in this order, and a check digit only where all the rest holds.
 */
export type Fault = 'masked' | 'form' | 'date' | 'inner-check-digit' | 'check-digit'

export type Identifier = {
  /** The `format` of JSON Schema by which standards ask for it. */
  readonly name: string
  readonly titles: Titles
  /** The standard or rule that defines it. */
  readonly source: string
  /** What a wrong check digit means unless a standard says otherwise: `warn` where the source leaves doubt. */
  readonly checkDigit: 'none' | 'warn' | 'reject'
  /** The canonical writing of a text that people wrote; a law: doing it twice is doing it once. */
  readonly normalise: (text: string) => string
  /** Undefined for a valid identifier in canonical form. */
  readonly check: (text: string) => Fault | undefined
}

type Definition = Omit<Identifier, 'normalise' | 'check'> & {
  readonly form: RegExp
  /** What people write between the characters and the canonical form leaves out. */
  readonly separators: RegExp
  /** What is wrong with a text of the right form. */
  readonly faultOf: (text: string) => Fault | undefined
}

export function defineIdentifier({ form, separators, faultOf, ...known }: Definition): Identifier {
  return {
    ...known,
    normalise: text => toAsciiCapitals(text).replace(separators, ''),
    check(text) {
      if (form.test(text)) return faultOf(text)
      return masked.test(text) ? 'masked' : 'form'
    },
  }
}

/** True of a day that exists in the Gregorian calendar; `20230229` does not. */
export function isCalendarDay(yyyymmdd: string): boolean {
  const year = Number(yyyymmdd.slice(0, 4))
  const month = Number(yyyymmdd.slice(4, 6))
  const day = Number(yyyymmdd.slice(6, 8))
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const last = month === 2 && isLeap ? 29 : (daysOfMonth[month] ?? 0)
  return day >= 1 && day <= last
}

const daysOfMonth = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Marks that stand for characters held back; a run of X is one, a single X may be a check character. */
const masked = /[*＊#＃●•×]|[Xx]{3}/

function toAsciiCapitals(text: string): string {
  return text
    .replace(/[！-～]/g, character => String.fromCharCode(character.charCodeAt(0) - 0xfee0))
    .replace(/[‐‑‒–—―−﹣]/g, '-')
    .toUpperCase()
}
