/** `concat`: one list of what several rules give that give lists. */
import type { Json } from '../record.ts'
import { checkType } from './constant.ts'
import type { ConcatRule } from './document.ts'
import type { Loading, Read, Site } from './loading.ts'
import { inside, pointerTo, refused, togetherIn } from './loading.ts'
import { compileRule } from './rule.ts'
import type { Run } from './run.ts'

export function compileConcat({ concat }: ConcatRule, site: Site, loading: Loading): Read<Json> {
  checkType('array', site, loading)
  const list = { ...site, target: { ...site.target, types: new Set(['array'] as const) } }
  const rules = togetherIn(loading, () =>
    concat.map((rule, index) => compileRule(rule, inside(list, 'concat', index), loading)),
  )
  return (place, run) => {
    const elements: Json[] = []
    let isPresent = false
    let hasRefused = false
    for (const { read, otherwise } of rules) {
      const issues = run.issues.length
      const value = read(place, run)
      moveIssues(run, issues, pointerTo(site, run), elements.length)
      if (value !== undefined) isPresent = true
      if (value === refused) hasRefused = true
      const part = value === undefined ? otherwise : value
      // Not by spreading: a list may have more elements than a call takes arguments.
      for (const element of Array.isArray(part) ? part : []) elements.push(element)
    }
    if (elements.length === 0 && hasRefused) return refused
    return isPresent ? elements : undefined
  }
}

/** Makes the issues from `start` on that are about elements of a list be about elements so much further on. */
function moveIssues({ issues }: Run, start: number, list: string, by: number): void {
  for (let index = start; index < issues.length; index += 1) {
    const issue = issues[index]
    const position = issue === undefined ? null : /^\/(\d+)(.*)$/s.exec(issue.pointer.slice(list.length))
    if (issue === undefined || position === null) continue
    issues[index] = { ...issue, pointer: `${list}/${Number(position[1]) + by}${position[2]}` }
  }
}
