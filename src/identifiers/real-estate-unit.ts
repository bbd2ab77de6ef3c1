import { defineIdentifier } from './identifier.ts'

/**
 * Division (6), cadastral area (3) and sub-area (3), parcel feature (2) and number (5), fixture (1) and its number (8).
 *
 * Features A (collective ownership) and C (homestead) exist on collective land (J) only; a parcel without fixtures (W)
 * has eight zeros. It is printed with spaces between its four parts.
 */
export const realEstateUnit = defineIdentifier({
  name: 'real-estate-unit',
  titles: { 'zh-CN': '不动产单元号', en: 'real-estate unit number' },
  source: 'GB/T 37346-2019',
  checkDigit: 'none',
  form: /^\d{12}([GJZ][BD-HSWXY]|J[AC])\d{5}([FLQ]\d{8}|W0{8})$/,
  separators: /[\s-]/g,
  faultOf: () => undefined,
})
