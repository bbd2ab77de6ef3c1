/** Which numbers a new version may have: of a standard or a code list alike. */
import type { Version } from '../../standard.ts'

/** What the change between two versions is: nothing, words, what all survive, or what may break. */
export type Verdict = 'same' | 'patch' | 'minor' | 'major'

const steps = ['patch', 'minor', 'major'] as const

/**
 * Why a number does not fit after another, in a sentence that says what does; undefined where it fits.
 *
 * It fits if it is the next patch, minor or major, and no lower a step than the verdict: a steward may call a minor change
 * major. Gaps are refused, so that nobody looks for a version that never was.
 */
export function numberFault(from: Version, to: Version, verdict: Verdict): string | undefined {
  const least = verdict === 'same' ? 0 : steps.indexOf(verdict)
  const fitting = steps.slice(least).map(step => next(from, step))
  if (fitting.includes(to)) return undefined
  const choice = fitting.join(' or ')
  const step = steps.find(each => next(from, each) === to)
  if (step === undefined) return `${to} does not follow ${from}: number it ${choice}.`
  return `${to} is a ${step} version, and the change since ${from} is ${verdict}: number it ${choice}.`
}

function next(from: Version, step: (typeof steps)[number]): Version {
  const [major = 0, minor = 0, patch = 0] = from.split('.').map(Number)
  if (step === 'major') return `${major + 1}.0.0`
  return step === 'minor' ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`
}
