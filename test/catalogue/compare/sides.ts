/** Two versions of a small standard for tests, and the judges of a witness, which are not the comparison's own. */
import type { Change, Comparison, Side } from '../../../src/catalogue/compare/compare.ts'
import { compareStandards } from '../../../src/catalogue/compare/compare.ts'
import type { CodeList } from '../../../src/code-list.ts'
import { readStandard, type SchemaNode, type StandardDocument } from '../../../src/standard.ts'
import { compileValidator } from '../../../src/validate/validator.ts'
import { readerOf } from '../../compat/reader.ts'
import { documentOf, titles } from '../../validate/fixture.ts'

export type Lists = Readonly<Record<string, Partial<CodeList>>>

/** A field, with what every field needs. */
export function field(schema: SchemaNode): SchemaNode {
  return 'properties' in schema ? { titles, ...schema } : { titles, level: 'L1', ...schema }
}

/** An object of fields that has no others. */
export function object(properties: Readonly<Record<string, SchemaNode>>, ...required: readonly string[]): SchemaNode {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, field(schema)]))
  return { type: 'object', properties: fields, required, additionalProperties: false }
}

export function sideOf(document: StandardDocument, lists: Lists = {}): Side {
  const known = new Map(
    Object.entries(lists).map(([id, list]): [string, CodeList] => {
      return [id, { id, version: '1.0.0', titles, closed: false, codes: [], ...list }]
    }),
  )
  return { document, codeList: id => known.get(id) }
}

/** The side whose records have the field `value` beside their key. */
export function sideWith(value: SchemaNode, lists?: Lists): Side {
  return sideOf(documentOf({ properties: { value: field(value) } }), lists)
}

export function codes(closed: boolean, ...names: readonly string[]): Lists {
  return { colours: { closed, codes: names.map(code => ({ code, titles })) } }
}

export function compared(before: Side, after: Side): Comparison {
  return compareStandards(before, after)
}

/** What is wrong with the witness of a break, by Ajv and by the reader's own definition; undefined where it shows it. */
export function witnessFault(change: Change, before: Side, after: Side): string | undefined {
  const { witness, against } = change
  if (witness === undefined) return 'no witness'
  if (witness.issues.length === 0) return 'no issues'
  const [own, other] = against === 'readers' ? [after, before] : [before, after]
  if (issuesIn(own, witness.record) > 0) return 'not valid under its own version'
  const reader = readerOf(other)
  const isShown =
    against === 'readers' ? reader.faultsIn(reader.cut(witness.record)).length > 0 : issuesIn(other, witness.record) > 0
  return isShown ? undefined : 'valid under the other version'
}

function issuesIn({ document, codeList }: Side, record: Parameters<ReturnType<typeof readerOf>['cut']>[0]): number {
  return compileValidator(readStandard(document), codeList).validate(record).issues.length
}
