/**
 * Paths into a source record, compiled to closures.
 *
 * `a/b/@c`: names below the node, `@c` an attribute, `~1` a slash and `~0` a tilde inside a name; `.` the node itself;
 * `../x` from its parent; `/Head/Date` from the root of the document, a text that the parser kept on its way there.
 * A list (a repeated element, a JSON array) is not a level of its own: a path goes through it to all its members.
 */
import type { Issue, Language, SourceNode } from '../record.ts'
import { Refusal } from './transforms/transform.ts'

export type Path = {
  readonly text: string
  readonly absolute: boolean
  /** How many levels up it begins. */
  readonly up: number
  readonly names: readonly string[]
}

/** A node on the way down from the record, which has no `up`. */
export type Place = { readonly node: SourceNode; readonly up: Place | undefined }

/** One record's conversion. */
export type Run = {
  readonly context: { readonly [absolutePath: string]: string }
  readonly language: Language
  readonly issues: Issue[]
  /** The positions, in the record, of the list elements that are being written, outermost first. */
  readonly positions: number[]
}

/** The path that a text writes; undefined where it writes none. */
export function parsePath(text: string): Path | undefined {
  if (text === '.') return { text, absolute: false, up: 0, names: [] }
  const absolute = text.startsWith('/')
  const steps = (absolute ? text.slice(1) : text).split('/')
  const down = steps.findIndex(step => step !== '..')
  const up = down === -1 ? steps.length : down
  const names = steps.slice(up)
  if (names.some(name => name === '' || name === '.' || name === '..' || /~(?![01])/.test(name))) return undefined
  if (absolute && up > 0) return undefined
  return { text, absolute, up, names: names.map(name => name.replaceAll('~1', '/').replaceAll('~0', '~')) }
}

/** The path from the record that begins with `outer` and goes on with `inner`; the inverse of parsing, on names. */
export function joinPaths(outer: readonly string[], inner: Path): readonly string[] {
  return [...outer.slice(0, outer.length - inner.up), ...inner.names]
}

export function pathText(names: readonly string[]): string {
  return names.map(name => name.replaceAll('~', '~0').replaceAll('/', '~1')).join('/') || '.'
}

/** Reads the one text at a path; undefined where there is none. Several nodes, or elements inside, are refused. */
export function textReader(path: Path): (place: Place, run: Run) => string | undefined | Refusal {
  const { text, absolute, up, names } = path
  if (absolute) return (_place, run) => run.context[text]
  const below = textBelow(names)
  if (up === 0) return place => below(place.node)
  return place => below(climb(place, up).node)
}

/** Finds all nodes at a path, nulls left out, lists taken apart. */
export function nodeFinder({ up, names }: Path): (place: Place) => Place[] {
  return place => {
    const found: Place[] = []
    collect(climb(place, up), names, 0, found)
    return found
  }
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

type Branch = { readonly [name: string]: SourceNode }

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
  return node => {
    let at: SourceNode | undefined = node
    for (const name of names) {
      if (Array.isArray(at)) return textThroughLists(node, names)
      if (at === null || typeof at !== 'object') return undefined
      at = own(at, name)
    }
    return textOf(at)
  }
}

function textThroughLists(node: SourceNode, names: readonly string[]): string | undefined | Refusal {
  const found: Place[] = []
  collect({ node, up: undefined }, names, 0, found)
  return found.length > 1 ? several : textOf(found[0]?.node)
}

function collect(place: Place, names: readonly string[], depth: number, found: Place[]): void {
  const { node, up } = place
  if (Array.isArray(node)) {
    for (const member of node) collect({ node: member, up }, names, depth, found)
  } else if (depth === names.length) {
    if (node !== null) found.push(place)
  } else if (typeof node === 'object' && node !== null) {
    const below = own(node, names[depth] as string)
    if (below !== undefined) collect({ node: below, up: place }, names, depth + 1, found)
  }
}

function climb(place: Place, levels: number): Place {
  let at = place
  for (let level = 0; level < levels; level += 1) {
    if (at.up === undefined) throw new Error('bug: the check at load let a path climb out of the record')
    at = at.up
  }
  return at
}

/** An own property only: a record's names may be those of Object.prototype. */
function own(node: Branch, name: string): SourceNode | undefined {
  return Object.hasOwn(node, name) ? node[name] : undefined
}
