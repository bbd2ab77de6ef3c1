/** Comparisons that are asked for: of two versions, or of a document with what it would follow. They write nothing but their entry. */
import type { Comparison } from '../catalogue/compare/compare.ts'
import type { Version } from '../standard.ts'
import { HubError } from '../errors.ts'
import { readStandardDocument } from '../store/standards.ts'
import { checkStandardDocument } from '../validate/standard-document.ts'
import { compileValidator } from '../validate/validator.ts'
import { codeListsNamedIn } from '../validate/named-code-lists.ts'
import { readStandard } from '../standard.ts'
import { enterAudit } from './audit.ts'
import { listsOf, nothingBeside, withDraftLists } from './beside.ts'
import type { By, Hub } from './hub.ts'
import { compareDocuments, stepTo } from './line.ts'

/** How a document would follow what is published. */
export type Trial = {
  /** Undefined of a standard that is not published yet. */
  readonly comparison: Comparison | null
  /** Why its number does not fit, and which does; null where it fits. */
  readonly fault: string | null
}

/**
 * Two versions of a standard, drafts too.
 *
 * @throws {HubError} `standard-unknown`
 */
export async function compareVersionsOf(
  hub: Hub,
  by: By,
  { id, from, to }: { readonly id: string; readonly from: Version; readonly to: Version },
): Promise<Comparison> {
  const [before, after] = await Promise.all([from, to].map(version => documentOf(hub, id, version)))
  if (before === undefined || after === undefined) throw new Error('bug: two versions were asked for')
  const beside = await withDraftLists(hub, [before, after].flatMap(codeListsNamedIn), nothingBeside)
  const comparison = await compareDocuments(hub, before, after, beside)
  await enterAudit(hub, by, { act: 'compare-standards', count: 1, filters: { standard: id, from, to } })
  return comparison
}

/**
 * A document that is not published, with the version that it would follow.
 *
 * @throws {HubError} `standard-invalid`
 */
export async function tryDocument(hub: Hub, by: By, input: unknown): Promise<Trial> {
  const document = checkStandardDocument(input)
  const named = codeListsNamedIn(document)
  const beside = await withDraftLists(hub, named, nothingBeside)
  compileValidator(readStandard(document), await listsOf(hub, named, beside))
  const { comparison, fault } = await stepTo(hub, document, beside)
  const { id, version } = document.standard
  await enterAudit(hub, by, { act: 'compare-standards', count: 1, filters: { standard: id, to: version } })
  return { comparison: comparison ?? null, fault: fault ?? null }
}

async function documentOf(hub: Hub, id: string, version: Version) {
  const stored = await readStandardDocument(hub.store.read, id, version)
  if (stored !== undefined) return stored.document
  throw new HubError('standard-unknown', `The standard ${id} has no version ${version}, published or draft.`)
}
