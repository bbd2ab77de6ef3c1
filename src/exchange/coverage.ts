/** The matrix of coverage of what is published: by the adapters in use. Reads documents, and compiles no validator. */
import { setImmediate as turn } from 'node:timers/promises'
import { coverageOf, type StandardCoverage } from '../catalogue/coverage.ts'
import { HubError } from '../errors.ts'
import type { Adapter } from '../map/adapter.ts'
import { majorOf, readStandard } from '../standard.ts'
import type { CatalogueIndex } from '../store/catalogue.ts'
import { readStandardDocuments } from '../store/standard-documents.ts'
import { newest } from '../versions.ts'
import type { Hub } from './hub.ts'

/**
 * The matrices of one standard, one for each of its majors, the oldest first.
 *
 * @throws {HubError} `standard-unknown`
 */
export async function readCoverage(hub: Hub, standard: string): Promise<StandardCoverage[]> {
  const { index } = await hub.published.configuration()
  const published = index.versionsOf.get(standard)
  if (published === undefined) throw new HubError('standard-unknown', `The standard ${standard} is not published.`)
  const majors = new Set(published.map(({ version }) => majorOf(version)))
  return coverageOfMajors(hub, index, { standard, majors })
}

export type CoveragePage = {
  readonly coverage: StandardCoverage[]
  /** The last standard of the page; undefined on the last page. */
  readonly next: string | undefined
}

/**
 * The matrices of all majors that an adapter maps to, by the ids of their standards.
 *
 * @param page.after the standard behind which the page begins
 * @param page.limit standards a page
 */
export async function readCoveragePage(
  hub: Hub,
  { after = '', limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<CoveragePage> {
  const { index } = await hub.published.configuration()
  const majorsOf = new Map<string, Set<number>>()
  for (const { standard, major, isInUse } of index.adapters) {
    if (!isInUse || standard <= after) continue
    majorsOf.set(standard, (majorsOf.get(standard) ?? new Set()).add(major))
  }
  const all = [...majorsOf.keys()].sort()
  const page = all.slice(0, limit)
  const coverage: StandardCoverage[] = []
  for (const standard of page) {
    coverage.push(...(await coverageOfMajors(hub, index, { standard, majors: majorsOf.get(standard) ?? new Set() })))
    // Compiling the adapters of one is work enough before other calls have their turn.
    await turn()
  }
  return { coverage, next: all.length > limit ? page.at(-1) : undefined }
}

async function coverageOfMajors(
  hub: Hub,
  index: CatalogueIndex,
  { standard, majors }: { readonly standard: string; readonly majors: ReadonlySet<number> },
): Promise<StandardCoverage[]> {
  const published = index.versionsOf.get(standard) ?? []
  const versions = [...majors]
    .toSorted((one, other) => one - other)
    .map(major => newest(published.filter(({ version }) => majorOf(version) === major)))
    .filter(row => row !== undefined)
  const matrices: StandardCoverage[] = []
  for (const document of await readStandardDocuments(hub.store.read, versions)) {
    const read = readStandard(document)
    const rows = index.adapters.filter(row => row.isInUse && row.standard === standard && row.major === read.major)
    matrices.push(coverageOf(read, await usable(hub, rows)))
  }
  return matrices
}

/** An adapter that what was published since has made unusable fills nothing. */
async function usable(hub: Hub, rows: readonly { readonly adapter: string }[]): Promise<Adapter[]> {
  const adapters: Adapter[] = []
  for (const { adapter } of rows) {
    try {
      adapters.push(await hub.published.adapter(adapter))
    } catch (error) {
      if (!(error instanceof HubError) || error.code !== 'adapter-invalid') throw error
    }
  }
  return adapters
}
