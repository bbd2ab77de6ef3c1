/** Field by field, what an agreement grants of a standard, and of which newer majors' records it is held back. */
import type { Agreement } from '../agreement/agreement.ts'
import { closedFeeds, verdictOn, type FieldVerdict } from '../agreement/granted.ts'
import { HubError } from '../errors.ts'
import type { FieldPath, Level } from '../record.ts'
import type { Sharing, Standard } from '../standard.ts'
import type { NewerMajor } from './newer-majors.ts'

export type ExplainedField = {
  readonly field: FieldPath
  readonly verdict: FieldVerdict
  readonly level: Level
  /** The level that was approved; null where none was. */
  readonly approvedLevel: Level | null
  /** Of a field that is granted: newer majors of whose records it is held back, and which fields there are why. */
  readonly heldBackOf?: readonly {
    readonly major: number
    readonly madeOf: readonly { readonly field: FieldPath; readonly level: Level; readonly sharing: Sharing }[]
  }[]
}

/** @throws {HubError} `request-invalid` for fields that the standard lacks */
export function explainFields(
  agreement: Agreement,
  { standard, newer }: { readonly standard: Standard; readonly newer: readonly NewerMajor[] },
  asked: readonly FieldPath[] | undefined,
): ExplainedField[] {
  const covers = (name: FieldPath, leaf: FieldPath): boolean => name === leaf || leaf.startsWith(`${name}.`)
  const unknown = (asked ?? []).filter(name => !standard.fields.some(({ path }) => covers(name, path)))
  if (unknown.length > 0) {
    const issues = unknown.map(name => ({ pointer: `/fields/${name}`, code: 'field-unknown', message: 'is no field' }))
    throw new HubError('request-invalid', `${standard.id} has no such field as is named in \`fields\`.`, { issues })
  }
  const closed = newer.map(one => ({ major: one.from.major, fields: closedFeeds(agreement, standard, one) }))
  return standard.fields
    .filter(({ path }) => asked === undefined || asked.some(name => covers(name, path)))
    .map(field => ({
      field: field.path,
      verdict: verdictOn(agreement, field),
      level: field.level,
      approvedLevel: agreement.levels?.[field.path] ?? null,
      ...heldBackBy(closed, field.path),
    }))
}

function heldBackBy(
  closed: readonly { readonly major: number; readonly fields: ReturnType<typeof closedFeeds> }[],
  path: FieldPath,
): Pick<ExplainedField, 'heldBackOf'> {
  const heldBackOf = closed.flatMap(({ major, fields }) => {
    const madeOf = fields.get(path)?.map(({ path: field, level, sharing }) => ({ field, level, sharing }))
    return madeOf === undefined ? [] : [{ major, madeOf }]
  })
  return heldBackOf.length === 0 ? {} : { heldBackOf }
}
