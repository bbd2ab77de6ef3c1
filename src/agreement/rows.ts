/**
 * Whether an agreement's row filter reaches a record, read off its stored text: only the lines of the filtered fields
 * are parsed.
 */
import { canonicalise } from '../canonical.ts'
import type { FieldPath, Json } from '../record.ts'
import { memberEnd } from '../record-text.ts'
import { decodeUtf8, type Utf8Text } from '../utf8-text.ts'
import type { RowFilter } from './agreement.ts'

/** @returns whether a record with this open text is reached; every record, where there is no filter */
export function compileRows(rows: RowFilter | undefined): (open: Utf8Text) => boolean {
  const tests = Object.entries(rows ?? {}).map(([path, values]) => testOf(path, new Set(values)))
  return open => tests.every(reaches => reaches(open))
}

function testOf(path: FieldPath, values: ReadonlySet<string>): (open: Utf8Text) => boolean {
  const [top = path, ...below] = path.split('.')
  const label = `"${top}":`
  return open => {
    const value = lineOf(open, label)
    return (
      value !== undefined && valuesAt(JSON.parse(decodeUtf8(value)) as Json, below).some(found => values.has(found))
    )
  }
}

/** The text of a top-level field's value: a member a line, within braces. */
function lineOf(open: Utf8Text, label: string): Utf8Text | undefined {
  let start = 1
  if (!open.startsWith(label, start)) {
    const found = open.indexOf(memberEnd + label)
    if (found === -1) return undefined
    start = found + memberEnd.length
  }
  const end = open.indexOf(memberEnd, start)
  return open.slice(start + label.length, end === -1 ? open.length - 1 : end)
}

/** As text, like the terms that a record is found by: arrays passed through, null and absence left out. */
function valuesAt(value: Json | undefined, below: readonly string[]): string[] {
  if (value === null || value === undefined) return []
  if (Array.isArray(value)) return value.flatMap(element => valuesAt(element, below))
  const [name, ...rest] = below
  if (name === undefined) return [typeof value === 'string' ? value : canonicalise(value)]
  return typeof value === 'object' ? valuesAt(value[name], rest) : []
}
