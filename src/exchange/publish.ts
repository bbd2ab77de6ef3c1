/**
 * Publishes documents: standards, code lists, crosswalks, adapters.
 *
 * A version is immutable: publishing the same again changes nothing, other content under its number is refused.
 */
import { typesOf } from '../catalogue/types.ts'
import { HubError } from '../errors.ts'
import { compileAdapter } from '../map/adapter.ts'
import { standardsNamedIn } from '../map/named-standards.ts'
import type { Json } from '../record.ts'
import { canonicalise } from '../canonical.ts'
import { readStandard, type CodeList } from '../standard.ts'
import {
  readAdapterDocument,
  readCodeListDocument,
  readCrosswalkDocument,
  readStandardDocument,
  writeAdapter,
  writeCodeList,
  writeCrosswalk,
  writeStandard,
} from '../store/catalogue.ts'
import { checkCodeList } from '../validate/code-list.ts'
import { checkCrosswalk } from '../validate/crosswalk.ts'
import { checkStandardDocument } from '../validate/standard-document.ts'
import { compileValidator } from '../validate/validator.ts'
import { change, type ActEntry, type By, type Hub } from './hub.ts'

/** `unchanged`: this version was published before, with the same content. */
export type Publication = { readonly id: string; readonly version: string; readonly outcome: 'published' | 'unchanged' }

/** @throws {HubError} `standard-invalid`, `department-unknown`, `version-published` */
export async function publishStandard(hub: Hub, by: By, input: unknown): Promise<Publication> {
  const document = checkStandardDocument(input)
  const { id, version, owner } = document.standard
  const published = await readStandardDocument(hub.store.read, id, version)
  if (published !== undefined) return unchanged({ id, version }, published.document, document)
  const { index } = await hub.published.configuration()
  if (!index.departments.some(department => department.id === owner)) {
    throw new HubError('department-unknown', `The standard ${id} is owned by ${owner}, which is no department here.`)
  }
  compileValidator(readStandard(document), await hub.published.codeLists())
  const types = await typesOf(document)
  return change(hub, by, async tx => {
    await writeStandard(tx, { standard: id, version, publishedAt: hub.clock().toISOString(), document, types })
    return done({ id, version }, { standard: id, kind: 'standard' })
  })
}

/** @throws {HubError} `code-list-invalid`, `version-published` */
export async function publishCodeList(hub: Hub, by: By, input: unknown): Promise<Publication> {
  const document: CodeList = checkCodeList(input)
  const { id, version } = document
  const published = await readCodeListDocument(hub.store.read, id, version)
  if (published !== undefined) return unchanged({ id, version }, published, document)
  return change(hub, by, async tx => {
    await writeCodeList(tx, { id, version, publishedAt: hub.clock().toISOString(), document })
    return done({ id, version }, { kind: 'code-list' })
  })
}

/** @throws {HubError} `crosswalk-invalid`, `version-published` */
export async function publishCrosswalk(hub: Hub, by: By, input: unknown): Promise<Publication> {
  const document = checkCrosswalk(input, await hub.published.codeLists())
  const { id, version } = document
  const published = await readCrosswalkDocument(hub.store.read, id, version)
  if (published !== undefined) return unchanged({ id, version }, published, document)
  return change(hub, by, async tx => {
    await writeCrosswalk(tx, { id, version, publishedAt: hub.clock().toISOString(), document })
    return done({ id, version }, { kind: 'crosswalk' })
  })
}

/** @throws {HubError} `adapter-invalid` with every issue, `department-unknown`, `standard-unknown`, `version-published` */
export async function publishAdapter(hub: Hub, by: By, input: unknown): Promise<Publication> {
  await requireStandard(hub, input)
  const adapter = compileAdapter(input, await hub.published.catalogue(input))
  const { id, version, department } = adapter
  const published = await readAdapterDocument(hub.store.read, id, version)
  if (published !== undefined) return unchanged({ id, version }, published, adapter.document)
  const { index } = await hub.published.configuration()
  if (!index.departments.some(candidate => candidate.id === department)) {
    throw new HubError('department-unknown', `The adapter ${id} is of ${department}, which is no department here.`)
  }
  return change(hub, by, async tx => {
    const publishedAt = hub.clock().toISOString()
    await writeAdapter(tx, {
      adapter: id,
      version,
      standard: adapter.standard.id,
      publishedAt,
      document: adapter.document,
    })
    return done({ id, version }, { standard: adapter.standard.id, kind: 'adapter' })
  })
}

type Version = { readonly id: string; readonly version: string }

function done(
  { id, version }: Version,
  { standard, kind }: { readonly standard?: string; readonly kind: 'standard' | 'code-list' | 'crosswalk' | 'adapter' },
): { result: Publication; entry: ActEntry } {
  return {
    result: { id, version, outcome: 'published' },
    entry: { operation: 'publish', count: 1, ...(standard ? { standard } : {}), detail: { kind, id, version } },
  }
}

function unchanged({ id, version }: Version, published: unknown, document: unknown): Publication {
  if (canonicalise(published as Json) === canonicalise(document as Json)) return { id, version, outcome: 'unchanged' }
  throw new HubError(
    'version-published',
    `${id} ${version} is published with other content. Versions are immutable: give the changed document a higher version.`,
  )
}

/** That the standard which an adapter's document names is published; the document has not been checked yet. */
async function requireStandard(hub: Hub, input: unknown): Promise<void> {
  const { own } = standardsNamedIn(input)
  if (own !== undefined) await hub.published.standard(own.id, own.major)
}
