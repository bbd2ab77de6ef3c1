/**
 * A delivery's dry run: what an adapter makes of an input, and what would change in the store. Nothing is written there.
 *
 * What would change is told against what this adapter has said itself: what other departments say of the same records
 * stays theirs, and no value that is stored is shown.
 */
import { compileAdapter } from '../map/adapter.ts'
import type { Language } from '../record.ts'
import type { Version } from '../standard.ts'
import { requireAdapterOwner } from './adapter-owner.ts'
import type { Line } from './convert.ts'
import { entryOf, type By, type Hub } from './hub.ts'
import { openLine } from './open-line.ts'
import { changesOf, previewLimits, TriedRecords, type Change, type Changes } from './preview-changes.ts'
import { preview, type Preview, type PreviewedRecord, type Window } from './preview.ts'

export type DryRun = Omit<Preview, 'records'> & {
  /** `department/name`. */
  readonly adapter: string
  readonly version: Version
  readonly standard: string
  readonly standardVersion: Version
  readonly records: readonly (PreviewedRecord & { readonly change: Change })[]
  /** Of all records that were read. */
  readonly changes: Changes
  /** How many records were read, and whether those are all. */
  readonly read: number
  readonly isWhole: boolean
}

/** Whose adapter is tried: one that is published, in its version in use or in another; or a document that is not. */
export type Asked = { readonly adapter: string; readonly version?: Version } | { readonly document: unknown }

/**
 * The entry that says who has tried is durable before this returns.
 *
 * @throws {HubError} `owner-only`, `adapter-unknown`, `adapter-invalid`, `log-unavailable`, and as `parse` does
 */
export async function previewDelivery(
  hub: Hub,
  by: By,
  asked: Asked,
  {
    body,
    window,
    language,
  }: { readonly body: AsyncIterable<Uint8Array>; readonly window: Window; readonly language: Language },
): Promise<DryRun> {
  const line = await lineOf(hub, by, asked, language)
  const { adapter, compiled } = line
  const tried = new TriedRecords(line)
  const limits = { ...hub.limits, inputBytes: previewLimits.inputBytes, envelopeBytes: previewLimits.inputBytes }
  const previewed = await preview(
    { adapter, validator: compiled.validator, language, limits },
    body,
    window,
    (one, shown) => tried.meet(one, shown),
  )
  const changes = await changesOf(hub, line, tried)
  const { id, version, standard } = adapter
  const detail = { adapter: id, version, ...('document' in asked && { isPublished: false }) }
  await hub.log.append({
    ...entryOf(hub, by),
    operation: 'preview',
    outcome: 'done',
    standard: standard.id,
    count: tried.read,
    detail,
  })
  return {
    adapter: id,
    version,
    standard: standard.id,
    standardVersion: standard.version,
    records: previewed.records.map((record, index) => ({ ...record, change: changes.shown[index] as Change })),
    unread: previewed.unread,
    changes: changes.counts,
    read: tried.read,
    isWhole: tried.isWhole,
  }
}

async function lineOf(hub: Hub, by: By, asked: Asked, language: Language): Promise<Line> {
  if ('adapter' in asked) {
    requireAdapterOwner(by, asked.adapter)
    return openLine(hub, asked.adapter, language, asked.version)
  }
  const adapter = compileAdapter(asked.document, await hub.published.catalogue(asked.document))
  requireAdapterOwner(by, adapter.id)
  const compiled = await hub.published.standard(adapter.standard.id, adapter.standard.version)
  return { adapter, compiled, pseudonymKey: hub.keys.pseudonym, language }
}
