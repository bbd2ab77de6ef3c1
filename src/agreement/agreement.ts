/** An agreement: the right of one department to use one major of one standard. */
import type { FieldPath, Level, Operation } from '../record.ts'

/** The terms of open data, as an agreement with the public; no agreement has this id, as theirs have a hyphen or are UUIDs. */
export const openId = 'open'

export type Agreement = {
  readonly id: string
  /** The consuming department. */
  readonly department: string
  readonly standard: string
  readonly major: number
  /** Leaves of the standard; a new field is never implied. */
  readonly fields: readonly FieldPath[]
  /** The level that each field had when it was approved: one that was raised since is held back until approved again. */
  readonly levels?: Readonly<Record<FieldPath, Level>>
  readonly operations: readonly Operation[]
  /** Which records are reached; all where it is absent. */
  readonly rows?: RowFilter
  /** Matter codes (事项编码) that a call may serve. */
  readonly matters: readonly string[]
  /** Whether a call must name the case that it serves. */
  readonly caseRequired?: boolean
  /** Records that may be disclosed on one day (UTC); without a bound where it is absent. */
  readonly dailyQuota?: number
  /** Why the department may have the records, for people: a law and its article. */
  readonly legalBasis?: string
  /** First instant of the term, RFC 3339 in UTC. */
  readonly from: string
  /** The instant at which the term has ended, RFC 3339 in UTC. */
  readonly until: string
  /** What was decided of it; an active one is in force within its term only. */
  readonly status: Status
  /** What was done about it, oldest first: its status at any time. None where it is from before acts were kept. */
  readonly acts?: readonly AgreementAct[]
}

export type Status = 'requested' | 'rejected' | 'active' | 'suspended' | 'revoked'

/** One act on an agreement, and the status that it has had since. */
export type AgreementAct = {
  readonly act: 'request' | 'approve' | 'reject' | 'suspend' | 'resume' | 'revoke'
  readonly status: Status
  /** RFC 3339 in UTC. */
  readonly at: string
  /** `kind:id` of who did it: nobody decides on what they asked for. */
  readonly by: string
  /** Why, for people. It stands here and never in the log: people write what they like. */
  readonly reason?: string
  /** The levels that the act approved. */
  readonly levels?: Readonly<Record<FieldPath, Level>>
}

/** A record is reached if each of these indexed, unsealed fields has one of its values. */
export type RowFilter = Readonly<Record<FieldPath, readonly string[]>>
