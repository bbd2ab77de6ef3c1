/** The codes of the lists of one side, ready to be drawn from and looked up. */
import type { CodeList } from '../../code-list.ts'
import { between, chance, digits, oneOf, type Random } from './random.ts'

export type CodeBook = {
  readonly has: (list: string, text: string) => boolean
  /** A code, or digits that refine one; undefined where the list is not known. */
  readonly draw: (list: string, random: Random) => string | undefined
}

export function codeBook(codeList: (id: string) => CodeList | undefined): CodeBook {
  const known = new Map<string, ReadonlySet<string>>()
  const codesOf = (id: string): ReadonlySet<string> => {
    const codes = known.get(id) ?? new Set(codeList(id)?.codes.map(({ code }) => code))
    known.set(id, codes)
    return codes
  }
  return {
    has(id, text) {
      if (codesOf(id).has(text)) return true
      const { prefix = 0, lengths = [] } = codeList(id)?.refined ?? {}
      return lengths.includes(text.length) && /^\d+$/.test(text) && codesOf(id).has(text.slice(0, prefix))
    },
    draw(id, random) {
      const list = codeList(id)
      // The newest code is the one that another version of the list may lack.
      const { code } = (chance(random, 0.2) ? list?.codes.at(-1) : oneOf(random, list?.codes ?? [])) ?? {}
      if (code === undefined || list?.refined === undefined || chance(random, 0.5)) return code
      const length = oneOf(random, list.refined.lengths) ?? between(random, 1, 12)
      const stem = /^\d+$/.test(code) ? code.slice(0, list.refined.prefix) : code
      return stem.length === list.refined.prefix ? stem + digits(random, Math.max(0, length - stem.length)) : code
    },
  }
}
