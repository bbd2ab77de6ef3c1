/**
 * A catalogue to try an adapter against without opening a hub: what is published, which is read and never written to;
 * where nothing is, the starter catalogue on disk. Of what is published, only what is asked for is read.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Catalogue } from '../map/adapter.ts'
import { codesNamedIn } from '../map/named-codes.ts'
import { standardsNamedIn, type NamedStandard } from '../map/named-standards.ts'
import type { CodeList, Crosswalk } from '../code-list.ts'
import { majorOf, readStandard, type StandardDocument } from '../standard.ts'
import { readAdapterDocument, type AdapterRow } from '../store/adapters.ts'
import { readCatalogueIndex, readCrosswalkDocument, type CatalogueIndex } from '../store/catalogue.ts'
import { readCodeListDocument } from '../store/code-lists.ts'
import { readDatabase } from '../store/connection.ts'
import type { Session } from '../store/session.ts'
import { readStandardDocument } from '../store/standards.ts'
import { codeListsNamedIn } from '../validate/named-code-lists.ts'
import { compareVersions, newest } from '../versions.ts'
import { readDocuments, starterCatalogue } from './documents.ts'
import { listsInUse } from './list-in-use.ts'

export type TrialCatalogue = Catalogue & {
  readonly from: 'published' | 'starter'
  /** The document in use of an adapter, `department/name`. */
  adapter(id: string): unknown
  /** What adapters there are, by id; their versions oldest first. */
  adapters(): ListedAdapter[]
}

export type ListedAdapter = {
  /** `department/name`. */
  readonly id: string
  /** Those of the version in use. */
  readonly standard: string
  readonly major: number
  readonly version: string
  readonly versions: readonly string[]
}

/** What is to be tried: a published adapter, a document of one, or what may be drafted for a standard. */
export type Tried = {
  /** `department/name`; one that is not published is not found. */
  readonly adapter?: string
  readonly document?: unknown
  readonly standard?: NamedStandard
  /** Of standards, published or not: the code lists that they draw from. */
  readonly documents?: readonly StandardDocument[]
}

/**
 * The catalogue with all that the adapter or standard refers to; of other standards and adapters it knows what there is.
 *
 * @throws {HubError} `store-unavailable`, `file-unreadable`
 */
export async function openTrialCatalogue(
  config: Config,
  tried: Tried = {},
  now: Date = new Date(),
): Promise<TrialCatalogue> {
  const file = join(config.dataDirectory, 'concord.sqlite')
  const published = existsSync(file) ? await readDatabase(file, read => readPublished(read, tried, now)) : undefined
  return published === undefined ? catalogueOf('starter', readStarterCatalogue()) : catalogueOf('published', published)
}

type Documents = {
  readonly standards: readonly StandardDocument[]
  readonly codeLists: readonly CodeList[]
  readonly crosswalks: readonly Crosswalk[]
  /** By `department/name`. */
  readonly adapters: ReadonlyMap<string, unknown>
  readonly rows: readonly Omit<AdapterRow, 'publishedAt'>[]
}

function catalogueOf(
  from: TrialCatalogue['from'],
  { standards, codeLists, crosswalks, adapters, rows }: Documents,
): TrialCatalogue {
  const versions = standards.map(readStandard)
  return {
    from,
    standard: (id, major) =>
      newest(versions.filter(({ id: own, version }) => own === id && majorOf(version) === major)),
    codeList: id => newest(codeLists.filter(list => list.id === id)),
    crosswalk: id => newest(crosswalks.filter(crosswalk => crosswalk.id === id)),
    adapter: id => adapters.get(id),
    adapters: () => listed(rows),
  }
}

function listed(rows: Documents['rows']): ListedAdapter[] {
  const versions = new Map<string, string[]>()
  for (const { adapter, version } of rows) versions.set(adapter, [...(versions.get(adapter) ?? []), version])
  return rows
    .filter(({ isInUse }) => isInUse)
    .map(({ adapter: id, standard, major, version }) => ({
      id,
      standard,
      major,
      version,
      versions: (versions.get(id) ?? []).toSorted(compareVersions),
    }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

/** Undefined where nothing is published. */
async function readPublished(read: Session, tried: Tried, now: Date): Promise<Documents | undefined> {
  const index = await readCatalogueIndex(read)
  if (index.standards.length === 0) return undefined
  const row = index.adapters.find(({ adapter, isInUse }) => isInUse && adapter === tried.adapter)
  const document = tried.document ?? (row && (await readAdapterDocument(read, row.adapter, row.version)))
  const standards = await readStandards(read, index, namedBy(tried, document))
  const { lists, crosswalks } = codesNamedIn(document)
  const inUse = listsInUse(index.codeLists, now.toISOString().slice(0, 10))
  const named = new Set([...lists, ...[...standards, ...(tried.documents ?? [])].flatMap(codeListsNamedIn)])
  return {
    standards,
    codeLists: await readAll([...named], async id => {
      const version = inUse.get(id)
      return version === undefined ? undefined : readCodeListDocument(read, id, version)
    }),
    crosswalks: await readAll([...crosswalks], async id => {
      const last = newest(index.crosswalks.filter(crosswalk => crosswalk.id === id))
      return last && readCrosswalkDocument(read, id, last.version)
    }),
    adapters: new Map(row === undefined ? [] : [[row.adapter, document]]),
    rows: index.adapters,
  }
}

function namedBy({ standard }: Tried, document: unknown): NamedStandard[] {
  const { own, resolved } = standardsNamedIn(document)
  return [...(standard === undefined ? [] : [standard]), ...(own === undefined ? [] : [own]), ...resolved]
}

function readStandards(
  read: Session,
  { versionsOf }: CatalogueIndex,
  named: readonly NamedStandard[],
): Promise<StandardDocument[]> {
  return readAll(named, async ({ id, major }) => {
    const row = newest((versionsOf.get(id) ?? []).filter(({ version }) => majorOf(version) === major))
    return row && (await readStandardDocument(read, id, row.version))?.document
  })
}

/** What is read of each, without those that are not there. */
async function readAll<Name, Document>(
  names: readonly Name[],
  read: (name: Name) => Promise<Document | undefined>,
): Promise<Document[]> {
  const found = await Promise.all(names.map(read))
  return found.filter(document => document !== undefined)
}

/** As much as is needed to find an adapter's document; whether it is one, is what is to be tried. */
type AdapterDocument = {
  readonly adapter: { readonly department: string; readonly name: string; readonly version: string }
  readonly standard: { readonly id: string; readonly major: number }
}

function readStarterCatalogue(): Documents {
  const documents = readDocuments(starterCatalogue)
  const of = (kind: (typeof documents)[number]['kind']): unknown[] =>
    documents.filter(document => document.kind === kind).map(({ document }) => document)
  const adapters = (of('adapter') as AdapterDocument[]).map(document => {
    const { adapter, standard } = document
    const row = { adapter: `${adapter.department}/${adapter.name}`, version: adapter.version, isInUse: true }
    return { row: { ...row, standard: standard.id, major: standard.major }, document }
  })
  return {
    standards: of('standard') as StandardDocument[],
    codeLists: of('code-list') as CodeList[],
    crosswalks: of('crosswalk') as Crosswalk[],
    adapters: new Map(adapters.map(({ row, document }) => [row.adapter, document])),
    rows: adapters.map(({ row }) => row),
  }
}
