/** Which date formats the texts of a source are written in. */
import { dateReader, formatProblem, type DateReader } from '../../map/transforms/date-format.ts'
import type { Part } from '../../map/transforms/date-tokens.ts'

export type Dates = {
  /** Those that most texts need, the commonest first. */
  readonly formats: readonly string[]
  /** The share of the texts that they read. */
  readonly share: number
  /** True where day and month may be meant the other way round. */
  readonly isAmbiguous: boolean
}

/** @param needed `day` or `month`: how exact a text must be */
export function datesIn(texts: ReadonlyMap<string, number>, needed: readonly Part[]): Dates {
  let left = [...texts].map(([text, times]): [string, number] => [text.trim(), times])
  const all = timesOf(left)
  const formats: string[] = []
  while (left.length > 0) {
    const best = known
      .filter(format => formatProblem(format, needed) === undefined)
      .map(format => ({ format, times: timesOf(left.filter(([text]) => reads(format, text))) }))
      .reduce((a, b) => (b.times > a.times ? b : a), { format: '', times: 0 })
    if (best.times === 0) break
    formats.push(best.format)
    left = left.filter(([text]) => !reads(best.format, text))
  }
  const isAmbiguous = formats.some(format => {
    const other = swapped(format)
    return (
      other !== undefined && [...texts.keys()].every(text => !reads(format, text.trim()) || reads(other, text.trim()))
    )
  })
  return { formats, share: all === 0 ? 0 : 1 - timesOf(left) / all, isAmbiguous }
}

/** The strict ones before the loose ones: where both read as much, the strict one says more. */
const known = [
  'YYYY-MM-DD', 'YYYYMMDD', 'YYYY/MM/DD', 'YYYY.MM.DD', 'YYYY年MM月DD日', 'YYYY年M月D日', 'YYYY-M-D', 'YYYY/M/D',
  'YYYY-MM-DD HH:mm:ss', 'YYYY-MM-DD HH:mm:ss.S', 'YYYY-MM-DDHH:mm:ss.S', 'YYYY-MM-DD HH:mm', 'YYYYMMDDHHmmss',
  'YYYY-MM-DDTHH:mm:ss', 'YYYY-MM-DDTHH:mm:ss.S', 'YYYY-MM-DDTHH:mm:ssZ', 'YYYY-MM-DDTHH:mm:ss.SZ', 'YYYY/MM/DD HH:mm:ss',
  'YYYY/M/D HH:mm:ss', 'YYYYMMDD HH:mm:ss', 'YYYMMDD', 'YYY/MM/DD', 'YYY.MM.DD', 'YYY-MM-DD', 'YYY年MM月DD日', 'Y/M/D', 'Y年M月D日',
  'DD/MM/YYYY', 'MM/DD/YYYY', 'DD-MM-YYYY', 'MM-DD-YYYY', 'DD.MM.YYYY', 'D/M/YYYY', 'M/D/YYYY', 'D-M-YYYY', 'M-D-YYYY', 'D.M.YYYY',
  'DD/MM/YYYY HH:mm:ss', 'MM/DD/YYYY HH:mm:ss', 'DD/MM/YYYY HH:mm', 'MM/DD/YYYY HH:mm', 'MM/DD/YYYY hh:mm:ss A', 'M/D/YYYY H:mm', 'D/M/YYYY H:mm',
  'DD-MMM-YYYY', 'D-MMM-YYYY', 'DD MMM YYYY', 'D MMM YYYY', 'MMM D, YYYY', 'D MMMM YYYY', 'MMMM D, YYYY',
  'x', 'X',
  'YYYY-MM', 'YYYYMM', 'YYYY/MM', 'YYYY/M', 'YYYY.MM', 'YYYY年MM月', 'YYYY年M月', 'MM/YYYY',
] // prettier-ignore

/** The same format with day and month exchanged, where both are written in figures and neither says which it is. */
function swapped(format: string): string | undefined {
  const [, first, between, second] = /^(DD?|MM?)([/.-])(DD?|MM?)\2YYYY/.exec(format) ?? []
  if (first === undefined || second === undefined) return undefined
  const rest = format.slice(`${first}${between}${second}`.length)
  return `${second}${between}${first}${rest}`
}

const readers = new Map<string, DateReader>()

function reads(format: string, text: string): boolean {
  if ((format === 'x' && !/^\d{13}$/.test(text)) || (format === 'X' && !/^\d{10}$/.test(text))) return false
  const reader = readers.get(format) ?? dateReader([format])
  readers.set(format, reader)
  const year = reader(text)?.year
  // Many numbers of eight figures are some day of some year; the years 9999 and 2099 stand for no end.
  return year !== undefined && ((year >= 1800 && year <= 2200) || year === 9999)
}

function timesOf(texts: readonly (readonly [string, number])[]): number {
  return texts.reduce((sum, [, times]) => sum + times, 0)
}
