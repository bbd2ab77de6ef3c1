/**
 * A catalogue to try an adapter against without opening a hub: what is published, which is read and never written to;
 * where nothing is, the starter catalogue on disk.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Catalogue } from '../map/adapter.ts'
import { majorOf, readStandard, type CodeList, type StandardDocument } from '../standard.ts'
import {
  readAdapterDocument,
  readCatalogueIndex,
  readCodeListDocument,
  readStandardDocument,
} from '../store/catalogue.ts'
import { readDatabase } from '../store/connection.ts'
import type { Session } from '../store/session.ts'
import { readDocuments, starterCatalogue } from './documents.ts'
import { compareVersions, newest } from './published.ts'

export type TrialCatalogue = Catalogue & {
  readonly from: 'published' | 'starter'
  /** The newest document of an adapter, `department/name`. */
  adapter(id: string): unknown
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
  readonly adapters: readonly AdapterDocument[]
}

/** As much as is needed to find an adapter's document; whether it is one, is what is to be tried. */
type AdapterDocument = {
  readonly adapter: { readonly department: string; readonly name: string; readonly version: string }
}

const noDocuments: Documents = { standards: [], codeLists: [], adapters: [] }

function catalogueOf(from: TrialCatalogue['from'], { standards, codeLists, adapters }: Documents): TrialCatalogue {
  const versions = standards.map(readStandard)
  return {
    from,
    standard: (id, major) =>
      newest(versions.filter(({ id: own, version }) => own === id && majorOf(version) === major)),
    codeList: id => newest(codeLists.filter(list => list.id === id)),
    adapter(id) {
      const own = adapters.filter(({ adapter: { department, name } }) => `${department}/${name}` === id)
      return own.toSorted((a, b) => compareVersions(a.adapter.version, b.adapter.version)).at(-1)
    },
  }
}

async function readPublished(read: Session): Promise<Documents> {
  const { standards, codeLists, adapters } = await readCatalogueIndex(read)
  const [standardDocuments, codeListDocuments, adapterDocuments] = await Promise.all([
    Promise.all(standards.map(async row => (await readStandardDocument(read, row.standard, row.version))?.document)),
    Promise.all(codeLists.map(row => readCodeListDocument(read, row.id, row.version))),
    Promise.all(adapters.map(row => readAdapterDocument(read, row.adapter, row.version))),
  ])
  return {
    standards: standardDocuments.filter(document => document !== undefined),
    codeLists: codeListDocuments.filter(document => document !== undefined),
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
    adapters: of('adapter') as AdapterDocument[],
  }
}
