import { defineIdentifier } from './identifier.ts'

/**
 * The unified business number of Taiwan's companies (統一編號): eight digits.
 *
 * The digits are multiplied by 1, 2, 1, 2, 1, 2, 4, 1 and the digits of the products are added; since April 2023 the sum
 * must be divisible by 5, before it was by 10. A seventh digit of 7 gives 28, which counts as 10 and so as 1 or as 0.
 */
export const twBusinessNumber = defineIdentifier({
  name: 'tw-business-number',
  titles: { 'zh-CN': '营利事业统一编号', en: 'unified business number (Taiwan)' },
  source: '財政部 營利事業統一編號檢查碼邏輯 (2023)',
  checkDigit: 'reject',
  form: /^\d{8}$/,
  separators: /[\s-]/g,
  faultOf(text) {
    const sum = weights.reduce((total, weight, i) => total + digitSum(weight * Number(text[i])), 0)
    // 28 has the digit sum 10: counted as 1 it leaves sum − 9, which modulo 5 is sum + 1; as 0 it leaves sum.
    return sum % 5 === 0 || (text[6] === '7' && sum % 5 === 4) ? undefined : 'check-digit'
  },
})

const weights = [1, 2, 1, 2, 1, 2, 4, 1]

function digitSum(upTo99: number): number {
  return Math.floor(upTo99 / 10) + (upTo99 % 10)
}
