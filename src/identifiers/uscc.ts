import { mod11Organisation, mod31 } from './check-characters.ts'
import { defineIdentifier } from './identifier.ts'

/**
 * Registering department, type, division (6), organisation code (9, with its own check character), check character.
 *
 * The last check is looked at first: where it fails, nothing is known of the parts.
 */
export const uscc = defineIdentifier({
  name: 'uscc',
  titles: { 'zh-CN': '统一社会信用代码', en: 'unified social credit code' },
  source: 'GB 32100-2015',
  checkDigit: 'reject',
  form: /^[0-9A-HJ-NP-RTUWXY]{2}\d{6}[0-9A-HJ-NP-RTUWXY]{8}[0-9X][0-9A-HJ-NP-RTUWXY]$/,
  separators: /[\s-]/g,
  faultOf(text) {
    if (text[17] !== mod31(text.slice(0, 17))) return 'check-digit'
    return text[16] === mod11Organisation(text.slice(8, 16)) ? undefined : 'inner-check-digit'
  },
})
