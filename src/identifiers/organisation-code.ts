import { mod11Organisation } from './check-characters.ts'
import { defineIdentifier } from './identifier.ts'

/** Eight digits or capital letters and a check character; the hyphen before it is optional and not canonical. */
export const organisationCode = defineIdentifier({
  name: 'organisation-code',
  titles: { 'zh-CN': '组织机构代码', en: 'organisation code' },
  source: 'GB 11714-1997',
  checkDigit: 'reject',
  form: /^[0-9A-Z]{8}-?[0-9X]$/,
  separators: /[\s-]/g,
  faultOf: text => (text.at(-1) === mod11Organisation(text.slice(0, 8)) ? undefined : 'check-digit'),
})
