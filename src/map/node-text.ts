/** Reads the text at a path: one text, or none; never silently the first of several. */
import type { SourceNode } from '../record.ts'
import type { Path } from './path.ts'
import { isStep } from './path.ts'
import type { Run } from './run.ts'
import { Refusal } from './transforms/transform.ts'
import type { Place } from './walk.ts'
import { climb, nodeFinder, own } from './walk.ts'

/** Reads the one text at a path; undefined where there is none. Several nodes, or elements inside, are refused. */
export function textReader(path: Path): (place: Place, run: Run) => string | undefined | Refusal {
  const { text, absolute, up, names } = path
  if (absolute) return (_place, run) => run.context[text]
  const below = names.some(isStep) ? undefined : textBelow(names)
  if (below === undefined) return textAmong(nodeFinder(path))
  if (up === 0) return place => below(place.node)
  return place => below(climb(place, up).node)
}

/** The text of a node, as {@link textReader} gives it. */
export function textOf(node: SourceNode | undefined): string | undefined | Refusal {
  if (typeof node === 'string') return node
  if (node === null || node === undefined) return undefined
  if (Array.isArray(node)) {
    const members = node.filter(member => member !== null)
    return members.length > 1 ? several : textOf(members[0])
  }
  const text = own(node, '#text')
  if (typeof text === 'string') return text
  return Object.keys(node).every(name => name.startsWith('@')) ? undefined : nested
}

export const several = new Refusal('source-several', {
  'zh-CN': '源数据在此路径上有多个值，只应有一个',
  en: 'the source has several values at this path, where one is expected',
})
const nested = new Refusal('source-nested', {
  'zh-CN': '源数据在此路径上是嵌套结构，应为文本',
  en: 'the source has elements inside this path, where a text is expected',
})

function textBelow(names: readonly string[]): (node: SourceNode) => string | undefined | Refusal {
  const [name] = names
  if (name === undefined || names.length > 1 || name in Object.prototype) return textDown(names)
  const down = textDown(names)
  // One property read: most fields of most records.
  return node => {
    if (node === null || typeof node !== 'object' || Array.isArray(node)) return down(node)
    const value = node[name]
    return typeof value === 'string' ? value : textOf(value)
  }
}

function textDown(names: readonly string[]): (node: SourceNode) => string | undefined | Refusal {
  const throughLists = textAmong(nodeFinder({ text: '', absolute: false, up: 0, names }))
  return node => {
    let at: SourceNode | undefined = node
    for (const name of names) {
      if (Array.isArray(at)) return throughLists({ node, up: undefined, name: undefined })
      if (at === null || typeof at !== 'object') return undefined
      at = own(at, name)
    }
    return textOf(at)
  }
}

function textAmong(nodes: (place: Place) => Place[]): (place: Place) => string | undefined | Refusal {
  return place => {
    const found = nodes(place)
    return found.length > 1 ? several : textOf(found[0]?.node)
  }
}
