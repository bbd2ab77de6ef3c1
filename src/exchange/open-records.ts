/**
 * Open data: what anybody reads without credentials. The same stations as for a client, the same entries, in which the
 * public is the actor; a refusal has none, and is counted by whoever let the call in.
 */
import type { FieldPath, RecordKey } from '../record.ts'
import { HubError } from '../errors.ts'
import type { Call } from './access-entry.ts'
import { discloseRecord } from './disclose.ts'
import { disclosePage, type PageAsked } from './disclose-page.ts'
import type { Disclosure } from './disclosure.ts'
import type { Ending } from './ending.ts'
import { exportRecords, type Export } from './export.ts'
import { exportFormats, type ExportFormat, type ExportWriter } from './export-writer.ts'
import type { Hub } from './hub.ts'
import { byPublic, openAgreement } from './open-agreement.ts'
import type { Grant } from './served-text.ts'

export type OpenCall = {
  readonly standard: string
  /** Of the request, by which the log names it. */
  readonly request: string
  readonly fields: readonly FieldPath[] | undefined
  readonly onEnding?: (ending: Ending) => void
}

/** @throws {HubError} `standard-unknown`, `not-open`, and what {@link discloseRecord} throws */
export async function readOpenRecord(
  hub: Hub,
  open: OpenCall,
  asked: { readonly key: RecordKey; readonly knownTags: readonly string[] },
): Promise<Disclosure> {
  return discloseRecord(hub, await callOf(hub, open), asked)
}

/** @throws {HubError} `standard-unknown`, `not-open`, and what {@link disclosePage} throws */
export async function readOpenPage(hub: Hub, open: OpenCall, page: PageAsked): Promise<Disclosure> {
  return disclosePage(hub, await callOf(hub, open), page)
}

/**
 * Everything, streamed. It ends with no cursor, for the public has no feed of changes.
 *
 * @param options.onRecords told how many records have their entries; what it throws ends the stream
 * @throws {HubError} `standard-unknown`, `not-open`, and what {@link exportRecords} throws
 */
export async function exportOpen(
  hub: Hub,
  open: OpenCall,
  { format, onRecords }: { readonly format: ExportFormat; readonly onRecords: (count: number) => void },
): Promise<Omit<Export, 'cursor'>> {
  const { writerOf } = exportFormats[format]
  const endless = (grant: Grant): ExportWriter => ({ ...writerOf(grant), end: () => Buffer.from(endings[format]) })
  return exportRecords(hub, await callOf(hub, open), { writerOf: endless, onRecords })
}

/** What tells a whole export from one that was cut; of CSV, only the end of the HTTP message does. */
const endings: Readonly<Record<ExportFormat, string>> = {
  ndjson: '{"cursor":null}\n',
  csv: '',
  xml: '</records>\n',
}

async function callOf(hub: Hub, { standard, request, fields, onEnding }: OpenCall): Promise<Call> {
  if ((await openAgreement(hub, standard)) === undefined) throw await refusalOf(hub, standard)
  const by = byPublic(request)
  return { by, standard, matter: undefined, case: undefined, fields, ...(onEnding === undefined ? {} : { onEnding }) }
}

async function refusalOf(hub: Hub, id: string): Promise<HubError> {
  const { index } = await hub.published.configuration()
  const detail = 'GET /open/standards lists what is open; a department asks for an agreement on the rest.'
  if (index.standards.some(({ standard }) => standard === id)) return new HubError('not-open', detail)
  return new HubError('standard-unknown', `The standard ${id} is not published. ${detail}`)
}
