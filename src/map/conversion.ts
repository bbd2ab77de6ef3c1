/** The function that converts one source record, as compiled from an adapter document. */
import type { Issue, JsonObject, Language, RecordKey, SourceRecord } from '../record.ts'
import type { Standard } from '../standard.ts'
import { keyOf } from '../standard.ts'
import { absence } from './absence.ts'
import type { CompiledCondition } from './condition.ts'
import { compileCondition } from './condition.ts'
import type { Condition } from './document.ts'
import type { Loading, Read, Site } from './loading.ts'
import { noteAt, pathsRead, shownPath, usePath } from './loading.ts'
import { compileMark } from './mark-rule.ts'
import { textReader } from './node-text.ts'
import type { Members } from './object-rule.ts'
import { compileFields, objectReader } from './object-rule.ts'
import type { Resolve } from './resolve-rule.ts'
import { compileRule } from './rule.ts'
import type { Run } from './run.ts'
import type { Target } from './target.ts'
import { targetOf, textTarget } from './target.ts'
import type { Place } from './walk.ts'
import { placeOf } from './walk.ts'

/** What came of one source record. With issues, the record lacks what they are about. */
export type Converted = {
  /** Of a withdrawal its key and scope only. */
  readonly record: JsonObject
  /** True where the record withdraws what the adapter has said under its key. */
  readonly isWithdrawal: boolean
  /** Missing where a part of the key could not be read. */
  readonly key?: RecordKey
  /** The record's value of the adapter's scope. */
  readonly scope?: string
  /** What decides among records of one key, where the adapter says so. */
  readonly mark?: string
  /** The source's own id of the record. */
  readonly recordId?: string
  /** The day or time that the source says it speaks of. */
  readonly asOf?: string
  readonly issues: readonly Issue[]
}

/** Pure. Without `resolve`, a rule that asks for a record of another standard notes that there are none. */
export type Convert = (source: SourceRecord, language?: Language, resolve?: Resolve) => Converted

type Writing = { -readonly [member in keyof Converted]: Converted[member] }

export function compileConversion(standard: Standard, loading: Loading): Convert {
  const { scope, fields, order, withdraw } = loading.document
  const wholeRecord = siteOf('/fields', targetOf(standard.document, standard.document))
  const members = compileFields(fields, wholeRecord, loading)
  const readRecord = objectReader(members)
  const readKey = objectReader(only(members, name => name === scope || standard.key.includes(name)))
  const readEnvelope = compileEnvelope(loading)
  const readMark =
    order === undefined || order === 'input'
      ? undefined
      : beside('/order', loading, outside => compileMark(order, siteOf('/order', textTarget), outside))
  const withdraws = withdraw && compileWhether('/withdraw/when', withdraw.when, loading)

  return (source, language = 'en', resolve) => {
    const run: Run = { ...newRun(source), language, resolve }
    const place = placeOf(source)
    const isWithdrawal = withdraws !== undefined && withdraws(place, run)
    const { object: record } = isWithdrawal ? readKey(place, run) : readRecord(place, run)
    const converted: Writing = { record, isWithdrawal, issues: run.issues }

    const key = keyOf(standard, record)
    if (key !== undefined) converted.key = key
    const scoped = scope === undefined ? undefined : record[scope]
    if (typeof scoped === 'string') converted.scope = scoped
    const mark = readMark?.(place, run)
    if (typeof mark === 'string') converted.mark = mark
    if (!isWithdrawal) readEnvelope(place, run, converted)
    return converted
  }
}

/** Whether a record, or a row before it is grouped, counts. Undefined where all do. */
export function compileAdmission(loading: Loading): ((source: SourceRecord) => boolean) | undefined {
  const { where } = loading.document.source
  if (where === undefined) return undefined
  const holds = compileWhether('/source/where', where, loading)
  return source => holds(placeOf(source), newRun(source))
}

function compileWhether(pointer: string, condition: Condition, loading: Loading): CompiledCondition['holds'] {
  const { holds, paths } = compileCondition(condition, siteOf(pointer, textTarget), loading)
  loading.beside.set(pointer, paths)
  return holds
}

/** Compiles what is no part of the standard: the paths that it reads are no lineage, but they are read. */
function beside<T>(pointer: string, loading: Loading, compile: (outside: Loading) => T): T {
  const outside = { ...loading, traces: [], nodes: new Map() }
  const compiled = compile(outside)
  loading.beside.set(pointer, pathsRead(outside.traces))
  return compiled
}

function only({ names, members }: Members, isWanted: (name: string) => boolean): Members {
  const wanted = names.map(isWanted)
  return { names: names.filter((_, index) => wanted[index]), members: members.filter((_, index) => wanted[index]) }
}

/** Reads `recordId` and `asOf`. */
function compileEnvelope(loading: Loading): (place: Place, run: Run, converted: Writing) => void {
  const { recordId, asOf } = loading.document
  const readRecordId = recordId === undefined ? undefined : compileRecordId(recordId, loading)
  const readAsOf =
    asOf === undefined
      ? undefined
      : beside('/asOf', loading, outside => compileRule(asOf, siteOf('/asOf', textTarget), outside))
  return (place, run, converted) => {
    const id = readRecordId?.(place, run)
    if (typeof id === 'string') converted.recordId = id
    const date = readAsOf?.read(place, run) ?? readAsOf?.otherwise
    if (typeof date === 'string') converted.asOf = date
  }
}

function compileRecordId(text: string, loading: Loading): Read<string> {
  const site = siteOf('/recordId', textTarget)
  const path = usePath(text, site, loading)
  loading.beside.set(site.pointer, [shownPath(path, site)])
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

function newRun({ context }: SourceRecord): Run {
  return { context, language: 'en', resolve: undefined, issues: [], positions: [] }
}

function siteOf(pointer: string, target: Target): Site {
  return { pointer, target, field: [], source: [], decidedBy: [], nodes: [] }
}
