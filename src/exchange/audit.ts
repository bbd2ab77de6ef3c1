/** The entry of an act that only reads: the log, the configuration. */
import type { JsonObject } from '../record.ts'
import { entryOf, type By, type Hub } from './hub.ts'

/** What was read. */
export type AuditAct =
  | 'list-log'
  | 'export-log'
  | 'search-log'
  | 'reindex-log'
  | 'read-usage'
  | 'read-entries'
  | 'prove-entry'
  | 'list-departments'
  | 'list-clients'
  | 'list-users'

/**
 * Enters that the log or the configuration was read; resolves when the entry is durable, and only then may what was read leave.
 *
 * @throws {HubError} `log-unavailable`
 */
export async function enterAudit(
  hub: Hub,
  by: By,
  {
    act,
    count,
    from,
    filters,
  }: {
    readonly act: AuditAct
    readonly count: number
    readonly from?: number
    /** What narrowed it: no identifier, no key. */
    readonly filters?: JsonObject
  },
): Promise<void> {
  await hub.log.append({
    ...entryOf(hub, by),
    operation: 'audit',
    outcome: 'done',
    count,
    detail: { act, ...(from === undefined ? {} : { from }), ...(filters && { filters }) },
  })
}
