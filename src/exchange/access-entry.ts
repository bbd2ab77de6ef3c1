/** The entries of calls about records: what was disclosed to whom and why, or why nothing was. */
import type { Agreement } from '../agreement/agreement.ts'
import { HubError, type ProblemCode } from '../errors.ts'
import type { Entry, Pseudonym } from '../log/entry.ts'
import { splitEntry } from '../log/split-entry.ts'
import type { FieldPath, Operation } from '../record.ts'
import type { StoredRecord } from '../store/records.ts'
import { entryOf, type By, type Hub } from './hub.ts'
import { shownFields, type Grant } from './served-text.ts'

/** What every call about records says of itself. */
export type Call = {
  readonly by: By & { readonly department: string }
  readonly standard: string
  readonly matter: string | undefined
  readonly case: string | undefined
  /** Leaves or branches asked for; all where undefined. */
  readonly fields: readonly FieldPath[] | undefined
}

/**
 * Enters a disclosure, in several entries where it names many records; the number of the first.
 *
 * Resolves when all of them are durable: only then may the records leave.
 *
 * @throws {HubError} `log-unavailable`
 */
export async function enter(
  hub: Hub,
  disclosure: {
    readonly call: Call
    readonly operation: Operation
    readonly grant: Grant
    readonly records: readonly StoredRecord[]
    readonly outcome: 'disclosed' | 'not-modified'
  },
): Promise<number> {
  const { call, operation, grant, records, outcome } = disclosure
  const entry: Entry = {
    ...accessOf(hub, call, operation, grant.agreement),
    outcome,
    fields: await shownFields(hub, grant),
    ...(records.length > 0 ? { records: records.map(record => record.pseudonym) } : {}),
    ...subjectsOf(records),
    count: records.length,
  }
  const numbers = await Promise.all(splitEntry(entry).map(part => hub.log.append(part)))
  return numbers[0] as number
}

/** Enters a refusal and gives the error to throw. */
export async function refuse(
  hub: Hub,
  refused: {
    readonly call: Call
    readonly operation: Operation
    readonly agreement?: Agreement
    /** Pseudonyms of what was asked for, where it was named. */
    readonly records?: readonly Pseudonym[]
  },
  problem: ProblemCode,
  detail: string,
): Promise<HubError> {
  const { call, operation, agreement, records } = refused
  await hub.log.append({
    ...accessOf(hub, call, operation, agreement),
    outcome: 'refused',
    problem,
    ...(records ? { records } : {}),
    count: 0,
  })
  return new HubError(problem, detail)
}

function accessOf(
  hub: Hub,
  call: Call,
  operation: Operation,
  agreement: Agreement | undefined,
): Omit<Entry, 'outcome' | 'problem' | 'count'> {
  return {
    ...entryOf(hub, call.by),
    operation,
    standard: call.standard,
    ...(agreement ? { agreement: agreement.id } : {}),
    ...(call.matter === undefined ? {} : { matter: call.matter }),
    ...(call.case === undefined ? {} : { case: call.case }),
  }
}

function subjectsOf(records: readonly StoredRecord[]): { subjects?: Pseudonym[] } {
  const subjects = [...new Set(records.flatMap(record => (record.subjects === '' ? [] : record.subjects.split(' '))))]
  return subjects.length > 0 ? { subjects } : {}
}
