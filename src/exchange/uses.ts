/** Who uses a major of a standard: agreements, adapters, the calls of the last 30 days; and the records that stand in it. */
import { hash } from 'node:crypto'
import type { Agreement } from '../agreement/agreement.ts'
import { stateOf, type State } from '../agreement/decide.ts'
import { HubError } from '../errors.ts'
import { standardsNamedIn } from '../map/named-standards.ts'
import { readAdapterDocument, readAdapterRows } from '../store/adapters.ts'
import { readAgreements } from '../store/agreements.ts'
import { countRecordsOfMajor } from '../store/major-records.ts'
import { readMajor, type MajorStatus } from '../store/majors.ts'
import type { Session } from '../store/session.ts'
import { enterAudit } from './audit.ts'
import type { By, Hub } from './hub.ts'
import { requireOwner } from './owner.ts'

export type Uses = {
  readonly standard: string
  readonly major: number
  readonly status: MajorStatus
  /** RFC 3339 in UTC; null where the major is not deprecated. */
  readonly sunset: string | null
  /** Those that are asked for or approved, and not over. */
  readonly agreements: readonly AgreementUse[]
  readonly adapters: readonly AdapterUse[]
  /** The first day, of UTC, whose calls are counted. */
  readonly since: string
  readonly calls: readonly CallUse[]
  /** Records that stand in this major only: no consumer of a later one sees them, and nobody once it is retired. */
  readonly records: number
  /**
   * Stands for who uses it and how, and for what the major is; not for how often, for how many records there are, or for when an agreement was last used.
   * An act that must have been preceded by a look at the uses takes it.
   */
  readonly digest: string
}

export type AgreementUse = Pick<Agreement, 'id' | 'department' | 'until' | 'matters'> & { readonly state: State }

/** An adapter, and its version in use: what it does with the major. */
export type AdapterUse = {
  /** `department/name`. */
  readonly adapter: string
  readonly version: string
  readonly delivers: boolean
  readonly resolves: boolean
}

/** Calls of a department under its agreements on the major. One that goes on beyond midnight (UTC) counts on both days. */
export type CallUse = {
  readonly department: string
  readonly calls: number
  readonly records: number
  readonly refusals: number
  /** The day, of UTC, of its last call. */
  readonly lastDay: string
}

const days = 30

/** States of agreements that are no use any more. */
const over: ReadonlySet<State> = new Set(['rejected', 'expired', 'revoked'])

/**
 * Who uses a major, for those whose standard it is; that they have looked is an entry, durable before this returns.
 *
 * @param reach.isAll whether who asks audits the hub
 * @throws {HubError} `standard-unknown`, `owner-only`, `log-unavailable`
 */
export async function readUses(
  hub: Hub,
  by: By,
  of: { readonly standard: string; readonly major?: number | undefined },
  { isAll }: { readonly isAll: boolean },
): Promise<Uses> {
  const { standard } = await hub.published.standard(of.standard, of.major)
  if (!isAll) await requireOwner(hub, by, standard.id)
  const uses = await usesOf(hub, standard.id, standard.major)
  await enterUses(hub, by, uses)
  return uses
}

/** @throws {HubError} `log-unavailable` */
export async function enterUses(hub: Hub, by: By, { standard, major, agreements, adapters }: Uses): Promise<void> {
  const count = agreements.length + adapters.length
  await enterAudit(hub, by, { act: 'read-uses', count, filters: { standard, major } })
}

/** The refusal of an act whose uses are others now, with the present ones. */
export function usesChanged(uses: Uses): HubError {
  const { standard, major, digest } = uses
  const detail = `Who uses major ${major} of ${standard} is not what was confirmed, or nothing was: look at the uses, and confirm them by their digest, ${digest}.`
  return new HubError('uses-changed', detail, { members: { uses } })
}

export async function usesOf(hub: Hub, standard: string, major: number): Promise<Uses> {
  return usesBy(hub.store.read, hub, { standard, major, counted: await countUses(hub, standard, major) })
}

/** What of the uses is counted. */
export type Counted = Pick<Uses, 'calls' | 'records'>

export async function countUses(hub: Hub, standard: string, major: number): Promise<Counted> {
  return {
    calls: await callsOf(hub, standard, major),
    records: await countRecordsOfMajor(hub.store.read, standard, major),
  }
}

/**
 * As {@link usesOf}, in the state that a session sees, with what was counted before: the log is no part of a
 * transaction, and to count takes longer than others should wait.
 */
export async function usesBy(
  session: Session,
  hub: Hub,
  { standard, major, counted }: { readonly standard: string; readonly major: number; readonly counted: Counted },
): Promise<Uses> {
  const row = await readMajor(session, standard, major)
  const { status, sunset } = row ?? { status: 'published' as const, sunset: null }
  const now = hub.clock().toISOString()
  const agreements = (await readAgreements(session))
    .filter(each => each.standard === standard && each.major === major)
    .map(each => ({ ...use(each), state: stateOf(each, now) }))
    .filter(({ state }) => !over.has(state))
  const adapters = await adaptersOn(session, standard, major)
  const who = [
    [status, sunset],
    agreements.map(({ id, state, until }) => [id, state, until]),
    adapters,
    counted.calls.map(({ department }) => department),
  ]
  const digest = hash('sha256', JSON.stringify(who), 'base64url').slice(0, 22)
  return { standard, major, status, sunset, agreements, adapters, since: firstDay(hub), ...counted, digest }
}

function use({ id, department, until, matters }: Agreement): Omit<AgreementUse, 'state'> {
  return { id, department, until, matters }
}

/** Adapters whose version in use delivers to the major, or takes fields out of its records. */
async function adaptersOn(session: Session, standard: string, major: number): Promise<AdapterUse[]> {
  const found: AdapterUse[] = []
  for (const { adapter, version, ...to } of await readAdapterRows(session)) {
    if (!to.isInUse) continue
    const delivers = to.standard === standard && to.major === major
    const { resolved } = standardsNamedIn(await readAdapterDocument(session, adapter, version))
    const resolves = resolved.some(named => named.id === standard && named.major === major)
    if (delivers || resolves) found.push({ adapter, version, delivers, resolves })
  }
  return found.toSorted((one, other) => (one.adapter < other.adapter ? -1 : 1))
}

/** Calls under agreements on the major, whatever has become of those since, by department. */
async function callsOf(hub: Hub, standard: string, major: number): Promise<CallUse[]> {
  const agreements = (await readAgreements(hub.store.read)).filter(each => each.standard === standard)
  const departments = new Map(agreements.filter(each => each.major === major).map(each => [each.id, each.department]))
  const { rows } = await hub.logIndex.usage({
    selection: { from: Date.parse(firstDay(hub)), standard },
    by: ['agreement', 'day'],
    // A row for each day of each agreement, and of calls that came to none.
    limit: (agreements.length + 1) * (days + 2),
  })
  const calls = new Map<string, CallUse>()
  for (const row of rows) {
    const department = departments.get(row.agreement ?? '')
    if (department === undefined) continue
    const before = calls.get(department) ?? { department, calls: 0, records: 0, refusals: 0, lastDay: '' }
    const day = row.day ?? ''
    calls.set(department, {
      department,
      calls: before.calls + row.calls,
      records: before.records + row.records,
      refusals: before.refusals + row.refusals,
      lastDay: day > before.lastDay ? day : before.lastDay,
    })
  }
  return [...calls.values()].toSorted((one, other) => (one.department < other.department ? -1 : 1))
}

function firstDay(hub: Hub): string {
  return new Date(hub.clock().getTime() - (days - 1) * 86_400_000).toISOString().slice(0, 'YYYY-MM-DD'.length)
}
