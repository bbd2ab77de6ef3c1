import { mod37_36 } from './check-characters.ts'
import { defineIdentifier } from './identifier.ts'

const root = '1.2.156.3005.2.'

/** The root of electronic licences, then by dots: type (21), issuer (18), serial, version (3), check character. */
export const electronicLicence = defineIdentifier({
  name: 'electronic-licence',
  titles: { 'zh-CN': '电子证照标识', en: 'electronic licence identifier' },
  source: 'GB/T 36904-2018',
  // Unsure: that the check character leaves out the root and the dots.
  checkDigit: 'warn',
  form: /^1\.2\.156\.3005\.2\.[0-9A-Z]{21}\.[0-9A-Z]{18}\.[0-9A-Z]+\.\d{3}\.[0-9A-Z]$/,
  separators: /\s/g,
  faultOf(text) {
    const body = text.slice(root.length, -2).replaceAll('.', '')
    return text.at(-1) === mod37_36(body) ? undefined : 'check-digit'
  },
})
