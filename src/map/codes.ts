/** `codes`, `translate` and `unlisted`: the standard's codes for the source's texts. */
import { checkCode, checkCodes, codeTarget } from './constant.ts'
import type { CodesRule } from './document.ts'
import type { Loading, Site } from './loading.ts'
import { inside, refused } from './loading.ts'
import type { Run } from './run.ts'
import type { FindCode } from './translation.ts'
import { compileTranslation } from './translation.ts'
import type { Kind, Value } from './transforms/transform.ts'
import { Refusal } from './transforms/transform.ts'
import type { Place } from './walk.ts'

export type CompiledCodes = {
  /** The code of a text, or the codes of several; undefined where the rule translates nothing. */
  readonly translate: ((value: Value, place: Place, run: Run) => Value | Refusal | typeof refused) | undefined
  /** For the trace: `codes`, `translate`. */
  readonly names: readonly string[]
  /** The paths that decide, besides the text, on its code. */
  readonly decidedBy: readonly string[]
}

/** Codes that the adapter writes down win over those that it finds in a list; `unlisted` stands for all the rest. */
export function compileCodes(rule: CodesRule, site: Site, loading: Loading): CompiledCodes {
  const { codes = {}, unlisted } = rule
  checkCodes(codes, inside(site, 'codes'), loading)
  if (unlisted !== undefined) checkCode(unlisted, codeTarget(site), inside(site, 'unlisted'), loading)
  const names = [...(rule.codes === undefined ? [] : ['codes']), ...(rule.translate === undefined ? [] : ['translate'])]
  const byText = new Map(Object.entries(codes))
  const rest: string | Refusal = unlisted ?? unmapped
  if (rule.translate === undefined) {
    const translate = (value: Value): Value | Refusal => eachText(value, text => byText.get(text) ?? rest)
    return { translate: rule.codes === undefined ? undefined : translate, names, decidedBy: [] }
  }
  const { findAt, decidedBy } = compileTranslation(rule.translate, inside(site, 'translate'), loading)
  return {
    translate(value, place, run) {
      const find: FindCode | Refusal | typeof refused = findAt(place, run)
      if (find === refused || find instanceof Refusal) return find
      return eachText(value, text => byText.get(text) ?? find(text) ?? rest)
    },
    names,
    decidedBy,
  }
}

/** What comes out of a rule that may have codes. */
export function codesKind({ translate }: CompiledCodes, kind: Kind): Kind {
  if (translate === undefined) return kind
  return { type: kind.type === 'texts' ? 'texts' : 'text' }
}

const unmapped = new Refusal('code-unmapped', {
  'zh-CN': '适配器没有为源数据的此代码或文字指定对应代码',
  en: 'is a code or text of the source that the adapter maps to none of the standard',
})

function eachText(value: Value, codeOf: (text: string) => string | Refusal): Value | Refusal {
  if (!Array.isArray(value)) return codeOf(String(value))
  const codes: string[] = []
  for (const text of value) {
    const code = codeOf(text)
    if (code instanceof Refusal) return code
    codes.push(code)
  }
  return codes
}
