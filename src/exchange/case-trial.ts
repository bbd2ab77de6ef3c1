/** Cases tried before they, or a version of their adapter, are published. Nothing is written. */
import { compileAdapter, type Adapter } from '../map/adapter.ts'
import { requireAdapterOwner } from './adapter-owner.ts'
import { readCase, type Case } from './case-document.ts'
import { caseOutcome, runCases, standingCases, type CaseResult } from './cases.ts'
import type { By, Hub } from './hub.ts'

/**
 * Runs the cases that stand for a document's version by the document.
 *
 * @throws {HubError} `adapter-invalid`, `owner-only`
 */
export async function tryDocument(hub: Hub, by: By, document: unknown): Promise<CaseResult[]> {
  const adapter = compileAdapter(document, await hub.published.catalogue(document))
  requireAdapterOwner(by, adapter.id)
  const { validator } = await hub.published.standard(adapter.standard.id, adapter.standard.version)
  return runCases({ adapter, validator }, await standingCases(hub, adapter.id, adapter.version))
}

/**
 * A case that expects what the version in use makes of its input now.
 *
 * @param sent a case without what it expects
 * @throws {HubError} `adapter-unknown`, `case-invalid`
 */
export async function acceptOutcome(hub: Hub, id: string, sent: object): Promise<Case> {
  return readCase(await withOutcome(hub, await hub.published.adapter(id), sent))
}

/**
 * Cases, as they are sent, that expect what a document which is not published yet makes of their inputs.
 *
 * @throws {HubError} `adapter-invalid`, `owner-only`, `case-invalid`
 */
export async function acceptByDocument(
  hub: Hub,
  by: By,
  document: unknown,
  inputs: readonly object[],
): Promise<object[]> {
  const adapter = compileAdapter(document, await hub.published.catalogue(document))
  requireAdapterOwner(by, adapter.id)
  return Promise.all(inputs.map(sent => withOutcome(hub, adapter, sent)))
}

async function withOutcome(hub: Hub, adapter: Adapter, sent: object): Promise<object> {
  const blank = readCase({ ...sent, expected: { records: [], rejects: [] } })
  const { validator } = await hub.published.standard(adapter.standard.id, adapter.standard.version)
  return { ...sent, expected: await caseOutcome({ adapter, validator }, blank) }
}
