/** Compares two states of a code list: what has changed, and which number the newer one must have. */
import { isDeepStrictEqual } from 'node:util'
import { periodsOf } from '../code-periods.ts'
import type { Code, CodeList } from '../code-list.ts'
import type { Version } from '../standard.ts'

export type CodeListChange = {
  readonly added: readonly string[]
  /** No longer in the list at all. */
  readonly removed: readonly string[]
  /** Given an end, or added with one. */
  readonly ended: readonly string[]
  readonly renamed: readonly string[]
}

export function compareCodeLists(before: CodeList, after: CodeList): CodeListChange {
  const [old, now] = [byCode(before), byCode(after)]
  const changed = (test: (was: Code | undefined, is: Code) => boolean): string[] =>
    after.codes.filter(is => test(old.get(is.code), is)).map(({ code }) => code)
  return {
    added: changed(was => was === undefined),
    removed: before.codes.map(({ code }) => code).filter(code => !now.has(code)),
    ended: changed((was, is) => is.to !== undefined && was?.to === undefined),
    renamed: changed((was, is) => was !== undefined && was.titles['zh-CN'] !== is.titles['zh-CN']),
  }
}

export type CodeListVerdict = 'same' | 'patch' | 'minor' | 'major'

/**
 * Major where a code is gone, is no longer valid in its longer forms, or is new in a closed list, whose readers count on
 * knowing them all; minor where a code is new or its days are others; patch where only words are.
 */
export function codeListVerdict(before: CodeList, after: CodeList): CodeListVerdict {
  const { added, removed } = compareCodeLists(before, after)
  const isOpened = before.closed && !after.closed
  const [narrowed, widened] = [isRefinedLess(before, after), isRefinedLess(after, before)]
  if (removed.length > 0 || narrowed || isOpened || (before.closed && (added.length > 0 || widened))) return 'major'
  if (added.length > 0 || widened || before.closed !== after.closed || daysOf(before) !== daysOf(after)) return 'minor'
  return isDeepStrictEqual(before, { ...after, version: before.version }) ? 'same' : 'patch'
}

/** The version of the list after a change. */
export function nextVersion(before: CodeList, after: CodeList): Version {
  const [major = 0, minor = 0, patch = 0] = before.version.split('.').map(Number)
  const verdict = codeListVerdict(before, after)
  if (verdict === 'major') return `${major + 1}.0.0`
  return verdict === 'minor' ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`
}

/** Whether some longer codes that were valid by their prefix are valid no more. */
function isRefinedLess({ refined: was }: CodeList, { refined: is }: CodeList): boolean {
  if (was === undefined) return false
  return is?.prefix !== was.prefix || was.lengths.some(length => !is.lengths.includes(length))
}

/** When which code was in force, whatever it was called. */
function daysOf({ codes }: CodeList): string {
  const days = codes.map(each => {
    const periods = periodsOf(each)
    // A new title the day after the old one is no gap.
    const gaps = periods.flatMap(({ to = '' }, i) => {
      const next = periods[i + 1]?.from
      return next === undefined || Date.parse(next) - Date.parse(to) <= 86_400_000 ? [] : [to, next]
    })
    return [each.code, periods[0]?.from, ...gaps, each.to].join()
  })
  return days.toSorted().join(';')
}

function byCode({ codes }: CodeList): ReadonlyMap<string, Code> {
  return new Map(codes.map(code => [code.code, code]))
}
