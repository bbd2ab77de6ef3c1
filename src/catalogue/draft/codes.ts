/** Which codes of a list the texts of a source mean. */
import type { CodeList } from '../../code-list.ts'
import type { Texts } from './texts.ts'
import { syllablesOf, wordsOf } from './words.ts'

/** A code list in the forms that texts are compared with. Made once per list: pinyin costs. */
export type KnownCodes = {
  readonly id: string
  readonly size: number
  readonly exact: ReadonlyMap<string, string>
  readonly said: readonly {
    readonly code: string
    readonly titles: readonly string[]
    readonly spoken: string
    readonly words: readonly string[]
  }[]
}

export type FindCodes = (list: string) => KnownCodes | undefined

export type CodesFound = {
  /** By the trimmed text of the source. */
  readonly codes: { readonly [text: string]: string }
  /** The texts whose code or title the list does not have. */
  readonly unresolved: readonly string[]
  /** The share of the texts that have a code, each counted as often as it occurs. */
  readonly share: number
  /** True where a text only resembles the title of its code. */
  readonly isGuessed: boolean
}

export function knownCodes({ id, codes }: CodeList): KnownCodes {
  const texts = codes.flatMap(({ code, titles: { en = '', 'zh-CN': chinese } }) =>
    [en, chinese, code].map(text => [plain(text), code] as const),
  )
  return {
    id,
    size: codes.length,
    exact: new Map(texts.filter(([text]) => text !== '')),
    said: codes.map(({ code, titles: { en = '', 'zh-CN': chinese } }) => ({
      code,
      titles: [plain(chinese), plain(en)],
      spoken: syllablesOf(chinese).join(' '),
      words: wordsOf(en),
    })),
  }
}

export function codesIn(texts: Texts, known: KnownCodes): CodesFound {
  const codes: { [text: string]: string } = {}
  const unresolved = new Set<string>()
  let [resolved, all, isGuessed] = [0, 0, false]
  for (const [text, times] of texts) {
    const trimmed = text.trim()
    const same = known.exact.get(plain(trimmed))
    const code = same ?? (texts.size > mostLabels ? undefined : resembling(trimmed, known))
    all += times
    if (code === undefined) unresolved.add(trimmed)
    else {
      codes[trimmed] = code
      resolved += times
      if (same === undefined) isGuessed = true
    }
  }
  return { codes, unresolved: [...unresolved], share: all === 0 ? 0 : resolved / all, isGuessed }
}

/** More different texts than a source has labels of one kind: they are names or numbers, and resemble by accident. */
const mostLabels = 60

/** The only code whose title is said alike: it begins so (男性, 男), sounds so (開業, 开业), or has most of the words. */
function resembling(text: string, { said }: KnownCodes): string | undefined {
  const own = plain(text)
  // With figures in it, it is a number or a name, whatever it begins with.
  if (/\d|^$/.test(own)) return undefined
  const spoken = syllablesOf(text).join(' ')
  const words = wordsOf(text)
  const alike = said.filter(code => {
    const [chinese = '', english = ''] = code.titles
    if (spoken !== '' && spoken === code.spoken) return true
    return isBeginning(own, chinese, 1) || isBeginning(own, english, 4) || commonShare(words, code.words) > 0.6
  })
  return alike.length === 1 ? alike[0]?.code : undefined
}

function commonShare(words: readonly string[], other: readonly string[]): number {
  const common = words.filter(word => other.includes(word)).length
  return common / Math.max(1, words.length, other.length)
}

function isBeginning(a: string, b: string, least: number): boolean {
  return Math.min(a.length, b.length) >= least && (a.startsWith(b) || b.startsWith(a))
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}
