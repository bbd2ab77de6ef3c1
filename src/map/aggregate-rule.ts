/**
 * Rules that make one value of all the nodes at a path: counts, totals, and the least, greatest, first and last.
 *
 * What is absent does not count. Over nothing a count is 0, as a constant is, and makes no object present; all else is
 * absent.
 */
import type { Json } from '../record.ts'
import type { AggregateName } from './aggregates.ts'
import { aggregates } from './aggregates.ts'
import { codesKind } from './codes.ts'
import type { AggregateRule } from './document.ts'
import type { Loading, Read, Site } from './loading.ts'
import { fieldOf, noteAt, refused } from './loading.ts'
import { textOf } from './node-text.ts'
import type { Compiled } from './rule.ts'
import type { Run } from './run.ts'
import { compileSelection } from './selection.ts'
import { compileText } from './text-rule.ts'
import type { Kind, Value } from './transforms/transform.ts'
import { Refusal } from './transforms/transform.ts'
import { checkKind, transformNames } from './via.ts'
import type { Place } from './walk.ts'

export function compileAggregate(
  rule: AggregateRule & { readonly default?: Json },
  site: Site,
  loading: Loading,
): Compiled {
  const { name, path } = which(rule)
  const { select, source, inner } = compileSelection({ ...rule, keyword: name, path }, site, loading)
  const { meaning, codes, kind } = compileText(rule, site, loading)
  const element: Kind = kind.type === 'texts' ? { type: 'text' } : kind
  const { gives, aggregate } = aggregates[name](element, site.target)
  checkKind(codesKind(codes, gives), undefined, site, loading)
  loading.traces.push({
    field: fieldOf(site),
    sources: [source],
    decidedBy: [...inner.decidedBy, ...codes.decidedBy],
    nodes: inner.nodes,
    via: [...transformNames(rule.via), name, ...codes.names],
  })

  const countsNodes = name === 'count' && rule.via === undefined
  const note = noteAt(site, source)
  const read: Read<Json> = (place, run) => {
    const nodes = select(place, run)
    if (nodes === refused) return refused
    const values: Value[] = []
    for (const { node } of nodes) {
      const value = countsNodes && typeof node !== 'string' ? '' : meaningOf(textOf(node))
      if (value instanceof Refusal) return note(run, value)
      if (value === undefined || value === null) continue
      // Not by spreading: a text may be split into more parts than a call takes arguments.
      for (const each of Array.isArray(value) ? value : [value]) values.push(each)
    }
    return values.length === 0 ? undefined : finish(aggregate(values), place, run)
  }
  return { read, otherwise: name === 'count' || name === 'countDistinct' ? (rule.default ?? 0) : undefined }

  function meaningOf(text: ReturnType<typeof textOf>): ReturnType<typeof meaning> {
    return typeof text === 'string' ? meaning(text) : text
  }

  function finish(value: Value | Refusal, place: Place, run: Run): Value | typeof refused {
    const given = value instanceof Refusal ? value : (codes.translate?.(value, place, run) ?? value)
    return given instanceof Refusal ? note(run, given) : given
  }
}

const names = Object.keys(aggregates) as AggregateName[]

function which(rule: AggregateRule): { name: AggregateName; path: string } {
  const named: { readonly [name in AggregateName]?: string } = rule
  const name = names.find(each => named[each] !== undefined)
  if (name === undefined) throw new Error('bug: a rule of no kind')
  return { name, path: named[name] ?? '.' }
}
