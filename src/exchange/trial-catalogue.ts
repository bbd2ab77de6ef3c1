/**
 * A catalogue to try an adapter against without opening a hub: what is published, which is read and never written to;
 * where nothing is, the starter catalogue on disk.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Catalogue } from '../map/adapter.ts'
import { majorOf, readStandard, type CodeList, type Crosswalk, type StandardDocument } from '../standard.ts'
import {
  readAdapterDocument,
  readCatalogueIndex,
  readCodeListDocument,
  readCrosswalkDocument,
  readStandardDocument,
} from '../store/catalogue.ts'
import { readDatabase } from '../store/connection.ts'
import type { Session } from '../store/session.ts'
import { compareVersions, newest } from '../versions.ts'
import { readDocuments, starterCatalogue } from './documents.ts'

export type TrialCatalogue = Catalogue & {
  readonly from: 'published' | 'starter'
  /** The newest document of an adapter, `department/name`. */
  adapter(id: string): unknown
  /** What adapters there are, by id; their versions oldest first. */
  adapters(): ListedAdapter[]
}

export type ListedAdapter = {
  /** `department/name`. */
  readonly id: string
  /** Those of the newest version. */
  readonly standard: string
  readonly major: number
  readonly versions: readonly string[]
}

/** @throws {HubError} `store-unavailable`, `file-unreadable` */
export async function openTrialCatalogue(config: Config): Promise<TrialCatalogue> {
  const file = join(config.dataDirectory, 'concord.sqlite')
  const published = existsSync(file) ? await readDatabase(file, readPublished) : noDocuments
  return published.standards.length > 0
    ? catalogueOf('published', published)
    : catalogueOf('starter', readStarterCatalogue())
}

/** Documents of every version. */
type Documents = {
  readonly standards: readonly StandardDocument[]
  readonly codeLists: readonly CodeList[]
  readonly crosswalks: readonly Crosswalk[]
  readonly adapters: readonly AdapterDocument[]
}

/** As much as is needed to find an adapter's document; whether it is one, is what is to be tried. */
type AdapterDocument = {
  readonly adapter: { readonly department: string; readonly name: string; readonly version: string }
  readonly standard: { readonly id: string; readonly major: number }
}

const noDocuments: Documents = { standards: [], codeLists: [], crosswalks: [], adapters: [] }

function catalogueOf(
  from: TrialCatalogue['from'],
  { standards, codeLists, crosswalks, adapters }: Documents,
): TrialCatalogue {
  const versions = standards.map(readStandard)
  const byId = new Map<string, AdapterDocument[]>()
  for (const document of adapters.toSorted((a, b) => compareVersions(a.adapter.version, b.adapter.version))) {
    const id = `${document.adapter.department}/${document.adapter.name}`
    byId.set(id, [...(byId.get(id) ?? []), document])
  }
  return {
    from,
    standard: (id, major) =>
      newest(versions.filter(({ id: own, version }) => own === id && majorOf(version) === major)),
    codeList: id => newest(codeLists.filter(list => list.id === id)),
    crosswalk: id => newest(crosswalks.filter(crosswalk => crosswalk.id === id)),
    adapter: id => byId.get(id)?.at(-1),
    adapters: () => [...byId].map(listed).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  }
}

function listed([id, documents]: [string, AdapterDocument[]]): ListedAdapter {
  const { id: standard = '', major = 0 } = documents.at(-1)?.standard ?? {}
  return { id, standard, major, versions: documents.map(({ adapter }) => adapter.version) }
}

async function readPublished(read: Session): Promise<Documents> {
  const { standards, codeLists, crosswalks, adapters } = await readCatalogueIndex(read)
  const [standardDocuments, codeListDocuments, crosswalkDocuments, adapterDocuments] = await Promise.all([
    Promise.all(standards.map(async row => (await readStandardDocument(read, row.standard, row.version))?.document)),
    Promise.all(codeLists.map(row => readCodeListDocument(read, row.id, row.version))),
    Promise.all(crosswalks.map(row => readCrosswalkDocument(read, row.id, row.version))),
    Promise.all(adapters.map(row => readAdapterDocument(read, row.adapter, row.version))),
  ])
  return {
    standards: standardDocuments.filter(document => document !== undefined),
    codeLists: codeListDocuments.filter(document => document !== undefined),
    crosswalks: crosswalkDocuments.filter(document => document !== undefined),
    adapters: adapterDocuments as AdapterDocument[],
  }
}

function readStarterCatalogue(): Documents {
  const documents = readDocuments(starterCatalogue)
  const of = (kind: (typeof documents)[number]['kind']): unknown[] =>
    documents.filter(document => document.kind === kind).map(({ document }) => document)
  return {
    standards: of('standard') as StandardDocument[],
    codeLists: of('code-list') as CodeList[],
    crosswalks: of('crosswalk') as Crosswalk[],
    adapters: of('adapter') as AdapterDocument[],
  }
}
