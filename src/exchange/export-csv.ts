/**
 * An export as CSV (RFC 4180): UTF-8 without byte order mark, a head, a column for each path of a served record.
 *
 * What stands below an array is in the array's cell, as JSON. Absent is an empty cell, null the cell `null`; texts that
 * are empty or `null` are quoted. CSV has no end of its own: a cut one is known by the connection, which ends without
 * HTTP's last chunk. Cells are not changed for spreadsheet programs, which take `=1+1` for a formula: other programs would
 * read a value that nobody delivered. {@link spreadsheetWriter} writes for those.
 */
import { canonicalise } from '../canonical.ts'
import type { FieldPath, Json, JsonObject } from '../record.ts'
import { resolveRef, type SchemaNode, type StandardDocument } from '../standard.ts'
import { decodeUtf8 } from '../utf8-text.ts'
import type { ExportWriter } from './export-writer.ts'
import type { Grant } from './served-text.ts'

const about = [
  'key', 'version', 'revision', 'updatedAt',
  'source.department', 'source.adapter', 'source.delivery', 'source.recordId', 'source.asOf',
] // prettier-ignore

/** A byte order mark. */
const mark = '\ufeff'

/** What of a grant decides which columns there are. */
type Shown = Pick<Grant, 'standard'> & {
  readonly cut: Pick<Grant['cut'], 'fields'> & Partial<Pick<Grant['cut'], 'showsOrigin'>>
}

const origin = ['source.delivery', 'source.recordId']

export function csvWriter(grant: Shown): ExportWriter {
  return writer(grant, '', text => text)
}

/**
 * For people who open it in a spreadsheet program: with a byte order mark, and an apostrophe before texts that would be
 * taken for a formula (OWASP, CSV injection).
 */
export function spreadsheetWriter(grant: Shown): ExportWriter {
  return writer(grant, mark, text => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text))
}

function writer(grant: Shown, start: string, guard: (text: string) => string): ExportWriter {
  const data = columnsOf(grant.standard.document, grant.cut.fields)
  const shown = about.filter(column => grant.cut.showsOrigin !== false || !origin.includes(column))
  const columns = [...shown, ...data.map(path => `data.${path}`), 'withheld']
  const paths = columns.map(column => column.split('.'))
  const line = (cells: readonly string[]): string => `${cells.join(',')}\r\n`
  return {
    begin: Buffer.from(start + line(columns)),
    write(records) {
      const lines = records.map(text => {
        const record = JSON.parse(decodeUtf8(text)) as JsonObject
        return line(paths.map(path => cellOf(valueAt(record, path), guard)))
      })
      return Buffer.from(lines.join(''))
    },
    end: () => Buffer.alloc(0),
  }
}

/** Leaves outside of arrays, and arrays, each once, in the order of the standard. */
function columnsOf(document: StandardDocument, fields: readonly FieldPath[]): FieldPath[] {
  return [...new Set(fields.map(field => columnOf(document, field)))]
}

/** The path as far as the first array. */
function columnOf(document: StandardDocument, field: FieldPath): FieldPath {
  const names = field.split('.')
  let node: SchemaNode = document
  for (const [index, name] of names.entries()) {
    node = resolveRef(document, node.properties?.[name] ?? {})
    if (node.items !== undefined) return names.slice(0, index + 1).join('.')
  }
  return field
}

function valueAt(record: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = record
  for (const name of path) {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined
    value = value[name]
  }
  return value
}

function cellOf(value: Json | undefined, guard: (text: string) => string): string {
  if (value === undefined) return ''
  if (typeof value === 'string') {
    const isTaken = value === '' || value === 'null'
    return isTaken ? `"${value}"` : quoted(guard(value))
  }
  return quoted(canonicalise(value))
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
