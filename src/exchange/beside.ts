/**
 * What is taken as published although it is not: by a dry run, the documents of the same call that would be published
 * before; by a draft, the code lists that are drafts themselves.
 */
import type { Catalogue } from '../map/adapter.ts'
import { codesNamedIn } from '../map/named-codes.ts'
import type { CodeList, Crosswalk } from '../code-list.ts'
import { majorOf, readStandard, type StandardDocument } from '../standard.ts'
import { readNewestOrDraft } from '../store/code-lists.ts'
import { codeListsNamedIn } from '../validate/named-code-lists.ts'
import { newest } from '../versions.ts'
import type { Hub } from './hub.ts'

export type Beside = {
  readonly departments: ReadonlySet<string>
  readonly codeLists: ReadonlyMap<string, CodeList>
  readonly crosswalks: ReadonlyMap<string, Crosswalk>
  readonly standards: readonly StandardDocument[]
}

export const nothingBeside: Beside = {
  departments: new Set(),
  codeLists: new Map(),
  crosswalks: new Map(),
  standards: [],
}

/** The code lists that are named: those beside, and else as they are in use. */
export async function listsOf(
  hub: Hub,
  named: Iterable<string>,
  { codeLists }: Beside,
): Promise<(id: string) => CodeList | undefined> {
  const published = await hub.published.codeLists(named)
  return id => codeLists.get(id) ?? published(id)
}

/**
 * Code lists that are named, and of which there is no version in use, by their newest version or draft: a draft may draw
 * from what is not published yet.
 */
export async function withDraftLists(hub: Hub, named: Iterable<string>, beside: Beside): Promise<Beside> {
  const lists = await listsOf(hub, named, beside)
  const codeLists = new Map(beside.codeLists)
  for (const id of new Set(named)) {
    const draft = lists(id) === undefined ? await readNewestOrDraft(hub.store.read, id) : undefined
    if (draft !== undefined) codeLists.set(id, draft)
  }
  return { ...beside, codeLists }
}

export async function isDepartment(hub: Hub, id: string, { departments }: Beside): Promise<boolean> {
  const { index } = await hub.published.configuration()
  return departments.has(id) || index.departments.some(department => department.id === id)
}

/** What an adapter's document is compiled by, what stands beside it included. */
export async function catalogueWith(hub: Hub, document: unknown, beside: Beside): Promise<Catalogue> {
  const published = await hub.published.catalogue(document)
  const standards = beside.standards.map(readStandard)
  const named = [...codesNamedIn(document).lists, ...beside.standards.flatMap(codeListsNamedIn)]
  const lists = await listsOf(hub, named, beside)
  return {
    standard: (id, major) =>
      newest(standards.filter(own => own.id === id && majorOf(own.version) === major)) ?? published.standard(id, major),
    codeList: id => lists(id) ?? published.codeList(id),
    crosswalk: id => beside.crosswalks.get(id) ?? published.crosswalk?.(id),
  }
}
