/** Whether an agreement allows a call: one pure function of agreements, request and time. */
import type { FieldPath, Operation } from '../record.ts'
import type { Agreement } from './agreement.ts'

export type AccessRequest = {
  readonly standard: string
  readonly operation: Operation
  /** The matter code of the call; undefined where the call names none. */
  readonly matter: string | undefined
}

export type Decision =
  | { readonly allowed: true; readonly agreement: Agreement; readonly fields: readonly FieldPath[] }
  | { readonly allowed: false; readonly reason: Refusal; readonly agreement?: Agreement }

export type Refusal = 'no-agreement' | 'no-matter' | 'matter' | 'revoked' | 'not-begun' | 'expired' | 'operation'

/**
 * Decides a call by the one agreement that covers its standard and matter.
 *
 * `agreements` are those of the calling department, in any state. Rights are never a union: where several cover the
 * matter, those in term come before those that are not, and approval refuses a second one in term.
 */
export function decide(agreements: readonly Agreement[], request: AccessRequest, now: Date): Decision {
  const ofStandard = agreements.filter(agreement => agreement.standard === request.standard)
  if (ofStandard.length === 0) return { allowed: false, reason: 'no-agreement' }
  const { matter } = request
  if (matter === undefined) return { allowed: false, reason: 'no-matter' }
  const covering = ofStandard.filter(agreement => agreement.matters.includes(matter))
  const instant = now.toISOString()
  const agreement = covering.find(candidate => outOfForce(candidate, instant) === undefined) ?? covering.at(-1)
  if (agreement === undefined) return { allowed: false, reason: 'matter' }
  const reason = outOfForce(agreement, instant)
  if (reason !== undefined) return { allowed: false, reason, agreement }
  if (!agreement.operations.includes(request.operation)) return { allowed: false, reason: 'operation', agreement }
  return { allowed: true, agreement, fields: agreement.fields }
}

/** Whether two agreements would both decide the same call at some time: such a second one is refused at approval. */
export function overlap(a: Agreement, b: Agreement): boolean {
  return (
    a.department === b.department &&
    a.standard === b.standard &&
    a.status === 'active' &&
    b.status === 'active' &&
    a.from < b.until &&
    b.from < a.until &&
    a.matters.some(matter => b.matters.includes(matter))
  )
}

function outOfForce(agreement: Agreement, instant: string): Refusal | undefined {
  if (agreement.status === 'revoked') return 'revoked'
  if (instant < agreement.from) return 'not-begun'
  if (instant >= agreement.until) return 'expired'
  return undefined
}
