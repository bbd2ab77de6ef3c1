/** What is written otherwise in two versions of a schema, field by field, whatever it means for records and readers. */
import { families, familyOf } from './families.ts'
import { pointerTo, propertyOf, schemaIn, type Facet } from './facet.ts'
import { isSilent, meaningIn } from './meaning.ts'
import type { Place } from './place.ts'
import { isSame } from './same.ts'

export type Difference = {
  /** The first keyword of the family; `properties` where a field came or went; `words`, `codesOn`, … of what is silent. */
  readonly keyword: string
  readonly name?: string
  readonly place: Place
  readonly pointer: string
  readonly is: 'added' | 'removed' | 'changed'
  /** Of a field that came: every record has it, as it and all above it are required. */
  readonly isAlwaysThere?: true
}

/** @param isThere whether every record has what stands at the place */
export function differencesIn(before: Facet, after: Facet, place: Place = [], isThere = true): Difference[] {
  return [
    ...keywordsIn(before, after, place),
    ...requiredIn(before, after, place),
    ...fieldsIn(before, after, place, isThere),
    ...elementsIn(before, after, place, isThere),
  ]
}

function keywordsIn(before: Facet, after: Facet, place: Place): Difference[] {
  const own = ['required', 'properties', 'items']
  const keywords = [...new Set([...Object.keys(after.schema), ...Object.keys(before.schema)])]
  const leaders = keywords.filter(keyword => !isSilent(keyword) && !own.includes(keyword)).map(leaderOf)
  const meant = [...new Set(leaders)].flatMap((keyword): Difference[] => {
    const { keywords: all } = familyOf(keyword)
    if (meaningIn(before, all) === meaningIn(after, all)) return []
    return [{ keyword, place, pointer: pointerOf(before, after, all), is: 'changed' }]
  })
  const silent = keywords.filter(keyword => isTold(keyword) && !isSame(before.schema[keyword], after.schema[keyword]))
  return [
    ...meant,
    ...silent.map((keyword): Difference => {
      const is = keyword in after.schema ? (keyword in before.schema ? 'changed' : 'added') : 'removed'
      return { keyword, place, pointer: pointerOf(before, after, [keyword]), is }
    }),
  ]
}

function leaderOf(keyword: string): string {
  return families.find(({ keywords }) => keywords.includes(keyword))?.keywords[0] ?? keyword
}

/** Silent keywords that are told where they are written; what an agreement goes by is told of fields (entry-changes.ts). */
function isTold(keyword: string): boolean {
  return ['title', 'titles', 'description', 'codesOn', 'authority'].includes(keyword)
}

/** Where the newer version says it; where it no longer does, the older one. */
function pointerOf(before: Facet, after: Facet, keywords: readonly string[]): string {
  const changed = keywords.filter(each => !isSame(before.schema[each], after.schema[each]))
  for (const facet of [after, before]) {
    const keyword = [...changed, ...keywords].find(each => each in facet.schema)
    if (keyword !== undefined) return pointerTo(facet, keyword)
  }
  return after.holderOf('type')
}

function requiredIn(before: Facet, after: Facet, place: Place): Difference[] {
  const [was, is] = [new Set(before.schema.required), new Set(after.schema.required)]
  return [...new Set([...is, ...was])]
    .filter(name => was.has(name) !== is.has(name))
    .filter(name => propertyOf(before, name) !== undefined && propertyOf(after, name) !== undefined)
    .map(name => ({
      keyword: 'required',
      name,
      place,
      pointer: pointerTo(after, 'properties', name),
      is: is.has(name) ? 'added' : 'removed',
    }))
}

function fieldsIn(before: Facet, after: Facet, place: Place, isThere: boolean): Difference[] {
  const [was, is] = [Object.keys(before.schema.properties ?? {}), Object.keys(after.schema.properties ?? {})]
  const names = [...is, ...was.filter(name => !is.includes(name))]
  return names.flatMap(name => {
    const [old, now] = [propertyOf(before, name), propertyOf(after, name)]
    const below = [...place, { name }]
    const isAlwaysThere = isThere && after.schema.required?.includes(name) === true
    if (old !== undefined && now !== undefined) return differencesIn(old, now, below, isAlwaysThere)
    const pointer = pointerTo(now === undefined ? before : after, 'properties', name)
    if (now === undefined) return [{ keyword: 'properties', name, place, pointer, is: 'removed' }]
    return [{ keyword: 'properties', name, place, pointer, is: 'added', ...(isAlwaysThere && { isAlwaysThere }) }]
  })
}

function elementsIn(before: Facet, after: Facet, place: Place, isThere: boolean): Difference[] {
  const [old, now] = [schemaIn(before, 'items'), schemaIn(after, 'items')]
  if (old !== undefined && now !== undefined) return differencesIn(old, now, [...place, 'element'], isThere)
  if (old === now) return []
  return [{ keyword: 'items', place, pointer: pointerOf(before, after, ['items']), is: 'changed' }]
}
