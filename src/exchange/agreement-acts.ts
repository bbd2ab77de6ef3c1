/** What is done about an agreement once it was asked for: who may do it, from which state, and to which. */
import type { Agreement, AgreementAct, Status } from '../agreement/agreement.ts'
import { verdictOn } from '../agreement/granted.ts'
import { HubError } from '../errors.ts'
import type { JsonObject } from '../record.ts'
import { readAgreement, readAgreements, writeAgreement } from '../store/agreements.ts'
import type { Transaction } from '../store/connection.ts'
import { post } from '../store/outbox.ts'
import { requireShared, termsDetail } from './agreement-terms.ts'
import { approvedBy, nameOf, requireNoOther } from './agreements.ts'
import { findAgreement, type OwnedAgreement } from './find-agreement.ts'
import { change, entryOf, type By, type Hub } from './hub.ts'
import { requireAgreed } from './retired.ts'

type Act = Exclude<AgreementAct['act'], 'request'>

/**
 * Approves what was asked for, as it was asked for; one that is approved already, again, after a level was raised.
 *
 * @param options.replaces an agreement of the same department on the same standard that the act ends: so a consumer goes
 *   over to another major, or to other terms, without a moment in which it has no agreement
 * @throws {HubError} `agreement-unknown`, `owner-only`, `self-decision`, `major-retired`, `agreement-state`,
 *   `agreement-ambiguous`
 */
export async function approveAgreement(
  hub: Hub,
  by: By,
  id: string,
  { replaces }: { readonly replaces?: string | undefined } = {},
): Promise<Agreement> {
  const found = await findFor(hub, by, id, 'approve')
  if (replaces !== undefined) await findFor(hub, by, replaces, 'revoke')
  const { standard } = await hub.published.standard(found.agreement.standard, found.agreement.major)
  const { index } = await hub.published.configuration()
  requireAgreed(index, standard)
  return change(hub, by, async tx => {
    const agreement = await stored(tx, id)
    const raised = standard.fields.filter(field => verdictOn(agreement, field) === 'level-raised')
    if (agreement.status === 'active' || agreement.status === 'suspended') {
      if (raised.length === 0) throw wrongState(agreement, 'It is approved already, and no level was raised since.')
    } else requireStatus(agreement, 'approve')
    if (agreement.until <= hub.clock().toISOString())
      throw wrongState(agreement, 'Its term is over; ask for a new one.')
    requireShared(standard, agreement)
    const approved = approvedBy(hub, by, agreement, standard)
    if (replaces !== undefined) await replace(tx, hub, by, { replaces, approved })
    requireNoOther(index, await readAgreements(tx), approved)
    await writeAgreement(tx, approved, approved.from)
    const detail = { ...termsDetail(approved), levels: { ...approved.levels } }
    return done('approve', approved, { ...detail, ...(replaces !== undefined && { replaces }) })
  })
}

/** Ends an agreement in favour of the one that is being approved; that it ended is an entry of its own. */
async function replace(
  tx: Transaction,
  hub: Hub,
  by: By,
  { replaces, approved }: { readonly replaces: string; readonly approved: Agreement },
): Promise<void> {
  const old = await stored(tx, replaces)
  if (old.id === approved.id || old.department !== approved.department || old.standard !== approved.standard) {
    const whose = `of ${approved.department} on ${approved.standard}`
    throw wrongState(old, `It can only be replaced by another agreement of its own; ${approved.id} is one ${whose}.`)
  }
  requireStatus(old, 'revoke')
  if (approved.from > hub.clock().toISOString()) {
    throw wrongState(approved, `Its term begins at ${approved.from}: approve it then, so that there is no gap.`)
  }
  const noted: AgreementAct = { act: 'revoke', status: 'revoked', at: hub.clock().toISOString(), by: nameOf(by) }
  const ended: Agreement = { ...old, status: 'revoked', acts: [...(old.acts ?? []), noted] }
  await writeAgreement(tx, ended, ended.from)
  const { entry } = done('revoke', ended, { department: ended.department, replacedBy: approved.id })
  await post(tx, { ...entryOf(hub, by), outcome: 'done', ...entry })
}

/** @throws {HubError} `agreement-unknown`, `owner-only`, `self-decision`, `agreement-state` */
export function rejectAgreement(hub: Hub, by: By, id: string, reason: string): Promise<Agreement> {
  return move(hub, by, id, { act: 'reject', reason })
}

/** Keeps an agreement from allowing anything until it is resumed. @throws {HubError} as {@link rejectAgreement} */
export function suspendAgreement(hub: Hub, by: By, id: string, reason: string): Promise<Agreement> {
  return move(hub, by, id, { act: 'suspend', reason })
}

/** @throws {HubError} as {@link rejectAgreement} */
export function resumeAgreement(hub: Hub, by: By, id: string): Promise<Agreement> {
  return move(hub, by, id, { act: 'resume' })
}

/**
 * Ends an agreement for good; every process obeys within a second. Its owner may, and the department that has it, which
 * takes a request back the same way.
 *
 * @throws {HubError} `agreement-unknown`, `owner-only`, `agreement-state`
 */
export function revokeAgreement(hub: Hub, by: By, id: string, reason?: string): Promise<Agreement> {
  return move(hub, by, id, { act: 'revoke', ...(reason !== undefined && { reason }) })
}

/** From which states an act leads to which. */
const moves: Readonly<Record<Act, { readonly from: readonly Status[]; readonly to: Status }>> = {
  approve: { from: ['requested'], to: 'active' },
  reject: { from: ['requested'], to: 'rejected' },
  suspend: { from: ['active'], to: 'suspended' },
  resume: { from: ['suspended'], to: 'active' },
  revoke: { from: ['requested', 'active', 'suspended'], to: 'revoked' },
}

/** What gives a right, or refuses one, is never done by who asked for it. */
const decisions: ReadonlySet<Act> = new Set(['approve', 'reject', 'resume'])

async function move(
  hub: Hub,
  by: By,
  id: string,
  { act, reason }: { readonly act: Act; readonly reason?: string },
): Promise<Agreement> {
  await findFor(hub, by, id, act)
  return change(hub, by, async tx => {
    const agreement = await stored(tx, id)
    requireStatus(agreement, act)
    const status = moves[act].to
    const noted: AgreementAct = {
      act,
      status,
      at: hub.clock().toISOString(),
      by: nameOf(by),
      ...(reason !== undefined && { reason }),
    }
    const moved = { ...agreement, status, acts: [...(agreement.acts ?? []), noted] }
    await writeAgreement(tx, moved, moved.from)
    return done(act, moved, { department: moved.department })
  })
}

/** The agreement, if who acts may do this to it. */
async function findFor(hub: Hub, by: By, id: string, act: Act): Promise<OwnedAgreement> {
  const found = await findAgreement(hub, by, id)
  const { agreement, owner } = found
  if (
    decisions.has(act) &&
    agreement.acts?.some(({ act: past, by: who }) => past === 'request' && who === nameOf(by))
  ) {
    throw new HubError('self-decision', 'You asked for this agreement, so that somebody else must decide on it.')
  }
  if (by.actor.kind === 'operator' || by.department === owner) return found
  if (act === 'revoke' && by.department === agreement.department) return found
  throw new HubError('owner-only', `The standard ${agreement.standard} is owned by ${owner}, which decides on this.`)
}

/** As it is inside the transaction: another process may have acted in the meantime. */
async function stored(tx: Parameters<typeof readAgreement>[0], id: string): Promise<Agreement> {
  const agreement = await readAgreement(tx, id)
  if (agreement === undefined) throw new Error('bug: an agreement is gone, and none is ever deleted')
  return agreement
}

function requireStatus(agreement: Agreement, act: Act): void {
  const { from } = moves[act]
  if (!from.includes(agreement.status))
    throw wrongState(agreement, `Only one that is ${from.join(' or ')} can be ${past[act]}.`)
}

const past: Readonly<Record<Act, string>> = {
  approve: 'approved',
  reject: 'rejected',
  suspend: 'suspended',
  resume: 'resumed',
  revoke: 'revoked',
}

function wrongState({ id, status }: Agreement, why: string): HubError {
  return new HubError('agreement-state', `The agreement ${id} is ${status}. ${why}`)
}

function done(operation: Act, agreement: Agreement, detail: JsonObject) {
  const { id, standard } = agreement
  return { result: agreement, entry: { operation, count: 1, standard, agreement: id, detail } as const }
}
