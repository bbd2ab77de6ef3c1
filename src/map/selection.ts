/** Which nodes a rule is about: those at a path, or what their texts are split into, that meet `where` and `join`, in order. */
import { compileCondition } from './condition.ts'
import type { Condition, NodeFilters, Rule, Splitting } from './document.ts'
import { checkOverRows } from './grouping.ts'
import type { Loading, Site, Trace } from './loading.ts'
import { find, inside, noteAt, pathsRead, refused, shownPath, usePath } from './loading.ts'
import { textOf, textReader } from './node-text.ts'
import { compareMarks } from './order.ts'
import { compilePattern, patternProblem } from './pattern.ts'
import { joinPaths } from './path.ts'
import { compileRule } from './rule.ts'
import type { Run } from './run.ts'
import { textTarget } from './target.ts'
import { splitter } from './transforms/literals.ts'
import { Refusal, tooLong } from './transforms/transform.ts'
import type { Place } from './walk.ts'
import { nodeFinder } from './walk.ts'

/** A path, the member of the rule that says it, and what is done with the nodes there. */
export type Nodes = NodeFilters & {
  readonly keyword: string
  readonly path: string
  readonly split?: Splitting
}

export type Selection = {
  /** The nodes, in the order of the source, or in that of `sortBy`. */
  readonly select: (place: Place, run: Run) => Place[] | typeof refused
  /** The path of the nodes, as it is shown. */
  readonly source: string
  /** Where rules about a node stand in the source. */
  readonly inner: Pick<Site, 'source' | 'decidedBy' | 'nodes'>
}

export function compileSelection(nodes: Nodes, site: Site, loading: Loading): Selection {
  const at = inside(site, nodes.keyword)
  const path = usePath(nodes.path, at, loading)
  if (path.absolute) find(loading, at.pointer, 'path-invalid', 'leads out of the record, where only texts are kept')
  const source = joinPaths(site.source, path)
  checkOverRows(source, at, loading)
  const shown = shownPath(path, site)

  const filters = [
    ...(nodes.split === undefined ? [] : [splitFilter(nodes.split, site, shown, loading)]),
    ...(nodes.where === undefined ? [] : [whereFilter(nodes.where, { ...inside(site, 'where'), source }, loading)]),
    ...Object.entries(nodes.join ?? {}).map(pair => joinFilter(pair, site, source, loading)),
    ...(nodes.sortBy === undefined ? [] : [sorting(nodes.sortBy, { ...inside(site, 'sortBy'), source }, loading)]),
  ]
  const nodesAt = nodeFinder(path)
  return {
    source: shown,
    inner: {
      source,
      decidedBy: [...site.decidedBy, ...filters.flatMap(({ paths }) => paths)],
      nodes: [...site.nodes, shown],
    },
    select(outer, run) {
      let found: Place[] | typeof refused = nodesAt(outer)
      for (const { keep } of filters) {
        found = keep(found, outer, run)
        if (found === refused) return refused
      }
      return found
    },
  }
}

type Filter = {
  readonly keep: (nodes: Place[], outer: Place, run: Run) => Place[] | typeof refused
  readonly paths: readonly string[]
}

/** Puts the parts of its text in the place of each node; what is left out in between is blank. */
function splitFilter(splitting: Splitting, site: Site, source: string, loading: Loading): Filter {
  const split = compileSplitting(splitting, site, loading)
  const note = noteAt(site, source)
  return {
    paths: [],
    keep(nodes, _outer, run) {
      const parts: Place[] = []
      for (const place of nodes) {
        const text = textOf(place.node)
        const found = text instanceof Refusal ? text : split(text ?? '')
        if (found instanceof Refusal) return note(run, found)
        for (const part of found) parts.push({ ...place, node: part })
      }
      return parts
    },
  }
}

function compileSplitting(splitting: Splitting, site: Site, loading: Loading): (text: string) => string[] | Refusal {
  if (typeof splitting === 'string' || Array.isArray(splitting)) return splitter(splitting)
  const [member, text] = Object.entries(splitting)[0] as [string, string]
  const problem = patternProblem(text)
  if (problem !== undefined) {
    find(loading, inside(site, 'split', member).pointer, 'pattern-invalid', problem)
    return whole => [whole]
  }
  const pattern = compilePattern(text)
  const keepsMatch = member === 'before'
  return whole => {
    const parts = pattern.split(whole, keepsMatch)
    return parts === undefined ? tooLong : parts.map(part => part.trim()).filter(part => part !== '')
  }
}

function whereFilter(where: Condition, inner: Site, loading: Loading): Filter {
  const { holds, paths } = compileCondition(where, inner, loading)
  return { keep: (nodes, _outer, run) => nodes.filter(node => holds(node, run)), paths }
}

/** Keeps the nodes whose text at the inner path equals the text at the outer one; a missing text equals none. */
function joinFilter(
  pair: [inner: string, outer: string],
  site: Site,
  source: Site['source'],
  loading: Loading,
): Filter {
  const outerSite = inside(site, 'join', pair[0])
  const innerSite = { ...outerSite, source }
  const inner = usePath(pair[0], innerSite, loading)
  const outer = usePath(pair[1], outerSite, loading)
  const paths = [shownPath(inner, innerSite), shownPath(outer, outerSite)]
  const readInner = textReader(inner)
  const readOuter = textReader(outer)
  const noteInner = noteAt(site, shownPath(inner, innerSite))
  const noteOuter = noteAt(site, shownPath(outer, outerSite))
  return {
    paths,
    keep(nodes, place, run) {
      const wanted = readOuter(place, run)
      if (wanted === undefined) return []
      if (typeof wanted !== 'string') return noteOuter(run, wanted)
      const joined: Place[] = []
      for (const node of nodes) {
        const text = readInner(node, run)
        if (text instanceof Refusal) return noteInner(run, text)
        if (text?.trim() === wanted.trim()) joined.push(node)
      }
      return joined
    },
  }
}

/** The nodes by what a rule gives of each, the least first; those of which it gives nothing before all others. */
function sorting(rule: Rule, inner: Site, loading: Loading): Filter {
  const traces: Trace[] = []
  const outside = { ...loading, traces, nodes: new Map() }
  const site = { ...inner, target: textTarget }
  const before = loading.resolves.length
  const compiled = compileRule(rule, site, outside)
  if (loading.resolves.length > before) {
    find(loading, inner.pointer, 'resolve-nested', 'hangs on a resolve: the order of nodes is read from the source')
  }
  return {
    paths: [...pathsRead(traces), ...traces.flatMap(trace => trace.nodes.slice(inner.nodes.length))],
    keep(nodes, _outer, run) {
      const marked: { node: Place; mark: string | undefined }[] = []
      for (const node of nodes) {
        const mark = compiled.read(node, run) ?? compiled.otherwise
        if (mark === refused) return refused
        marked.push({ node, mark: typeof mark === 'string' ? mark : undefined })
      }
      const compare = (a: string | undefined, b: string | undefined): number =>
        a === undefined || b === undefined ? Number(a !== undefined) - Number(b !== undefined) : compareMarks(a, b)
      return marked.toSorted((a, b) => compare(a.mark, b.mark)).map(({ node }) => node)
    },
  }
}
