/** An agreement: the right of one department to use one major of one standard. */
import type { FieldPath, Operation } from '../record.ts'

export type Agreement = {
  readonly id: string
  /** The consuming department. */
  readonly department: string
  readonly standard: string
  readonly major: number
  /** Leaves of the standard; a new field is never implied. */
  readonly fields: readonly FieldPath[]
  readonly operations: readonly Operation[]
  /** Matter codes (事项编码) that a call may serve. */
  readonly matters: readonly string[]
  /** First instant of the term, RFC 3339 in UTC. */
  readonly from: string
  /** The instant at which the term has ended, RFC 3339 in UTC. */
  readonly until: string
  readonly status: 'active' | 'revoked'
}
