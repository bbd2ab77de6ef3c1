/**
 * Reads a regular expression (ECMA-262, flag `u`) into a tree, strictly: what it does not know is not read.
 *
 * Sets of characters may be larger than what is written, and say so: `\p{…}` is any character, known only by its name.
 */

export class UnreadExpression extends Error {}

export type Expression =
  | Characters
  | { readonly kind: 'sequence'; readonly parts: readonly Expression[] }
  | { readonly kind: 'alternatives'; readonly parts: readonly Expression[] }
  | { readonly kind: 'repeat'; readonly part: Expression; readonly least: number; readonly most: number }
  | { readonly kind: 'assertion'; readonly sign: '^' | '$' | '\\b' | '\\B' }
  | { readonly kind: 'look'; readonly part: Expression; readonly isBehind: boolean }

export type Characters = {
  readonly kind: 'characters'
  /** Code points, both ends included, in order and apart; at least those that match. */
  readonly ranges: readonly Range[]
  /** The same in the syntax of RE2. */
  readonly re2: string
}

export type Range = readonly [from: number, to: number]

const last = 0x10ffff

/** Longer ones are no patterns of a field; deeper ones would exhaust the stack of whoever walks the tree. */
const longest = 2_000
const deepest = 50

/** @throws {UnreadExpression} */
export function readExpression(source: string): Expression {
  const characters = Array.from(source)
  if (characters.length > longest) throw new UnreadExpression(source)
  let at = 0
  let depth = 0
  const tree = alternatives()
  if (at < characters.length) throw new UnreadExpression(source)
  return tree

  function alternatives(): Expression {
    if (depth++ === deepest) throw new UnreadExpression(source)
    const parts = [sequence()]
    while (take('|')) parts.push(sequence())
    depth--
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'alternatives', parts }
  }

  function sequence(): Expression {
    const parts: Expression[] = []
    while (at < characters.length && characters[at] !== '|' && characters[at] !== ')') parts.push(repeated(atom()))
    return { kind: 'sequence', parts }
  }

  function atom(): Expression {
    const character = next()
    if (character === '^' || character === '$') return { kind: 'assertion', sign: character }
    if (character === '.') return setOf(complementOf(lineEnds))
    if (character === '(') return group()
    if (character === '[') return characterClass()
    if (character !== '\\') return setOf([pointOf(character)])
    if (take('b')) return { kind: 'assertion', sign: '\\b' }
    if (take('B')) return { kind: 'assertion', sign: '\\B' }
    return escape()
  }

  function group(): Expression {
    let look: { readonly isBehind: boolean } | undefined
    if (take('?')) {
      if (take('=') || take('!')) look = { isBehind: false }
      else if (take('<')) {
        if (take('=') || take('!')) look = { isBehind: true }
        else while (next() !== '>');
      } else if (!take(':')) throw new UnreadExpression(source)
    }
    const part = alternatives()
    if (next() !== ')') throw new UnreadExpression(source)
    return look === undefined ? part : { kind: 'look', part, ...look }
  }

  function characterClass(): Characters {
    const isNegated = take('^')
    const members: Characters[] = []
    while (!take(']')) {
      const from = classMember()
      if (characters[at] !== '-' || characters[at + 1] === ']') members.push(from)
      else {
        at++
        members.push(setOf([[onlyPoint(from), onlyPoint(classMember())]]))
      }
    }
    const ranges = members.flatMap(member => member.ranges)
    const isNamed = members.some(isProperty)
    if (!isNamed) return setOf(isNegated ? complementOf(ranges) : ranges)
    const inside = members.map(member => (isProperty(member) ? member.re2 : member.re2.slice(1, -1))).join('')
    return { kind: 'characters', ranges: [[0, last]], re2: `[${isNegated ? '^' : ''}${inside}]` }
  }

  function classMember(): Characters {
    const character = next()
    if (character !== '\\') return setOf([pointOf(character)])
    return take('b') ? setOf([[8, 8]]) : escape()
  }

  function onlyPoint({ ranges: [range, ...more] }: Characters): number {
    if (range === undefined || more.length > 0 || range[0] !== range[1]) throw new UnreadExpression(source)
    return range[0]
  }

  function escape(): Characters {
    const character = next()
    const named = classes[character.toLowerCase()]
    if (named !== undefined) return setOf(character === character.toLowerCase() ? named : complementOf(named))
    if (character === 'p' || character === 'P') return property(character)
    if (character === 'u' || character === 'x') {
      const point = hexadecimal(character)
      return setOf([[point, point]])
    }
    // References back and control letters.
    if (/[1-9kc]/.test(character)) throw new UnreadExpression(source)
    const control = controls[character]
    return setOf([control === undefined ? pointOf(character) : [control, control]])
  }

  function hexadecimal(kind: string): number {
    const rest = characters.slice(at, at + 12).join('')
    const long = /^\{([0-9a-fA-F]{1,8})\}/.exec(rest)
    const found = (kind === 'u' && long) || (kind === 'u' ? /^[0-9a-fA-F]{4}/ : /^[0-9a-fA-F]{2}/).exec(rest)
    if (!found) throw new UnreadExpression(source)
    at += found[0].length
    const unit = Number.parseInt(found[1] ?? found[0], 16)
    // Two escapes of surrogates are one character.
    const low = /^\\u([dD][c-fC-F][0-9a-fA-F]{2})/.exec(characters.slice(at, at + 6).join(''))
    if (found[1] !== undefined || unit < 0xd800 || unit > 0xdbff || low === null) return unit
    at += 6
    return (unit - 0xd800) * 0x400 + (Number.parseInt(low[1] ?? '', 16) - 0xdc00) + 0x10000
  }

  /** `\p{Script=Han}` is `\p{Han}` to RE2. */
  function property(kind: string): Characters {
    const found = /^\{(?:(?:Script|sc|General_Category|gc)=)?(\w+)\}/.exec(characters.slice(at, at + 60).join(''))
    if (found === null) throw new UnreadExpression(source)
    at += found[0].length
    return { kind: 'characters', ranges: [[0, last]], re2: `\\${kind}{${found[1]}}` }
  }

  function repeated(part: Expression): Expression {
    const found = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(characters.slice(at, at + 24).join(''))
    if (found === null) {
      if (characters[at] === '{') throw new UnreadExpression(source)
      return part
    }
    at += found[0].length
    const [, sign, least = '0', comma, most] = found
    if (sign !== undefined)
      return { kind: 'repeat', part, least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Infinity }
    const upper = comma === '' ? Number(least) : most === '' ? Infinity : Number(most)
    return { kind: 'repeat', part, least: Number(least), most: upper }
  }

  function take(character: string): boolean {
    if (characters[at] !== character) return false
    at++
    return true
  }

  function next(): string {
    const character = characters[at++]
    if (character === undefined) throw new UnreadExpression(source)
    return character
  }
}

function isProperty({ re2 }: Characters): boolean {
  return re2.startsWith('\\')
}

function pointOf(character: string): Range {
  const point = character.codePointAt(0) ?? 0
  return [point, point]
}

function setOf(given: readonly Range[]): Characters {
  const ranges = inOrder(given)
  const text = ranges.map(([from, to]) => `\\x{${from.toString(16)}}-\\x{${to.toString(16)}}`).join('')
  return { kind: 'characters', ranges, re2: ranges.length === 0 ? '[^\\x{0}-\\x{10ffff}]' : `[${text}]` }
}

/** The ranges sorted, those that meet joined. */
function inOrder(ranges: readonly Range[]): Range[] {
  const joined: [number, number][] = []
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const before = joined.at(-1)
    if (before !== undefined && from <= before[1] + 1) before[1] = Math.max(before[1], to)
    else joined.push([from, to])
  }
  return joined
}

function complementOf(ranges: readonly Range[]): Range[] {
  const outside: Range[] = []
  let from = 0
  for (const [first, end] of inOrder(ranges)) {
    if (first > from) outside.push([from, first - 1])
    from = end + 1
  }
  return from > last ? outside : [...outside, [from, last]]
}

const lineEnds: readonly Range[] = [
  [10, 10],
  [13, 13],
  [0x2028, 0x2029],
]

const spaces = [0x20, 0xa0, 0x1680, 0x202f, 0x205f, 0x3000, 0xfeff]

const classes: Readonly<Record<string, readonly Range[]>> = {
  d: [[0x30, 0x39]],
  w: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x5f, 0x5f],
    [0x61, 0x7a],
  ],
  s: [[9, 13], [0x2000, 0x200a], [0x2028, 0x2029], ...spaces.map((point): Range => [point, point])],
}

const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 }
