/**
 * Patterns in the syntax of RE2, which match in time linear in the text, whatever the pattern and whatever the text.
 *
 * A source record must not be able to stop the hub, as it can where a pattern backtracks. The price is that there are
 * neither backreferences nor lookaround. Syntax: https://github.com/google/re2/wiki/Syntax.
 */
import { RE2JS, RE2JSException } from 're2js'
import { maximumText } from './transforms/transform.ts'

export type Pattern = {
  /** How many groups it has; they count from 1. */
  readonly groups: number
  /** The numbers of the groups that have a name. */
  readonly names: { readonly [name: string]: number }
  /** True where any part of the text matches. */
  matches(text: string): boolean
  /** The first match, and its groups from 1 on, null where one took no part in it. */
  first(text: string): Match | undefined
  /**
   * The text with every match replaced; undefined where that is more than {@link maximumWork}, or gives a text of more
   * than {@link maximumText}, as where `write` gives none.
   */
  replaceAll(text: string, write: (match: Match) => string | undefined): string | undefined
  /** The parts of the text between matches, which each part but the first may keep in front; undefined where that is more than {@link maximumWork}. */
  split(text: string, keepsMatch: boolean): string[] | undefined
}

export type Match = readonly [whole: string, ...groups: (string | null)[]]

/**
 * Matches times characters of the text. Finding one match is linear, finding all of them is not: each may have to look
 * at all that is left. A text of 8,192 characters may match at each of them, one of a million 64 times: some seconds
 * at the worst.
 */
export const maximumWork = 2 ** 26

/** What is wrong with a pattern; undefined where it can be used. */
export function patternProblem(text: string): string | undefined {
  try {
    RE2JS.compile(text)
    return undefined
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error
    const what = error.message.replace('error parsing regexp: ', '')
    return beyondRe2.test(text)
      ? `is no pattern of RE2 (${what}): backreferences and lookaround cannot be matched in linear time`
      : `is no pattern of RE2: ${what}`
  }
}

/** The pattern of a text that has no {@link patternProblem}. */
export function compilePattern(text: string): Pattern {
  const compiled = RE2JS.compile(text)
  const groups = compiled.groupCount()
  const found = (matcher: ReturnType<RE2JS['matcher']>): Match => [
    matcher.group() ?? '',
    ...Array.from({ length: groups }, (_, index) => matcher.group(index + 1)),
  ]
  return {
    groups,
    names: compiled.namedGroups(),
    matches: given => compiled.test(given),
    first(given) {
      const matcher = compiled.matcher(given)
      return matcher.find() ? found(matcher) : undefined
    },
    replaceAll(given, write) {
      const matcher = compiled.matcher(given)
      let replaced = ''
      let end = 0
      for (let matches = 1; matcher.find(); matches += 1) {
        if (matches * given.length > maximumWork) return undefined
        const written = write(found(matcher))
        if (written === undefined) return undefined
        replaced += given.slice(end, matcher.start()) + written
        if (replaced.length > maximumText) return undefined
        end = matcher.end()
      }
      return replaced + given.slice(end)
    },
    split(given, keepsMatch) {
      const matcher = compiled.matcher(given)
      const parts: string[] = []
      let start = 0
      for (let matches = 1; matcher.find(); matches += 1) {
        if (matches * given.length > maximumWork) return undefined
        parts.push(given.slice(start, matcher.start()))
        start = keepsMatch ? matcher.start() : matcher.end()
      }
      return [...parts, given.slice(start)]
    },
  }
}

const beyondRe2 = /\\[1-9k]|\(\?<?[=!]/
