/** The entries of calls about records: what was disclosed to whom and why, or why nothing was. */
import type { Agreement } from '../agreement/agreement.ts'
import { dayOf, nextDay } from '../agreement/quota.ts'
import { HubError, type ProblemCode } from '../errors.ts'
import type { Deed, Entry, Pseudonym } from '../log/entry.ts'
import type { FieldPath, JsonObject, Operation } from '../record.ts'
import type { Charge } from '../store/quotas.ts'
import type { StoredRecord } from '../store/records.ts'
import { DeliveryFailure } from './delivery-request.ts'
import type { Ending } from './ending.ts'
import { entryOf, type By, type Hub } from './hub.ts'
import { giveQuotaBack, reserveQuota } from './quota.ts'
import { convertedOf, type Grant } from './served-text.ts'

/** What every call about records says of itself. */
export type Call = {
  /** Only the public belongs to no department. */
  readonly by: (By & { readonly department: string }) | ByPublic
  readonly standard: string
  readonly matter: string | undefined
  readonly case: string | undefined
  /** Leaves or branches asked for; all where undefined. */
  readonly fields: readonly FieldPath[] | undefined
  /** Told of the major that the call is decided on, where it comes to its end: whoever replies says so. */
  readonly onEnding?: (ending: Ending) => void
  /** What the entry says beside: on whose behalf records were read, where that is no client's request. */
  readonly detail?: JsonObject
}

/** A call by a client, on behalf of its department. */
export type DepartmentCall = Call & { readonly by: By & { readonly department: string } }

/** Anybody who reads open data, by no agreement. */
export type ByPublic = {
  readonly actor: { readonly kind: 'public'; readonly id: 'anyone' }
  readonly department?: undefined
  readonly request: string
}

export type Disclosed = {
  readonly call: Call
  readonly operation: Operation
  readonly grant: Grant
  readonly records: readonly StoredRecord[]
  readonly outcome: 'disclosed' | 'not-modified'
  /** Fields by whose values the records were chosen: that a record is in the reply tells them. */
  readonly filters?: readonly FieldPath[]
  /** Of a reply that shows a record several times, as it was: how often records are shown. */
  readonly count?: number
  /** Of a reply that is streamed, the number of its next entry, from 1. */
  readonly part?: number
}

/**
 * Enters a disclosure, in several entries where it names many records; the number of the first.
 *
 * Resolves when all of them are durable: only then may the records leave. What is disclosed is charged to the daily
 * quota of the agreement before.
 *
 * @throws {HubError} `log-unavailable`; with its entry durable, `quota-exceeded`
 */
export async function enter(hub: Hub, disclosure: Disclosed): Promise<number> {
  return (await enterParts(hub, disclosure)).first
}

/** As {@link enter}, with the number of entries written: the next chunk of a streamed reply goes on from there. */
export async function enterParts(
  hub: Hub,
  disclosure: Disclosed,
): Promise<{ readonly first: number; readonly parts: number }> {
  const { call, operation, grant, records, outcome, part } = disclosure
  const entry = accessOf(hub, call, { operation, agreement: grant.agreement })
  const shownFields = grant.newer.length === 0 ? grant.cut.fields : fieldsShown(grant, records)
  const hidden = disclosure.filters?.filter(field => !shownFields.includes(field)) ?? []
  entry.fields = hidden.length === 0 ? shownFields : [...shownFields, ...hidden]
  entry.count = disclosure.count ?? records.length
  if (part !== undefined) entry.part = part
  if (records.length > 0) {
    const shown = records.map(record => record.pseudonym)
    entry.records = disclosure.count === undefined ? shown : [...new Set(shown)]
  }
  const subjects = subjectsOf(records)
  if (subjects.length > 0) entry.subjects = subjects
  const charge = isPublic(call)
    ? chargeOf(grant.agreement, { ...entry, count: publicCharge(outcome === 'disclosed' ? entry.count : 0) })
    : outcome === 'disclosed'
      ? chargeOf(grant.agreement, entry)
      : undefined
  if (charge === undefined) return hub.log.appendParts(Object.assign(entry, { outcome }))
  await requireRoom(hub, disclosure, charge)
  try {
    return await hub.log.appendParts(Object.assign(entry, { outcome }))
  } catch (error) {
    // Where that fails too, it stays charged: the quota errs on that side.
    await giveQuotaBack(hub.store, charge).catch(() => {})
    throw error
  }
}

/** Of records that were converted, fewer fields may be shown. */
function fieldsShown({ cut }: Grant, records: readonly StoredRecord[]): readonly FieldPath[] {
  const cuts = new Set(records.map(record => convertedOf(record)?.cut ?? cut))
  if (cuts.size === 0 || cuts.has(cut)) return cut.fields
  return cut.fields.filter(field => [...cuts].some(({ fields }) => fields.includes(field)))
}

/** What a disclosure takes off the quota of its day; undefined where there is none. */
function chargeOf({ id, dailyQuota }: Agreement, { count, time }: Pick<Draft, 'count' | 'time'>): Charge | undefined {
  if (dailyQuota === undefined || count === 0) return undefined
  return { agreement: id, day: dayOf(time), at: time, records: count, dailyQuota }
}

/** Reserves all that is to be disclosed, or refuses it whole. */
async function requireRoom(hub: Hub, { call, operation, grant }: Disclosed, charge: Charge): Promise<void> {
  const reserved = await reserveQuota(hub.store, charge)
  if (reserved === 'reserved') return
  const next = nextDay(charge.at)
  if (isPublic(call)) throw publicQuotaUsedUp(charge.at, charge.dailyQuota)
  const detail = `The agreement's daily quota of ${charge.dailyQuota} records has room for ${reserved.room} more, and this reply holds more than that. Ask for fewer, or wait until ${next.toISOString()}, when the next day begins.`
  const retryAfterSeconds = Math.ceil((next.getTime() - Date.parse(charge.at)) / 1000)
  throw await refuse(hub, { call, operation, agreement: grant.agreement, retryAfterSeconds }, 'quota-exceeded', detail)
}

/**
 * What a reply to the public takes off the records of the day. Without a bound, strangers would fill the disk: a record
 * that is shown takes some 100 bytes of the log and its index, an entry with one record 660.
 */
export function publicCharge(records: number): number {
  return Math.max(6, records)
}

export function publicQuotaUsedUp(at: string, dailyRecords: number): HubError {
  const next = nextDay(at)
  const detail = `The public reads ${dailyRecords} records of open data on one day at this hub, and not enough of them are left for this reply. Ask for fewer, or come again after ${next.toISOString()}.`
  const retryAfterSeconds = Math.ceil((next.getTime() - Date.parse(at)) / 1000)
  return new HubError('rate-limited', detail, { retryAfterSeconds })
}

export function isPublic(call: Call): call is Call & { readonly by: ByPublic } {
  return call.by.actor.kind === 'public'
}

/** Enters a refusal and gives the error to throw. One of the public has no entry: whoever let it in counts it. */
export async function refuse(
  hub: Hub,
  refused: {
    readonly call: Call
    readonly operation: Entry['operation']
    readonly agreement?: Agreement
    /** Pseudonyms of what was asked for, where it was named. */
    readonly records?: readonly Pseudonym[]
    readonly retryAfterSeconds?: number
  },
  problem: ProblemCode,
  detail: string,
): Promise<HubError> {
  const { call, records, retryAfterSeconds } = refused
  if (isPublic(call)) return new HubError(problem, detail)
  const entry = accessOf(hub, call, refused)
  if (records !== undefined) entry.records = records
  await hub.log.append({ ...entry, outcome: 'refused', problem })
  const error = new HubError(problem, detail, retryAfterSeconds === undefined ? {} : { retryAfterSeconds })
  entered.add(error)
  return error
}

/** Enters which records were asked for and are not there, where the rest of what was asked for is disclosed; its number. */
export async function enterMissing(
  hub: Hub,
  missing: {
    readonly call: Call
    readonly operation: Operation
    readonly agreement: Agreement
    readonly records: readonly Pseudonym[]
  },
): Promise<number> {
  const entry = accessOf(hub, missing.call, missing)
  return hub.log.append({ ...entry, records: missing.records, outcome: 'refused', problem: 'record-unknown' })
}

/** Whether a refusal has its entry. */
export function isEntered(error: unknown): boolean {
  return error instanceof DeliveryFailure || (error instanceof HubError && entered.has(error))
}

const entered = new WeakSet<HubError>()

/** Enters what a call was refused for before it came to an agreement or to a delivery: its form, its rights. */
export async function enterRefusal(
  hub: Hub,
  by: By,
  refused: {
    readonly operation: Entry['operation']
    readonly problem: ProblemCode
    readonly standard?: string
    readonly agreement?: string
  },
): Promise<void> {
  await hub.log.append({ ...entryOf(hub, by), ...refused, outcome: 'refused', count: 0 })
}

type Draft = { -readonly [Member in keyof Deed]: Deed[Member] }

/** Member by member: every disclosure waits for this, and spreading what may be absent costs as much as the entry. */
function accessOf(
  hub: Hub,
  call: Call,
  { operation, agreement }: { readonly operation: Entry['operation']; readonly agreement?: Agreement },
): Draft {
  const draft: Draft = {
    time: hub.clock().toISOString(),
    actor: call.by.actor,
    request: call.by.request,
    operation,
    standard: call.standard,
    count: 0,
  }
  if (call.by.department !== undefined) draft.department = call.by.department
  // What the public reads, it reads by no agreement.
  if (agreement !== undefined && !isPublic(call)) draft.agreement = agreement.id
  if (call.matter !== undefined) draft.matter = call.matter
  if (call.case !== undefined) draft.case = call.case
  if (call.detail !== undefined) draft.detail = call.detail
  return draft
}

function subjectsOf(records: readonly StoredRecord[]): readonly Pseudonym[] {
  if (records.length === 1) return wordsOf(records[0]?.subjects ?? '')
  return [...new Set(records.flatMap(record => wordsOf(record.subjects)))]
}

function wordsOf(text: string): string[] {
  return text === '' ? [] : text.split(' ')
}
