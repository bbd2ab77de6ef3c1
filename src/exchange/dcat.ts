/** The DCAT catalogue of what this hub publishes: a page of it for whoever asks, all of it for a file. */
import { hash } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { catalogueOf, type Catalogue } from '../catalogue/dcat.ts'
import { datasetOf, type CatalogueDepartment, type MajorVersion } from '../catalogue/dcat-dataset.ts'
import type { Node } from '../catalogue/dcat-vocabularies.ts'
import { HubError } from '../errors.ts'
import { readStandardDocuments } from '../store/standard-documents.ts'
import type { CatalogueIndex } from '../store/catalogue.ts'
import type { Hub } from './hub.ts'
import { publicAddress } from './public-address.ts'
import { servedStandards, type ServedStandard } from './served-majors.ts'

/** Standards a page: of 28 fields each, 770 kB of JSON, read and put together in some 30 ms. */
const pageStandards = 100

export type CataloguePage = {
  /** JSON-LD, in gzip. */
  readonly packed: Buffer
  /** Weak: the same for the page in gzip and without. */
  readonly etag: string
}

/**
 * A page of the catalogue.
 *
 * @param page from 1
 * @throws {HubError} `not-found` where there is no such page
 */
export async function readCataloguePage(hub: Hub, page: number): Promise<CataloguePage> {
  const { index } = await hub.published.configuration()
  const kept = pagesOf(index)
  const known = kept.get(page)
  if (known !== undefined) return known
  const making = makePage(hub, index, page)
  // All of them: whoever goes through the pages again finds each. In gzip, 10,000 standards take some megabytes.
  kept.set(page, making)
  making.catch(() => kept.delete(page))
  return making
}

/** The JSON-LD of a page, as UTF-8. */
export async function unpacked({ packed }: CataloguePage): Promise<Buffer> {
  return unpack(packed)
}

const pack = promisify(gzip)
const unpack = promisify(gunzip)

async function makePage(hub: Hub, index: CatalogueIndex, page: number): Promise<CataloguePage> {
  // Those that are asked for at once are made one after the other, and other calls have their turn between.
  await turn()
  const all = [...servedStandards(index).values()]
  const pages = Math.max(1, Math.ceil(all.length / pageStandards))
  if (page > pages)
    throw new HubError('not-found', `The catalogue has ${pages} pages; take their addresses from its view.`)
  const chosen = all.slice((page - 1) * pageStandards, page * pageStandards)
  const document = catalogueOf(aboutOf(hub, index), await readDatasets(hub, index, chosen), { page, pages })
  const body = Buffer.from(JSON.stringify(document))
  return { packed: await pack(body), etag: `W/"${hash('sha256', body, 'base64url').slice(0, 22)}"` }
}

/** An index is of one state of the catalogue: another state has another. */
const pagesByIndex = new WeakMap<CatalogueIndex, Map<number, Promise<CataloguePage>>>()

function pagesOf(index: CatalogueIndex): Map<number, Promise<CataloguePage>> {
  let pages = pagesByIndex.get(index)
  if (pages === undefined) pagesByIndex.set(index, (pages = new Map()))
  return pages
}

/** The whole catalogue as one JSON-LD document, in pieces: as many standards at a time as a page has. */
export async function* wholeCatalogue(hub: Hub): AsyncGenerator<string> {
  const { index } = await hub.published.configuration()
  const all = [...servedStandards(index).values()]
  // What the catalogue says of itself comes first; its services name no dataset, as each dataset names them.
  const { dataset: _, ...head } = catalogueOf(aboutOf(hub, index), [])
  yield `${JSON.stringify(head).slice(0, -1)},"dataset":[`
  for (let from = 0; from < all.length; from += pageStandards) {
    const datasets = await readDatasets(hub, index, all.slice(from, from + pageStandards))
    yield (from === 0 ? '\n' : ',\n') + datasets.map(dataset => JSON.stringify(dataset)).join(',\n')
    await turn()
  }
  yield '\n]}\n'
}

function aboutOf({ config }: Hub, index: CatalogueIndex): Catalogue {
  const all = servedStandards(index)
  const times = [...all.values()].flatMap(({ majors }) => majors.map(({ publishedAt }) => publishedAt))
  return {
    base: publicAddress(config),
    publisher: index.departments.find(({ id }) => id === config.cataloguePublisher),
    modified: times.reduce<string | undefined>(
      (last, time) => (last === undefined || time > last ? time : last),
      undefined,
    ),
    total: all.size,
  }
}

async function readDatasets(hub: Hub, index: CatalogueIndex, served: readonly ServedStandard[]): Promise<Node[]> {
  const base = publicAddress(hub.config)
  const wanted = served.flatMap(({ standard, majors }) => majors.map(({ version }) => ({ standard, version })))
  const documents = (await readStandardDocuments(hub.store.read, wanted)).values()
  return served.map(({ majors, issued }) => {
    const versions = majors.map(({ publishedAt, status }): MajorVersion => {
      const { value } = documents.next()
      if (value === undefined) throw new Error('bug: a document was not read')
      return { document: value, publishedAt, status }
    })
    const owner = versions.at(-1)?.document.standard.owner ?? ''
    return datasetOf({ base, owner: departmentOf(index, owner), majors: versions, issued })
  })
}

/** A department that was never put into the catalogue has its id for a name. */
function departmentOf({ departments }: CatalogueIndex, id: string): CatalogueDepartment {
  return departments.find(department => department.id === id) ?? { id, titles: { 'zh-CN': id, en: id } }
}
