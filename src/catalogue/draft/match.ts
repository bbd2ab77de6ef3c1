/** Which source path feeds which field: the best pairs of a standard's fields and a sample's paths. */
import { assign } from './assign.ts'
import type { FindCodes } from './codes.ts'
import { codedColumns, withLines, withUnits } from './columns.ts'
import { likeness, type Likeness } from './likeness.ts'
import { knownName, spellingsOf } from './names.ts'
import { pathOf, type Scope, type SourceField } from './profile.ts'
import type { TargetField, TargetScope } from './target.ts'
import { fit, type Fit } from './values.ts'

/** A field and the path that is proposed for it. */
export type Pair = {
  readonly field: TargetField
  readonly source: SourceField
  /** From {@link least} to about 1.4. */
  readonly score: number
  readonly why: readonly string[]
  readonly fit: Fit
}

/** How sure a proposal is, for a person. */
export function sureness(score: number): 'nearly sure' | 'likely' | 'a guess' {
  return score >= 0.85 ? 'nearly sure' : score >= 0.6 ? 'likely' : 'a guess'
}

/** Below it a proposal would be wrong more often than right. */
export const least = 0.4

/** The pairs of the fields and the paths that are worth most together; every path feeds one field at most. */
export function matchFields(
  fields: readonly TargetField[],
  sources: readonly SourceField[],
  codes: FindCodes,
  mayFeed: (field: TargetField, source: SourceField) => boolean = () => true,
): Pair[] {
  const spelt = sources.map(source => ({ source, spellings: spellingsOf(source.names) }))
  const pairs = fields.map(field => {
    const name = knownName(field)
    return spelt.map(({ source, spellings }) =>
      mayFeed(field, source) ? pairOf(field, source, { alike: likeness(spellings, name), codes }) : undefined,
    )
  })
  const columns = assign(pairs.map(row => row.map(pair => (pair === undefined ? 0 : pair.score - least + 0.01))))
  return columns.flatMap((column, row) => pairs[row]?.[column] ?? [])
}

function pairOf(
  field: TargetField,
  source: SourceField,
  { alike, codes }: { readonly alike: Likeness; readonly codes: FindCodes },
): Pair | undefined {
  if (source.isList && !field.target.types.has('array')) return undefined
  if (source.parts !== undefined && !isPlainText(field)) return undefined
  // Fitting is the dearer part; with a name like none, only a check digit or codes could speak for a pair.
  if (alike.score < 0.2 && field.target.format === undefined && field.target.codes === undefined) return undefined
  const found = fit(field, source.texts, codes)
  // What is in every record does not come from where most records have nothing.
  const isThin = field.isRequired && source.filled < 0.3
  const score = 0.85 * alike.score + 0.4 * found.score - (isAround(source) ? 0.1 : 0) - (isThin ? 0.2 : 0)
  if (score < least) return undefined
  return { field, source, score, why: [...(alike.score > 0.2 ? [alike.why] : []), ...found.why], fit: found }
}

/** Of two places for records, the one that holds more of what they need is meant. */
function isAround({ names }: SourceField): boolean {
  return names[0] === ''
}

function isPlainText({ target: { types, format, codes } }: TargetField): boolean {
  return types.has('string') && format === undefined && codes === undefined
}

/** What feeds the fields of a scope, and of the lists in it. */
export type Match = {
  readonly scope: TargetScope
  readonly pairs: readonly Pair[]
  readonly lists: readonly ListMatch[]
  /** The sum of the scores, those of the lists included. */
  readonly worth: number
}

/**
 * `each`: an element for every node at the path. `single`: one element, of texts beside the other fields. `columns`: an
 * element for every column that is called as a code of the list's coded field.
 */
export type ListMatch =
  | { readonly kind: 'each'; readonly names: readonly string[]; readonly why: string; readonly match: Match }
  | { readonly kind: 'single'; readonly match: Match }
  | {
      readonly kind: 'columns'
      readonly codeField: string
      readonly columns: readonly { readonly code: string; readonly pair: Pair }[]
      readonly match: Match
    }

export function matchScope(target: TargetScope, source: Scope, codes: FindCodes): Match {
  const all = withLines(source.fields)
  const lists: ListMatch[] = [...nestedLists(target, source, codes)]
  lists.push(...codedColumns(listsBut(target, lists), all, codes))
  const taken = new Set(
    lists.flatMap(list => (list.kind === 'columns' ? list.match.pairs.map(pair => pair.source) : [])),
  )
  const fields = all.filter(field => !taken.has(field))
  const { pairs: plain, singles } = matchFlat(target, listsBut(target, lists), fields, codes)
  const pairs = withUnits(plain, target.fields, codes)
  lists.push(...singles)
  const worth = worthOf(pairs) + lists.reduce((sum, { match }) => sum + match.worth, 0)
  return { scope: target, pairs, lists, worth }
}

function listsBut({ lists }: TargetScope, matched: readonly ListMatch[]): TargetScope[] {
  return lists.filter(list => !matched.some(({ match }) => match.scope === list))
}

export function worthOf(pairs: readonly Pair[]): number {
  return pairs.reduce((sum, { score }) => sum + score, 0)
}

function nestedLists(target: TargetScope, source: Scope, codes: FindCodes): (ListMatch & { kind: 'each' })[] {
  const found = target.lists.map(list => {
    const name = knownName(list.called)
    return source.lists.map(nodes => {
      const match = matchScope(list, nodes, codes)
      const alike = likeness(spellingsOf(nodes.names), name)
      const isFit = isUsable(match) || (alike.score >= 0.8 && match.pairs.length > 0)
      const why = alike.score >= 0.5 ? alike.why : 'its elements fit'
      return {
        worth: isFit ? match.worth + alike.score : 0,
        list: { kind: 'each' as const, names: nodes.names, why, match },
      }
    })
  })
  const columns = assign(found.map(row => row.map(({ worth }) => worth)))
  return columns.flatMap((column, row) => found[row]?.[column]?.list ?? [])
}

/** Lists that the source has no nodes for may have one element, of texts that nothing else takes. */
function matchFlat(
  target: TargetScope,
  lists: readonly TargetScope[],
  sources: readonly SourceField[],
  codes: FindCodes,
): { pairs: Pair[]; singles: (ListMatch & { kind: 'single' })[] } {
  // A field of a list is called by the list too, where its elements are not nodes of their own.
  const inside = lists.flatMap(list => list.fields.map(field => ({ list, outer: outside(field, list), field })))
  const all = matchFields([...target.fields, ...inside.map(({ outer }) => outer)], sources, codes)
  const singles = lists
    .map(list => {
      const pairs = inside
        .filter(candidate => candidate.list === list)
        .flatMap(({ outer, field }) => all.filter(pair => pair.field === outer).map(pair => ({ ...pair, field })))
      const match: Match = { scope: list, pairs, lists: [], worth: worthOf(pairs) }
      return { kind: 'single' as const, match }
    })
    .filter(({ match }) => isUsable(match))
  const kept = singles.map(({ match }) => match.scope)
  const left = lists.filter(list => !kept.includes(list))
  // What an unusable list would have taken may feed another field.
  if (left.length > 0) return matchFlat(target, kept, sources, codes)
  return { pairs: all.filter(pair => target.fields.includes(pair.field)), singles }
}

/** A list is proposed where half of what its elements must have is found. */
export function isUsable({ scope, pairs }: Match): boolean {
  const required = scope.fields.filter(field => field.isRequired && field.names.length === 1)
  const found = required.filter(field => pairs.some(pair => pair.field === field && pair.score >= 0.5))
  return pairs.length > 0 && found.length * 2 >= Math.max(1, required.length)
}

/** A field of a list's element as it is called from around the list: a name of officers, not any name. */
export function outside(field: TargetField, list: TargetScope): TargetField {
  const names = [
    [...list.names, ...field.names].reduce((all, name) => all + name.charAt(0).toUpperCase() + name.slice(1)),
  ]
  const { titles } = list.called
  const isGeneral = field.titles['zh-CN'].length <= 2
  return {
    ...field,
    names,
    titles: {
      en: `${titles.en} ${field.titles.en}`,
      'zh-CN': isGeneral ? titles['zh-CN'] + field.titles['zh-CN'] : field.titles['zh-CN'],
    },
  }
}

/** All source paths of a match, from the record. */
export function sourcesOf({ pairs, lists }: Match, above: readonly string[] = []): string[] {
  return [
    ...pairs.flatMap(({ source }) => (source.parts ?? [source.names]).map(names => pathOf([...above, ...names]))),
    ...lists.flatMap(list => sourcesOf(list.match, list.kind === 'each' ? [...above, ...list.names] : above)),
  ]
}
