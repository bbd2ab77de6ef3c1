/** Columns that belong together: lines of an address by number, and a column for every code of a list. */
import { codesIn, type FindCodes } from './codes.ts'
import type { ListMatch, Match, Pair } from './match.ts'
import { likeness } from './likeness.ts'
import { knownName, spellingsOf } from './names.ts'
import type { SourceField } from './profile.ts'
import type { TargetField, TargetScope } from './target.ts'
import { converter, counted } from './texts.ts'
import { fit } from './values.ts'

/** The same paths, and for AddressLine1, AddressLine2, … one more, of all of them. */
export function withLines(fields: readonly SourceField[]): SourceField[] {
  const families = new Map<string, SourceField[]>()
  for (const field of fields) {
    const stem = /^(.*(?:address|addr|line|地址|住址).*?)_?(\d)$/i.exec(field.names.at(-1) ?? '')?.[1]
    if (stem === undefined) continue
    const key = [...field.names.slice(0, -1), stem].join('\n')
    families.set(key, [...(families.get(key) ?? []), field])
  }
  const lines = [...families]
    .filter(([, family]) => family.length > 1)
    .map(([key, family]): SourceField => {
      const texts = new Map(family.flatMap(({ texts: own }) => [...own]))
      const filled = Math.max(...family.map(field => field.filled))
      return { names: key.split('\n'), texts, isList: false, filled, parts: family.map(({ names }) => names) }
    })
  const inLines = new Set(lines.flatMap(({ parts }) => parts ?? []))
  return [...fields.filter(({ names }) => !inLines.has(names)), ...lines]
}

/**
 * Lists whose elements are a code and a text, from columns that are called as the codes are: Chairman, GeneralManager.
 */
export function codedColumns(
  lists: readonly TargetScope[],
  sources: readonly SourceField[],
  codes: FindCodes,
): ListMatch[] {
  return lists.flatMap(list => {
    const coded = list.fields.find(({ target }) => target.codes !== undefined)
    const text = list.fields.find(field => field !== coded && field.isRequired && field.target.types.has('string'))
    const known = codes(coded?.target.codes ?? '')?.said ?? []
    if (coded === undefined || text === undefined || list.fields.length > 3) return []
    const columns = known.flatMap(({ code, titles: [chinese = '', english = code] }) => {
      const name = knownName({ names: [code], titles: { en: english, 'zh-CN': chinese }, description: '' })
      const found = sources
        .map(source => ({ source, ...likeness(spellingsOf(source.names), name) }))
        .toSorted((a, b) => b.score - a.score)[0]
      if (found === undefined || found.score < 0.85) return []
      const pair: Pair = {
        field: text,
        ...found,
        why: [found.why],
        fit: fit(text, found.source.texts, codes),
      }
      return [{ code, pair }]
    })
    if (columns.length < 2) return []
    const pairs = columns.map(({ pair }) => pair)
    const match: Match = { scope: list, pairs, lists: [], worth: pairs.reduce((sum, { score }) => sum + score, 0) }
    return [{ kind: 'columns' as const, codeField: coded.names.join('.'), columns, match }]
  })
}

/** Texts such as 新台幣 10.0000元 feed an amount, and the currency that stands beside it in the standard. */
export function withUnits(pairs: readonly Pair[], fields: readonly TargetField[], codes: FindCodes): Pair[] {
  const units = pairs.flatMap((pair): Pair[] => {
    if (pair.fit.rule.via?.[0] !== 'quantity') return []
    const above = pair.field.names.slice(0, -1).join('.')
    const beside = fields.find(
      ({ names, target }) => target.codes !== undefined && above !== '' && names.slice(0, -1).join('.') === above,
    )
    const known = codes(beside?.target.codes ?? '')
    if (beside === undefined || known === undefined || pairs.some(({ field }) => field === beside)) return []
    const read = converter(['unit'])
    const texts = new Map(
      [...pair.source.texts].flatMap(([text, times]) => {
        const unit = read(text)
        return typeof unit === 'string' && unit !== '' ? [[unit, times] as const] : []
      }),
    )
    const { codes: found, unresolved } = codesIn(texts, known)
    const why = [
      'what stands beside the amount',
      ...(unresolved.length > 0 ? [`${counted(unresolved.length, 'text')} seen without a code yet`] : []),
    ]
    const rule = { via: ['unit'], ...(Object.keys(found).length > 0 && { codes: found }) }
    return [{ ...pair, field: beside, why, fit: { score: 0, why, rule, unresolved } }]
  })
  return [...pairs, ...units]
}
