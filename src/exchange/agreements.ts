/** How an agreement comes about: asked for, or made by an operator as it was decided elsewhere. Each is an entry. */
import { overlap } from '../agreement/decide.ts'
import type { Agreement, AgreementAct } from '../agreement/agreement.ts'
import { levelsOf } from '../agreement/granted.ts'
import { HubError } from '../errors.ts'
import type { Standard } from '../standard.ts'
import { readAgreements, writeAgreement } from '../store/agreements.ts'
import type { CatalogueIndex } from '../store/catalogue.ts'
import type { Transaction } from '../store/connection.ts'
import { post } from '../store/outbox.ts'
import { checkTerms, termsDetail, type CheckedTerms, type Terms } from './agreement-terms.ts'
import { isRetired } from './ending.ts'
import { change, entryOf, type By, type Hub } from './hub.ts'

/**
 * Asks for an agreement, for the department of whoever asks; the command line names the department.
 *
 * What is shared with every department is approved at once, by the hub: fields of level L1 and L2 that are unconditional,
 * of a standard that is. Anything else waits for the owner of the standard.
 *
 * @throws {HubError} `scope-missing` for another department; as {@link createAgreement}
 */
export async function requestAgreement(hub: Hub, by: By, asked: Terms): Promise<Agreement> {
  if (by.actor.kind !== 'operator' && by.department !== asked.department) {
    throw new HubError('scope-missing', 'A department asks for agreements of its own only.')
  }
  const { terms, standard } = await checkTerms(hub, asked)
  const { index } = await hub.published.configuration()
  const request: AgreementAct = { act: 'request', status: 'requested', at: now(hub), by: nameOf(by) }
  const requested: Agreement = { ...terms, status: 'requested', acts: [request] }
  const about = { standard: terms.standard, agreement: terms.id, count: 1, detail: termsDetail(terms) }
  const entry = { operation: 'request', ...about } as const
  if (!isUnconditional(standard, terms)) {
    return change(hub, by, async tx => {
      await add(tx, index, requested)
      return { result: requested, entry }
    })
  }
  // Nobody decides on what they asked for: here the standard has decided, and the hub says so.
  const hubItself: By = { actor: { kind: 'hub', id: 'hub' }, request: by.request }
  const approved = approvedBy(hub, hubItself, requested, standard)
  return change(hub, hubItself, async tx => {
    await add(tx, index, approved)
    await post(tx, { ...entryOf(hub, by), outcome: 'done', ...entry })
    return { result: approved, entry: { operation: 'approve', ...about } }
  })
}

/**
 * Makes an agreement that is in force at once: an operator records what was decided elsewhere.
 *
 * @throws {HubError} `department-unknown`, `standard-unknown`; `request-invalid` with an issue for each of the terms that
 *   cannot be; `conflict`; `agreement-ambiguous` where another one would decide the same calls
 */
export async function createAgreement(hub: Hub, by: By, made: Terms): Promise<Agreement> {
  const { terms, standard } = await checkTerms(hub, made)
  const { index } = await hub.published.configuration()
  const agreement = approvedBy(hub, by, { ...terms, status: 'requested' }, standard)
  return change(hub, by, async tx => {
    await add(tx, index, agreement)
    const { id } = agreement
    const detail = termsDetail(agreement)
    return {
      result: agreement,
      entry: { operation: 'approve', count: 1, standard: standard.id, agreement: id, detail },
    }
  })
}

/** The agreement as it is once it was approved: the levels that its fields have now are what was approved. */
export function approvedBy(hub: Hub, by: By, agreement: Agreement, standard: Standard): Agreement {
  const { acts = [], status } = agreement
  const levels = levelsOf(standard, agreement.fields)
  const after = status === 'requested' ? 'active' : status
  const act: AgreementAct = { act: 'approve', status: after, at: now(hub), by: nameOf(by), levels }
  return { ...agreement, status: after, levels, acts: [...acts, act] }
}

/**
 * Rights are never a union: one agreement decides a call. One on a retired major decides none.
 *
 * @throws {HubError} `agreement-ambiguous`
 */
export function requireNoOther(index: CatalogueIndex, agreements: readonly Agreement[], agreement: Agreement): void {
  const other = agreements.find(
    candidate => candidate.id !== agreement.id && overlap(candidate, agreement) && !isRetired(index, candidate),
  )
  if (other === undefined) return
  const detail = `The agreement ${other.id} covers the same department, standard and matter at the same time; let this one take its place (\`replaces\` of its approval), revoke it first, or name other matters.`
  throw new HubError('agreement-ambiguous', detail)
}

/** `kind:id`, by which agreements know who did what. */
export function nameOf({ actor }: By): string {
  return `${actor.kind}:${actor.id}`
}

async function add(tx: Transaction, index: CatalogueIndex, agreement: Agreement): Promise<void> {
  const agreements = await readAgreements(tx)
  if (agreements.some(({ id }) => id === agreement.id)) {
    throw new HubError('conflict', `There is an agreement ${agreement.id} already; choose another id.`)
  }
  requireNoOther(index, agreements, agreement)
  await writeAgreement(tx, agreement, agreement.acts?.[0]?.at ?? agreement.from)
}

function isUnconditional(standard: Standard, { fields }: CheckedTerms): boolean {
  return (
    standard.document.standard.sharing === 'unconditional' &&
    standard.fields
      .filter(({ path }) => fields.includes(path))
      .every(({ sharing, level }) => sharing === 'unconditional' && level <= 'L2')
  )
}

function now(hub: Hub): string {
  return hub.clock().toISOString()
}
