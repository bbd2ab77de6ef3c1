/**
 * Rows that belong together, as one node: what they say in common, and under a name of its own the rows themselves.
 *
 * Where rows differ the node has every value, so that nobody takes the first for the only one.
 */
import type { SourceNode } from '../record.ts'
import { keyReader, keyTrimmer } from './group-key.ts'
import { isTree, newTree, type SourceTree } from './tree.ts'

/** Which rows belong together: those with the same texts at `by`. */
export type GroupLevel = {
  readonly by: readonly string[]
  /** The name under which the rows, or the groups within, stand; `rows` where it is not given. It hides a member of that name. */
  readonly as?: string
  readonly group?: GroupLevel
}

/**
 * The node of a group: each member of its rows, and the rows as a list, or the groups that they make within.
 *
 * A member that all rows have alike stands as it is; one that differs is the list of its distinct values, in the order
 * in which they were met; a null, a blank text, or no such member says nothing. Objects are merged member by member.
 * What the rows were grouped by is the same in all of them, trimmed.
 *
 * @param outer by what groups around this one are grouped
 */
export function groupedNode(
  rows: readonly SourceNode[],
  { by, as = 'rows', group }: GroupLevel,
  outer: readonly string[] = [],
): SourceNode {
  const keys = [...outer, ...by]
  const node = mergeTrees(rows.map(keyTrimmer(keys)).filter(isTree))
  node[as] = group === undefined ? [...rows] : partition(rows, group.by).map(part => groupedNode(part, group, keys))
  return node
}

/** The rows by their key, in the order in which keys were met. A text that is missing is a value of its own. */
function partition(rows: readonly SourceNode[], by: readonly string[]): SourceNode[][] {
  const readKey = keyReader(by)
  const parts = new Map<string, SourceNode[]>()
  for (const node of rows) {
    const key = JSON.stringify(readKey(node))
    const part = parts.get(key)
    if (part === undefined) parts.set(key, [node])
    else part.push(node)
  }
  return [...parts.values()]
}

function mergeTrees(trees: readonly SourceTree[]): SourceTree {
  const said = new Map<string, SourceNode[]>()
  for (const tree of trees) {
    for (const name of Object.keys(tree)) {
      const value = tree[name] as SourceNode
      const values = said.get(name)
      if (values === undefined) said.set(name, [value])
      else values.push(value)
    }
  }
  const merged = new newTree()
  for (const [name, values] of said) merged[name] = merge(values)
  return merged
}

function merge(values: readonly SourceNode[]): SourceNode {
  const said = withTextsAlike(values.filter(value => value !== null && !isBlank(value)))
  if (said.length > 1 && said.every(isTree)) return mergeTrees(said)
  const distinct = new Map(said.map(value => [typeof value === 'string' ? `"${value}` : JSON.stringify(value), value]))
  const [only = values[0] ?? null, ...more] = distinct.values()
  return more.length === 0 ? only : [only, ...more]
}

/** An element with attributes has its text as a member: where some rows have attributes, in the others it has none. */
function withTextsAlike(values: readonly SourceNode[]): readonly SourceNode[] {
  if (!values.some(value => isTree(value) && Object.hasOwn(value, '#text'))) return values
  return values.map(value => (typeof value === 'string' ? Object.assign(new newTree(), { '#text': value }) : value))
}

function isBlank(value: SourceNode): boolean {
  return typeof value === 'string' && value.trim() === ''
}
