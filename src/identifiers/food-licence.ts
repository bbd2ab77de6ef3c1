import { mod11_10 } from './check-characters.ts'
import { defineIdentifier } from './identifier.ts'

/** JY, business (1 sale, 2 catering, 3 canteen), division (6), sequence (6), check digit. */
export const foodLicence = defineIdentifier({
  name: 'food-licence',
  titles: { 'zh-CN': '食品经营许可证编号', en: 'food business licence number' },
  source: '食品经营许可管理办法',
  checkDigit: 'reject',
  form: /^JY[1-3]\d{13}$/,
  separators: /[\s-]/g,
  faultOf: text => (text[15] === mod11_10(text.slice(2, 15)) ? undefined : 'check-digit'),
})
