/** What comes of an input on the pure part of the line: read, grouped, mapped and validated; nothing is kept. */
import { HubError, type ProblemCode } from '../errors.ts'
import type { Adapter, Resolve } from '../map/adapter.ts'
import { defaultLimits, type Limits } from '../parse/limits.ts'
import type { Issue, JsonObject, RecordKey, SourceRecord, UnreadableRecord } from '../record.ts'
import type { Validator } from '../validate/validator.ts'
import { convertRecord } from './convert.ts'
import { sourceRecords } from './grouped.ts'

/** The shape of `fixtures/…/<case>.expected.json`. */
export type Outcome = {
  readonly records: readonly Kept[]
  /** What the source takes back; missing where it takes back nothing. */
  readonly withdrawals?: readonly TakenBack[]
  readonly rejects: readonly Rejected[]
  /** What ended the reading of the input, where something did. */
  readonly problem?: ProblemCode
}

export type Kept = {
  readonly key: RecordKey
  readonly data: JsonObject
  readonly recordId?: string
  readonly asOf?: string
  readonly mark?: string
}

export type TakenBack = { readonly key: RecordKey; readonly mark?: string }

export type Rejected = {
  readonly ordinal: number
  readonly key?: RecordKey
  readonly issues: readonly Pick<Issue, 'pointer' | 'source' | 'code'>[]
}

/** What an outcome depends on. */
export type Trying = {
  readonly adapter: Adapter
  readonly validator: Validator
  readonly resolve?: Resolve
  readonly limits?: Limits
}

export async function outcomeOf(trying: Trying, body: AsyncIterable<Uint8Array>): Promise<Outcome> {
  const outcome: Writing = { records: [], withdrawals: [], rejects: [] }
  let problem: ProblemCode | undefined
  try {
    for await (const batch of sourceRecords(body, trying.adapter, trying.limits ?? defaultLimits)) {
      for (const item of batch) add(outcome, item, trying)
    }
  } catch (error) {
    if (!(error instanceof HubError)) throw error
    problem = error.code
  }
  const { records, withdrawals, rejects } = outcome
  return { records, ...(withdrawals.length > 0 && { withdrawals }), rejects, ...(problem !== undefined && { problem }) }
}

type Writing = { readonly records: Kept[]; readonly withdrawals: TakenBack[]; readonly rejects: Rejected[] }

function add(outcome: Writing, item: SourceRecord | UnreadableRecord, { adapter, validator, resolve }: Trying): void {
  const { ordinal } = item.position
  if ('unreadable' in item) {
    outcome.rejects.push({ ordinal, issues: withoutWords([item.unreadable]) })
    return
  }
  const converted = convertRecord({ adapter, validator, language: 'en' }, item, resolve)
  const { record, key, recordId, asOf, mark, isWithdrawal, issues } = converted
  const marked = mark === undefined ? {} : { mark }
  if (issues.length > 0 || key === undefined) {
    outcome.rejects.push({ ordinal, ...(key !== undefined && { key }), issues: withoutWords(issues) })
  } else if (isWithdrawal) {
    outcome.withdrawals.push({ key, ...marked })
  } else {
    const envelope = { ...(recordId !== undefined && { recordId }), ...(asOf !== undefined && { asOf }) }
    outcome.records.push({ key, data: record, ...envelope, ...marked })
  }
}

/** Where and why: how it is said may change. */
function withoutWords(issues: readonly Issue[]): Rejected['issues'] {
  return issues.map(({ pointer, source, code }) => ({ pointer, ...(source !== undefined && { source }), code }))
}
