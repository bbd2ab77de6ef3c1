/**
 * Publishes code lists: as drafts, which may be replaced and deleted, and as versions, which are immutable.
 *
 * A change that would break the standards which draw from the list is refused: whoever has a record, or reads one, has
 * agreed to a major of the standard, and the list is changed behind it.
 */
import {
  codeListVerdict,
  compareCodeLists,
  type CodeListChange,
  type CodeListVerdict,
} from '../catalogue/code-list-change.ts'
import { numberFault } from '../catalogue/compare/number.ts'
import { HubError } from '../errors.ts'
import type { CodeList } from '../code-list.ts'
import type { Version } from '../standard.ts'
import { deleteCodeListDraft, readCodeListVersion, readCodeListVersions, writeCodeList } from '../store/code-lists.ts'
import { readEndingMajors } from '../store/majors.ts'
import type { Session } from '../store/session.ts'
import { readDrawing } from '../store/standard-summaries.ts'
import { checkCodeList } from '../validate/code-list.ts'
import { newest } from '../versions.ts'
import { change, type By, type Hub } from './hub.ts'
import { draftEntry, isSame, published, requireDraft, requireSame, unchanged, type Publication } from './publication.ts'
import { requireListOwner } from './list-owner.ts'
import type { Publishing } from './publish.ts'

export type CodeListComparison = CodeListChange & {
  readonly codeList: string
  readonly from: Version
  readonly to: Version
  readonly verdict: CodeListVerdict
}

export type CodeListPublication = Publication & { readonly comparison?: CodeListComparison; readonly fault?: string }

/**
 * @throws {HubError} `code-list-invalid`, `owner-only`, `version-published`; and unless it is a draft `version-unfit` with the comparison,
 *   `code-list-in-use`, `conflict`
 */
export async function publishCodeList(
  hub: Hub,
  by: By,
  input: unknown,
  { isDraft = false, isDryRun = false }: Omit<Publishing, 'beside'> = {},
): Promise<CodeListPublication> {
  const document = checkCodeList(input)
  const { id, version } = document
  const stored = await readCodeListVersion(hub.store.read, id, version)
  const owner = await requireListOwner(hub.store.read, by, id, stored)
  if (stored?.status === 'published') requireSame(document, stored.document, document)
  if (stored?.status === 'published') return unchanged(hub, by, document, { kind: 'code-list' })

  const before = await newestList(hub.store.read, id)
  const comparison = before && compareLists(before, document)
  const fault = comparison && numberFault(comparison.from, version, comparison.verdict)
  const found = { id, version, ...(comparison && { comparison }) }
  const isKept = isDraft && stored !== undefined && isSame(stored.document, document)
  if (isKept) {
    const same = await unchanged(hub, by, document, { kind: 'code-list' })
    return { ...found, ...same, ...(fault !== undefined && { fault }) }
  }
  if (isDraft) {
    if (!isDryRun) await keepDraft(hub, by, document, owner)
    return { ...found, outcome: isDryRun ? 'would draft' : 'draft', ...(fault !== undefined && { fault }) }
  }

  if (fault !== undefined) throw new HubError('version-unfit', fault, { members: { comparison } })
  if (comparison?.verdict === 'major') await requireUnused(hub.store.read, comparison)
  // Last: on another day, too, what breaks standards would be refused.
  requireNearDay(document, hub.clock())
  if (before !== undefined) requireLaterDay(before, document)
  if (isDryRun) return { ...found, outcome: 'would publish' }
  const result = await change(hub, by, async tx => {
    // Somebody else may have published meanwhile, the list or a standard that draws from it.
    if (newest(await readCodeListVersions(tx, id))?.version !== before?.version) throw goneMeanwhile(id)
    if (comparison?.verdict === 'major') await requireUnused(tx, comparison)
    await writeCodeList(tx, { document, status: 'published', at: hub.clock().toISOString(), owner })
    return published({ id, version }, { kind: 'code-list' })
  })
  return { ...found, ...result }
}

/**
 * Publishes a draft as it stands.
 *
 * @throws {HubError} `code-list-unknown` where there is none, and what {@link publishCodeList} throws
 */
export async function publishCodeListDraft(
  hub: Hub,
  by: By,
  id: string,
  version: Version,
): Promise<CodeListPublication> {
  const stored = await readCodeListVersion(hub.store.read, id, version)
  if (stored === undefined) requireDraft({ id, version }, undefined, 'code-list-unknown')
  return publishCodeList(hub, by, stored?.document)
}

/** @throws {HubError} `code-list-unknown`, `owner-only`, `version-published`, `conflict` */
export async function deleteDraftOfCodeList(hub: Hub, by: By, id: string, version: Version): Promise<void> {
  const stored = await readCodeListVersion(hub.store.read, id, version)
  requireDraft({ id, version }, stored?.status, 'code-list-unknown')
  await requireListOwner(hub.store.read, by, id, stored)
  await change(hub, by, async tx => {
    if ((await deleteCodeListDraft(tx, id, version)) === 0) throw goneMeanwhile(id)
    return { result: undefined, entry: draftEntry({ id, version }, 'code-list', 'delete-draft') }
  })
}

export function compareLists(before: CodeList, after: CodeList): CodeListComparison {
  const verdict = codeListVerdict(before, after)
  return { codeList: after.id, from: before.version, to: after.version, verdict, ...compareCodeLists(before, after) }
}

async function newestList(session: Session, id: string): Promise<CodeList | undefined> {
  const last = newest(await readCodeListVersions(session, id))
  return last && (await readCodeListVersion(session, id, last.version))?.document
}

/** How far ahead the day of a version may lie: a budget and a legislative year. */
const yearsAhead = 2

/** A day that nobody lives to see would keep all later versions out. @throws {HubError} `code-list-invalid` */
function requireNearDay({ effectiveFrom = '' }: CodeList, now: Date): void {
  const last = new Date(now)
  last.setUTCFullYear(last.getUTCFullYear() + yearsAhead)
  const lastDay = last.toISOString().slice(0, 10)
  if (effectiveFrom <= lastDay) return
  const message = `is after ${lastDay}, ${yearsAhead} years from now`
  const issues = [{ pointer: '/effectiveFrom', code: 'day-late', message }]
  const detail = `Give ${lastDay} or an earlier day as \`effectiveFrom\`, or keep the version as a draft until then.`
  throw new HubError('code-list-invalid', detail, { issues })
}

/** Else a version would come into use, by its number, before the one that it follows. @throws {HubError} `code-list-invalid` */
function requireLaterDay(before: CodeList, { effectiveFrom = '' }: CodeList): void {
  if (before.effectiveFrom === undefined || effectiveFrom >= before.effectiveFrom) return
  const message = `is before ${before.effectiveFrom}, from which on ${before.version} is in use`
  const issues = [{ pointer: '/effectiveFrom', code: 'day-early', message }]
  const { id, version, effectiveFrom: day } = before
  const detail = `Give the version ${day} or a later day as \`effectiveFrom\`: the version before it comes into use then. Before that day it may also be withdrawn: \`concord codes withdraw ${id} ${version}\`.`
  throw new HubError('code-list-invalid', detail, { issues })
}

/** @throws {HubError} `code-list-in-use` */
async function requireUnused(session: Session, comparison: CodeListComparison): Promise<void> {
  const { codeList, removed, added } = comparison
  const ended = (await readEndingMajors(session)).filter(({ status }) => status === 'retired')
  const drawing = (await readDrawing(session, codeList)).filter(
    ({ standard, major }) => !ended.some(row => row.standard === standard && row.major === major),
  )
  if (drawing.length === 0) return
  const named = drawing.map(({ standard, major }) => `${standard} ${major}`).join(', ')
  const detail = [
    `${named} ${drawing.length === 1 ? 'draws' : 'draw'} from ${codeList}.`,
    ...(removed.length > 0 ? ['End a code with `to` instead of removing it.'] : []),
    ...(added.length > 0 || removed.length === 0
      ? [
          'A closed list that must grow or be opened is a new list under a new id, taken up in a new major of the standard.',
        ]
      : []),
  ].join(' ')
  throw new HubError('code-list-in-use', detail, { members: { comparison } })
}

async function keepDraft(hub: Hub, by: By, document: CodeList, owner: string | null): Promise<void> {
  await change(hub, by, async tx => {
    const { id, version } = document
    const stored = await readCodeListVersion(tx, id, version)
    if (stored?.status === 'published') throw goneMeanwhile(id)
    await requireListOwner(tx, by, id, stored)
    await writeCodeList(tx, { document, status: 'draft', at: hub.clock().toISOString(), owner })
    return { result: undefined, entry: draftEntry(document, 'code-list', 'draft') }
  })
}

function goneMeanwhile(id: string): HubError {
  return new HubError('conflict', `Another version of ${id} was published, or deleted, at the same time: look again.`)
}
