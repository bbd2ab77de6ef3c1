import { mod11_10 } from './check-characters.ts'
import { defineIdentifier } from './identifier.ts'

/**
 * Year and month (YYMM), division (6), department (2), type (2), sequence (5) and a check digit; or the older year (YYYY),
 * division (6), industry (2), type (2) and sequence (5 or 6), without one.
 *
 * The hyphens are part of the code. A beginning that can be read as year and month is: an older code of 2001 to 2012
 * with a sequence of six can at worst earn a warning.
 */
export const investmentProjectCode = defineIdentifier({
  name: 'investment-project-code',
  titles: { 'zh-CN': '投资项目代码', en: 'investment project code' },
  source: 'GB/T 40058',
  // Unsure: that the check digit is MOD 11,10 over all 19 digits before it.
  checkDigit: 'warn',
  form: /^\d{4}-\d{6}-\d\d-\d\d-\d{5,6}$/,
  separators: /\s/g,
  faultOf(text) {
    const digits = text.replaceAll('-', '')
    const isYear = digits.startsWith('19') || digits.startsWith('20')
    if (digits.length === 19) return isYear ? undefined : 'form'
    const month = Number(digits.slice(2, 4))
    if (month < 1 || month > 12) return isYear ? undefined : 'date'
    return digits[19] === mod11_10(digits.slice(0, 19)) ? undefined : 'check-digit'
  },
})
