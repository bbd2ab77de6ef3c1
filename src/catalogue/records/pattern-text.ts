/**
 * Texts that match a regular expression: read into a tree, and walked with random choices (pattern-tree.ts).
 */
import { empty, parsePattern, UnreadablePattern, type Range, type Tree } from './pattern-tree.ts'
import { between, chance, oneOf, type Random } from './random.ts'

/** A text for the pattern, with unbounded repeats of up to `most`, undefined where it would be very long; undefined for a pattern that it cannot read. */
export type PatternText = (random: Random, most: number) => string | undefined

/** Longer texts are not written: `((a{1000}){1000}){1000}` is short itself. */
const longestText = 10_000

export function patternText(pattern: string): PatternText | undefined {
  try {
    const { tree, isOpenBefore, isOpenAfter } = parsePattern(pattern)
    return (random, most) => {
      const before = isOpenBefore && chance(random, 0.3) ? 'x ' : ''
      const after = isOpenAfter && chance(random, 0.3) ? ' 甲' : ''
      const left = { characters: longestText }
      const text = write(tree, random, { most, left })
      return left.characters < 0 ? undefined : before + text + after
    }
  } catch (error) {
    if (error instanceof UnreadablePattern) return undefined
    throw error
  }
}

type Writing = {
  readonly most: number
  /** How much may still be written; each empty part counts as well. */
  readonly left: { characters: number }
}

function write(tree: Tree, random: Random, writing: Writing): string {
  const { most, left } = writing
  if (left.characters-- < 0) return ''
  switch (tree.kind) {
    case 'characters':
      return String.fromCodePoint(drawCharacter(tree.ranges, tree.isNegated, random))
    case 'sequence':
      return tree.parts.map(part => write(part, random, writing)).join('')
    case 'alternatives':
      return write(oneOf(random, tree.parts) ?? empty, random, writing)
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

/** Characters that people write, from which those outside a class are drawn. */
const ordinary = Array.from('aZ09-_ .,/中文é@', character => character.codePointAt(0) ?? 0)

function drawCharacter(ranges: readonly Range[], isNegated: boolean, random: Random): number {
  if (!isNegated) {
    const [from, to] = oneOf(random, ranges) ?? [0x61, 0x61]
    return between(random, from, Math.min(to, from + 0xffff))
  }
  const outside = ordinary.filter(code => !ranges.some(([from, to]) => from <= code && code <= to))
  return oneOf(random, outside) ?? 0x20000
}
