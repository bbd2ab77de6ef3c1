/** A source record beside the record that it became: what feeds each value, and what nothing reads. */
import type { Adapter } from '../map/adapter.ts'
import type { Trace } from '../map/loading.ts'
import { textOf } from '../map/node-text.ts'
import { parsePath } from '../map/path.ts'
import { nodeFinder, placeOf, type Place } from '../map/walk.ts'
import type { FieldPath, Json, JsonObject, SourceRecord } from '../record.ts'

/** A value of the record, or one that the record lacks though something is there to feed it, and what feeds it. */
export type FedValue = {
  /** Where it stands in the record: names and positions. */
  readonly at: readonly (string | number)[]
  readonly field: FieldPath
  /** Undefined where the record lacks it. */
  readonly value?: Json
  /** The texts at the paths that feed it; of a list, where that can be told, those of its element. */
  readonly sources: readonly SourceTexts[]
  /** The paths that decide whether it is taken. */
  readonly decidedBy: readonly string[]
  readonly via: readonly string[]
}

export type SourceTexts = { readonly path: string; readonly texts: readonly string[] }

/** In the order of the standard; the elements of a list together. */
export function sideBySide({ standard, traces }: Adapter, source: SourceRecord, record: JsonObject): FedValue[] {
  const leaves = leavesOf(record, [], [])
  const fields = [...new Set([...standard.fields.map(({ path }) => path), ...traces.map(({ field }) => field)])]
  const missing = fields.filter(
    field => !leaves.some(leaf => isInside(leaf.field, field) || isInside(field, leaf.field)),
  )
  const told = leaves.map(leaf => fed(leaf, source, traces))
  const untold = missing
    .map(field => fed({ at: field.split('.'), positions: [], field }, source, traces))
    .filter(({ sources }) => sources.some(({ texts }) => texts.length > 0))
  const rank = ({ at: [top] }: FedValue) => standard.names.indexOf(String(top))
  return [...told, ...untold].toSorted((a, b) => rank(a) - rank(b))
}

type Leaf = Pick<FedValue, 'at' | 'field' | 'value'> & { readonly positions: readonly Position[] }

/** Which of how many elements of a list. */
type Position = { readonly index: number; readonly of: number }

/** Objects and lists of objects are taken apart; a list of anything else is one value. */
function leavesOf(value: Json, at: FedValue['at'], positions: readonly Position[]): Leaf[] {
  if (Array.isArray(value) && value.some(element => typeof element === 'object')) {
    const of = value.length
    return value.flatMap((element, index) => leavesOf(element, [...at, index], [...positions, { index, of }]))
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([name, child]) => leavesOf(child, [...at, name], positions))
  }
  return [{ at, positions, field: at.filter(name => typeof name === 'string').join('.'), value }]
}

function fed({ positions, ...leaf }: Leaf, source: SourceRecord, traces: readonly Trace[]): FedValue {
  const rules = traces
    .filter(({ field }) => isInside(leaf.field, field))
    .map(rule => ({ rule, sources: rule.sources.map(path => ({ path, texts: textsAt(path, source, positions) })) }))
  const active = rules.filter(({ sources }) => sources.some(({ texts }) => texts.length > 0))
  const last = positions.at(-1)
  // Where there is a rule for each element, its own. Otherwise all that give something: the first of them decides, or
  // they are joined.
  const own =
    last !== undefined && last.of > 1 && active.length === last.of ? [active[last.index] ?? []].flat() : active
  const used = own.length > 0 ? own : rules.slice(0, 1)
  const sources = new Map(used.flatMap(({ sources: read }) => read).map(({ path, texts }) => [path, texts]))
  return {
    ...leaf,
    sources: [...sources].map(([path, texts]) => ({ path, texts })),
    decidedBy: [...new Set(used.flatMap(({ rule }) => rule.decidedBy))],
    via: used[0]?.rule.via ?? [],
  }
}

/** The texts at a path: those of the list element at the positions, where the source has as many nodes as the record. */
function textsAt(text: string, source: SourceRecord, positions: readonly Position[]): string[] {
  const path = parsePath(text)
  if (path === undefined) return []
  if (path.absolute) return [source.context[text] ?? []].flat()
  let [place, names] = [placeOf(source), path.names]
  for (const { index, of } of positions) {
    const element = names
      .map((_, depth) => ({ names: names.slice(depth + 1), nodes: nodesAt(names.slice(0, depth + 1), place) }))
      .find(({ nodes }) => nodes.length === of)
    if (element === undefined) break
    place = element.nodes[index] ?? place
    names = element.names
  }
  const texts = nodesAt(names, place).map(({ node }) => textOf(node))
  return texts.filter(found => typeof found === 'string')
}

function nodesAt(names: readonly string[], place: Place): Place[] {
  return nodeFinder({ text: '', absolute: false, up: 0, names })(place)
}

/** True of the place itself and of places inside it. */
function isInside(inner: FieldPath, outer: FieldPath): boolean {
  return inner === outer || inner.startsWith(`${outer}.`)
}
