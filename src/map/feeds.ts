/** Which leaves of one major's record feed which of another's: lineage, read off the rules that convert between them. */
import type { FieldPath } from '../record.ts'
import type { Standard } from '../standard.ts'
import type { Rules } from './document.ts'
import type { Trace } from './loading.ts'
import { pathsRead } from './loading.ts'
import { mayEnclose, parsePath } from './path.ts'

/** By leaf of the older major: the leaves of the newer one that its value is made of, or that decide whether it is there. */
export type Feeds = ReadonlyMap<FieldPath, readonly FieldPath[]>

type Ends = { readonly from: Standard; readonly to: Standard }

/** A leaf that no rule fills is fed by none. */
export function feedsOf(traces: readonly Trace[], { from, to }: Ends): Feeds {
  const leaves = from.fields.map(({ path }) => ({ path, names: path.split('.') }))
  return new Map(
    to.fields.map(({ path }) => {
      const own = traces.filter(
        ({ field }) => field === path || path.startsWith(`${field}.`) || field.startsWith(`${path}.`),
      )
      const sources = pathsRead(own.flatMap(trace => [trace, ...besides(trace, traces)])).map(namesOf)
      const fed = leaves.filter(({ names }) => sources.some(source => meets(source, names)))
      return [path, fed.map(leaf => leaf.path)]
    }),
  )
}

/** A constant stands in an object only where something else in it was read: that tells of what was. */
function besides({ field, sources }: Trace, traces: readonly Trace[]): Trace[] {
  const end = field.lastIndexOf('.')
  if (sources.length > 0 || end === -1) return []
  const around = field.slice(0, end + 1)
  return traces.filter(other => other.field.startsWith(around))
}

function namesOf(path: string): readonly string[] {
  return parsePath(path)?.names ?? []
}

/** Whether a path leads to a leaf, into it, or to what it stands in. */
function meets(path: readonly string[], leaf: readonly string[]): boolean {
  const names = path.at(-1) === '#name' ? path.slice(0, -1) : path
  return mayEnclose(names, leaf) || mayEnclose(leaf, names)
}

/**
 * The leaves of the older major that say what one of the newer says, in its words: of each, that one.
 *
 * Only of these do values found under the one tell of the other. Lists are passed through, where they are taken whole.
 */
export function plainCopies(rules: Rules, { from, to }: Ends): ReadonlyMap<FieldPath, FieldPath> {
  const copies = new Map<FieldPath, FieldPath>()
  const walk = (fields: Rules, prefix: string, source: readonly string[]): void => {
    for (const [name, rule] of Object.entries(fields)) {
      const names = Object.keys(rule).filter(member => member !== '$comment')
      const is = (...members: string[]): boolean =>
        names.length === members.length && members.every(member => member in rule)
      const at = (path: string): string[] | undefined => {
        const parsed = parsePath(path)
        return parsed === undefined || parsed.absolute || parsed.up > 0 ? undefined : [...source, ...parsed.names]
      }
      if ('from' in rule && is('from')) {
        const path = at(rule.from)
        if (path !== undefined) copies.set(prefix + name, path.join('.'))
      } else if ('each' in rule && 'fields' in rule && is('each', 'fields')) {
        const path = at(rule.each)
        if (path !== undefined) walk(rule.fields, `${prefix}${name}.`, path)
      } else if ('one' in rule && 'fields' in rule && is('one', 'fields')) {
        const path = at(rule.one)
        if (path !== undefined) walk(rule.fields, `${prefix}${name}.`, path)
      } else if ('fields' in rule && is('fields')) walk(rule.fields, `${prefix}${name}.`, source)
    }
  }
  walk(rules, '', [])
  const typeOf = (standard: Standard, path: FieldPath): string | undefined => {
    const types = [standard.fields.find(field => field.path === path)?.schema.type]
      .flat()
      .filter(type => type !== 'null')
    return types.length === 1 ? types[0] : undefined
  }
  return new Map(
    [...copies].filter(([field, path]) => {
      const type = typeOf(to, field)
      return type !== undefined && type !== 'array' && type === typeOf(from, path)
    }),
  )
}
