/** Kinds of free text that can be told from their shape: they speak for fields that are called so, and against others. */
import { identifiers } from '../../identifiers/identifiers.ts'
import { matcherOf } from '../../validate/pattern.ts'
import type { Fit } from './values.ts'
import type { TargetField } from './target.ts'
import { shareOf, widthOf, type Texts } from './texts.ts'

type TextKind = { readonly is: RegExp; readonly called: RegExp; readonly what: string }

const kinds: readonly TextKind[] = [
  { is: /^(?:https?:\/\/|www\.)\S+$/i, called: /web|url|网址|网站/i, what: 'web addresses' },
  { is: /^[^@\s]+@[^@\s]+\.[^@\s]+$/, called: /mail|邮箱|邮件/i, what: 'e-mail addresses' },
  {
    is: /(?:公司|厂|店|合作社|事务所|中心|集团|经营部|工作室|学校|医院|委员会|局|银行|分行)(?:[（(].*[）)])?$|\b(?:ltd|inc|llc|co|corp|plc)\.?$/i,
    called: /name$|名称/i,
    what: 'names of organisations',
  },
  { is: /^\p{Script=Han}{2,3}$|^\p{Script=Han}{2,6}[·•‧・]\p{Script=Han}{1,8}$/u, called: /representative|leader|person|法定代表人|负责人|姓名/i, what: 'as short as names of people' },
  { is: /(?:省|市|区|县|镇|路|街|号|室|楼|號|區|縣|鎮)\S*(?:号|室|楼|路|街|號|樓)/, called: /address|domicile|premises|location|地址|住所|坐落|场所|地点/i, what: 'addresses' },
  { is: /^\+?[\d()（） -]{6,20}(?:[#*轉转分]\S*)?$/, called: /phone|tel|fax|电话|传真|code|number|id|no|编号|代码|号/i, what: 'numbers' },
] // prettier-ignore

/** Texts for a field of text without a format. */
export function kindFit({ names, titles, schema }: TargetField, texts: Texts): Fit {
  const rule = { via: ['trim', ...widthOf(texts)] }
  const called = `${names.at(-1)} ${titles['zh-CN']}`
  const pattern = typeof schema['pattern'] === 'string' ? matcherOf(schema['pattern']) : undefined
  if (texts.size === 0) return { score: 0, why: [], rule }
  if (pattern !== undefined) {
    const share = shareOf(texts, text => pattern.test(text.trim()))
    return {
      score: share > 0.8 ? 0.5 : share < 0.2 ? -0.7 : 0,
      why: share > 0.8 ? ['the texts have its pattern'] : [],
      rule,
    }
  }
  const identifier = identifiers.find(({ checkDigit, check, normalise }) =>
    checkDigit === 'none' ? false : shareOf(texts, text => check(normalise(text)) === undefined) >= 0.8,
  )
  if (identifier !== undefined) {
    const isNumber = /number|id$|code|value|编号|号码|代码/i.test(called)
    if (!isNumber) return { score: -0.4, why: [], rule }
    return {
      score: 0.5,
      why: [`the texts are a valid ${identifier.titles.en}`],
      rule: { via: [{ identifier: identifier.name }] },
    }
  }
  const seen = kinds.find(({ is }) => shareOf(texts, text => is.test(text.trim())) >= 0.7)
  if (seen === undefined) return { score: 0, why: [], rule }
  if (seen.called.test(called)) return { score: 0.3, why: [`the texts are ${seen.what}`], rule }
  return { score: -0.3, why: [], rule }
}
