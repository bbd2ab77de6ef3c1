/**
 * Drafts the conversion of a new major: rules that copy what both majors have under one name and of one kind.
 *
 * What is left is for the steward: fields that were renamed, split, joined, or have other codes.
 */
import { resolveRef, type SchemaNode, type StandardDocument } from '../standard.ts'
import type { FieldPath, Json, JsonObject } from '../record.ts'

export type ConversionDraft = {
  /** What goes into the new document as it is. */
  readonly conversion: { readonly to: number; readonly fields: JsonObject }
  /** Fields of the older major that no rule fills yet, those that it requires first. */
  readonly left: readonly { readonly field: FieldPath; readonly required: boolean }[]
}

export function draftConversion(from: StandardDocument, to: StandardDocument): ConversionDraft {
  const left: { field: FieldPath; required: boolean }[] = []
  const rulesOf = (newer: SchemaNode, older: SchemaNode, prefix: string): JsonObject => {
    const rules: JsonObject = {}
    for (const [name, node] of Object.entries(older.properties ?? {})) {
      const source = newer.properties?.[name]
      const rule = source && ruleOf(resolveRef(from, source), resolveRef(to, node), name, `${prefix}${name}.`)
      if (rule !== undefined) rules[name] = rule
      else left.push({ field: prefix + name, required: older.required?.includes(name) === true })
    }
    return rules
  }
  const ruleOf = (newer: SchemaNode, older: SchemaNode, path: string, prefix: string): Json | undefined => {
    if (newer.properties !== undefined && older.properties !== undefined) {
      return { one: path, fields: rulesOf(newer, older, prefix) }
    }
    if (newer.items !== undefined && older.items !== undefined) {
      const [inner, item] = [resolveRef(from, newer.items), resolveRef(to, older.items)]
      if (inner.properties !== undefined && item.properties !== undefined) {
        return { each: path, fields: rulesOf(inner, item, prefix) }
      }
      return isCopied(inner, item) ? { each: path, item: { from: '.' } } : undefined
    }
    return isCopied(newer, older) ? { from: path } : undefined
  }
  const fields = rulesOf(from, to, '')
  const major = Number.parseInt(to.standard.version, 10)
  return {
    conversion: { to: major, fields },
    left: left.toSorted((a, b) => Number(b.required) - Number(a.required)),
  }
}

/** Whether both are scalars of one type, and texts of one code list. */
function isCopied(newer: SchemaNode, older: SchemaNode): boolean {
  const typeOf = ({ type }: SchemaNode): string =>
    [type]
      .flat()
      .filter(one => one !== 'null')
      .join()
  const type = typeOf(newer)
  return type === typeOf(older) && /^(string|number|integer|boolean)$/.test(type) && newer.codes === older.codes
}
