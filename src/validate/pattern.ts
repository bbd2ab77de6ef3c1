/**
 * The matcher of a standard's `pattern`, in time linear in the text: strangers write patterns, and must not be able to stop
 * the hub with one that backtracks.
 *
 * JavaScript's own engine where it is proved to be linear, as for what people write for fields; else RE2, slower, with
 * the same meaning. What looks around or refers back, and is not proved, has no matcher.
 */
import { RE2JS, RE2JSException } from 're2js'
import { readExpression, UnreadExpression, type Expression } from './expression.ts'
import { isLinear } from './linear-time.ts'

export type Matcher = { readonly test: (text: string) => boolean }

/** Patterns whose matchers are kept; more are made again. */
const keptAtMost = 1_000

const kept = new Map<string, Matcher | undefined>()

/** The matcher of a pattern (ECMA-262, flag `u`); undefined where none is linear, or where it is no pattern. */
export function linearMatcher(pattern: string): Matcher | undefined {
  if (!kept.has(pattern)) {
    if (kept.size === keptAtMost) kept.clear()
    kept.set(pattern, makeMatcher(pattern))
  }
  return kept.get(pattern)
}

/**
 * The matcher of a standard that has passed checkStandardDocument.
 *
 * JavaScript's own engine also where nothing is proved: of standards that were published before patterns were held to it.
 */
export function matcherOf(pattern: string): Matcher {
  return linearMatcher(pattern) ?? new RegExp(pattern, 'u')
}

/** Ajv's option `code.regExp`. */
export const regExpOfAjv = Object.assign((pattern: string): Matcher => matcherOf(pattern), { code: 'matcherOf' })

function makeMatcher(pattern: string): Matcher | undefined {
  try {
    const tree = readExpression(pattern)
    if (isLinear(tree)) return new RegExp(pattern, 'u')
    const compiled = RE2JS.compile(re2Of(tree))
    // Ajv tells matchers apart by their text.
    const matcher = { test: (text: string) => compiled.test(text), toString: () => `re2:${pattern}` }
    return matcher
  } catch (error) {
    const isOfPattern =
      error instanceof UnreadExpression || error instanceof RE2JSException || error instanceof SyntaxError
    if (isOfPattern) return undefined
    throw error
  }
}

/** @throws {UnreadExpression} where RE2 has nothing for it */
function re2Of(tree: Expression): string {
  switch (tree.kind) {
    case 'characters':
      return tree.re2
    case 'assertion':
      return tree.sign
    case 'look':
      throw new UnreadExpression('look')
    case 'sequence':
      return tree.parts.map(re2Of).join('')
    case 'alternatives':
      return `(?:${tree.parts.map(re2Of).join('|')})`
    case 'repeat':
      return `(?:${re2Of(tree.part)})${repeatText(tree.least, tree.most)}`
  }
}

function repeatText(least: number, most: number): string {
  if (most === Infinity) return least === 0 ? '*' : least === 1 ? '+' : `{${least},}`
  return `{${least},${most}}`
}
