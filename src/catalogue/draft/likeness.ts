/** What the name of a source path says of which field it feeds. */
import type { KnownName, Spelling } from './names.ts'
import { isSubject, weightOf, writingsOf } from './words.ts'

/** How alike, from 0 to 1, and in what. */
export type Likeness = { readonly score: number; readonly why: string }

/** The best of what the spellings of a path say. */
export function likeness(spellings: readonly Spelling[], field: KnownName): Likeness {
  return best(
    spellings.map(spelling => {
      const { score, why } = likenessOf(spelling, field)
      return { score: score * spelling.certainty, why }
    }),
  )
}

const none: Likeness = { score: 0, why: '' }

function likenessOf({ plain, letters, words, syllables }: Spelling, field: KnownName): Likeness {
  if (field.plain.has(plain)) return { score: 1, why: 'the same name' }
  if (field.description.has(plain)) return { score: 0.95, why: "named in the field's description" }
  return best([
    inPart(plain, field),
    inChinese(syllables, field),
    inPinyin(letters, field),
    inWords(words, field),
    abbreviated(letters, field),
  ])
}

function best(found: readonly Likeness[]): Likeness {
  return found.reduce((a, b) => (b.score > a.score ? b : a), none)
}

function inPart(plain: string, { parts }: KnownName): Likeness {
  return best(
    parts.map(part => {
      // What stands in front says whose it is, and that may be another.
      const base = plain.startsWith(part) ? 0.5 : plain.endsWith(part) ? 0.35 : 0
      return base === 0 ? none : { score: base + 0.35 * (part.length / plain.length), why: 'its name is in it' }
    }),
  )
}

function inChinese(
  syllables: readonly string[],
  { chinese, chineseInFull, titles: { 'zh-CN': title } }: KnownName,
): Likeness {
  if (syllables.length < 2) return none
  if (chineseInFull.some(other => other.join(' ') === syllables.join(' ')))
    return { score: 0.9, why: `called ${title}` }
  return best(
    chinese.map(other => {
      const common = (2 * commonLength(syllables, other)) / (syllables.length + other.length)
      if (common === 1) return { score: 0.95, why: `called ${title}` }
      if (other.length >= 2 && syllables.slice(0, other.length).join(' ') === other.join(' ')) {
        return { score: 0.55 + 0.3 * (other.length / syllables.length), why: `begins with ${title}` }
      }
      if (syllables.slice(-other.length).join(' ') === other.join(' ')) {
        // Every table has a number and a name: whose they are the rest of the title says.
        return { score: Math.min(0.8, 0.2 + 0.1 * other.length) + 0.1 * common, why: `ends with ${title}` }
      }
      return { score: common < 0.5 ? 0 : common * 0.85, why: `called much like ${title}` }
    }),
  )
}

function inPinyin(letters: string, { chinese, chineseInFull, titles: { 'zh-CN': title } }: KnownName): Likeness {
  if (letters.length < 2) return none
  if (chineseInFull.some(syllables => letters === initialsOf(syllables))) {
    return { score: 0.85, why: `the pinyin initials of a subject and ${title}` }
  }
  return best(
    chinese.map(syllables => {
      if (letters === syllables.join('')) return { score: 0.95, why: `the pinyin of ${title}` }
      const initials = initialsOf(syllables)
      if (letters === initials) {
        return { score: letters.length > 2 ? 0.92 : 0.6, why: `the pinyin initials of ${title}` }
      }
      const common = (2 * commonLength(letters.split(''), initials.split(''))) / (letters.length + initials.length)
      const isEnding = initials.length >= 3 && letters.endsWith(initials)
      const score = isEnding ? 0.7 : letters.length < 4 || common < 0.66 ? 0 : common * 0.75
      return { score, why: `much like the pinyin initials of ${title}` }
    }),
  )
}

function initialsOf(syllables: readonly string[]): string {
  return syllables.map(syllable => syllable[0] ?? '').join('')
}

/** The cosine of the two sets of words. Where only general words are common, it says little. */
function inWords(words: readonly string[], field: KnownName): Likeness {
  return best(
    field.words.map(other => {
      const common = words.filter(word => other.some(candidate => isSameWord(word, candidate)))
      const lengths = Math.sqrt(weight(words) * weight(other))
      const cosine = lengths === 0 ? 0 : Math.min(1, weight(common) / lengths)
      const isTold = (word: string) => isSubject(word) || common.some(known => isSameWord(word, known))
      const says = common.some(word => weightOf(word) === 1) || [...words, ...other].every(isTold)
      return {
        score: says ? cosine * 0.95 : Math.min(0.35, cosine),
        why: `in words like ${field.titles.en}`,
      }
    }),
  )
}

/** Whether a name is made of beginnings of a field's words, in any order: regcap of registered capital. */
function abbreviated(letters: string, { words, titles }: KnownName): Likeness {
  if (letters.length < 3 || letters.length > 16) return none
  return best(
    words.map(field => {
      const pieces = piecesOf(letters, [...new Set([...field.slice(0, 6), 'company'])])
      if (pieces === undefined) {
        const ending = field.find(word =>
          writingsOf(word).some(writing => writing.length >= 4 && letters.endsWith(writing)),
        )
        return ending === undefined ? none : { score: 0.35, why: `ends like ${titles.en}` }
      }
      const told = weight(pieces.filter(word => field.includes(word))) / weight(field)
      // A beginning of one word may be that of many.
      const certainty = pieces.length === 1 ? (letters.length >= 3 ? 0.7 : 0.4) : 0.85
      const says = told === 1 || pieces.some(word => weightOf(word) === 1)
      return { score: certainty * Math.sqrt(told) * (says ? 1 : 0.6), why: `short for ${titles.en}` }
    }),
  )
}

/** The words whose beginnings, one after the other, make up all the letters; each is used once. */
function piecesOf(letters: string, words: readonly string[]): string[] | undefined {
  if (letters === '') return []
  let found: string[] | undefined
  for (const word of words) {
    const rest = words.filter(other => other !== word)
    for (const length of beginnings(letters, word)) {
      const more = piecesOf(letters.slice(length), rest)
      if (more !== undefined && weight([word, ...more]) > weight(found ?? [])) found = [word, ...more]
    }
  }
  return found
}

function beginnings(letters: string, word: string): number[] {
  const lengths = writingsOf(word).flatMap(writing => {
    let common = 0
    while (common < writing.length && letters[common] === writing[common]) common += 1
    // Two letters of a longer word would be found in every name.
    const cut = Array.from({ length: Math.max(0, common - 2) }, (_, at) => common - at)
    return common === writing.length ? [common, ...cut] : cut
  })
  return [...new Set(lengths)]
}

function isSameWord(a: string, b: string): boolean {
  if (a === b) return true
  const shorter = Math.min(a.length, b.length)
  return shorter >= 5 && a.slice(0, shorter) === b.slice(0, shorter)
}

function weight(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + weightOf(word), 0)
}

/** The length of the longest common subsequence. */
function commonLength(a: readonly string[], b: readonly string[]): number {
  let row = [0, ...b.map(() => 0)]
  for (const one of a) {
    const next = [0]
    b.forEach((other, at) => next.push(one === other ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0)))
    row = next
  }
  return row.at(-1) ?? 0
}
