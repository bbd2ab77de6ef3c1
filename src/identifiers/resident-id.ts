/**
 * The number of a resident's identity card: 18 characters since 1999, 15 digits before.
 */
import { mod11_2 } from './check-characters.ts'
import { defineIdentifier, isCalendarDay } from './identifier.ts'

/** Division (6), date of birth (8), sequence (3), check character (GB 11643-1999 §4). */
export const residentId = defineIdentifier({
  name: 'resident-id',
  titles: { 'zh-CN': '公民身份号码', en: 'resident identity number' },
  source: 'GB 11643-1999',
  checkDigit: 'reject',
  form: /^\d{17}[0-9X]$/,
  separators: /[\s-]/g,
  faultOf(text) {
    if (!isCalendarDay(text.slice(6, 14))) return 'date'
    return text[17] === mod11_2(text.slice(0, 17)) ? undefined : 'check-digit'
  },
})

/** Division (6), date of birth in the twentieth century (6), sequence (3); without a check character. */
export const oldResidentId = defineIdentifier({
  name: 'resident-id-15',
  titles: { 'zh-CN': '15位身份证号码', en: 'resident identity number of 15 digits' },
  source: 'GB 11643-1989',
  checkDigit: 'none',
  form: /^\d{15}$/,
  separators: /[\s-]/g,
  faultOf: text => (isCalendarDay(`19${text.slice(6, 12)}`) ? undefined : 'date'),
})

/** The 18 characters of a person who was given 15 digits; undefined where those are not valid. */
export function upgradeResidentId(old: string): string | undefined {
  if (oldResidentId.check(old) !== undefined) return undefined
  const body = `${old.slice(0, 6)}19${old.slice(6)}`
  return body + mod11_2(body)
}
