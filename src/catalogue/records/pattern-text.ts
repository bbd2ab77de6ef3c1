/**
 * Texts that match a regular expression: its tree, walked with random choices.
 *
 * What looks around is passed over, and so is what stands at a word's edge: whoever asks for a text tests it, and asks again.
 */
import {
  readExpression,
  UnreadExpression,
  type Characters,
  type Expression,
  type Range,
} from '../../validate/expression.ts'
import { between, chance, oneOf, type Random } from './random.ts'

/** A text for the pattern, with unbounded repeats of up to `most`, undefined where it would be very long; undefined for a pattern that it cannot read. */
export type PatternText = (random: Random, most: number) => string | undefined

/** Longer texts are not written: `((a{1000}){1000}){1000}` is short itself. */
const longestText = 10_000

export function patternText(pattern: string): PatternText | undefined {
  try {
    const tree = readExpression(pattern)
    const isOpenBefore = !pattern.startsWith('^') && !pattern.includes('|')
    const isOpenAfter = !pattern.endsWith('$') && !pattern.includes('|')
    return (random, most) => {
      const before = isOpenBefore && chance(random, 0.3) ? 'x ' : ''
      const after = isOpenAfter && chance(random, 0.3) ? ' 甲' : ''
      const left = { characters: longestText }
      const text = write(tree, random, { most, left })
      return left.characters < 0 ? undefined : before + text + after
    }
  } catch (error) {
    if (error instanceof UnreadExpression) return undefined
    throw error
  }
}

type Writing = {
  readonly most: number
  /** How much may still be written; each empty part counts as well. */
  readonly left: { characters: number }
}

function write(tree: Expression, random: Random, writing: Writing): string {
  const { most, left } = writing
  if (left.characters-- < 0) return ''
  switch (tree.kind) {
    case 'characters':
      return String.fromCodePoint(drawCharacter(tree, random))
    case 'assertion':
    case 'look':
      return ''
    case 'sequence':
      return tree.parts.map(part => write(part, random, writing)).join('')
    case 'alternatives':
      return write(oneOf(random, tree.parts) as Expression, random, writing)
    case 'repeat': {
      const limit = Math.max(tree.least, Math.min(tree.most, tree.least + most))
      const count = chance(random, 0.4)
        ? chance(random, 0.5)
          ? tree.least
          : limit
        : between(random, tree.least, limit)
      let text = ''
      for (let written = 0; written < count && left.characters >= 0; written++) {
        text += write(tree.part, random, writing)
      }
      return text
    }
  }
}

/** Characters that people write, from which those of a wide set are drawn. */
const ordinary = Array.from('aZ09-_ .,/中文é@', character => character.codePointAt(0) ?? 0)

/** More than a script: the complement of a class, or a set that is known by name only. */
const wideFrom = 0x10000

function drawCharacter({ ranges, re2 }: Characters, random: Random): number {
  const name = /\\p\{(\w+)\}/.exec(re2)?.[1]
  const named = name === undefined ? undefined : namedRanges[name]
  if (named !== undefined) return drawFrom(named, random)
  const span = ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0)
  if (span < wideFrom) return drawFrom(ranges, random)
  const inside = ordinary.filter(code => ranges.some(([from, to]) => from <= code && code <= to))
  return oneOf(random, inside) ?? 0x20000
}

function drawFrom(ranges: readonly Range[], random: Random): number {
  const [from, to] = oneOf(random, ranges) ?? [0x61, 0x61]
  return between(random, from, to)
}

const letters: readonly Range[] = [
  [0x41, 0x5a],
  [0x61, 0x7a],
  [0x4e00, 0x4fff],
]

/** Some characters of the sets that names are described with. */
const namedRanges: Readonly<Record<string, readonly Range[]>> = {
  L: letters,
  Letter: letters,
  Lu: [[0x41, 0x5a]],
  Ll: [[0x61, 0x7a]],
  N: [[0x30, 0x39]],
  Nd: [[0x30, 0x39]],
  Han: [[0x4e00, 0x9fa5]],
}
