/** Rules that give a list, `each` and `listOf`, and `one`, which gives what the only node of a list says. */
import type { Json } from '../record.ts'
import { checkType } from './constant.ts'
import type { ListOfRule, NodesRule } from './document.ts'
import type { Loading, Read, Site } from './loading.ts'
import { inside, noteAt, refused } from './loading.ts'
import { compileObject } from './object-rule.ts'
import type { Place, Run } from './path.ts'
import type { Compiled } from './rule.ts'
import { compileRule } from './rule.ts'
import { compileSelection } from './selection.ts'
import { anything, textTarget } from './target.ts'
import { compileVia, inTurn, transformNames } from './text-rule.ts'
import { Refusal } from './transforms/transform.ts'

export function compileListOf({ listOf, via }: ListOfRule, site: Site, loading: Loading): Read<Json> {
  if (via === undefined) checkType('array', site, loading)
  const element = via === undefined ? elementOf(site) : { ...site, target: textTarget }
  const outer = loading.traces.length
  const rules = listOf.map((rule, index) => compileRule(rule, inside(element, 'listOf', index), loading))
  const read: Read<Json[]> = (place, run) => {
    const list = newList()
    for (const rule of rules) add(list, rule, place, run)
    return list.isPresent ? listed(list) : undefined
  }
  if (via === undefined) return read

  const parts = loading.traces.splice(outer)
  loading.traces.push(...parts.map(part => ({ ...part, via: [...part.via, ...transformNames(via)] })))
  const note = noteAt(site, [...new Set(parts.flatMap(({ sources }) => sources))].join(', '))
  const convert = inTurn(compileVia(via, { type: 'texts' }, site, loading))
  return (place, run) => {
    const texts = read(place, run)
    if (texts === undefined || texts === refused) return texts
    const value = convert(texts as string[])
    return value instanceof Refusal ? note(run, value) : value
  }
}

export function compileNodes(rule: NodesRule, site: Site, loading: Loading): Read<Json> {
  const isEach = 'each' in rule
  if (isEach) checkType('array', site, loading)
  const { select, inner } = compileSelection(rule, site, loading)
  const below = { ...(isEach ? elementOf(site) : site), ...inner }
  const compiled =
    'item' in rule ? compileRule(rule.item, inside(below, 'item'), loading) : compileObject(rule, below, loading)
  if (!isEach) {
    return (place, run) => {
      const nodes = select(place, run)
      if (nodes === refused) return refused
      const [node] = nodes
      if (node === undefined) return undefined
      const value = compiled.read(node, run)
      return value === undefined ? compiled.otherwise : value
    }
  }
  return (place, run) => {
    const nodes = select(place, run)
    if (nodes === refused) return refused
    const list = newList()
    for (const node of nodes) add(list, compiled, node, run)
    return listed(list)
  }
}

/** `isPresent` once an element was read, be it refused. */
type List = { readonly elements: Json[]; isPresent: boolean; hasRefused: boolean }

function newList(): List {
  return { elements: [], isPresent: false, hasRefused: false }
}

function add(list: List, { read, otherwise }: Compiled, place: Place, run: Run): void {
  run.positions.push(list.elements.length)
  const value = read(place, run)
  run.positions.pop()
  if (value !== undefined) list.isPresent = true
  if (value === refused) list.hasRefused = true
  const element = value === undefined ? otherwise : value
  if (element !== undefined && element !== refused) list.elements.push(element)
}

/** An empty list is absent: whether there are none or none are known, a source that says nothing does not say. */
function listed({ elements, hasRefused }: List): Json[] | undefined | typeof refused {
  if (elements.length > 0) return elements
  return hasRefused ? refused : undefined
}

function elementOf(site: Site): Site {
  return { ...site, target: site.target.items ?? anything, field: [...site.field, null] }
}
