/** What an adapter makes of an input: source records beside the records that they become, and why. Nothing is kept. */
import { sideBySide, type FedValue } from '../catalogue/side-by-side.ts'
import { unreadPaths } from '../catalogue/unread.ts'
import type { Adapter } from '../map/adapter.ts'
import type { Converted } from '../map/conversion.ts'
import type { Limits } from '../parse/limits.ts'
import type { Issue, Json, Language, Position, SourceNode, SourceRecord, UnreadableRecord } from '../record.ts'
import type { Findings, Validator } from '../validate/validator.ts'
import { convertRecord } from './convert.ts'
import { sourceRecords } from './grouped.ts'

/** Which records of the input are shown: so many from one on (the first is 1), or of those that would be rejected. */
export type Window = {
  readonly from: number
  /** None after this one. */
  readonly to?: number
  readonly limit: number
  readonly isRejectsOnly: boolean
}

/** A source record, the record that it becomes, what feeds each of its values, and why it would be rejected. */
export type PreviewedRecord = {
  readonly position: Position
  /** Of what could not be read as a record, its text. */
  readonly source: SourceNode
  readonly record: Json
  readonly issues: readonly Issue[]
  readonly lineage: readonly FedValue[]
  readonly isUnreadable: boolean
}

export type Preview = {
  readonly records: readonly PreviewedRecord[]
  /** Paths of the source records shown that no rule reads. */
  readonly unread: readonly string[]
}

export type Previewing = {
  readonly adapter: Adapter
  readonly validator: Validator
  readonly language: Language
  readonly limits: Limits
}

/** A source record, and what became of it where it could be read. */
export type Tried =
  | { readonly item: SourceRecord; readonly converted: Converted & Findings }
  | { readonly item: UnreadableRecord; readonly converted: undefined }

/**
 * Records of other standards are never at hand here: a field that an adapter takes out of them has an issue that says so.
 *
 * @param onTried told of every record, whether it is shown or not (`shown`: its place among those that are); as long as it
 *   gives true the input is read on. Without it, reading ends with the last record shown.
 * @throws {HubError} as `parse` does
 */
export async function preview(
  previewing: Previewing,
  body: AsyncIterable<Uint8Array>,
  window: Window,
  onTried?: (tried: Tried, shown: number | undefined) => boolean,
): Promise<Preview> {
  const { adapter, limits } = previewing
  const records: PreviewedRecord[] = []
  const { from, to = Infinity, limit, isRejectsOnly } = window
  let number = 0
  reading: for await (const items of sourceRecords(body, adapter, limits)) {
    for (const item of items) {
      number += 1
      const isPast = records.length === limit || number > to
      if (onTried === undefined && (isPast || number < from)) {
        if (isPast) break reading
        continue
      }
      const tried = tryRecord(previewing, item)
      const isShown = !isPast && number >= from && !(isRejectsOnly && issuesOf(tried).length === 0)
      if (isShown) records.push(previewOf(adapter, tried))
      if (onTried !== undefined && !onTried(tried, isShown ? records.length - 1 : undefined)) break reading
    }
  }
  const nodes = records.filter(({ isUnreadable }) => !isUnreadable).map(({ source }) => source)
  return { records, unread: unreadPaths(adapter, nodes) }
}

/** Why a record would be rejected. */
export function issuesOf({ item, converted }: Tried): readonly Issue[] {
  return converted === undefined ? [item.unreadable] : converted.issues
}

function tryRecord(previewing: Previewing, item: SourceRecord | UnreadableRecord): Tried {
  return 'unreadable' in item ? { item, converted: undefined } : { item, converted: convertRecord(previewing, item) }
}

function previewOf(adapter: Adapter, tried: Tried): PreviewedRecord {
  const { position } = tried.item
  const issues = issuesOf(tried)
  if (tried.converted === undefined) {
    return { position, source: tried.item.text, record: null, issues, lineage: [], isUnreadable: true }
  }
  const { item, converted } = tried
  const lineage = sideBySide(adapter, item, converted.record)
  return { position, source: item.node, record: converted.record, issues, lineage, isUnreadable: false }
}
