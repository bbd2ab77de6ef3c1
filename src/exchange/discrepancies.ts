/**
 * Discrepancies: where two departments say differently of one record, for the owner of the standard to settle.
 *
 * Seen by the owner and by the two departments: field, key and departments, never a value, for records are read by
 * agreements alone. Each of the two is told which of its own source records it is, and looks there.
 */
import { HubError } from '../errors.ts'
import { readOrigin, type ContributionOrigin } from '../store/contribution-origin.ts'
import {
  listDiscrepancies,
  readDiscrepancy,
  readReason,
  settleDiscrepancy,
  type Discrepancy,
  type DiscrepancyFilter,
  type SettledAs,
} from '../store/discrepancies.ts'
import { post } from '../store/outbox.ts'
import { lockMaster } from '../store/rotation.ts'
import { readOwned, readOwner } from '../store/standard-summaries.ts'
import { nameOf } from './agreements.ts'
import { enterAudit } from './audit.ts'
import { carry, entryOf, type By, type Hub } from './hub.ts'

/** A page, newest first; whose keys were seen is an entry, durable before this returns. @throws {HubError} `log-unavailable` */
export async function findDiscrepancies(
  hub: Hub,
  by: By,
  filter: Omit<DiscrepancyFilter, 'seenBy'>,
): Promise<Discrepancy[]> {
  const { department } = by
  const isOperator = by.actor.kind === 'operator'
  const owned = isOperator || department === undefined ? [] : await readOwned(hub.store.read, department)
  const seenBy = isOperator ? undefined : { department: department ?? '', owned }
  const found = await listDiscrepancies(hub.store.read, { ...filter, seenBy })
  const { standard, state } = filter
  const filters = { ...(standard !== undefined && { standard }), ...(state !== undefined && { state }) }
  const records = [...new Set(found.map(({ pseudonym }) => pseudonym))]
  await enterAudit(hub, by, { act: 'list-discrepancies', count: found.length, filters, records })
  return found
}

/** A discrepancy, why it was settled so, and of the caller's own side which of its source records it is. */
export type DiscrepancyView = Discrepancy & {
  readonly reason: string | null
  readonly own: readonly ContributionOrigin[]
}

/** @throws {HubError} `discrepancy-unknown`, `log-unavailable` */
export async function showDiscrepancy(hub: Hub, by: By, id: string): Promise<DiscrepancyView> {
  const { discrepancy } = await find(hub, by, id)
  const view = await viewOf(hub, by, discrepancy)
  await enterAudit(hub, by, { act: 'read-discrepancy', count: 1, records: [discrepancy.pseudonym] })
  return view
}

/**
 * The owner of the standard settles it: it is listed as open no more until one of the two values changes. The reason is
 * kept sealed, and is not in the log.
 *
 * @throws {HubError} `discrepancy-unknown`, `owner-only`; `discrepancy-state` where it is gone
 */
export async function settle(
  hub: Hub,
  by: By,
  { id, decision, reason }: { readonly id: string; readonly decision: SettledAs; readonly reason: string },
): Promise<DiscrepancyView> {
  const { discrepancy, owner } = await find(hub, by, id)
  if (by.actor.kind !== 'operator' && by.department !== owner) {
    throw new HubError('owner-only', `The standard ${discrepancy.standard} is owned by ${owner}, which settles this.`)
  }
  const { standard, field, sides, pseudonym } = discrepancy
  await hub.store.transact(async tx => {
    await lockMaster(tx)
    const at = hub.clock().toISOString()
    if (!(await settleDiscrepancy(tx, hub.keys.master, { id, decision, reason, by: nameOf(by), at }))) {
      const detail = 'The two departments do not differ any more: there is nothing to settle.'
      throw new HubError('discrepancy-state', detail)
    }
    const detail = { discrepancy: id, decision, departments: sides.map(({ department }) => department) }
    const about = { standard, fields: [field], records: [pseudonym], count: 1, detail }
    await post(tx, { ...entryOf(hub, by), operation: 'settle', outcome: 'done', ...about })
  })
  await carry(hub)
  return viewOf(hub, by, (await find(hub, by, id)).discrepancy)
}

/** One that neither concerns the caller nor is of its standards is as unknown as none. */
async function find(hub: Hub, by: By, id: string): Promise<{ discrepancy: Discrepancy; owner: string }> {
  const discrepancy = await readDiscrepancy(hub.store.read, id)
  const owner = discrepancy && (await ownerOf(hub, discrepancy.standard))
  const mayBe = [owner, ...(discrepancy?.sides.map(({ department }) => department) ?? [])]
  const isSeen = by.actor.kind === 'operator' || mayBe.includes(by.department)
  if (discrepancy === undefined || owner === undefined || !isSeen) {
    throw new HubError('discrepancy-unknown', 'There is no discrepancy with this id that concerns your department.')
  }
  return { discrepancy, owner }
}

async function viewOf(hub: Hub, by: By, discrepancy: Discrepancy): Promise<DiscrepancyView> {
  const { id, sides, standard, key } = discrepancy
  const reason = (await readReason(hub.store.read, hub.keys.master, id)) ?? null
  const adapters = sides
    .filter(({ department }) => by.actor.kind === 'operator' || department === by.department)
    .map(({ adapter }) => adapter)
  const own = await readOrigin(hub.store.read, { standard, key }, adapters)
  return { ...discrepancy, reason, own }
}

/** By the newest version. @throws {HubError} `standard-unknown` */
export async function ownerOf(hub: Hub, id: string): Promise<string> {
  const owner = await readOwner(hub.store.read, id)
  if (owner !== undefined) return owner
  throw new HubError('standard-unknown', `The standard ${id} is not published.`)
}
