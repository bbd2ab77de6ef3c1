/** The decision on a call about records, by the agreements of its department as they are now. */
import { decide, type AccessRequest, type Decision } from '../agreement/decide.ts'
import type { Agreement } from '../agreement/agreement.ts'
import { dayOf, nextDay } from '../agreement/quota.ts'
import type { ProblemCode } from '../errors.ts'
import type { Operation } from '../record.ts'
import { readQuotaUse } from '../store/quotas.ts'
import type { Call } from './access-entry.ts'
import type { Hub } from './hub.ts'

/** The quota is read only where the agreement that decides has one. */
export async function decisionOn(hub: Hub, call: Call, operation: Operation): Promise<Decision> {
  const { agreements } = await hub.published.configuration()
  const own = agreements.get(call.by.department) ?? []
  const request: AccessRequest = { standard: call.standard, operation, matter: call.matter, case: call.case }
  const now = hub.clock()
  const decision = decide(own, request, now)
  if (!decision.allowed || decision.agreement.dailyQuota === undefined) return decision
  const { used } = await readQuotaUse(hub.store.read, decision.agreement.id, dayOf(now.toISOString()))
  return decide(own, { ...request, used }, now)
}

/** What the entry and the reply of a refused call say of the decision. */
export function refusalOf(
  hub: Hub,
  { reason, agreement }: Decision & { readonly allowed: false },
): { readonly problem: ProblemCode; readonly agreement?: Agreement; readonly retryAfterSeconds?: number } {
  const of = agreement === undefined ? {} : { agreement }
  if (reason !== 'quota') return { problem: 'agreement-missing', ...of }
  const now = hub.clock()
  const wait = nextDay(now.toISOString()).getTime() - now.getTime()
  return { problem: 'quota-exceeded', ...of, retryAfterSeconds: Math.ceil(wait / 1000) }
}
