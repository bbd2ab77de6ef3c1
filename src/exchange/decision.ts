/** The decision on a call about records, by the agreements of its department as they are now. */
import { decide, type AccessRequest, type Decision } from '../agreement/decide.ts'
import type { Agreement } from '../agreement/agreement.ts'
import { dayOf, nextDay } from '../agreement/quota.ts'
import type { ProblemCode } from '../errors.ts'
import type { Operation } from '../record.ts'
import { readQuotaUse } from '../store/quotas.ts'
import type { Call } from './access-entry.ts'
import { endingOf, isRetired } from './ending.ts'
import type { Hub } from './hub.ts'
import { decideOpen } from './open-agreement.ts'
import type { Configuration } from './configuration.ts'

/** The quota is read only where the agreement that decides has one. */
export async function decisionOn(hub: Hub, call: Call, operation: Operation): Promise<Decision> {
  const { agreements, index } = await hub.published.configuration()
  const decision = await decideNow(hub, call, operation, { agreements, index })
  const ending = decision.agreement && endingOf(index, decision.agreement.standard, decision.agreement.major)
  if (ending !== undefined) call.onEnding?.(ending)
  return decision
}

async function decideNow(
  hub: Hub,
  call: Call,
  operation: Operation,
  { agreements, index }: Pick<Configuration, 'agreements' | 'index'>,
): Promise<Decision> {
  if (call.by.department === undefined) return decideOpen(hub, call, operation)
  const own = agreements.get(call.by.department) ?? []
  const request: AccessRequest = { standard: call.standard, operation, matter: call.matter, case: call.case }
  const now = hub.clock()
  const isOver = (agreement: Agreement): boolean => isRetired(index, agreement)
  const decision = decideLasting(own, request, now, isOver)
  // What is served no more is refused for that, whatever is left of its quota.
  if (!decision.allowed || decision.agreement.dailyQuota === undefined || isOver(decision.agreement)) return decision
  const { used } = await readQuotaUse(hub.store.read, decision.agreement.id, dayOf(now.toISOString()))
  return decide([decision.agreement], { ...request, used }, now)
}

/**
 * Decides by agreements on majors that are served, where one of them covers the call. One on a retired major still is in
 * force, and who has no other is told so by it.
 */
export function decideLasting(
  agreements: readonly Agreement[],
  request: AccessRequest,
  now: Date,
  isOver: (agreement: Agreement) => boolean,
): Decision {
  const lasting = agreements.filter(agreement => !isOver(agreement))
  const decision = decide(lasting, request, now)
  if (decision.allowed || lasting.length === agreements.length) return decision
  const before = decide(agreements, request, now)
  return before.allowed ? before : decision
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
