/** What publishing a document comes to, and what is the same for all kinds of them: who may, and that versions are immutable. */
import { canonicalise } from '../canonical.ts'
import { HubError } from '../errors.ts'
import type { Json } from '../record.ts'
import type { Version } from '../standard.ts'
import { entryOf, type ActEntry, type By, type Hub } from './hub.ts'

/**
 * `unchanged`: this version was published, or drafted, before with the same content. `would …`: of a dry run, which
 * writes nothing.
 */
export type Outcome = 'published' | 'unchanged' | 'draft' | 'would publish' | 'would draft'

export type Publication = { readonly id: string; readonly version: Version; readonly outcome: Outcome }

export type PublishedKind = 'standard' | 'code-list' | 'crosswalk' | 'adapter'

type Named = { readonly id: string; readonly version: Version }

/** The result and the entry of a publication. */
export function published(
  { id, version }: Named,
  { standard, kind }: { readonly standard?: string; readonly kind: PublishedKind },
): { result: Publication; entry: ActEntry } {
  return {
    result: { id, version, outcome: 'published' },
    entry: { operation: 'publish', count: 1, ...(standard ? { standard } : {}), detail: { kind, id, version } },
  }
}

/** The entry of what is done about a version that is not in use: that a draft was put, or deleted, or a coming one withdrawn. */
export function draftEntry(
  { id, version }: Named,
  kind: 'standard' | 'code-list',
  act: 'draft' | 'delete-draft' | 'withdraw',
): ActEntry {
  const standard = kind === 'standard' ? { standard: id } : {}
  return { operation: 'publish', count: 1, ...standard, detail: { act, kind, id, version } }
}

/** @throws {HubError} `version-published` */
export function requireSame({ id, version }: Named, stored: unknown, document: unknown): void {
  if (isSame(stored, document)) return
  throw new HubError(
    'version-published',
    `${id} ${version} is published with other content. Versions are immutable: give the changed document a higher version.`,
  )
}

/**
 * That there was nothing to do. At the command line it is no entry, as a whole catalogue is published again and again; of a
 * caller over HTTP it is.
 */
export async function unchanged(
  hub: Hub,
  by: By,
  { id, version }: Named,
  of: { readonly standard?: string; readonly kind: PublishedKind },
): Promise<Publication> {
  if (!isOperator(by)) {
    const { standard, kind } = of
    const detail = { kind, id, version }
    const about = { operation: 'publish', outcome: 'unchanged', count: 0, detail } as const
    await hub.log.append({ ...entryOf(hub, by), ...about, ...(standard === undefined ? {} : { standard }) })
  }
  return { id, version, outcome: 'unchanged' }
}

export function isSame(stored: unknown, document: unknown): boolean {
  return canonicalise(stored as Json) === canonicalise(document as Json)
}

/**
 * That the departments which own what is published are all the caller's own.
 *
 * @throws {HubError} `owner-only`
 */
export function requireOwners(by: By, owners: readonly (string | undefined)[]): void {
  if (isOperator(by)) return
  const other = owners.find(owner => owner !== undefined && owner !== by.department)
  if (other === undefined) return
  const detail = `This standard is ${other}’s: one of its stewards or clients publishes it. To hand a standard over to another department is the operator’s, at the command line.`
  throw new HubError('owner-only', detail)
}

/** Whoever works at the machine itself may do everything. */
export function isOperator({ actor }: By): boolean {
  return actor.kind === 'operator' || actor.kind === 'hub'
}

/** @throws {HubError} `version-published` for what is not a draft, `unknown` for what is not there */
export function requireDraft(
  { id, version }: Named,
  status: 'draft' | 'published' | undefined,
  unknown: 'standard-unknown' | 'code-list-unknown',
): void {
  if (status === 'draft') return
  if (status === undefined) throw new HubError(unknown, `There is no draft of ${id} ${version}.`)
  throw new HubError('version-published', `${id} ${version} is published: it is no draft any more, and stays as it is.`)
}
