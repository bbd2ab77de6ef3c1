/** What of a source an adapter does not read: columns that may be worth a field, or a rule with a misspelt path. */
import type { Adapter } from '../map/adapter.ts'
import type { Grouping } from '../map/document.ts'
import { groupNames, withoutGroups } from '../map/grouping.ts'
import { pathsRead } from '../map/loading.ts'
import { isPosition, parsePath, pathText } from '../map/path.ts'
import type { SourceNode } from '../record.ts'

/** The paths of all texts in source records that no rule reads, in the order in which they are met. */
export function unreadPaths(adapter: Adapter, nodes: readonly SourceNode[]): string[] {
  const groups = groupNames(adapter.document.group)
  const read = pathsOf(adapter).map(path => withoutGroups(path, groups))
  const found = new Map<string, readonly string[]>()
  for (const node of nodes) collect(node, [])
  return [...found].filter(([, names]) => !read.some(path => covers(path, names))).map(([path]) => path)

  function collect(node: SourceNode, names: readonly string[]): void {
    if (Array.isArray(node)) for (const member of node) collect(member, names)
    else if (typeof node === 'object' && node !== null) {
      for (const [name, child] of Object.entries(node)) collect(child, name === '#text' ? names : [...names, name])
    } else if (node !== null && node.trim() !== '') {
      // The rows of a group have what the group has: one column, wherever it is read.
      const column = withoutGroups(names, groups)
      found.set(pathText(column), column)
    }
  }
}

/** Those of fields, and of what stands beside them: the group's key, the source's own id and date, the order. */
function pathsOf({ traces, beside, group }: Adapter): string[][] {
  return [...pathsRead(traces), ...beside, ...keysOf(group)].flatMap(text => {
    const path = parsePath(text)
    return path === undefined || path.absolute ? [] : [path.names.filter(name => name !== '#name')]
  })
}

function keysOf(group: Grouping | undefined): string[] {
  return group === undefined ? [] : [...group.by, ...keysOf(group.group)]
}

/** Lists are passed through in the names that are met; a position in a path picks from one. */
function covers(path: readonly string[], names: readonly string[]): boolean {
  const [step, ...rest] = path
  const [name, ...below] = names
  if (step === undefined) return name === undefined
  if (name !== undefined && (step === name || step === '*') && covers(rest, below)) return true
  return isPosition(step) && covers(rest, names)
}
