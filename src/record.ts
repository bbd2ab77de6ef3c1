/**
 * The glossary as types: what travels along the line from bytes to a reply.
 *
 * Shapes that a schema describes are generated into `generated/`; what stands here is what no schema describes.
 */

/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

export type JsonObject = { [name: string]: Json }

/**
 * A value of a source record before conversion: text, or a tree of texts. Numbers and booleans are their source text.
 *
 * XML and JSON become the same tree. An element with neither attributes nor child elements is its text; otherwise it
 * is an object: attributes under `@name`, child elements under their names (an array where repeated), its own text
 * under `#text` unless blank. A JSON null is null; an element marked `xsi:nil="true"` is null, or has no text of its own.
 */
export type SourceNode = string | null | SourceNode[] | { [name: string]: SourceNode }

/** Where a source record begins in its input: `ordinal` counts records from 1; line and column count from 1. */
export type Position = { readonly ordinal: number; readonly line: number; readonly column: number }

/** What a department sent, before conversion. */
export type SourceRecord = {
  readonly node: SourceNode
  readonly position: Position
  /** Texts from outside the record that the adapter asked for, by absolute path; what has not been read yet is missing. */
  readonly context: { readonly [absolutePath: string]: string }
}

/** A source record that could not be read though its input could be read on: one bad NDJSON line, one record too large. */
export type UnreadableRecord = { readonly unreadable: Issue; readonly position: Position; readonly text: string }

/**
 * One thing that is wrong with a record, never with its value in it.
 *
 * `pointer` is an RFC 6901 pointer into the record, '' for the whole; `source` the path in the source record.
 */
export type Issue = {
  readonly pointer: string
  readonly source?: string
  readonly code: string
  readonly message: string
}

export type Language = 'zh-CN' | 'en'

export type Titles = { readonly 'zh-CN': string; readonly en: string }

/** Security level of a field, GB/T 38664: L1 not sensitive … L4 highly sensitive; L3 and L4 are sealed at rest. */
export type Level = 'L1' | 'L2' | 'L3' | 'L4'

/** A leaf of a standard: property names joined by dots, arrays passed through: `investors.idNumber`. */
export type FieldPath = string

/** The parts of a record's key joined by `~1`, a `~` in a part being `~0`. */
export type RecordKey = string

export const operations = ['read', 'list', 'lookup', 'export', 'changes', 'history', 'verify'] as const

/** What a client may do with a standard's records. */
export type Operation = (typeof operations)[number]

export const scopes = ['read', 'deliver', 'publish', 'decide', 'audit', 'administer'] as const

/** The right of a client's system at the hub's door; what it may read is an agreement's matter. */
export type Scope = (typeof scopes)[number]

export const roles = ['administrator', 'steward', 'member', 'auditor'] as const

/**
 * What a person may do: an administrator keeps departments, clients and users; a steward publishes and decides for a
 * department, a member of it asks for agreements; an auditor reads the log. None of them reads records.
 */
export type Role = (typeof roles)[number]

/** The result of a delivery: counts of source records, and of contributions withdrawn. */
export type Receipt = {
  readonly delivery: string
  readonly accepted: number
  readonly unchanged: number
  readonly withdrawn: number
  readonly rejected: number
}

/** Joins the parts of a record's key. The inverse of {@link splitKey}. */
export function joinKey(parts: readonly string[]): RecordKey {
  return parts.map(part => part.replaceAll('~', '~0')).join('~1')
}

/** Splits a record's key into its parts. The inverse of {@link joinKey}. */
export function splitKey(key: RecordKey): string[] {
  return key.split('~1').map(part => part.replaceAll('~0', '~'))
}
