/** Values that records are chosen by: texts of an address, which must be such as their fields can have. */
import { canonicalise } from '../canonical.ts'
import { HubError } from '../errors.ts'
import type { FieldPath, Issue, Json } from '../record.ts'
import type { SchemaNode, Standard } from '../standard.ts'
import { claimsOf } from './claims.ts'
import type { Hub } from './hub.ts'

/**
 * The values as records have them: the number 4 may be asked for as 4.0.
 *
 * @param filters by fields of the standard
 * @throws {HubError} `request-invalid` with an issue for each value that no record can have, which it does not repeat
 */
export async function readFilters(
  hub: Hub,
  standard: Standard,
  filters: ReadonlyMap<FieldPath, string>,
): Promise<ReadonlyMap<FieldPath, string>> {
  if (filters.size === 0) return filters
  const { validate } = await claimsOf(hub, standard)
  const issues: Issue[] = []
  const read = new Map<FieldPath, string>()
  for (const field of standard.fields) {
    const text = filters.get(field.path)
    if (text === undefined) continue
    const value = valueOf(field.schema, text)
    issues.push(...validate({ [field.path]: value }).issues)
    read.set(field.path, typeof value === 'string' ? value : canonicalise(value))
  }
  if (issues.length === 0) return read
  const names = [...new Set(issues.map(({ pointer }) => pointer.slice(1)))].join(', ')
  const detail = `No record of ${standard.id} can have such a value of ${names}: the issues say why not.`
  throw new HubError('request-invalid', detail, { issues })
}

/** What a text stands for in a field; the text itself where it is none of that. */
function valueOf(schema: SchemaNode, text: string): Json {
  const types = [schema.type].flat()
  const isNumber = types.includes('number') || types.includes('integer')
  if (isNumber && number.test(text) && Number.isFinite(Number(text))) return Number(text)
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

/** As JSON writes one (RFC 8259 §6). */
const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
