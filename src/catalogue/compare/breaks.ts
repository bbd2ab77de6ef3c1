/** Tells a demand that is not met as a change: its code, its field, and the place in the documents where it was made. */
import type { ChangeCode } from './change-codes.ts'
import { familyOf } from './families.ts'
import { pointerTo, propertyOf, type Facet } from './facet.ts'
import { kindsNamed, kindsOf } from './known.ts'
import { fieldAt, type Place } from './place.ts'
import type { Unmet } from './proof.ts'

export type Told = {
  readonly code: ChangeCode
  readonly pointer: string
  readonly place: Place
  readonly name?: string
}

/** Old records against the newer version. */
export function tellNarrowing(unmet: Unmet): Told {
  const { keyword, name, place, pointer, left, facet, whole, within } = unmet
  const told = { pointer, place, ...(name !== undefined && { name }) }
  if (within !== undefined) return { ...told, code: familyOf(within.keyword).narrowed }
  if (keyword === 'required') {
    const own = { ...told, place: memberOf(unmet), pointer: definedBy([whole], name) ?? pointer }
    return definedBy(left, name) === undefined
      ? { ...own, code: 'required-field-added' }
      : { ...own, code: 'field-made-required' }
  }
  if (keyword === 'additionalProperties' && name !== undefined) {
    const gone = definedBy(left, name)
    return { ...told, place: memberOf(unmet), pointer: gone ?? pointer, code: 'field-removed' }
  }
  const refused = kindsOf(left).filter(kind => !kindsNamed(facet.schema.type).includes(kind))
  if (keyword === 'type' && refused.join() === 'null') return { ...told, code: 'null-refused' }
  return { ...told, name: name ?? keyword, code: familyOf(keyword).narrowed }
}

/** New records against the reader of the older version: the pointer leads into the newer one where it can. */
export function tellWidening(unmet: Unmet): Told {
  const { keyword, name, place, pointer, left, facet, whole, within } = unmet
  const newer = placeIn(left, keyword) ?? pointer
  const told = { pointer: newer, place, ...(name !== undefined && { name }) }
  if (within !== undefined) return { ...told, code: familyOf(within.keyword).widened }
  if (keyword === 'required') {
    const kept = definedBy(left, name)
    const own = { ...told, place: memberOf(unmet) }
    return kept === undefined
      ? { ...own, pointer: definedBy([whole], name) ?? pointer, code: 'field-lost' }
      : { ...own, pointer: kept, code: 'field-made-optional' }
  }
  const added = kindsOf(left).filter(kind => !kindsNamed(facet.schema.type).includes(kind))
  if (keyword === 'type' && added.join() === 'null') return { ...told, code: 'null-allowed' }
  return { ...told, name: name ?? keyword, code: familyOf(keyword).widened }
}

function memberOf({ place, name = '' }: Unmet): Place {
  return [...place, { name }]
}

/** The pointer to a property's definition on the left. */
function definedBy(left: readonly Facet[], name = ''): string | undefined {
  const holder = left.find(facet => propertyOf(facet, name) !== undefined)
  return holder && pointerTo(holder, 'properties', name)
}

/** Where the left says what a keyword is about, or else the schema that no longer does. */
function placeIn(left: readonly Facet[], keyword: string): string | undefined {
  for (const each of [keyword, ...familyOf(keyword).keywords]) {
    const holder = left.find(({ schema }) => each in schema)
    if (holder !== undefined) return pointerTo(holder, each)
  }
  return left[0]?.holderOf('titles')
}

/** What one change must not be told twice for. */
export function keyOf({ code, pointer, place, name = '' }: Told): string {
  return JSON.stringify([code, pointer, fieldAt(place), name])
}
