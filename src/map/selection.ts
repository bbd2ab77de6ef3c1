/** Which nodes `each` and `one` are about: those at a path that meet `where` and `join`. */
import { compileCondition } from './condition.ts'
import type { Condition, NodesRule } from './document.ts'
import type { Loading, Site } from './loading.ts'
import { fieldOf, find, inside, noteAt, refused, shownPath, usePath } from './loading.ts'
import type { Place, Run } from './path.ts'
import { joinPaths, nodeFinder, several, textReader } from './path.ts'

export type Selection = {
  /** The nodes, in the order of the source; of `one` no more than one. */
  readonly select: (place: Place, run: Run) => Place[] | typeof refused
  /** Where rules about a node stand in the source. */
  readonly inner: Pick<Site, 'source' | 'decidedBy'>
}

export function compileSelection(rule: NodesRule, site: Site, loading: Loading): Selection {
  const [keyword, text] = 'each' in rule ? ['each', rule.each] : ['one', rule.one]
  const { pointer } = inside(site, keyword)
  const path = usePath(text, { ...site, pointer }, loading)
  if (path.absolute) find(loading, pointer, 'path-invalid', 'leads out of the record, from where only texts are kept')
  const source = joinPaths(site.source, path)
  loading.nodes.set(fieldOf(site), shownPath(path, site))

  const filters = [
    ...(rule.where === undefined ? [] : [whereFilter(rule.where, { ...inside(site, 'where'), source }, loading)]),
    ...Object.entries(rule.join ?? {}).map(pair => joinFilter(pair, site, source, loading)),
  ]
  const nodesAt = nodeFinder(path)
  const note = noteAt(site, shownPath(path, site))
  return {
    inner: { source, decidedBy: [...site.decidedBy, ...filters.flatMap(({ paths }) => paths)] },
    select(outer, run) {
      let nodes: Place[] | typeof refused = nodesAt(outer)
      for (const { keep } of filters) {
        nodes = keep(nodes, outer, run)
        if (nodes === refused) return refused
      }
      return keyword === 'one' && nodes.length > 1 ? note(run, several) : nodes
    },
  }
}

type Filter = {
  readonly keep: (nodes: Place[], outer: Place, run: Run) => Place[] | typeof refused
  readonly paths: readonly string[]
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
  const note = noteAt(site, shownPath(outer, outerSite))
  return {
    paths,
    keep(nodes, place, run) {
      const wanted = readOuter(place, run)
      if (wanted === undefined) return []
      if (typeof wanted !== 'string') return note(run, wanted)
      return nodes.filter(node => {
        const text = readInner(node, run)
        return typeof text === 'string' && text.trim() === wanted.trim()
      })
    },
  }
}
