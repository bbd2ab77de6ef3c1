/** Code lists as the catalogue shows them: which there are, in which versions, and from which day each is in use. */
import { HubError } from '../errors.ts'
import type { Titles } from '../record.ts'
import type { CodeList } from '../code-list.ts'
import type { Version } from '../standard.ts'
import { readCodeListDocument, readCodeListDrafts, readCodeListVersion } from '../store/code-lists.ts'
import type { VersionStatus } from '../store/standards.ts'
import { compareVersions } from '../versions.ts'
import type { CatalogueIndex } from '../store/catalogue.ts'
import type { Hub } from './hub.ts'
import { listsInUse } from './list-in-use.ts'
import { compareLists, type CodeListComparison } from './publish-code-list.ts'

export type CodeListVersion = {
  readonly version: Version
  readonly publishedAt: string
  /** The first day on which it is in use; null where that was at once. */
  readonly effectiveFrom: string | null
}

export type ListedCodeList = {
  readonly id: string
  /** The version in use today; null where the day of the first has not come. */
  readonly version: Version | null
  readonly titles: Titles
  readonly closed: boolean
  readonly edition?: string
  readonly codes: number
  /** All that are published, oldest first. */
  readonly versions: readonly CodeListVersion[]
}

/** Lists by id, and where the next page begins; only the lists of the page are read. */
export async function listCodeLists(
  hub: Hub,
  { after = '', limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<{ codeLists: ListedCodeList[]; next: string | undefined }> {
  const { index, listsInUse } = await hub.published.configuration()
  const ids = [...new Set(index.codeLists.map(({ id }) => id))].filter(id => id > after).toSorted()
  const page = ids.slice(0, limit)
  const codeLists = await Promise.all(
    page.map(async id => {
      const versions = versionsIn(index, id)
      const version = listsInUse.get(id) ?? null
      const { titles, closed, edition, codes } = await shownList(hub, id, version ?? versions.at(-1)?.version)
      return {
        id,
        version,
        titles,
        closed,
        ...(edition !== undefined && { edition }),
        codes: codes.length,
        versions,
      }
    }),
  )
  return { codeLists, next: ids.length > limit ? page.at(-1) : undefined }
}

/**
 * A list by the version in use on a day, also of one to come; before the first day of all by the one in use today.
 *
 * @param day YYYY-MM-DD
 */
export async function codeListOn(hub: Hub, id: string, day: string): Promise<CodeList | undefined> {
  const { index, listsInUse: today } = await hub.published.configuration()
  const then = listsInUse(
    index.codeLists.filter(row => row.id === id),
    day,
  )
  const version = then.get(id) ?? today.get(id)
  return version === undefined ? undefined : readCodeListDocument(hub.store.read, id, version)
}

/** The numbers of a list's drafts, oldest first: for whoever works at the machine. */
export async function codeListDrafts(hub: Hub, id: string): Promise<Version[]> {
  return (await readCodeListDrafts(hub.store.read, id)).toSorted(compareVersions)
}

/** The published versions of a list, oldest first. @throws {HubError} `code-list-unknown` */
export async function codeListVersions(hub: Hub, id: string): Promise<CodeListVersion[]> {
  const { index } = await hub.published.configuration()
  const versions = versionsIn(index, id)
  if (versions.length > 0) return versions
  throw new HubError(
    'code-list-unknown',
    `There is no code list ${id}: \`GET /v1/code-lists\` shows those that there are.`,
  )
}

/**
 * A version by its number, also a draft.
 *
 * @throws {HubError} `code-list-unknown`
 */
export async function showCodeListVersion(
  hub: Hub,
  id: string,
  version: Version,
): Promise<{ readonly document: CodeList; readonly status: VersionStatus }> {
  const stored = await readCodeListVersion(hub.store.read, id, version)
  if (stored !== undefined) return stored
  throw new HubError('code-list-unknown', `The code list ${id} is not published as ${version}.`)
}

/** What changes from one version to another, drafts too. @throws {HubError} `code-list-unknown` */
export async function compareCodeListVersions(
  hub: Hub,
  { id, from, to }: { readonly id: string; readonly from: Version; readonly to: Version },
): Promise<CodeListComparison> {
  const before = await showCodeListVersion(hub, id, from)
  const after = await showCodeListVersion(hub, id, to)
  return compareLists(before.document, after.document)
}

function versionsIn({ codeLists }: CatalogueIndex, id: string): CodeListVersion[] {
  return codeLists
    .filter(row => row.id === id)
    .map(({ version, publishedAt, effectiveFrom }) => ({ version, publishedAt, effectiveFrom }))
    .sort((a, b) => compareVersions(a.version, b.version))
}

async function shownList(hub: Hub, id: string, version: Version | undefined): Promise<CodeList> {
  const list = version && (await readCodeListDocument(hub.store.read, id, version))
  if (!list) throw new Error('bug: a published code list has no document')
  return list
}
