/** Agreements as those see them whom they concern: the department that has one, and the owner of its standard. */
import type { Agreement } from '../agreement/agreement.ts'
import { stateOf, type State } from '../agreement/decide.ts'
import { closedFeeds, verdictOn, type FieldVerdict } from '../agreement/granted.ts'
import { HubError } from '../errors.ts'
import type { FieldPath } from '../record.ts'
import { readAgreement, readAgreements } from '../store/agreements.ts'
import { endingOf, type Ending } from './ending.ts'
import { entryOf, type By, type Hub } from './hub.ts'

/** `retired`: it would allow calls, now or once something is done about it, were its major not retired. */
export type ShownState = State | 'retired'

export type OwnedAgreement = { readonly agreement: Agreement; readonly owner: string }

/** An agreement, what it is at this moment, who decides on it, and which of its fields wait to be approved again. */
export type AgreementView = Agreement & {
  readonly state: ShownState
  readonly owner: string
  readonly heldBack: readonly FieldPath[]
  /** Granted fields that are held back of records of newer majors, which hold more tightly what these are made of. */
  readonly heldBackOf?: readonly HeldBackOf[]
  /** Where its major comes to its end: what it is, and from when on it may be retired. */
  readonly ending?: Pick<Ending, 'status' | 'sunset'>
}

export type HeldBackOf = { readonly major: number; readonly fields: readonly FieldPath[] }

/** Whose agreements are seen: of one department, or of all, by whoever keeps or audits the hub. */
export type Reach = { readonly department?: string | undefined }

export type AgreementFilter = {
  readonly standard?: string | undefined
  /** Of this consuming department. */
  readonly department?: string | undefined
  readonly state?: ShownState | undefined
  /** The agreement behind which the page begins. */
  readonly after?: string | undefined
  readonly limit?: number | undefined
}

export const states = [
  'requested',
  'rejected',
  'not-begun',
  'active',
  'suspended',
  'expired',
  'revoked',
  'retired',
] as const satisfies readonly ShownState[]

/**
 * The agreements that a department asked for and those on its standards, in the order in which they were asked for.
 *
 * That they were looked at is an entry, durable before this returns.
 *
 * @throws {HubError} `request-invalid` for a cursor that is none, `log-unavailable`
 */
export async function listAgreements(
  hub: Hub,
  by: By,
  { reach, ...filter }: AgreementFilter & { readonly reach: Reach },
): Promise<AgreementView[]> {
  const all = await readAgreements(hub.store.read)
  const found: AgreementView[] = []
  for (const agreement of await behind(hub, all, { after: filter.after, reach })) {
    if (found.length === filter.limit) break
    if (filter.standard !== undefined && agreement.standard !== filter.standard) continue
    if (filter.department !== undefined && agreement.department !== filter.department) continue
    const view = await viewOf(hub, agreement)
    if (isSeen(view, view.owner, reach) && (filter.state ?? view.state) === view.state) found.push(view)
  }
  await enterLook(hub, by, { act: 'list-agreements', count: found.length })
  return found
}

/** The agreements that come after one. None is ever deleted, so that a page goes on from where the last one ended. */
async function behind(
  hub: Hub,
  all: readonly Agreement[],
  { after, reach }: { readonly after: string | undefined; readonly reach: Reach },
): Promise<readonly Agreement[]> {
  if (after === undefined) return all
  const index = all.findIndex(({ id }) => id === after)
  const last = all[index]
  // One that is another department's ended no page of this one.
  if (last !== undefined && isSeen(last, await ownerOf(hub, last), reach)) return all.slice(index + 1)
  const detail = 'The cursor is none that a page of this call gave; take it from the page before as it stands.'
  throw new HubError('request-invalid', detail)
}

/**
 * One agreement; that it was looked at is an entry, durable before this returns.
 *
 * @throws {HubError} `agreement-unknown`, `log-unavailable`
 */
export async function showAgreement(
  hub: Hub,
  by: By,
  { id, reach }: { id: string; reach: Reach },
): Promise<AgreementView> {
  const { agreement } = await findWithin(hub, id, reach)
  await enterLook(hub, by, { act: 'show-agreement', agreement: agreement.id, count: 1 })
  return viewOf(hub, agreement)
}

/** Another department's agreement is as unknown as none. @throws {HubError} `agreement-unknown` */
export function findAgreement(hub: Hub, by: By, id: string): Promise<OwnedAgreement> {
  // Who belongs to no department has none to decide for: `''` is no department's id.
  return findWithin(hub, id, by.actor.kind === 'operator' ? {} : { department: by.department ?? '' })
}

/** @throws {HubError} `agreement-unknown` */
export async function findWithin(hub: Hub, id: string, reach: Reach): Promise<OwnedAgreement> {
  const agreement = await readAgreement(hub.store.read, id)
  const owner = agreement && (await ownerOf(hub, agreement))
  if (agreement === undefined || owner === undefined || !isSeen(agreement, owner, reach)) {
    throw new HubError('agreement-unknown', `There is no agreement ${id}; \`concord agreement list\` shows them.`)
  }
  return { agreement, owner }
}

/** @throws {HubError} `log-unavailable` */
export async function enterLook(
  hub: Hub,
  by: By,
  look: {
    readonly act: 'list-agreements' | 'show-agreement' | 'explain-agreement'
    readonly agreement?: string
    readonly count: number
  },
): Promise<void> {
  const { act, ...rest } = look
  await hub.log.append({ ...entryOf(hub, by), operation: 'audit', outcome: 'done', ...rest, detail: { act } })
}

export async function viewOf(hub: Hub, agreement: Agreement): Promise<AgreementView> {
  const { standard, newer } = await hub.published.standard(agreement.standard, agreement.major)
  const ending = endingOf((await hub.published.configuration()).index, agreement.standard, agreement.major)
  const state = stateOf(agreement, hub.clock().toISOString())
  const isPending = agreement.status === 'requested' || agreement.status === 'rejected'
  const heldOf = newer
    .map(one => ({ major: one.from.major, fields: [...closedFeeds(agreement, standard, one).keys()] }))
    .filter(({ fields }) => !isPending && fields.length > 0)
  const held = standard.fields.filter(field => heldBack.has(verdictOn(agreement, field)))
  return {
    ...agreement,
    state: ending?.status === 'retired' && !over.has(state) ? 'retired' : state,
    owner: standard.document.standard.owner,
    heldBack: isPending ? [] : held.map(({ path }) => path),
    ...(heldOf.length > 0 && { heldBackOf: heldOf }),
    ...(ending && { ending: { status: ending.status, sunset: ending.sunset } }),
  }
}

/** What has ended before its major did ended so. */
const over: ReadonlySet<State> = new Set(['rejected', 'expired', 'revoked'])

const heldBack: ReadonlySet<FieldVerdict> = new Set(['level-raised', 'not-shared'])

async function ownerOf(hub: Hub, { standard: id, major }: Agreement): Promise<string> {
  const { standard } = await hub.published.standard(id, major)
  return standard.document.standard.owner
}

function isSeen(agreement: Agreement, owner: string, { department }: Reach): boolean {
  return department === undefined || department === agreement.department || department === owner
}
