/**
 * Publishes standards: as drafts, which may be replaced and deleted, and as versions, which are immutable.
 *
 * A version is published only where its number fits what it changes, where a new major says how it is converted, and
 * where every adapter in use goes on giving what its cases expect.
 */
import type { Comparison } from '../catalogue/compare/compare.ts'
import { typesOf } from '../catalogue/types.ts'
import { HubError } from '../errors.ts'
import { majorOf, readStandard, type Standard, type StandardDocument, type Version } from '../standard.ts'
import type { Transaction } from '../store/connection.ts'
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
import { isDepartment, listsOf, nothingBeside, type Beside } from './beside.ts'
import { beginTermBuilds } from './build-terms.ts'
import { casesAgainst } from './cases.ts'
import { checkConversion } from './conversion-check.ts'
import { isRetired } from './ending.ts'
import { change, type By, type Hub } from './hub.ts'
import { requireFit, stepTo, versionBefore, type Step } from './line.ts'
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
export type StandardPublication = Publication & { readonly comparison?: Comparison; readonly fault?: string }

/**
 * @throws {HubError} `standard-invalid`, `owner-only`, `department-unknown`, `version-published`; and unless it is a draft
 *   `version-unfit` with the comparison, `major-state`, `adapter-broken`, `conflict`
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
  requireOwners(by, [owner, stored?.document.standard.owner, await ownerNow(hub, id)])
  if (stored?.status === 'published') requireSame(document.standard, stored.document, document)
  if (isUnchanged(stored, document, isDraft)) {
    return unchanged(hub, by, document.standard, { standard: id, kind: 'standard' })
  }

  if (!(await isDepartment(hub, owner, beside))) {
    throw new HubError('department-unknown', `The standard ${id} is owned by ${owner}, which is no department here.`)
  }
  await requireAuthorities(document, department => isDepartment(hub, department, beside))
  compileValidator(readStandard(document), await listsOf(hub, codeListsNamedIn(document), beside))
  const step = await stepTo(hub, document, beside)
  const { comparison, fault } = step
  const found = { id, version, ...(comparison && { comparison }) }
  if (isDraft) {
    if (!isDryRun) await keepDraft(hub, by, document)
    return { ...found, outcome: isDryRun ? 'would draft' : 'draft', ...(fault !== undefined && { fault }) }
  }

  await requirePublishable(hub, document, step)
  if (isDryRun) return { ...found, outcome: 'would publish' }
  const types = await typesOf(document)
  const result = await change(hub, by, async tx => {
    await requireSameStep(tx, document, step)
    const at = hub.clock().toISOString()
    const text = comparison && JSON.stringify(comparison)
    await writeStandard(tx, { document, types, status: 'published', at, comparison: text })
    await noticePublished(tx, { standard: id, version, at })
    const before = await ofSameMajor(tx, document, step)
    await beginTermBuilds(tx, before, { after: readStandard(document), at })
    return published({ id, version }, { standard: id, kind: 'standard' })
  })
  return { ...found, ...result }
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
  requireOwners(by, [stored?.document.standard.owner, await ownerNow(hub, id)])
  await change(hub, by, async tx => {
    const deleted = await deleteDraft(tx, id, version)
    if (deleted === 0) throw goneMeanwhile(id)
    return { result: undefined, entry: draftEntry({ id, version }, 'standard', 'delete-draft') }
  })
}

/** Who owns the standard, by its newest version. */
async function ownerNow(hub: Hub, id: string): Promise<string | undefined> {
  const last = newest(await readPublishedVersions(hub.store.read, id))
  const stored = last && (await readStandardDocument(hub.store.read, id, last.version))
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
    if ((await readStandardDocument(tx, id, version))?.status === 'published') throw goneMeanwhile(id)
    await writeStandard(tx, { document, types, status: 'draft', at: hub.clock().toISOString() })
    return { result: undefined, entry: draftEntry({ id, version }, 'standard', 'draft') }
  })
}

/** @throws {HubError} `major-state`, `version-unfit`, `standard-invalid`, `adapter-broken` */
async function requirePublishable(hub: Hub, document: StandardDocument, step: Step): Promise<void> {
  const { id, version } = document.standard
  await requireServedMajor(hub, id, version)
  requireFit(step)
  const { issues, witness } = await checkConversion(hub, document)
  if (issues.length > 0) {
    const detail = `${id} ${version} does not say as it should how records become those of an older major that is served: mend \`conversion\` as the issues say.`
    throw new HubError('standard-invalid', detail, { issues, members: witness === undefined ? {} : { witness } })
  }
  const broken = await casesAgainst(hub, readStandard(document))
  if (broken.length > 0) {
    const detail = `Adapters in use would not do what they do now if ${id} ${version} were published: the issues name adapter, case and field. Publish versions of them that suit both, or change the standard.`
    throw new HubError('adapter-broken', detail, { issues: broken })
  }
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
  const before = versionBefore(await readPublishedVersions(tx, id), version)
  if (before !== from) throw goneMeanwhile(id)
}

function goneMeanwhile(id: string): HubError {
  return new HubError('conflict', `Another version of ${id} was published, or deleted, at the same time: look again.`)
}
