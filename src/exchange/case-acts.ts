/** What a department does with the cases of its adapters: puts, removes, lists and sees them. */
import { HubError } from '../errors.ts'
import type { Version } from '../standard.ts'
import { deleteCase, writeCases, type CaseRow, type WrittenCase } from '../store/adapter-cases.ts'
import { requireAdapterOwner } from './adapter-owner.ts'
import { caseLimits, caseText, type Case } from './case-document.ts'
import { faultsOf, requireWhole, runCases, standingCases, type CaseResult, type StandingCase } from './cases.ts'
import { change, entryOf, type By, type Hub } from './hub.ts'

/** A case as it is listed: what it is, and what came of it just now; nothing of what is in it. */
export type ListedCase = CaseRow & Omit<CaseResult, 'name'>

/**
 * Puts a case of the version that is in use, which must give what the case expects: one for a version to come is
 * published with it.
 *
 * @throws {HubError} `owner-only`, `adapter-unknown`, `case-invalid`, `adapter-broken`
 */
export async function putCase(hub: Hub, by: By, id: string, own: Case): Promise<CaseRow> {
  requireAdapterOwner(by, id)
  const { version, standard } = await hub.published.adapterRow(id)
  const { text, ...row } = writtenCase(own, version, hub.clock().toISOString())
  const standing = await standingCases(hub, id, version)
  requireRoomForCases(id, [...standing.filter(({ case: other }) => other.name !== own.name), { row, case: own }])
  const results = await runCases(await lineInUse(hub, id), [{ row, case: own }])
  requireWhole(`${id} ${version} gives something else than the case expects`, faultsOf(id, results))
  return change(hub, by, async tx => {
    await writeCases(tx, hub.keys.master, id, [{ ...row, text }])
    const detail = { kind: 'adapter-case', act: 'put', id, version, case: own.name }
    return { result: row, entry: { operation: 'publish', count: 1, standard, detail } }
  })
}

/**
 * Removes a case; nothing of it is kept.
 *
 * @throws {HubError} `owner-only`, `adapter-unknown`, `case-unknown`
 */
export async function removeCase(hub: Hub, by: By, id: string, name: string): Promise<void> {
  requireAdapterOwner(by, id)
  const { version, standard } = await hub.published.adapterRow(id)
  await change(hub, by, async tx => {
    if (!(await deleteCase(tx, id, name))) throw unknown(id, name)
    const detail = { kind: 'adapter-case', act: 'remove', id, version, case: name }
    return { result: undefined, entry: { operation: 'publish', count: 1, standard, detail } }
  })
}

/**
 * The cases that stand for the version in use, each run just now; the entry is durable before this returns.
 *
 * @throws {HubError} `owner-only`, `adapter-unknown`, `log-unavailable`
 */
export async function listAdapterCases(hub: Hub, by: By, id: string): Promise<ListedCase[]> {
  requireAdapterOwner(by, id)
  const { version, standard } = await hub.published.adapterRow(id)
  const standing = await standingCases(hub, id, version)
  const results = await runCases(await lineInUse(hub, id), standing)
  const detail = { of: 'adapter-cases', id, version }
  const count = standing.length
  await hub.log.append({ ...entryOf(hub, by), operation: 'list', outcome: 'disclosed', standard, count, detail })
  return standing.map(({ row }, index) => {
    const { isPassed, issues } = results[index] as CaseResult
    return { ...row, isPassed, issues }
  })
}

/**
 * A case with what is in it, which may be records of real people: the entry that says who saw it is durable before this
 * returns.
 *
 * @throws {HubError} `owner-only`, `adapter-unknown`, `case-unknown`, `log-unavailable`
 */
export async function discloseCase(hub: Hub, by: By, id: string, name: string): Promise<StandingCase> {
  requireAdapterOwner(by, id)
  const { version, standard } = await hub.published.adapterRow(id)
  const found = (await standingCases(hub, id, version)).find(({ case: own }) => own.name === name)
  if (found === undefined) throw unknown(id, name)
  await hub.log.append({
    ...entryOf(hub, by),
    operation: 'read',
    outcome: 'disclosed',
    standard,
    count: 1,
    detail: { of: 'adapter-case', id, version: found.row.version, case: name },
  })
  return found
}

/** As a case is written down. @param putAt RFC 3339, UTC */
export function writtenCase(own: Case, version: Version, putAt: string): WrittenCase {
  const { name, input, expected } = own
  const { records, withdrawals = [], rejects } = expected
  return {
    name,
    version,
    bytes: input.length,
    records: records.length + withdrawals.length,
    rejects: rejects.length,
    putAt,
    text: caseText(own),
  }
}

/** @throws {HubError} `case-invalid` */
export function requireRoomForCases(id: string, cases: readonly StandingCase[]): void {
  if (cases.length <= caseLimits.cases) return
  const detail = `${id} would have ${cases.length} cases, and an adapter has ${caseLimits.cases} at most: put several records into one.`
  throw new HubError('case-invalid', detail)
}

async function lineInUse(hub: Hub, id: string) {
  const adapter = await hub.published.adapter(id)
  const { validator } = await hub.published.standard(adapter.standard.id, adapter.standard.version)
  return { adapter, validator }
}

function unknown(id: string, name: string): HubError {
  return new HubError(
    'case-unknown',
    `The adapter ${id} has no case ${name}; \`concord adapter cases list\` lists those that it has.`,
  )
}
