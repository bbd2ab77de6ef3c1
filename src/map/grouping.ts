/** Checks, at load, of `group`: what its paths may be. Rules' paths begin at the group's node, which parse/ makes. */
import type { Grouping } from './document.ts'
import type { Loading, Site } from './loading.ts'
import { find, usePath } from './loading.ts'
import type { Path } from './path.ts'
import { isAnyOrName, isPosition, parsePath } from './path.ts'
import { pointTo } from './pointer.ts'
import { textTarget } from './target.ts'

/** Where the rows of each grouping stand, the outermost first. */
export function groupNames(group: Grouping | undefined): string[] {
  return group === undefined ? [] : [group.as ?? 'rows', ...groupNames(group.group)]
}

/** The path in a row of what a path in its groups leads to: a group has what its rows have. */
export function withoutGroups(names: readonly string[], groups: readonly string[]): readonly string[] {
  let rest = names
  for (const group of groups) {
    const at = rest.findIndex(name => !isPosition(name))
    if (rest[at] !== group) break
    rest = rest.slice(at + 1)
  }
  return rest
}

/** That rules over many nodes are not about what is merged from rows, which has of equal values one. */
export function checkOverRows(source: readonly string[], site: Site, loading: Loading): void {
  const [as] = groupNames(loading.document.group)
  const [first = as] = source
  if (as === undefined || first === as) return
  const message = `is merged from the rows, of equal values one: begin the path with ${as}/ to go over the rows themselves`
  find(loading, site.pointer, 'group-merged', message)
}

export function checkGrouping(loading: Loading): void {
  const { group } = loading.document
  if (group !== undefined) checkLevel(group, '/group', loading)
}

function checkLevel(grouping: Grouping, pointer: string, loading: Loading): void {
  const { by, as = 'rows', group } = grouping
  for (const [index, text] of by.entries()) {
    const at = pointTo(pointTo(pointer, 'by'), index)
    const path = parsePath(text)
    if (path === undefined || !leadsToText(path)) {
      find(loading, at, 'path-invalid', 'leads to no one text of a row: names that lead down, joined by /')
      continue
    }
    usePath(text, { pointer: at, target: textTarget, field: [], source: [], decidedBy: [], nodes: [] }, loading)
    if (path.names[0] === as)
      find(loading, pointTo(pointer, 'as'), 'name-taken', `hides ${as}, by which rows are grouped`)
  }
  if (group !== undefined) checkLevel(group, pointTo(pointer, 'group'), loading)
}

function leadsToText({ absolute, up, names }: Path): boolean {
  return !absolute && up === 0 && names.length > 0 && !names.some(isAnyOrName)
}
