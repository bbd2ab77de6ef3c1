/** From a place in a record back to the paths of the source that feed it. */
import type { Loading } from './loading.ts'
import { namesOf } from './pointer.ts'

/**
 * The paths, separated by commas, that feed a place: a leaf's own, a list's nodes, all of an object's leaves; for a
 * place that no rule is about, those of what it stands in. Undefined for the whole record and for constants.
 */
export function sourceFinder({ traces, nodes }: Loading): (pointer: string) => string | undefined {
  return pointer => sourcesOf(namesOf(pointer).filter(name => !/^\d+$/.test(name)))

  function sourcesOf(names: readonly string[]): string | undefined {
    if (names.length === 0) return undefined
    const field = names.join('.')
    const own = traces.filter(trace => trace.field === field)
    const below = traces.filter(trace => trace.field.startsWith(`${field}.`))
    const paths = own.length > 0 ? pathsOf(own) : nodes.has(field) ? [nodes.get(field)] : pathsOf(below)
    if (own.length + below.length === 0) return sourcesOf(names.slice(0, -1))
    return paths.length === 0 ? undefined : paths.join(', ')
  }
}

function pathsOf(traces: Loading['traces']): string[] {
  const read = traces.flatMap(trace => trace.sources)
  return [...new Set(read.length > 0 ? read : traces.flatMap(trace => trace.decidedBy))]
}
