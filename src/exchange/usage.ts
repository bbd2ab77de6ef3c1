/** Use of records, counted from the access log: by departments of what concerns them, by auditors of everything. */
import { HubError } from '../errors.ts'
import type { JsonObject } from '../record.ts'
import { readOwned } from '../store/standard-summaries.ts'
import type { UsageCounts, UsageDimension, UsageRow } from '../log/usage.ts'
import { enterAudit } from './audit.ts'
import type { By, Hub } from './hub.ts'
import { requireKnown } from './log-names.ts'
import { selectionOf, type LogFilters } from './log-search.ts'

/** What use is chosen by. */
export type UsageFilters = Omit<
  LogFilters,
  'operator' | 'case' | 'outcome' | 'problem' | 'request' | 'record' | 'subject'
>

export type Usage = {
  readonly by: readonly UsageDimension[]
  readonly usage: readonly UsageRow[]
  /** Over all groups, which is not their sum: one call may be in several, and one subject in many. */
  readonly total: UsageCounts
  /** Of how many entries: the size of the log when it was counted. */
  readonly entries: number
}

/** What a reader can take in, and a reply hold. */
const most = 10_000

/**
 * Counts use; resolves when the entry that says so is durable.
 *
 * @param reach a department sees its own use, and the use that is made of the standards that it owns; undefined sees all
 * @throws {HubError} `request-invalid` for a filter that cannot be read, or where there are too many groups; and what
 *   {@link requireKnown} throws
 */
export async function readUsage(
  hub: Hub,
  by: By,
  asked: {
    readonly filters: UsageFilters
    readonly by: readonly UsageDimension[]
    readonly reach?: { readonly department: string }
  },
): Promise<Usage> {
  const { filters, reach } = asked
  const dimensions = [...new Set(asked.by)]
  const visible = reach && {
    department: reach.department,
    standards: await readOwned(hub.store.read, reach.department),
  }
  const query = { selection: selectionOf(filters), by: dimensions, limit: most, ...(visible && { visible }) }
  // A department must not learn here whom other departments have as clients and users.
  await requireKnown(hub, reach === undefined ? filters : { ...filters, client: undefined, user: undefined })
  const { rows, total, isCut, size } = await hub.logIndex.usage(query)
  if (isCut) {
    throw new HubError('request-invalid', `There are more than ${most} groups: count by less, or over a shorter time.`)
  }
  await enterAudit(hub, by, {
    act: 'read-usage',
    count: rows.length,
    filters: { ...filters, by: dimensions } as JsonObject,
  })
  return { by: dimensions, usage: rows, total, entries: size }
}
