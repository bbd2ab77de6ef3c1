/**
 * The formats of strings that are not identifiers: how they are checked and what they are called.
 */
import type { Format } from 'ajv'
import addFormats from 'ajv-formats'
import { identifierOf } from '../identifiers/identifiers.ts'
import type { Titles } from '../record.ts'

const { get } = addFormats.default

export const formats: Readonly<Record<string, { readonly titles: Titles; readonly format: Format }>> = {
  date: {
    titles: { 'zh-CN': '日期（真实存在，YYYY-MM-DD）', en: 'date (a day that exists, YYYY-MM-DD)' },
    format: get('date'),
  },
  'year-month': {
    titles: { 'zh-CN': '年月（YYYY-MM）', en: 'month (YYYY-MM)' },
    format: /^\d{4}-(0[1-9]|1[0-2])$/,
  },
  'date-time': {
    titles: { 'zh-CN': '带时区的日期时间（RFC 3339）', en: 'date and time with offset (RFC 3339)' },
    format: get('date-time'),
  },
  decimal: {
    titles: {
      'zh-CN': '十进制数（无指数、无多余的前导零）',
      en: 'decimal number (no exponent, no leading zeros)',
    },
    format: /^-?(0|[1-9]\d*)(\.\d+)?$/,
  },
  uri: { titles: { 'zh-CN': 'URI（RFC 3986）', en: 'URI (RFC 3986)' }, format: get('uri') },
  email: { titles: { 'zh-CN': '电子邮件地址', en: 'email address' }, format: get('email') },
  regex: { titles: { 'zh-CN': '正则表达式（ECMA-262）', en: 'regular expression (ECMA-262)' }, format: get('regex') },
}

/** What a format is called, an identifier's or another's. */
export function formatTitles(name: string): Titles | undefined {
  return identifierOf(name)?.titles ?? formats[name]?.titles
}
