/** The catalogue's listing: searched and in pages, from what is kept of each standard beside its documents. */
import type { StandardDocument, Version } from '../standard.ts'
import { majorOf } from '../standard.ts'
import type { CatalogueIndex } from '../store/catalogue.ts'
import { searchDrafts, searchSummaries, type StandardSummary, type SummarySearch } from '../store/standard-summaries.ts'
import { compareVersions } from '../versions.ts'
import { endingOf } from './ending.ts'
import type { Hub } from './hub.ts'

export const standardStatuses = ['draft', 'published', 'deprecated', 'retired'] as const

/** Of a version: a draft, or what its major is. */
export type StandardStatus = (typeof standardStatuses)[number]

/** A major with what has become of it. Times are RFC 3339 in UTC. */
export type ListedMajor = {
  readonly major: number
  /** Its newest. */
  readonly version: Version
  readonly status: 'published' | 'deprecated' | 'retired'
  /** Of a deprecated one: from then on it may be retired. */
  readonly sunset?: string
}

export type ListedStandard = StandardDocument['standard'] & {
  readonly status: StandardStatus
  /** When the version was published; of a draft there is none. */
  readonly publishedAt?: string
  /** All that are published, oldest first. */
  readonly versions: readonly Version[]
  /** Oldest first. */
  readonly majors: readonly ListedMajor[]
}

export type StandardSearch = Pick<SummarySearch, 'question' | 'owner' | 'after' | 'limit'> & {
  /** Of the newest version; deprecated and retired: of any major. Drafts are listed only where they are asked for. */
  readonly status?: StandardStatus | undefined
}

/** Standards by id, and where the next page begins; undefined on the last one. */
export async function listStandards(
  hub: Hub,
  search: StandardSearch,
): Promise<{ standards: ListedStandard[]; next: string | undefined }> {
  if (search.status === 'draft') return listDrafts(hub, search)
  const { index } = await hub.published.configuration()
  const standards: ListedStandard[] = []
  const among = isEnding(search.status) ? endingIn(index) : undefined
  // One more than asked for: whether there is a next page. Those of another status are passed over.
  let after = search.after ?? ''
  for (;;) {
    const rows = await searchSummaries(hub.store.read, { ...search, among, after, limit: search.limit + 1 })
    for (const row of rows) {
      const status = statusOf(index, row.standard, row.version)
      if (isAsked(index, row.standard, { status, asked: search.status })) standards.push(listed(index, row, status))
      if (standards.length > search.limit) {
        const page = standards.slice(0, search.limit)
        return { standards: page, next: page.at(-1)?.id }
      }
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length <= search.limit) return { standards, next: undefined }
    after = last.standard
  }
}

/** A standard goes on where its newest major does; it is also found by a major of it that ends. */
function isAsked(
  index: CatalogueIndex,
  standard: string,
  { status, asked }: { readonly status: StandardStatus; readonly asked: StandardStatus | undefined },
): boolean {
  if (asked === undefined || status === asked) return true
  return index.majors.some(row => row.standard === standard && row.status === asked)
}

function isEnding(status: StandardStatus | undefined): boolean {
  return status === 'deprecated' || status === 'retired'
}

/** Standards of which a major ends: a few, so that nobody looks through all of them for these. */
function endingIn({ majors }: CatalogueIndex): string[] {
  return [...new Set(majors.map(({ standard }) => standard))]
}

/** What a published version is: its major decides. */
export function statusOf(index: CatalogueIndex, standard: string, version: Version): StandardStatus {
  return endingOf(index, standard, majorOf(version))?.status ?? 'published'
}

export function versionsIn({ versionsOf }: CatalogueIndex, standard: string): Version[] {
  return (versionsOf.get(standard) ?? []).map(({ version }) => version).sort(compareVersions)
}

export function majorsIn(index: CatalogueIndex, standard: string): ListedMajor[] {
  const newestOf = new Map(versionsIn(index, standard).map(version => [majorOf(version), version]))
  return [...newestOf].map(([major, version]) => {
    const ending = endingOf(index, standard, major)
    const sunset = ending?.status === 'deprecated' ? { sunset: ending.sunset } : {}
    return { major, version, status: ending?.status ?? 'published', ...sunset }
  })
}

function listed(index: CatalogueIndex, row: StandardSummary, status: StandardStatus): ListedStandard {
  const { standard, publishedAt } = row
  return { ...row.entry, status, publishedAt, versions: versionsIn(index, standard), majors: majorsIn(index, standard) }
}

/** A standard may have several: a page begins after a draft, not after a standard. */
async function listDrafts(hub: Hub, search: StandardSearch): ReturnType<typeof listStandards> {
  const { index } = await hub.published.configuration()
  const found = await searchDrafts(hub.store.read, { ...search, limit: search.limit + 1 })
  const page = found.slice(0, search.limit)
  const last = page.at(-1)
  return {
    standards: page.map(({ standard, entry }) => ({
      ...entry,
      status: 'draft',
      versions: versionsIn(index, standard),
      majors: majorsIn(index, standard),
    })),
    next: found.length > search.limit && last ? `${last.standard}/${last.version}` : undefined,
  }
}
