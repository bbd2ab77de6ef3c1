/** Checks, at load, of `group`: what its paths may be. Rules' paths begin at the group's node, which parse/ makes. */
import type { Grouping } from './document.ts'
import type { Loading } from './loading.ts'
import { find, usePath } from './loading.ts'
import type { Path } from './path.ts'
import { isAnyOrName, parsePath } from './path.ts'
import { pointTo } from './pointer.ts'
import { textTarget } from './target.ts'

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
    usePath(text, { pointer: at, target: textTarget, field: [], source: [], decidedBy: [] }, loading)
    if (path.names[0] === as)
      find(loading, pointTo(pointer, 'as'), 'name-taken', `hides ${as}, by which rows are grouped`)
  }
  if (group !== undefined) checkLevel(group, pointTo(pointer, 'group'), loading)
}

function leadsToText({ absolute, up, names }: Path): boolean {
  return !absolute && up === 0 && names.length > 0 && !names.some(isAnyOrName)
}
