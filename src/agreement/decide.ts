/**
 * Whether an agreement allows a call: one pure function of agreements, request and time.
 *
 * What is decided here is decided nowhere else: `explain.ts` tells of the same checks one by one.
 */
import type { Operation } from '../record.ts'
import type { Agreement, Status } from './agreement.ts'
import { hasRoom } from './quota.ts'

export type AccessRequest = {
  readonly standard: string
  readonly operation: Operation
  /** The matter code of the call; undefined where the call names none. */
  readonly matter: string | undefined
  /** The case that the call serves; undefined where it names none. */
  readonly case?: string | undefined
  /** Records disclosed under the agreement on this day; undefined where the quota is not asked about. */
  readonly used?: number | undefined
}

export type Decision =
  | { readonly allowed: true; readonly agreement: Agreement }
  | { readonly allowed: false; readonly reason: Refusal; readonly agreement?: Agreement }

export type Refusal =
  'no-agreement' | 'no-matter' | 'matter' | Exclude<State, 'active'> | 'operation' | 'no-case' | 'quota'

/** What an agreement is at an instant. */
export type State = Status | 'not-begun' | 'expired'

/** Why an agreement does not allow a call at an instant (RFC 3339 in UTC, with milliseconds); undefined where it does. */
type Check = (agreement: Agreement, request: AccessRequest, instant: string) => Refusal | undefined

/** What an agreement must satisfy, in the order in which a call is refused. */
export const checks = {
  matter: ({ matters }, { matter }) => {
    if (matter === undefined) return 'no-matter'
    return matters.includes(matter) ? undefined : 'matter'
  },
  status: ({ status }) => statusFault(status),
  term: ({ from, until }, _request, instant) => termFault(from, until, instant),
  operation: ({ operations }, { operation }) => (operations.includes(operation) ? undefined : 'operation'),
  case: ({ caseRequired }, request) => (caseRequired === true && request.case === undefined ? 'no-case' : undefined),
  quota: ({ dailyQuota }, { used }) =>
    dailyQuota === undefined || used === undefined || hasRoom(dailyQuota, used, 1) ? undefined : 'quota',
} as const satisfies Record<string, Check>

const inOrder: readonly Check[] = Object.values(checks)

/**
 * Decides a call by the one agreement that covers its standard and matter.
 *
 * `agreements` are those of the calling department, in any state. Rights are never a union: where several cover the
 * matter, the one in force comes before those that are not, and approval refuses a second one.
 */
export function decide(agreements: readonly Agreement[], request: AccessRequest, now: Date): Decision {
  const ofStandard = agreements.filter(agreement => agreement.standard === request.standard)
  if (ofStandard.length === 0) return { allowed: false, reason: 'no-agreement' }
  const { matter } = request
  if (matter === undefined) return { allowed: false, reason: 'no-matter' }
  const covering = ofStandard.filter(agreement => agreement.matters.includes(matter))
  const instant = now.toISOString()
  const agreement = covering.find(candidate => stateOf(candidate, instant) === 'active') ?? covering.at(-1)
  if (agreement === undefined) return { allowed: false, reason: 'matter' }
  for (const check of inOrder) {
    const reason = check(agreement, request, instant)
    if (reason !== undefined) return { allowed: false, reason, agreement }
  }
  return { allowed: true, agreement }
}

/** What an agreement is at an instant, RFC 3339 in UTC: only an active one allows anything. */
export function stateOf({ status, from, until }: Agreement, instant: string): State {
  return statusFault(status) ?? termFault(from, until, instant) ?? 'active'
}

function statusFault(status: Status): Exclude<Status, 'active'> | undefined {
  return status === 'active' ? undefined : status
}

/** The term ends at `until`: that instant is no more in it. */
function termFault(from: string, until: string, instant: string): 'not-begun' | 'expired' | undefined {
  if (instant < from) return 'not-begun'
  return instant < until ? undefined : 'expired'
}

/**
 * Whether two agreements would both decide the same call at some time: such a second one is refused at approval.
 *
 * One that is suspended counts, for it may be resumed.
 */
export function overlap(a: Agreement, b: Agreement): boolean {
  return (
    a.department === b.department &&
    a.standard === b.standard &&
    standing.has(a.status) &&
    standing.has(b.status) &&
    a.from < b.until &&
    b.from < a.until &&
    a.matters.some(matter => b.matters.includes(matter))
  )
}

const standing: ReadonlySet<Status> = new Set(['active', 'suspended'])
