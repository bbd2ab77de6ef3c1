import { mod11_10 } from './check-characters.ts'
import { defineIdentifier } from './identifier.ts'

/** Division (6), sequence (8), check digit: what enterprises had before the unified social credit code. */
export const businessRegistration = defineIdentifier({
  name: 'business-registration',
  titles: { 'zh-CN': '工商注册号', en: 'business registration number' },
  source: 'GS 15-2006',
  checkDigit: 'reject',
  form: /^\d{15}$/,
  separators: /[\s-]/g,
  faultOf: text => (text[14] === mod11_10(text.slice(0, 14)) ? undefined : 'check-digit'),
})
