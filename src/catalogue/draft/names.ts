/** Names, of fields and of source paths, in the forms in which they can be compared. */
import type { Titles } from '../../record.ts'
import { opaqueNames, syllablesOf, titlesLike, titlesOfSubjects, weightOf, wordsOf } from './words.ts'

/** What a field is called: its names from the record or list element down, its titles, and what is said of it. */
export type Called = {
  readonly names: readonly string[]
  readonly titles: Titles
  readonly description: string
  /** The title of the object it stands in. */
  readonly inside?: Titles
}

/** A field's name in all the forms that source names are compared with. */
export type KnownName = {
  readonly plain: ReadonlySet<string>
  /** Names long enough that a source name which begins or ends so is hardly another's. */
  readonly parts: readonly string[]
  readonly description: ReadonlySet<string>
  readonly words: readonly (readonly string[])[]
  readonly chinese: readonly (readonly string[])[]
  /** Titles that say something only where they are met exactly. */
  readonly chineseInFull: readonly (readonly string[])[]
  /** What it is called, for a remark. */
  readonly titles: Titles
}

export function knownName({ names, titles, description, inside }: Called): KnownName {
  const own = names.at(-1) ?? ''
  const around = names.slice(0, -1).join('')
  const english = [own.replace(/On$/, 'Date'), names.join(' ').replace(/On$/, 'Date'), titles.en, inside?.en ?? '']
  return {
    plain: new Set([own, names.join(''), titles.en, titles['zh-CN']].map(plainly)),
    parts: [own, around, around + own].map(plainly).filter(part => part.length >= 6),
    description: new Set(
      description
        .split(/[^A-Za-z]+/)
        .filter(word => word.length >= 4 && /^[A-Z]+$/.test(word))
        .map(plainly),
    ),
    words: english.map(wordsOf).filter(words => words.length > 0),
    chinese: [...titlesLike(titles['zh-CN']), ...(inside === undefined ? [] : [inside['zh-CN']])].map(syllablesOf),
    chineseInFull: titlesOfSubjects(titles['zh-CN']).map(syllablesOf),
    titles,
  }
}

/** A source name in all the forms that it is compared in. */
export type Spelling = {
  /** How much of what it is like counts. */
  readonly certainty: number
  readonly plain: string
  /** Its Latin letters, small. */
  readonly letters: string
  readonly words: readonly string[]
  readonly syllables: readonly string[]
}

/** The last name of a path, and with it those above. */
export function spellingsOf(path: readonly string[]): Spelling[] {
  const names = path.map(name => name.replace(/^@/, '').replace(/^[^:]+:(?=.)/, ''))
  const own = names.at(-1) ?? ''
  return [...new Set([own, names.join(' ')])].map(name => {
    const letters = name.replace(/[^A-Za-z]/g, '').toLowerCase()
    // Of industry/name, name alone says whose name it is not.
    const isPart = name === own && names.length > 1 && wordsOf(own).every(word => weightOf(word) < 1)
    return {
      certainty: isPart ? 0.6 : 1,
      plain: plainly(name),
      letters,
      words: wordsOf(name),
      syllables: syllablesOf(opaqueNames.get(own) ?? name),
    }
  })
}

function plainly(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}
