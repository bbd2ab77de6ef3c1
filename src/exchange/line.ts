/**
 * The step from the version before to a new one: what it changes, and whether its number fits that.
 *
 * The version before is the newest published one of the same major; of a new major, the newest of the major before.
 */
import { undecidedComparison, type Comparison } from '../catalogue/compare/compare.ts'
import { numberFault } from '../catalogue/compare/number.ts'
import { HubError } from '../errors.ts'
import { majorOf, type StandardDocument, type Version } from '../standard.ts'
import { readPublishedVersions, readStandardDocument } from '../store/standards.ts'
import type { Session } from '../store/session.ts'
import { codeListsNamedIn } from '../validate/named-code-lists.ts'
import { compareVersions, newest } from '../versions.ts'
import { listsFor } from './apart-task.ts'
import { listsOf, nothingBeside, type Beside } from './beside.ts'
import type { Hub } from './hub.ts'

export type Step = {
  /** The version before; undefined of the first one. */
  readonly from: Version | undefined
  readonly comparison: Comparison | undefined
  /** Why the number does not fit, and which would. */
  readonly fault: string | undefined
}

export async function stepTo(hub: Hub, document: StandardDocument, beside: Beside = nothingBeside): Promise<Step> {
  const { id, version } = document.standard
  const versions = await readPublishedVersions(hub.store.read, id)
  const from = versionBefore(versions, version)
  if (from === undefined) return { from, comparison: undefined, fault: firstFault(versions, version) }
  const before = await publishedDocument(hub.store.read, id, from)
  const comparison = await compareDocuments(hub, before, document, beside)
  return { from, comparison, fault: numberFault(from, version, comparison.verdict) }
}

/** What changes from one document to another, by the code lists in use; undecided where that takes too long. @throws {HubError} `overloaded` */
export async function compareDocuments(
  hub: Hub,
  before: StandardDocument,
  after: StandardDocument,
  beside: Beside = nothingBeside,
): Promise<Comparison> {
  const named = [...codeListsNamedIn(before), ...codeListsNamedIn(after)]
  const codeList = await listsOf(hub, named, beside)
  const task = { kind: 'compare', before, after, lists: listsFor(codeList, named) } as const
  return (await hub.apart.compare(task)) ?? undecidedComparison(before, after)
}

/** The version that a new one is compared with. */
export function versionBefore(versions: readonly { version: Version }[], version: Version): Version | undefined {
  const own = versions.filter(row => majorOf(row.version) === majorOf(version))
  const earlier = versions.filter(row => majorOf(row.version) < majorOf(version))
  return newest(own.length > 0 ? own : earlier)?.version
}

/**
 * Refuses a step whose number does not fit, with all that it changes.
 *
 * @throws {HubError} `version-unfit`
 */
export function requireFit({ comparison, fault }: Step): void {
  if (fault === undefined) return
  const issues = (comparison?.changes ?? []).map(({ pointer, code, message }) => ({
    pointer,
    code,
    message: message.en,
  }))
  throw new HubError('version-unfit', fault, { issues, ...(comparison && { members: { comparison } }) })
}

/** The first version may have any number: what came before it may have been published elsewhere. */
export function firstFault(versions: readonly { version: Version }[], version: Version): string | undefined {
  const first = versions.toSorted((a, b) => compareVersions(a.version, b.version))[0]
  if (first === undefined) return undefined
  return `${version} comes before ${first.version}, with which the standard begins here: a major of the past cannot be added.`
}

async function publishedDocument(session: Session, id: string, version: Version): Promise<StandardDocument> {
  const stored = await readStandardDocument(session, id, version)
  if (stored === undefined) throw new Error('bug: a published version has no document')
  return stored.document
}
