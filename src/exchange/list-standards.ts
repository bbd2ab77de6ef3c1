/** The catalogue's listing: searched and in pages, from what is kept of each standard beside its documents. */
import type { StandardDocument, Version } from '../standard.ts'
import { majorOf } from '../standard.ts'
import type { CatalogueIndex } from '../store/catalogue.ts'
import { searchedText, searchedWords } from '../store/searched-text.ts'
import { searchSummaries, type StandardSummary, type SummarySearch } from '../store/standard-summaries.ts'
import { readDrafts } from '../store/standards.ts'
import { compareVersions } from '../versions.ts'
import { endingOf } from './ending.ts'
import type { Hub } from './hub.ts'

export const standardStatuses = ['draft', 'published', 'deprecated', 'retired'] as const

/** Of a version: a draft, or what its major is. */
export type StandardStatus = (typeof standardStatuses)[number]

export type ListedStandard = StandardDocument['standard'] & {
  readonly status: StandardStatus
  /** When the version was published; of a draft there is none. */
  readonly publishedAt?: string
  /** All that are published, oldest first. */
  readonly versions: readonly Version[]
}

export type StandardSearch = Pick<SummarySearch, 'question' | 'owner' | 'after' | 'limit'> & {
  /** Of the newest version. Drafts are listed only where they are asked for. */
  readonly status?: StandardStatus | undefined
}

/** Standards by id, and where the next page begins; undefined on the last one. */
export async function listStandards(
  hub: Hub,
  search: StandardSearch,
): Promise<{ standards: ListedStandard[]; next: string | undefined }> {
  if (search.status === 'draft') return { standards: await listDrafts(hub, search), next: undefined }
  const { index } = await hub.published.configuration()
  const standards: ListedStandard[] = []
  const among = isEnding(search.status) ? endingIn(index) : undefined
  // One more than asked for: whether there is a next page. Those of another status are passed over.
  let after = search.after ?? ''
  for (;;) {
    const rows = await searchSummaries(hub.store.read, { ...search, among, after, limit: search.limit + 1 })
    for (const row of rows) {
      const status = statusOf(index, row.standard, row.version)
      if (search.status === undefined || status === search.status) standards.push(listed(index, row, status))
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

function listed(index: CatalogueIndex, row: StandardSummary, status: StandardStatus): ListedStandard {
  return { ...row.entry, status, publishedAt: row.publishedAt, versions: versionsIn(index, row.standard) }
}

/** There are few: what stewards are at work on. */
async function listDrafts(hub: Hub, { question = '', owner, after = '' }: StandardSearch): Promise<ListedStandard[]> {
  const { index } = await hub.published.configuration()
  const words = searchedWords(question)
  return (await readDrafts(hub.store.read))
    .filter(({ standard, document }) => standard > after && (owner === undefined || document.standard.owner === owner))
    .filter(({ document }) => words.every(word => searchedText(document).includes(word)))
    .map(({ standard, document }) => ({
      ...document.standard,
      status: 'draft',
      versions: versionsIn(index, standard),
    }))
}
