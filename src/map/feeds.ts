/** Which leaves of one major's record feed which of another's: lineage, read off the rules that convert between them. */
import type { FieldPath } from '../record.ts'
import type { Field, Standard } from '../standard.ts'
import type { Rules } from './document.ts'
import type { Trace } from './loading.ts'
import { pathsRead } from './loading.ts'
import { mayEnclose, parsePath } from './path.ts'

/** By leaf of the older major: the leaves of the newer one that its value is made of, or that decide whether it is there. */
export type Feeds = ReadonlyMap<FieldPath, readonly FieldPath[]>

type Ends = { readonly from: Standard; readonly to: Standard }

/**
 * A leaf that no rule fills is fed by none. How many nodes there are is as open as the most open leaf in them: who may see
 * one leaf of a list's elements sees how many there are, in the newer major too. That leaf feeds what is read of the nodes.
 */
export function feedsOf(traces: readonly Trace[], { from, to }: Ends): Feeds {
  const leaves = from.fields.map(field => ({ ...field, names: field.path.split('.') }))
  const fedBy = (path: string): Leaf[] => leaves.filter(({ names }) => meets(namesOf(path), names))
  return new Map(
    to.fields.map(({ path }) => {
      const own = traces.filter(
        ({ field }) => field === path || path.startsWith(`${field}.`) || field.startsWith(`${path}.`),
      )
      const fed = new Set(
        own.flatMap(trace => {
          const read = pathsRead([trace]).flatMap(fedBy)
          return [...read, ...trace.nodes.flatMap(node => tellingOf(node, fedBy(node), read))]
        }),
      )
      return [path, leaves.filter(leaf => fed.has(leaf)).map(leaf => leaf.path)]
    }),
  )
}

type Leaf = Field & { readonly names: readonly string[] }

/**
 * What tells how many nodes there are at a path, beside what is read anyway: who may see that of a node may see how many
 * there are. The record itself, which is there, tells nothing.
 */
function tellingOf(path: string, leaves: readonly Leaf[], read: readonly Leaf[]): readonly Leaf[] {
  const names = namesOf(path)
  if (names.length === 0) return []
  // What stands for several nodes tells of each.
  if (names.includes('*')) return leaves
  return leaves.some(leaf => read.includes(leaf)) ? [] : mostOpen(leaves)
}

function mostOpen(leaves: readonly Leaf[]): readonly Leaf[] {
  const rank = ({ sharing, level }: Leaf): string => `${sharing === 'not-shared' ? 1 : 0} ${level}`
  const least = leaves.map(rank).toSorted()[0]
  return leaves.filter(leaf => rank(leaf) === least)
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
