/** Conditions on a source record, compiled to closures. */
import { absence, listing } from './absence.ts'
import type { Condition } from './document.ts'
import type { Loading, Site } from './loading.ts'
import { find, inside, shownPath, usePath } from './loading.ts'
import { textOf } from './node-text.ts'
import { compilePattern, patternProblem } from './pattern.ts'
import type { Run } from './run.ts'
import type { Place } from './walk.ts'
import { nodeFinder } from './walk.ts'

export type CompiledCondition = {
  readonly holds: (place: Place, run: Run) => boolean
  /** The paths that it looks at. */
  readonly paths: readonly string[]
}

export function compileCondition(condition: Condition, site: Site, loading: Loading): CompiledCondition {
  if ('not' in condition) {
    const { holds, paths } = compileCondition(condition.not, inside(site, 'not'), loading)
    return { holds: (place, run) => !holds(place, run), paths }
  }
  if ('all' in condition) {
    const parts = condition.all.map((part, index) => compileCondition(part, inside(site, 'all', index), loading))
    return { holds: (place, run) => parts.every(part => part.holds(place, run)), paths: pathsOf(parts) }
  }
  if ('any' in condition) {
    const parts = condition.any.map((part, index) => compileCondition(part, inside(site, 'any', index), loading))
    return { holds: (place, run) => parts.some(part => part.holds(place, run)), paths: pathsOf(parts) }
  }
  const path = usePath(condition.path, inside(site, 'path'), loading)
  const meets = compileTest(condition, site, loading)
  const wanted = !('present' in condition) || condition.present
  const paths = [shownPath(path, site)]
  if (path.absolute) return { holds: (_place, run) => meets(run.context[path.text]) === wanted, paths }
  const nodes = nodeFinder(path)
  return { holds: place => nodes(place).some(({ node }) => meets(textOf(node))) === wanted, paths }
}

type Meets = (text: ReturnType<typeof textOf>) => boolean

function compileTest(test: Extract<Condition, { path: string }>, site: Site, loading: Loading): Meets {
  if ('is' in test) return equals([test.is].flat())
  if ('present' in test) return isPresent(loading)
  const problem = patternProblem(test.matches)
  if (problem === undefined) return matches(test.matches)
  find(loading, inside(site, 'matches').pointer, 'pattern-invalid', problem)
  return () => false
}

function equals(texts: readonly string[]): Meets {
  const isWanted = listing(texts)
  return text => typeof text === 'string' && isWanted(text.trim())
}

function matches(pattern: string): Meets {
  const compiled = compilePattern(pattern)
  return text => typeof text === 'string' && compiled.matches(text.trim())
}

/** A node with elements inside is present; a text is unless the adapter says that it means unknown. */
function isPresent({ document }: Loading): Meets {
  const isAbsent = absence(document)
  return text => (typeof text === 'string' ? !isAbsent(text.trim()) : text !== undefined)
}

function pathsOf(parts: readonly CompiledCondition[]): string[] {
  return parts.flatMap(({ paths }) => paths)
}
