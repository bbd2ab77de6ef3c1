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
export function grantedThrough(
  agreement: Agreement,
  standard: Standard,
  newer: { readonly from: Standard; readonly feeds: ReadonlyMap<FieldPath, readonly FieldPath[]> },
): ReadonlySet<FieldPath> {
  const fields = new Map(newer.from.fields.map(field => [field.path, field]))
  const isOpen = (path: FieldPath): boolean => {
    const approved = agreement.levels?.[path]
    return (newer.feeds.get(path) ?? []).every(feeding => {
      const field = fields.get(feeding)
      return field?.sharing !== 'not-shared' && approved !== undefined && (field?.level ?? 'L4') <= approved
    })
  }
  return new Set([...grantedFields(agreement, standard)].filter(isOpen))
}

/** The levels that fields have in a version: what an approval approves. */
export function levelsOf(standard: Standard, fields: readonly FieldPath[]): Record<FieldPath, Level> {
  return Object.fromEntries(
    standard.fields.filter(({ path }) => fields.includes(path)).map(({ path, level }) => [path, level]),
  )
}
