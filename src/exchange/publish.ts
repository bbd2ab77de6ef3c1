/**
 * Publishes standards: as drafts, which may be replaced and deleted, and as versions, which are immutable.
 *
 * A version is published only where its number fits what it changes, where a new major says how it is converted, and
 * where every adapter in use goes on giving what its cases expect.
 */
import type { Comparison } from '../catalogue/compare/compare.ts'
import { opennessNote } from '../catalogue/openness.ts'
import { typesOf } from '../catalogue/types.ts'
import { HubError } from '../errors.ts'
import { majorOf, readStandard, type Standard, type StandardDocument, type Version } from '../standard.ts'
import type { Transaction } from '../store/connection.ts'
import type { Session } from '../store/session.ts'
import {
  deleteDraft,
  readPublishedVersions,
  readStandardDocument,
  writeStandard,
  type StoredStandard,
} from '../store/standards.ts'
import { codeListsNamedIn } from '../validate/named-code-lists.ts'
import { checkStandardDocument } from '../validate/standard-document.ts'
import { compileValidator } from '../validate/validator.ts'
import { newest } from '../versions.ts'
import { isDepartment, listsOf, nothingBeside, withDraftLists, type Beside } from './beside.ts'
import { beginTermBuilds } from './build-terms.ts'
import { casesAgainst } from './cases.ts'
import { checkConversion } from './conversion-check.ts'
import { isRetired } from './ending.ts'
import { change, type By, type Hub } from './hub.ts'
import { requireLastingLists } from './lasting-lists.ts'
import { firstFault, requireFit, stepTo, versionBefore, type Step } from './line.ts'
import { noticePublished } from './notices.ts'
import {
  draftEntry,
  isSame,
  published,
  requireDraft,
  requireOwners,
  requireSame,
  unchanged,
  type Publication,
} from './publication.ts'
import { requireAuthorities } from './publish-authorities.ts'

/** How a document is to be published; published for good where nothing is said. */
export type Publishing = {
  readonly isDraft?: boolean
  /** Finds out what would come of it, and writes nothing. */
  readonly isDryRun?: boolean
  readonly beside?: Beside
}

/** What it changes; of a draft or a dry run also why its number does not fit, if it does not. */
export type StandardPublication = Publication & {
  readonly comparison?: Comparison
  readonly fault?: string
  /** What may not be as it was meant, and is no reason to refuse it. */
  readonly notes?: readonly string[]
}

/**
 * @throws {HubError} `standard-invalid`, `owner-only`, `department-unknown`, `version-published`; and unless it is a draft
 *   `version-unfit` with the comparison, `major-state`, `adapter-broken`, `code-list-in-use`, `conflict`
 */
export async function publishStandard(
  hub: Hub,
  by: By,
  input: unknown,
  { isDraft = false, isDryRun = false, beside = nothingBeside }: Publishing = {},
): Promise<StandardPublication> {
  const document = checkStandardDocument(input)
  const { id, version, owner } = document.standard
  const stored = await readStandardDocument(hub.store.read, id, version)
  requireOwners(by, [owner, await decidingOwner(hub.store.read, id, stored)])
  if (stored?.status === 'published') requireSame(document.standard, stored.document, document)
  if (isUnchanged(stored, document, isDraft)) {
    const same = await unchanged(hub, by, document.standard, { standard: id, kind: 'standard' })
    // A draft that does not fit stays so, until it is mended or what it follows has changed.
    const fault = isDraft && stored?.status === 'draft' ? (await stepTo(hub, document, beside)).fault : undefined
    return { ...same, ...(fault !== undefined && { fault }) }
  }

  if (!(await isDepartment(hub, owner, beside))) {
    throw new HubError('department-unknown', `The standard ${id} is owned by ${owner}, which is no department here.`)
  }
  await requireAuthorities(document, department => isDepartment(hub, department, beside))
  const named = codeListsNamedIn(document)
  const around = isDraft ? await withDraftLists(hub, named, beside) : beside
  compileValidator(readStandard(document), await listsOf(hub, named, around))
  const step = await stepTo(hub, document, around)
  const { comparison, fault } = step
  const note = opennessNote(readStandard(document))
  const found = { id, version, ...(comparison && { comparison }), ...(note !== undefined && { notes: [note] }) }
  if (isDraft) {
    if (!isDryRun) await keepDraft(hub, by, document)
    return { ...found, outcome: isDryRun ? 'would draft' : 'draft', ...(fault !== undefined && { fault }) }
  }

  const notes = [...(note === undefined ? [] : [note]), ...(await requirePublishable(hub, by, document, step))]
  const said = { ...found, ...(notes.length > 0 && { notes }) }
  const lists = await listsOf(hub, named, beside)
  await requireLastingLists(hub, hub.store.read, named)
  if (isDryRun) return { ...said, outcome: 'would publish' }
  const types = await typesOf(document)
  const result = await change(hub, by, async tx => {
    await requireSameStep(tx, document, step)
    await requireLastingLists(hub, tx, named, lists)
    const at = hub.clock().toISOString()
    const text = comparison && JSON.stringify(comparison)
    await writeStandard(tx, { document, types, status: 'published', at, comparison: text })
    await noticePublished(tx, { standard: id, version, at })
    const before = await ofSameMajor(tx, document, step)
    await beginTermBuilds(tx, before, { after: readStandard(document), at })
    return published({ id, version }, { standard: id, kind: 'standard' })
  })
  return { ...said, ...result }
}

/**
 * Publishes a draft as it stands.
 *
 * @throws {HubError} `standard-unknown` where there is none, and what {@link publishStandard} throws
 */
export async function publishDraft(hub: Hub, by: By, id: string, version: Version): Promise<StandardPublication> {
  const stored = await readStandardDocument(hub.store.read, id, version)
  if (stored === undefined) requireDraft({ id, version }, undefined, 'standard-unknown')
  return publishStandard(hub, by, stored?.document)
}

/** @throws {HubError} `standard-unknown`, `version-published`, `owner-only` */
export async function deleteStandardDraft(hub: Hub, by: By, id: string, version: Version): Promise<void> {
  const stored = await readStandardDocument(hub.store.read, id, version)
  requireDraft({ id, version }, stored?.status, 'standard-unknown')
  requireOwners(by, [await decidingOwner(hub.store.read, id, stored)])
  await change(hub, by, async tx => {
    const deleted = await deleteDraft(tx, id, version)
    if (deleted === 0) throw goneMeanwhile(id)
    return { result: undefined, entry: draftEntry({ id, version }, 'standard', 'delete-draft') }
  })
}

/**
 * Who decides on a version beside the owner that it names: who owns the standard, by its newest version. Before there is
 * one, each department decides on its own drafts; afterwards those of others are the owner's too.
 */
async function decidingOwner(
  session: Session,
  id: string,
  draft: StoredStandard | undefined,
): Promise<string | undefined> {
  const last = newest(await readPublishedVersions(session, id))
  const stored = last === undefined ? draft : await readStandardDocument(session, id, last.version)
  return stored?.document.standard.owner
}

/** A draft of the same content is still to be published, and no draft is to be made of what is published. */
function isUnchanged(stored: StoredStandard | undefined, document: StandardDocument, isDraft: boolean): boolean {
  if (stored?.status === 'published') return true
  return isDraft && stored !== undefined && isSame(stored.document, document)
}

async function keepDraft(hub: Hub, by: By, document: StandardDocument): Promise<void> {
  const types = await typesOf(document)
  await change(hub, by, async tx => {
    const { id, version } = document.standard
    const stored = await readStandardDocument(tx, id, version)
    if (stored?.status === 'published') throw goneMeanwhile(id)
    requireOwners(by, [await decidingOwner(tx, id, stored)])
    await writeStandard(tx, { document, types, status: 'draft', at: hub.clock().toISOString() })
    return { result: undefined, entry: draftEntry({ id, version }, 'standard', 'draft') }
  })
}

/**
 * Gives what the conversion holds back.
 *
 * @throws {HubError} `major-state`, `version-unfit`, `standard-invalid`, `adapter-broken`
 */
async function requirePublishable(
  hub: Hub,
  by: By,
  document: StandardDocument,
  step: Step,
): Promise<readonly string[]> {
  const { id, version } = document.standard
  await requireServedMajor(hub, id, version)
  requireFit(step)
  const { issues, witness, notes = [] } = await checkConversion(hub, by, document)
  if (issues.length > 0) {
    const detail = `${id} ${version} does not say as it should how records become those of an older major that is served: mend \`conversion\` as the issues say.`
    throw new HubError('standard-invalid', detail, { issues, members: witness === undefined ? {} : { witness } })
  }
  const broken = await casesAgainst(hub, by, readStandard(document))
  if (broken.length > 0) {
    const detail = `Adapters in use would not do what they do now if ${id} ${version} were published: the issues name adapter, case and field. Publish versions of them that suit both, or change the standard.`
    throw new HubError('adapter-broken', detail, { issues: broken })
  }
  return notes
}

/** What is retired is not gone on with. @throws {HubError} `major-state` */
async function requireServedMajor(hub: Hub, id: string, version: Version): Promise<void> {
  const { index } = await hub.published.configuration()
  const major = majorOf(version)
  if (!isRetired(index, { standard: id, major })) return
  throw new HubError('major-state', `Major ${major} of ${id} is retired: publish in a later one.`)
}

/** The version before, of the same major: how records of another are found says nothing of these. */
async function ofSameMajor(
  tx: Transaction,
  { standard }: StandardDocument,
  { from }: Step,
): Promise<Standard | undefined> {
  if (from === undefined || majorOf(from) !== majorOf(standard.version)) return undefined
  const stored = await readStandardDocument(tx, standard.id, from)
  return stored && readStandard(stored.document)
}

/** That what was compared is still what is there: somebody else may have published meanwhile. */
async function requireSameStep(tx: Transaction, { standard }: StandardDocument, { from }: Step): Promise<void> {
  const { id, version } = standard
  const versions = await readPublishedVersions(tx, id)
  if (versionBefore(versions, version) !== from) throw goneMeanwhile(id)
  // Also a later major may have been: what has none before it is compared with none.
  if (from === undefined) requireFit({ from, comparison: undefined, fault: firstFault(versions, version) })
}

function goneMeanwhile(id: string): HubError {
  return new HubError('conflict', `Another version of ${id} was published, or deleted, at the same time: look again.`)
}
