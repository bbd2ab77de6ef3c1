/** The matrix of coverage of what is published: by the adapters in use. */
import { coverageOf, type StandardCoverage } from '../catalogue/coverage.ts'
import { HubError } from '../errors.ts'
import type { Adapter } from '../map/adapter.ts'
import type { Hub } from './hub.ts'

/**
 * One row of matrices for each major of a standard, the oldest first; of all standards, those that an adapter maps to.
 *
 * @throws {HubError} `standard-unknown`
 */
export async function readCoverage(hub: Hub, standard?: string): Promise<StandardCoverage[]> {
  const { index } = await hub.published.configuration()
  const used = index.adapters.filter(row => row.isInUse && (standard === undefined || row.standard === standard))
  const majors = new Map(used.map(row => [`${row.standard}@${row.major}`, { id: row.standard, major: row.major }]))
  if (standard !== undefined) {
    for (const { version } of await versionsOf(hub, standard)) {
      const major = Number.parseInt(version, 10)
      majors.set(`${standard}@${major}`, { id: standard, major })
    }
  }
  const sorted = [...majors.values()].toSorted((a, b) => (a.id === b.id ? a.major - b.major : a.id < b.id ? -1 : 1))
  const matrices: StandardCoverage[] = []
  for (const { id, major } of sorted) {
    const { standard: compiled } = await hub.published.standard(id, major)
    const rows = used.filter(row => row.standard === id && row.major === major)
    matrices.push(coverageOf(compiled, await usable(hub, rows)))
  }
  return matrices
}

async function versionsOf(hub: Hub, standard: string) {
  const { index } = await hub.published.configuration()
  const versions = index.versionsOf.get(standard)
  if (versions !== undefined) return versions
  throw new HubError('standard-unknown', `The standard ${standard} is not published.`)
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
