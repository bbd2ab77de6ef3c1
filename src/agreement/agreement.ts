/** An agreement: the right of one department to use one major of one standard. */
import type { FieldPath, Level, Operation } from '../record.ts'

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
  /** `kind:id` of who asked for it: nobody decides on what they asked for. */
  readonly requestedBy?: string
  readonly requestedAt?: string
  /** `kind:id` of who decided last, when, and why. */
  readonly decidedBy?: string
  readonly decidedAt?: string
  readonly reason?: string
}

export type Status = 'requested' | 'rejected' | 'active' | 'suspended' | 'revoked'

/** A record is reached if each of these indexed, unsealed fields has one of its values. */
export type RowFilter = Readonly<Record<FieldPath, readonly string[]>>
