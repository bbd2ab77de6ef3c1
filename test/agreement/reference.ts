/**
 * A slow evaluator of agreements, written from DESIGN.md alone and sharing nothing with `decide`: it tells the answer
 * by drawing up the whole list of an agreement's faults, by numbers of milliseconds and by loops.
 */
import type { Agreement } from '../../src/agreement/agreement.ts'
import type { AccessRequest } from '../../src/agreement/decide.ts'

/** `allowed by <id>`, or the reason of the refusal. */
export function outcomeByReference(agreements: readonly Agreement[], call: AccessRequest, at: string): string {
  let named = 0
  let covering: Agreement | undefined
  let isDecided = false
  for (const one of agreements) {
    if (one.standard !== call.standard) continue
    named += 1
    let covers = false
    for (const matter of one.matters) covers ||= matter === call.matter
    if (!covers) continue
    // The first that is in force decides, and no later one; while there is none, the latest speaks for them.
    if (isDecided) continue
    covering = one
    isDecided = standing(one, Date.parse(at)).length === 0
  }
  if (named === 0) return 'no-agreement'
  if (call.matter === undefined) return 'no-matter'
  if (covering === undefined) return 'matter'
  const faults = [...standing(covering, Date.parse(at)), ...objections(covering, call)]
  return faults[0] ?? `allowed by ${covering.id}`
}

/** Why an agreement is not in force. */
function standing(agreement: Agreement, ms: number): string[] {
  const faults: string[] = []
  for (const status of ['requested', 'rejected', 'suspended', 'revoked']) {
    if (agreement.status === status) faults.push(status)
  }
  if (Date.parse(agreement.from) - ms > 0) faults.push('not-begun')
  if (ms - Date.parse(agreement.until) >= 0) faults.push('expired')
  return faults
}

/** Why it would not allow the call if it were. */
function objections(agreement: Agreement, call: AccessRequest): string[] {
  const faults: string[] = []
  let isListed = false
  for (const operation of agreement.operations) if (operation === call.operation) isListed = true
  if (!isListed) faults.push('operation')
  if (agreement.caseRequired && !call.case) faults.push('no-case')
  let left = agreement.dailyQuota ?? Infinity
  for (let record = 0; record < (call.used ?? 0); record++) left -= 1
  if (call.used !== undefined && left < 1) faults.push('quota')
  return faults
}
