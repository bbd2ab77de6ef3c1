/** What of a source an adapter does not read: columns that may be worth a field, or a rule with a misspelt path. */
import type { Adapter } from '../map/adapter.ts'
import type { Grouping } from '../map/document.ts'
import { isPosition, parsePath, pathText } from '../map/path.ts'
import type { SourceNode } from '../record.ts'

/** The paths of all texts in source records that no rule reads, in the order in which they are met. */
export function unreadPaths(adapter: Adapter, nodes: readonly SourceNode[]): string[] {
  const groups = groupNames(adapter.document.group)
  const read = pathsRead(adapter).map(path => withoutGroups(path, groups))
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
function pathsRead({ traces, document }: Adapter): string[][] {
  const { group, recordId, asOf, order, withdraw } = document
  const written = [...traces.flatMap(({ sources, decidedBy }) => [...sources, ...decidedBy]), ...keysOf(group)]
  const beside = stringsIn([{ from: recordId }, asOf, order, withdraw])
  return [...written, ...beside].flatMap(text => {
    const path = parsePath(text)
    return path === undefined || path.absolute ? [] : [path.names.filter(name => name !== '#name')]
  })
}

function keysOf(group: Grouping | undefined): string[] {
  return group === undefined ? [] : [...group.by, ...keysOf(group.group)]
}

function groupNames(group: Grouping | undefined): string[] {
  return group === undefined ? [] : [group.as ?? 'rows', ...groupNames(group.group)]
}

function withoutGroups(names: readonly string[], groups: readonly string[]): string[] {
  let depth = 0
  while (depth < groups.length && names[depth] === groups[depth]) depth += 1
  return names.slice(depth)
}

/** The members of rules that hold a path. */
function stringsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) =>
    typeof member === 'string' && (name === 'from' || name === 'path') ? [member] : stringsIn(member),
  )
}

/** Lists are passed through in the names that are met; a position in a path picks from one. */
function covers(path: readonly string[], names: readonly string[]): boolean {
  const [step, ...rest] = path
  const [name, ...below] = names
  if (step === undefined) return name === undefined
  if (name !== undefined && (step === name || step === '*') && covers(rest, below)) return true
  return isPosition(step) && covers(rest, names)
}
