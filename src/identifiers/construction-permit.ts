import { defineIdentifier, isCalendarDay } from './identifier.ts'

/** Division (6), day of issue (8), sequence (2), class (2). */
export const constructionPermit = defineIdentifier({
  name: 'construction-permit',
  titles: { 'zh-CN': '建筑工程施工许可证编号', en: 'construction permit number' },
  source: '建筑工程施工许可管理办法',
  checkDigit: 'none',
  form: /^\d{18}$/,
  separators: /[\s-]/g,
  faultOf: text => (isCalendarDay(text.slice(6, 14)) ? undefined : 'date'),
})
