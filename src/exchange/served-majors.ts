/** Which majors of each standard are served: published, and not retired. */
import { majorOf, type Version } from '../standard.ts'
import type { CatalogueIndex } from '../store/catalogue.ts'
import { compareVersions } from '../versions.ts'
import { endingOf } from './ending.ts'

export type ServedMajor = {
  readonly major: number
  /** Its newest. */
  readonly version: Version
  readonly publishedAt: string
  readonly status: 'published' | 'deprecated'
}

export type ServedStandard = {
  readonly standard: string
  /** When its first version was published. */
  readonly issued: string
  /** The newest last; at least one. */
  readonly majors: readonly ServedMajor[]
}

/** Standards of which a major is served, by id, in the order of their ids. Made once for each state of the catalogue. */
export function servedStandards(index: CatalogueIndex): ReadonlyMap<string, ServedStandard> {
  let served = byIndex.get(index)
  if (served === undefined) byIndex.set(index, (served = servedBy(index)))
  return served
}

const byIndex = new WeakMap<CatalogueIndex, ReadonlyMap<string, ServedStandard>>()

function servedBy(index: CatalogueIndex): ReadonlyMap<string, ServedStandard> {
  const issued = new Map<string, string>()
  const newest = new Map<string, Map<number, ServedMajor>>()
  for (const { standard, version, publishedAt } of index.standards) {
    const first = issued.get(standard)
    if (first === undefined || publishedAt < first) issued.set(standard, publishedAt)
    const major = majorOf(version)
    const status = endingOf(index, standard, major)?.status ?? 'published'
    if (status === 'retired') continue
    const majors = newest.get(standard) ?? new Map<number, ServedMajor>()
    const known = majors.get(major)
    if (known === undefined || compareVersions(version, known.version) > 0) {
      majors.set(major, { major, version, publishedAt, status })
    }
    newest.set(standard, majors)
  }
  return new Map(
    [...newest]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([standard, majors]) => [
        standard,
        {
          standard,
          issued: issued.get(standard) ?? '',
          majors: [...majors.values()].toSorted((a, b) => a.major - b.major),
        },
      ]),
  )
}
