/**
 * Which fields of a standard an agreement grants: those it names, unless their level was raised since.
 *
 * Raising a field's level suspends it until the agreement is approved again; so does ceasing to share it.
 */
import type { FieldPath, Level } from '../record.ts'
import type { Field, Standard } from '../standard.ts'
import type { Agreement } from './agreement.ts'

/** Whether a field is granted, or why not. */
export type FieldVerdict = 'granted' | 'not-granted' | 'level-raised' | 'not-shared'

export function verdictOn(agreement: Agreement, field: Field): FieldVerdict {
  if (!agreement.fields.includes(field.path)) return 'not-granted'
  if (field.sharing === 'not-shared') return 'not-shared'
  const approved = agreement.levels?.[field.path]
  // Without a level that was approved there is nothing that the field could be held against.
  return approved !== undefined && field.level <= approved ? 'granted' : 'level-raised'
}

/** @param standard the newest version of the agreement's major */
export function grantedFields(agreement: Agreement, standard: Standard): ReadonlySet<FieldPath> {
  const granted = standard.fields.filter(field => verdictOn(agreement, field) === 'granted')
  return new Set(granted.map(field => field.path))
}

/**
 * Of a record of a newer major that is shown as one of the agreement's, the fields that are granted: those whose value tells
 * of nothing that the newer major holds at a higher level than was approved, or does not share.
 *
 * @param newer the newest version of the record's major, and which of its leaves feed each of the agreement's major
 */
export function grantedThrough(agreement: Agreement, standard: Standard, newer: Feeding): ReadonlySet<FieldPath> {
  const closed = closedFeeds(agreement, standard, newer)
  return new Set([...grantedFields(agreement, standard)].filter(path => !closed.has(path)))
}

/** A newer major, and which of its leaves feed each of an older one's. */
export type Feeding = {
  readonly from: Standard
  readonly feeds: ReadonlyMap<FieldPath, readonly FieldPath[]>
}

/**
 * Of the fields that an agreement grants, those that are held back of records of a newer major: each with the fields there
 * that it is made of and that are of a higher level than was approved, or not shared.
 */
export function closedFeeds(
  agreement: Agreement,
  standard: Standard,
  { from, feeds }: Feeding,
): ReadonlyMap<FieldPath, readonly Field[]> {
  const fields = new Map(from.fields.map(field => [field.path, field]))
  const closed = new Map<FieldPath, readonly Field[]>()
  for (const path of grantedFields(agreement, standard)) {
    const approved = agreement.levels?.[path]
    const closing = (feeds.get(path) ?? [])
      .map(feeding => fields.get(feeding) ?? unknown(feeding))
      .filter(({ sharing, level }) => sharing === 'not-shared' || approved === undefined || level > approved)
    if (closing.length > 0) closed.set(path, closing)
  }
  return closed
}

function unknown(path: FieldPath): never {
  throw new Error(`bug: a conversion reads ${path}, which its standard lacks`)
}

/** The levels that fields have in a version: what an approval approves. */
export function levelsOf(standard: Standard, fields: readonly FieldPath[]): Record<FieldPath, Level> {
  return Object.fromEntries(
    standard.fields.filter(({ path }) => fields.includes(path)).map(({ path, level }) => [path, level]),
  )
}
