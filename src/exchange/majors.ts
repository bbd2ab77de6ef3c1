/**
 * The end of a major: deprecated with a sunset, restored, retired. Each act, its notice to the consumers and its entry are
 * one transaction.
 *
 * Nobody deprecates without having seen who uses the major as it is: the act takes the digest of the uses that were shown.
 * What is retired stays so: its consumers have gone on to another major, and its adapters too.
 */
import { HubError } from '../errors.ts'
import type { JsonObject } from '../record.ts'
import type { Transaction } from '../store/connection.ts'
import { readMajor, writeMajor, type MajorAct, type MajorRow, type MajorStatus } from '../store/majors.ts'
import { nameOf } from './agreements.ts'
import { endingOf, type Successor } from './ending.ts'
import { change, type ActEntry, type By, type Hub } from './hub.ts'
import { noticeMajor } from './notices.ts'
import { requireOwner } from './owner.ts'
import { countUses, enterUses, usesBy, usesChanged, usesOf, type Uses } from './uses.ts'

export type MajorOf = { readonly standard: string; readonly major: number }

export type Deprecating = MajorOf & {
  /** The instant from which on it may be retired. */
  readonly sunset: Date
  /** Why, for people. */
  readonly reason: string
}

/** A major as everybody sees it. Times are RFC 3339 in UTC; null where there is none. */
export type MajorView = MajorOf & {
  readonly status: MajorStatus
  readonly deprecatedAt: string | null
  readonly sunset: string | null
  readonly retiredAt: string | null
  /** Why it was deprecated, or retired. */
  readonly reason: string | null
  /** The next major that goes on, and its newest version. */
  readonly successor: Successor | null
}

/** @throws {HubError} `standard-unknown` */
export async function showMajor(hub: Hub, { standard, major }: MajorOf): Promise<MajorView> {
  await hub.published.standard(standard, major)
  const { index } = await hub.published.configuration()
  const ending = endingOf(index, standard, major)
  const { status = 'published', deprecatedAt = null, sunset = null, retiredAt = null, acts = [] } = ending ?? {}
  const reason = acts.at(-1)?.reason ?? null
  return { standard, major, status, deprecatedAt, sunset, retiredAt, reason, successor: ending?.successor ?? null }
}

/**
 * Who would be concerned, as {@link deprecateMajor} would find it now; that somebody has looked is an entry.
 *
 * @throws {HubError} `standard-unknown`, `owner-only`, `major-state`; `request-invalid` for a sunset that comes too soon
 */
export async function tryDeprecation(hub: Hub, by: By, asked: Deprecating): Promise<Uses> {
  await requireDeprecation(hub, by, asked)
  requireNotRetired(asked, await readMajor(hub.store.read, asked.standard, asked.major))
  const uses = await usesOf(hub, asked.standard, asked.major)
  await enterUses(hub, by, uses)
  return uses
}

/**
 * Deprecates a major; one that is already, again: with another sunset.
 *
 * @param asked.uses the digest of the uses that were seen
 * @throws {HubError} `uses-changed` where they are others now, with these; and as {@link tryDeprecation}
 */
export async function deprecateMajor(
  hub: Hub,
  by: By,
  asked: Deprecating & { readonly uses: string | undefined },
): Promise<MajorView> {
  const { standard, major, reason } = asked
  await requireDeprecation(hub, by, asked)
  const counted = await countUses(hub, standard, major)
  const sunset = asked.sunset.toISOString()
  await change(hub, by, async tx => {
    const row = await readMajor(tx, standard, major)
    requireNotRetired(asked, row)
    const uses = await usesBy(tx, hub, { standard, major, counted })
    if (uses.digest !== asked.uses) throw usesChanged(uses)
    const at = hub.clock().toISOString()
    const deprecatedAt = row?.deprecatedAt ?? at
    const act: MajorAct = { act: 'deprecate', at, by: nameOf(by), sunset, reason }
    await write(tx, asked, row, { status: 'deprecated', deprecatedAt, sunset, act })
    await noticeMajor(tx, { kind: 'deprecated', standard, major, sunset, at })
    return entryOf('deprecate', asked, { sunset, agreements: uses.agreements.length, adapters: uses.adapters.length })
  })
  return showMajor(hub, asked)
}

/** Takes a deprecation back. @throws {HubError} `standard-unknown`, `owner-only`, `major-state` */
export async function restoreMajor(
  hub: Hub,
  by: By,
  asked: MajorOf & { readonly reason?: string | undefined },
): Promise<MajorView> {
  const { standard, major, reason } = asked
  await requireMajor(hub, by, asked)
  await change(hub, by, async tx => {
    const row = requireDeprecated(asked, await readMajor(tx, standard, major), 'restored')
    const at = hub.clock().toISOString()
    const act: MajorAct = { act: 'restore', at, by: nameOf(by), ...(reason !== undefined && { reason }) }
    await write(tx, asked, row, { status: 'published', deprecatedAt: null, sunset: null, act })
    await noticeMajor(tx, { kind: 'restored', standard, major, at })
    return entryOf('restore', asked, {})
  })
  return showMajor(hub, asked)
}

/**
 * Retires a deprecated major once its sunset has come, or before where nothing uses it: nothing is served of it, delivered
 * to it or agreed on from then on, for good.
 *
 * @param asked.leaveRecords says that records which stand in it only may be left, in nobody's reach
 * @throws {HubError} `standard-unknown`, `owner-only`, `major-state`
 */
export async function retireMajor(
  hub: Hub,
  by: By,
  asked: MajorOf & { readonly reason: string; readonly leaveRecords?: boolean | undefined },
): Promise<MajorView> {
  const { standard, major, reason, leaveRecords = false } = asked
  await requireMajor(hub, by, asked)
  const counted = await countUses(hub, standard, major)
  await change(hub, by, async tx => {
    const row = requireDeprecated(asked, await readMajor(tx, standard, major), 'retired')
    const uses = await usesBy(tx, hub, { standard, major, counted })
    const at = hub.clock().toISOString()
    if (row.sunset !== null && at < row.sunset && isUsed(uses)) {
      throw stateProblem(asked, 'deprecated', `It is in use, and its sunset is at ${row.sunset}; before then, only what nothing uses is retired.`) // prettier-ignore
    }
    const { records } = counted
    if (records > 0 && !leaveRecords) throw leftBehind(asked, records)
    const { deprecatedAt, sunset } = row
    const act: MajorAct = { act: 'retire', at, by: nameOf(by), reason }
    await write(tx, asked, row, { status: 'retired', deprecatedAt, sunset, retiredAt: at, act })
    await noticeMajor(tx, { kind: 'retired', standard, major, at })
    return entryOf('retire', asked, { agreements: uses.agreements.length, adapters: uses.adapters.length, records })
  })
  return showMajor(hub, asked)
}

/** Records do not go over by themselves: their departments deliver them to a later major. */
function leftBehind(of: MajorOf, records: number): HubError {
  const whose = records === 1 ? '1 record stands' : `${records} records stand`
  const why = `${whose} in it only, and would be in nobody’s reach: deliver what is still wanted to a later major, or say that they may be left (\`--leave-records\`, \`leaveRecords\`).`
  return stateProblem(of, 'deprecated', why)
}

/** What is only asked for does not hold a major back. */
function isUsed({ agreements, adapters }: Uses): boolean {
  return adapters.length > 0 || agreements.some(({ state }) => state !== 'requested')
}

async function requireMajor(hub: Hub, by: By, { standard, major }: MajorOf): Promise<void> {
  await hub.published.standard(standard, major)
  await requireOwner(hub, by, standard)
}

async function requireDeprecation(hub: Hub, by: By, asked: Deprecating): Promise<void> {
  await requireMajor(hub, by, asked)
  const { sunsetNoticeDays } = hub.config
  const earliest = new Date(hub.clock().getTime() + sunsetNoticeDays * 86_400_000)
  if (asked.sunset >= earliest) return
  const message = `must be ${sunsetNoticeDays} days ahead at least, which is ${earliest.toISOString()} or later`
  const detail = `The sunset ${message}: consumers need the time (CONCORD_SUNSET_NOTICE_DAYS).`
  throw new HubError('request-invalid', detail, { issues: [{ pointer: '/sunset', code: 'too-soon', message }] })
}

function requireNotRetired(of: MajorOf, row: MajorRow | undefined): void {
  if (row?.status === 'retired') throw stateProblem(of, 'retired', 'That is for good.')
}

function requireDeprecated(of: MajorOf, row: MajorRow | undefined, done: string): MajorRow {
  if (row?.status === 'deprecated') return row
  throw stateProblem(of, row?.status ?? 'published', `Only one that is deprecated can be ${done}.`)
}

function stateProblem({ standard, major }: MajorOf, status: MajorStatus, why: string): HubError {
  return new HubError('major-state', `Major ${major} of ${standard} is ${status}. ${why}`)
}

async function write(
  tx: Transaction,
  { standard, major }: MajorOf,
  before: MajorRow | undefined,
  {
    act,
    retiredAt = null,
    ...now
  }: Pick<MajorRow, 'status' | 'deprecatedAt' | 'sunset'> & {
    readonly retiredAt?: string | null
    readonly act: MajorAct
  },
): Promise<void> {
  await writeMajor(tx, { standard, major, ...now, retiredAt, acts: [...(before?.acts ?? []), act] })
}

function entryOf(
  operation: MajorAct['act'],
  { standard, major }: MajorOf,
  detail: JsonObject,
): { readonly result: undefined; readonly entry: ActEntry } {
  return { result: undefined, entry: { operation, count: 1, standard, detail: { major, ...detail } } }
}
