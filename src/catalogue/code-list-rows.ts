/**
 * Reads the rows of a file of codes, whatever its form: a table with a header (CSV, TSV), a JSON array of objects, a
 * tree of them, or a JSON object from code to title. What the rows mean, `code-list-file.ts` finds out.
 */
import { parse } from 'csv-parse/sync'
import { HubError } from '../errors.ts'
import { encodingOf } from '../parse/encoding.ts'

export const codeFileFormats = ['json', 'csv', 'tsv'] as const
export type CodeFileFormat = (typeof codeFileFormats)[number]

/** A row: its members as trimmed texts, and in a tree the row above it. */
export type Row = { readonly members: ReadonlyMap<string, string>; readonly above?: Row }

/** Below this depth no classification goes; a deeper tree is no list of codes. */
const maxDepth = 32

/** @throws {HubError} `codes-refused` */
export function readRows(bytes: Uint8Array, named?: CodeFileFormat): { format: CodeFileFormat; rows: Row[] } {
  const text = decode(bytes)
  const format = named ?? formatOf(text)
  const rows = format === 'json' ? rowsOfJson(text) : rowsOfTable(text, format)
  if (rows.length === 0) throw refused('It holds no row: a table with a header, or JSON with objects, is needed.')
  return { format, rows }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder(encodingOf(bytes, 'json', undefined), { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new HubError('codes-refused', 'It is neither UTF-8, UTF-16 nor GB18030.', { cause })
  }
}

function formatOf(text: string): CodeFileFormat {
  if (/^\s*[[{]/.test(text)) return 'json'
  return (text.split('\n', 1)[0] ?? '').includes('\t') ? 'tsv' : 'csv'
}

function rowsOfTable(text: string, format: 'csv' | 'tsv'): Row[] {
  let records: Record<string, string>[]
  try {
    records = parse(text, {
      bom: true,
      columns: true,
      trim: true,
      skip_empty_lines: true,
      delimiter: format === 'tsv' ? '\t' : ',',
      // A quotation mark in a table with tabs is a character like any other.
      quote: format === 'tsv' ? null : '"',
    })
  } catch (cause) {
    throw refused(`It is no ${format.toUpperCase()} with a header: ${messageOf(cause)}`, cause)
  }
  return records.map(record => ({ members: new Map(Object.entries(record)) }))
}

function rowsOfJson(text: string): Row[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw refused('It is no JSON.', cause)
  }
  const list = listIn(value)
  if (list !== undefined) return rowsBelow(list, undefined, 0)
  return isObject(value) ? rowsOfTitles(value) : []
}

/** An array of objects, bare or as the one such member of an object. */
function listIn(value: unknown): readonly Fields[] | undefined {
  if (isListOfObjects(value)) return value
  if (!isObject(value)) return undefined
  const lists = Object.values(value).filter(isListOfObjects)
  return lists.length === 1 ? lists[0] : undefined
}

function rowsBelow(list: readonly Fields[], above: Row | undefined, depth: number): Row[] {
  if (depth > maxDepth) throw refused('It is nested deeper than a list of codes.')
  return list.flatMap(fields => {
    const scalars = Object.entries(fields).filter(([, value]) => isScalar(value))
    const row: Row = {
      members: new Map(scalars.map(([name, value]) => [name, String(value).trim()])),
      ...(above !== undefined && { above }),
    }
    const below = Object.values(fields).filter(isListOfObjects)
    return [row, ...below.flatMap(children => rowsBelow(children, row, depth + 1))]
  })
}

/** `{"110000": "北京市"}`: the name of the member is the code. */
function rowsOfTitles(value: Fields): Row[] {
  const entries = Object.entries(value)
  if (!entries.every(([, title]) => typeof title === 'string')) {
    throw refused('It is a JSON object, but neither one from code to title nor one with a single array of objects.')
  }
  return entries.map(([code, title]) => ({
    members: new Map([
      ['code', code],
      ['title', String(title).trim()],
    ]),
  }))
}

type Fields = { readonly [name: string]: unknown }

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isListOfObjects(value: unknown): value is readonly Fields[] {
  return Array.isArray(value) && value.length > 0 && value.every(isObject)
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number'
}

function messageOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'it cannot be read'
}

function refused(detail: string, cause?: unknown): HubError {
  return new HubError('codes-refused', detail, { cause })
}
