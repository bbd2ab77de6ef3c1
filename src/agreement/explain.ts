/** Why an agreement allows a call or does not: the checks of `decide.ts` one by one, with what each has looked at. */
import type { Agreement } from './agreement.ts'
import { checks, type AccessRequest, type Refusal } from './decide.ts'

/** One check: whether it holds; if not, by which refusal; and in words what the agreement says on it. */
export type Step = {
  readonly step: keyof typeof checks
  readonly holds: boolean
  readonly refusal?: Refusal
  readonly text: string
}

/** All checks, also those behind the first that fails. @param instant RFC 3339 in UTC */
export function stepsOf(agreement: Agreement, request: AccessRequest, instant: string): Step[] {
  return (Object.keys(checks) as Step['step'][]).map(step => {
    const refusal = checks[step](agreement, request, instant)
    const text = says[step](agreement, request)
    return { step, holds: refusal === undefined, ...(refusal !== undefined && { refusal }), text }
  })
}

const says: Readonly<Record<Step['step'], (agreement: Agreement, request: AccessRequest) => string>> = {
  matter: ({ matters }, { matter }) => `The call names ${matter ?? 'no matter'}: it covers ${matters.join(', ')}.`,
  status({ status, acts = [] }) {
    const last = acts.at(-1)
    return last === undefined ? `It is ${status}.` : `It is ${status}, since ${last.at}, by ${last.by}.`
  },
  term: ({ from, until }) => `Its term begins at ${from} and ends at ${until}.`,
  operation: ({ operations }, { operation }) => `The call is ${operation}: it allows ${operations.join(', ')}.`,
  case: ({ caseRequired }) => (caseRequired === true ? 'A call must name its case.' : 'A call need not name a case.'),
  quota({ dailyQuota }, { used }) {
    if (dailyQuota === undefined) return 'It has no daily quota.'
    const records = `${dailyQuota} records a day (UTC)`
    return used === undefined
      ? `Its quota is ${records}.`
      : `Its quota is ${records}; ${used} were disclosed on that day.`
  },
}
