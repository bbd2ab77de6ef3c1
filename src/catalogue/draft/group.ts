/** Rows that repeat a key: how they are grouped into records, and what then feeds the lists of the standard. */
import type { SourceNode } from '../../record.ts'
import type { Standard } from '../../standard.ts'
import { isUsable, matchFields, outside, worthOf, type ListMatch, type Match, type Pair } from './match.ts'
import { pathOf, type Scope, type SourceField } from './profile.ts'
import type { TargetField, TargetScope } from './target.ts'
import type { FindCodes } from './codes.ts'

/** The member `group` of an adapter document. */
export type Group = { readonly by: readonly string[]; readonly as: string; readonly group?: Group }

export type Repeated = {
  /** The paths of the key's parts. */
  readonly by: readonly SourceField[]
  readonly rows: number
  readonly keys: number
}

/** How often the key that the pairs feed occurs; undefined where no part of it is fed by a plain path of the rows. */
export function repetition(
  { key }: Standard,
  pairs: readonly Pair[],
  rows: readonly SourceNode[],
): Repeated | undefined {
  const parts = pairs.filter(({ field }) => field.names.length === 1 && key.includes(field.names[0] ?? ''))
  if (parts.length === 0 || rows.length < 2) return undefined
  const by = parts.map(({ source }) => source)
  return { by, rows: rows.length, keys: groupsOf(rows, by).length }
}

/** The match of rows grouped by the key: fields from what is the same in all rows of a key, one list from the rest. */
export function matchGrouped(
  target: TargetScope,
  {
    scope,
    rows,
    by,
    codes,
  }: { scope: Scope; rows: readonly SourceNode[]; by: readonly SourceField[]; codes: FindCodes },
): { match: Match; group: Group } {
  const groups = groupsOf(rows, by)
  const isSame = (source: SourceField) => groups.every(group => isConstant(group, source))
  const same = scope.fields.filter(isSame)
  const [best] = target.lists
    .map(list => matchRows(target, list, { fields: scope.fields, same, codes }))
    .toSorted((a, b) => b.worth - a.worth)
  const match = best ?? plainMatch(target, same, codes)
  const outer = match.lists[0]
  if (outer?.kind !== 'each') return { match, group: { by: pathsOf(by), as: 'rows' } }
  const named = renamed(outer, scope)
  const inner = named.match.lists[0]
  const innerBy = inner === undefined ? [] : dividing(groups, named.match.pairs)
  const kept =
    inner === undefined || innerBy.length === 0 ? named.match.pairs : settled(groups, innerBy, named.match.pairs)
  const lists = innerBy.length === 0 ? [] : named.match.lists
  const list = { ...named, match: { ...named.match, pairs: kept, lists } }
  return {
    match: { ...match, lists: [list] },
    group: {
      by: pathsOf(by),
      as: pathOf(named.names),
      ...(inner?.kind === 'each' && innerBy.length > 0 && { group: { by: pathsOf(innerBy), as: pathOf(inner.names) } }),
    },
  }
}

function plainMatch(target: TargetScope, same: readonly SourceField[], codes: FindCodes): Match {
  const pairs = matchFields(target.fields, same, codes)
  return { scope: target, pairs, lists: [], worth: worthOf(pairs) }
}

/** Record, list and inner list compete for the columns of the same rows. */
function matchRows(
  target: TargetScope,
  list: TargetScope,
  { fields, same, codes }: { fields: readonly SourceField[]; same: readonly SourceField[]; codes: FindCodes },
): Match {
  const inner = list.lists[0]
  const places = [
    ...target.fields.map(field => ({ place: target, field, called: field })),
    ...list.fields.map(field => ({ place: list, field, called: outside(field, list) })),
    ...(inner?.fields ?? []).map(field => ({ place: inner, field, called: outside(field, inner ?? list) })),
  ]
  const ofRecord = new Set<TargetField>(target.fields)
  const pairs = matchFields(
    places.map(({ called }) => called),
    fields,
    codes,
    (field, source) => !ofRecord.has(field) || same.includes(source),
  )
  const pairsOf = (scope: TargetScope | undefined): Pair[] =>
    places
      .filter(({ place }) => place === scope)
      .flatMap(({ field, called }) => pairs.filter(pair => pair.field === called).map(pair => ({ ...pair, field })))
  const matchOf = (scope: TargetScope, lists: ListMatch[]): Match => {
    const own = pairsOf(scope)
    return {
      scope,
      pairs: own,
      lists,
      worth: worthOf(own) + lists.reduce((sum, { match }) => sum + match.worth, 0),
    }
  }
  const each = (match: Match): ListMatch[] =>
    isUsable(match)
      ? [{ kind: 'each', names: [match.scope.names.at(-1) ?? 'rows'], why: 'the rows of one key', match }]
      : []
  return matchOf(target, each(matchOf(list, inner === undefined ? [] : each(matchOf(inner, [])))))
}

/** What tells the elements of the outer list apart: what they must have, and what still differs among rows alike in that. */
function dividing(groups: readonly (readonly SourceNode[])[], pairs: readonly Pair[]): SourceField[] {
  const by = pairs.filter(({ field }) => field.isRequired).map(({ source }) => source)
  if (by.length === 0) return []
  for (const { field, source } of pairs) {
    const isText = field.target.types.has('string') && field.target.codes === undefined
    if (isText && !isSettled(groups, by, source)) by.push(source)
  }
  return by
}

function settled(
  groups: readonly (readonly SourceNode[])[],
  by: readonly SourceField[],
  pairs: readonly Pair[],
): Pair[] {
  return pairs.filter(({ source }) => isSettled(groups, by, source))
}

function isSettled(
  groups: readonly (readonly SourceNode[])[],
  by: readonly SourceField[],
  source: SourceField,
): boolean {
  return groups.every(group => groupsOf(group, by).every(rows => isConstant(rows, source)))
}

function groupsOf(rows: readonly SourceNode[], by: readonly SourceField[]): SourceNode[][] {
  const groups = new Map<string, SourceNode[]>()
  for (const row of rows) {
    const key = JSON.stringify(by.map(source => textAt(row, source)))
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return [...groups.values()]
}

/** What is missing in some rows is not said there. */
function isConstant(rows: readonly SourceNode[], source: SourceField): boolean {
  return new Set(rows.map(row => textAt(row, source)).filter(text => text !== '')).size <= 1
}

function textAt(row: SourceNode, { names }: SourceField): string {
  let node: SourceNode | undefined = row
  for (const name of names)
    node = typeof node === 'object' && node !== null && !Array.isArray(node) ? node[name] : undefined
  return typeof node === 'string' ? node.trim() : ''
}

/** A name for the rows that no column has. */
function renamed<List extends ListMatch & { kind: 'each' }>(list: List, { fields }: Scope): List {
  const name = list.names.join('')
  return fields.some(({ names }) => names[0] === name) ? { ...list, names: [`${name}Rows`] } : list
}

function pathsOf(fields: readonly SourceField[]): string[] {
  return fields.map(({ names }) => pathOf(names))
}
