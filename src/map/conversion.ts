/** The function that converts one source record, as compiled from an adapter document. */
import type { Issue, JsonObject, Language, RecordKey, SourceRecord } from '../record.ts'
import type { Standard } from '../standard.ts'
import { keyOf } from '../standard.ts'
import { absence } from './absence.ts'
import type { Loading, Read, Site } from './loading.ts'
import { noteAt, shownPath, usePath } from './loading.ts'
import { compileFields, objectReader } from './object-rule.ts'
import type { Run } from './path.ts'
import { textReader } from './path.ts'
import { compileRule } from './rule.ts'
import type { Target } from './target.ts'
import { targetOf, textTarget } from './target.ts'

/** What came of one source record. With issues, the record lacks what they are about. */
export type Converted = {
  readonly record: JsonObject
  /** Missing where a part of the key could not be read. */
  readonly key?: RecordKey
  /** The record's value of the adapter's scope. */
  readonly scope?: string
  /** The source's own id of the record. */
  readonly recordId?: string
  /** The day or time that the source says it speaks of. */
  readonly asOf?: string
  readonly issues: readonly Issue[]
}

export type Convert = (source: SourceRecord, language?: Language) => Converted

export function compileConversion(standard: Standard, loading: Loading): Convert {
  const { scope, fields, recordId, asOf } = loading.document
  const wholeRecord = siteOf('/fields', targetOf(standard.document, standard.document))
  const { names, members } = compileFields(fields, wholeRecord, loading)
  const readRecord = objectReader(names, members)
  // The record's envelope is no part of the standard: what feeds it is no lineage.
  const envelope = { ...loading, traces: [], nodes: new Map() }
  const readRecordId = recordId === undefined ? undefined : compileRecordId(recordId, envelope)
  const readAsOf = asOf === undefined ? undefined : compileRule(asOf, siteOf('/asOf', textTarget), envelope)

  return ({ node, context }, language = 'en') => {
    const run: Run = { context, language, issues: [], positions: [] }
    const place = { node, up: undefined }
    const { object: record } = readRecord(place, run)
    const converted: { -readonly [member in keyof Converted]: Converted[member] } = { record, issues: run.issues }

    const key = keyOf(standard, record)
    if (key !== undefined) converted.key = key
    const scoped = scope === undefined ? undefined : record[scope]
    if (typeof scoped === 'string') converted.scope = scoped
    const id = readRecordId?.(place, run)
    if (typeof id === 'string') converted.recordId = id
    const date = readAsOf?.read(place, run) ?? readAsOf?.otherwise
    if (typeof date === 'string') converted.asOf = date
    return converted
  }
}

function compileRecordId(text: string, loading: Loading): Read<string> {
  const site = siteOf('/recordId', textTarget)
  const path = usePath(text, site, loading)
  const read = textReader(path)
  const isAbsent = absence(loading.document)
  const note = noteAt(site, shownPath(path, site))
  return (place, run) => {
    const found = read(place, run)
    if (found !== undefined && typeof found !== 'string') return note(run, found)
    const id = found?.trim()
    return id === undefined || isAbsent(id) ? undefined : id
  }
}

function siteOf(pointer: string, target: Target): Site {
  return { pointer, target, field: [], source: [], decidedBy: [] }
}
