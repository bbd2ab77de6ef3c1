/** A standard as the catalogue shows it, from its documents: nothing is compiled for whoever only looks. */
import { HubError } from '../errors.ts'
import type { FieldPath, Level, Titles } from '../record.ts'
import { readStandard, type Field, type Sharing, type StandardDocument, type Version } from '../standard.ts'
import { readComparisonText, readDraftVersions, readStandardDocument } from '../store/standards.ts'
import { compareVersions, newest } from '../versions.ts'
import type { Hub } from './hub.ts'
import { majorsIn, statusOf, versionsIn, type ListedStandard, type StandardStatus } from './list-standards.ts'

export type ShownField = {
  readonly path: FieldPath
  readonly titles: Titles
  readonly level: Level
  readonly sharing: Sharing
  readonly required: boolean
  readonly indexed: boolean
  readonly codes?: string
  readonly codesOn?: string
  readonly unit?: string
}

export type ShownStandard = ListedStandard & { readonly fields: readonly ShownField[] }

export type ShownVersion = {
  readonly document: StandardDocument
  readonly types: string
  readonly status: StandardStatus
}

/**
 * A standard by its newest published version, or by the one that is named, also a draft.
 *
 * @throws {HubError} `standard-unknown`
 */
export async function showStandard(hub: Hub, id: string, version?: Version): Promise<ShownStandard> {
  const { index } = await hub.published.configuration()
  const rows = index.versionsOf.get(id) ?? []
  const which = version ?? newest(rows)?.version
  if (which === undefined) throw unknown(id)
  const { document, status } = await showVersion(hub, id, which)
  const publishedAt = rows.find(row => row.version === which)?.publishedAt
  return {
    ...document.standard,
    status,
    ...(publishedAt !== undefined && { publishedAt }),
    versions: versionsIn(index, id),
    majors: majorsIn(index, id),
    fields: readStandard(document).fields.map(shown),
  }
}

/** The numbers of a standard's drafts, oldest first: for whoever works at the machine. */
export async function draftsOf(hub: Hub, id: string): Promise<Version[]> {
  return (await readDraftVersions(hub.store.read, id)).toSorted(compareVersions)
}

/**
 * A version by its number, also a draft.
 *
 * @throws {HubError} `standard-unknown`
 */
export async function showVersion(hub: Hub, id: string, version: Version): Promise<ShownVersion> {
  const { index } = await hub.published.configuration()
  const stored = await readStandardDocument(hub.store.read, id, version)
  if (stored === undefined) throw unknown(id, version)
  const { document, types } = stored
  return { document, types, status: stored.status === 'draft' ? 'draft' : statusOf(index, id, version) }
}

/**
 * The comparison that a version was published with: JSON text.
 *
 * @throws {HubError} `standard-unknown`; `not-found` of a first version, which was compared with nothing
 */
export async function showComparison(hub: Hub, id: string, version: Version): Promise<string> {
  const { status } = await showVersion(hub, id, version)
  const text = await readComparisonText(hub.store.read, id, version)
  if (text !== undefined) return text
  const detail =
    status === 'draft'
      ? `${id} ${version} is a draft: GET /v1/standards/${id}/compare?from=…&to=${version} compares it with what is published.`
      : `${id} ${version} was published with nothing before it to compare it with.`
  throw new HubError('not-found', detail)
}

function shown({ path, titles, level, sharing, required, indexed, schema }: Field): ShownField {
  return {
    path,
    titles,
    level,
    sharing,
    required,
    indexed,
    ...(schema.codes === undefined ? {} : { codes: schema.codes }),
    ...(schema.codesOn === undefined ? {} : { codesOn: schema.codesOn }),
    ...(schema.unit === undefined ? {} : { unit: schema.unit }),
  }
}

function unknown(id: string, version?: Version): HubError {
  const of = version === undefined ? '' : ` in version ${version}`
  return new HubError('standard-unknown', `The standard ${id} is not published${of}.`)
}
