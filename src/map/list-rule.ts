/** Rules that give a list: `each` and `listOf`; and `one`, which gives what one node of a list says. */
import type { Json } from '../record.ts'
import { checkType } from './constant.ts'
import type { ListOfRule, NodesRule, Via } from './document.ts'
import type { Loading, Note, Read, Site } from './loading.ts'
import { fieldOf, inside, noteAt, refused, togetherIn, traced } from './loading.ts'
import { several } from './node-text.ts'
import { compileObject } from './object-rule.ts'
import type { Compiled } from './rule.ts'
import { compileRule } from './rule.ts'
import type { Run } from './run.ts'
import type { Selection } from './selection.ts'
import { compileSelection } from './selection.ts'
import { anything, textTarget } from './target.ts'
import { Refusal } from './transforms/transform.ts'
import { checkKind, compileVia, transformNames } from './via.ts'
import type { Place } from './walk.ts'

export function compileListOf({ listOf, via, complete = false }: ListOfRule, site: Site, loading: Loading): Read<Json> {
  if (via === undefined) checkType('array', site, loading)
  const element = via === undefined ? elementOf(site) : { ...site, target: textTarget }
  const { compiled: rules, sources } = traced(loading, transformNames(via), () =>
    togetherIn(loading, () =>
      listOf.map((rule, index) => compileRule(rule, inside(element, 'listOf', index), loading)),
    ),
  )
  const read: Read<Json[]> = (place, run) => {
    const list = newList()
    for (const rule of rules) add(list, rule, place, run)
    // What is left of a key that a part is missing of would be another's key.
    if (complete && list.hasRefused) return refused
    if (complete && list.elements.length < rules.length) return undefined
    return list.isPresent ? listed(list) : undefined
  }
  return via === undefined ? read : converted(read, { via, sources }, site, loading)
}

/** What `via` makes of a list of texts. */
function converted(
  read: Read<Json[]>,
  { via, sources }: { readonly via: readonly Via[]; readonly sources: readonly string[] },
  site: Site,
  loading: Loading,
): Read<Json> {
  const note = noteAt(site, sources.join(', '))
  const { convert, kind } = compileVia(via, { type: 'texts' }, site, loading)
  checkKind(kind, 'via', site, loading)
  return (place, run) => {
    const texts = read(place, run)
    if (texts === undefined || texts === refused) return texts
    const value = convert(texts as string[])
    return value instanceof Refusal ? note(run, value) : value
  }
}

export function compileNodes(rule: NodesRule, site: Site, loading: Loading): Read<Json> {
  const isEach = 'each' in rule
  const via = isEach ? rule.via : undefined
  if (isEach && via === undefined) checkType('array', site, loading)
  const nodes = isEach ? { ...rule, keyword: 'each', path: rule.each } : { ...rule, keyword: 'one', path: rule.one }
  const { select, source, inner } = compileSelection(nodes, site, loading)
  loading.nodes.set(fieldOf(site), source)
  const element = via === undefined ? elementOf(site) : { ...site, target: textTarget }
  const below = { ...(isEach ? element : site), ...inner }
  const { compiled, sources } = traced(loading, transformNames(via), () =>
    'item' in rule ? compileRule(rule.item, inside(below, 'item'), loading) : compileObject(rule, below, loading),
  )
  const only = nullOnly(select, site, loading)
  if (!isEach) return orElse(only, readOne(select, rule.take, compiled, noteAt(site, source)))
  const read = orElse(only, readEach(select, compiled))
  return via === undefined ? read : converted(read, { via, sources }, site, loading)
}

/** In a conversion between majors: that there is a null in the place of the nodes, which is null where the standard takes one. */
function nullOnly(select: Selection['select'], { target }: Site, { ofRecord }: Loading): Read<null> | undefined {
  if (ofRecord === undefined || !target.types.has('null')) return undefined
  return (place, run) => {
    const nodes = select(place, run)
    return nodes !== refused && nodes.length === 1 && nodes[0]?.node === ofRecord.nullText ? null : undefined
  }
}

function orElse<T extends Json>(first: Read<null> | undefined, other: Read<T>): Read<T> {
  if (first === undefined) return other
  return (place, run) => (first(place, run) === null ? (null as T) : other(place, run))
}

function readEach(select: Selection['select'], compiled: Compiled): Read<Json[]> {
  return (place, run) => {
    const nodes = select(place, run)
    if (nodes === refused) return refused
    const list = newList()
    for (const node of nodes) add(list, compiled, node, run)
    return listed(list)
  }
}

function readOne(
  select: Selection['select'],
  take: 'first' | 'last' | undefined,
  { read, otherwise }: Compiled,
  note: Note,
): Read<Json> {
  return (place, run) => {
    const nodes = select(place, run)
    if (nodes === refused) return refused
    if (nodes.length > 1 && take === undefined) return note(run, several)
    const node = nodes.at(take === 'last' ? -1 : 0)
    if (node === undefined) return undefined
    const value = read(node, run)
    return value === undefined ? otherwise : value
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
