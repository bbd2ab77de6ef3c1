/**
 * Reads a regular expression into a tree.
 *
 * It knows what standards use: alternatives, groups, classes, escapes, repeats, anchors. What looks around or back is
 * passed over: whoever writes a text for the tree tests it, and asks again.
 */

export class UnreadablePattern extends Error {}

export type Tree =
  | { readonly kind: 'characters'; readonly ranges: readonly Range[]; readonly isNegated: boolean }
  | { readonly kind: 'sequence'; readonly parts: readonly Tree[] }
  | { readonly kind: 'alternatives'; readonly parts: readonly Tree[] }
  | { readonly kind: 'repeat'; readonly part: Tree; readonly least: number; readonly most: number }

export type Range = readonly [number, number]

export const empty: Tree = { kind: 'sequence', parts: [] }

/** The tree, and whether a text may go on before and after what it describes. */
export type Pattern = { readonly tree: Tree; readonly isOpenBefore: boolean; readonly isOpenAfter: boolean }

/** @throws {UnreadablePattern} */
export function parsePattern(pattern: string): Pattern {
  const characters = Array.from(pattern)
  let at = 0
  const tree = alternatives()
  if (at < characters.length) throw new UnreadablePattern(pattern)
  const isOpenBefore = !pattern.startsWith('^') && !pattern.includes('|')
  return { tree, isOpenBefore, isOpenAfter: !pattern.endsWith('$') && !pattern.includes('|') }

  function alternatives(): Tree {
    const parts = [sequence()]
    while (characters[at] === '|') {
      at++
      parts.push(sequence())
    }
    return parts.length === 1 ? (parts[0] ?? empty) : { kind: 'alternatives', parts }
  }

  function sequence(): Tree {
    const parts: Tree[] = []
    while (at < characters.length && characters[at] !== '|' && characters[at] !== ')') parts.push(repeated(atom()))
    return { kind: 'sequence', parts }
  }

  function atom(): Tree {
    const character = next()
    if (character === '^' || character === '$') return empty
    if (character === '.')
      return {
        kind: 'characters',
        ranges: [
          [10, 10],
          [13, 13],
        ],
        isNegated: true,
      }
    if (character === '(') return group()
    if (character === '[') return characterClass()
    if (character === '\\') return escape()
    // A brace that is no part of a quantifier: to take it for a character would be to misread the pattern.
    if (character === '{' || character === '}') throw new UnreadablePattern(pattern)
    return literal(character)
  }

  function group(): Tree {
    const rest = characters.slice(at, at + 3).join('')
    const isLook = /^\?(=|!|<=|<!)/.test(rest)
    if (rest.startsWith('?:')) at += 2
    else if (isLook) at += rest.startsWith('?<') ? 3 : 2
    else if (rest.startsWith('?<')) at = characters.indexOf('>', at) + 1
    else if (rest.startsWith('?')) throw new UnreadablePattern(pattern)
    const inside = alternatives()
    if (next() !== ')') throw new UnreadablePattern(pattern)
    return isLook ? empty : inside
  }

  function characterClass(): Tree {
    const isNegated = characters[at] === '^'
    if (isNegated) at++
    const ranges: Range[] = []
    while (characters[at] !== ']') {
      const from = classMember()
      const isRange = from.length === 1 && characters[at] === '-' && characters[at + 1] !== ']'
      if (!isRange) {
        ranges.push(...from)
        continue
      }
      at++
      const to = classMember()
      ranges.push([from[0]?.[0] ?? 0, to[0]?.[1] ?? 0])
    }
    at++
    return { kind: 'characters', ranges, isNegated }
  }

  function classMember(): readonly Range[] {
    const character = next()
    const member = character === '\\' ? escape() : literal(character)
    if (member.kind !== 'characters' || member.isNegated) throw new UnreadablePattern(pattern)
    return member.ranges
  }

  function escape(): Tree {
    const character = next()
    const named = classes[character.toLowerCase()]
    if (named !== undefined)
      return { kind: 'characters', ranges: named, isNegated: character !== character.toLowerCase() }
    if (character === 'b' || character === 'B') return empty
    if (character === 'u' || character === 'x') return literal(codePoint(character))
    if (/[pPkc1-9]/.test(character)) return property(character)
    return literal(String.fromCodePoint(controls[character] ?? character.codePointAt(0) ?? 0))
  }

  /** Two escapes of a surrogate pair are one character (ECMA-262, RegExpUnicodeEscapeSequence); `\u{…}` pairs with nothing. */
  function codePoint(kind: string): string {
    const isPair = kind === 'u' && /^d[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}/i.test(upcoming(10))
    const unit = String.fromCodePoint(hexadecimal(kind))
    if (!isPair) return unit
    at += 2
    return unit + String.fromCodePoint(hexadecimal(kind))
  }

  function upcoming(count: number): string {
    return characters.slice(at, at + count).join('')
  }

  function hexadecimal(kind: string): number {
    const rest = characters.slice(at).join('')
    const found =
      /^\{([0-9a-fA-F]+)\}/.exec(rest) ?? (kind === 'u' ? /^([0-9a-fA-F]{4})/ : /^([0-9a-fA-F]{2})/).exec(rest)
    if (found === null) throw new UnreadablePattern(pattern)
    at += found[0].length
    return Number.parseInt(found[1] ?? '', 16)
  }

  /** `\p{…}`: the few properties that names are described with. */
  function property(kind: string): Tree {
    const found = /^\{([^}]+)\}/.exec(characters.slice(at).join(''))
    const ranges = kind === 'p' ? properties[found?.[1] ?? ''] : undefined
    if (found === null || ranges === undefined) throw new UnreadablePattern(pattern)
    at += Array.from(found[0]).length
    return { kind: 'characters', ranges, isNegated: false }
  }

  function repeated(part: Tree): Tree {
    const found = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(upcoming(longestQuantifier))
    if (found === null) return part
    at += found[0].length
    const [, sign, least = '0', comma, most] = found
    if (sign !== undefined)
      return { kind: 'repeat', part, least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Infinity }
    const upper = comma === '' ? Number(least) : most === '' ? Infinity : Number(most)
    return { kind: 'repeat', part, least: Number(least), most: upper }
  }

  function next(): string {
    const character = characters[at++]
    if (character === undefined) throw new UnreadablePattern(pattern)
    return character
  }
}

/** A longer one, which is all leading zeros, is not read. */
const longestQuantifier = 24

const properties: Readonly<Record<string, readonly Range[]>> = {
  L: [
    [0x41, 0x5a],
    [0x61, 0x7a],
    [0x4e00, 0x4fff],
  ],
  Letter: [
    [0x41, 0x5a],
    [0x61, 0x7a],
    [0x4e00, 0x4fff],
  ],
  Lu: [[0x41, 0x5a]],
  Ll: [[0x61, 0x7a]],
  N: [[0x30, 0x39]],
  Nd: [[0x30, 0x39]],
  'Script=Han': [[0x4e00, 0x9fa5]],
}

function literal(character: string): Tree & { readonly kind: 'characters' } {
  const code = character.codePointAt(0) ?? 0
  return { kind: 'characters', ranges: [[code, code]], isNegated: false }
}

const classes: Readonly<Record<string, readonly Range[]>> = {
  d: [[0x30, 0x39]],
  w: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x5f, 0x5f],
    [0x61, 0x7a],
  ],
  s: [
    [0x20, 0x20],
    [0x09, 0x0d],
    [0xa0, 0xa0],
    [0x1680, 0x1680],
    [0x2000, 0x200a],
    [0x2028, 0x2029],
    [0x202f, 0x202f],
    [0x205f, 0x205f],
    [0x3000, 0x3000],
    [0xfeff, 0xfeff],
  ],
}

const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 }
