/** The entry of an act that only reads: the log, the configuration. */
import type { Pseudonym } from '../log/entry.ts'
import type { JsonObject } from '../record.ts'
import { entryOf, type By, type Hub } from './hub.ts'

/** What was read. */
export type AuditAct =
  | 'list-log'
  | 'export-log'
  | 'search-log'
  | 'reindex-log'
  | 'read-usage'
  | 'read-uses'
  | 'read-entries'
  | 'prove-entry'
  | 'list-departments'
  | 'list-clients'
  | 'list-users'
  | 'list-adapters'
  | 'read-adapter'
  | 'read-coverage'
  | 'compare-standards'
  | 'list-discrepancies'
  | 'read-discrepancy'
  | 'list-corrections'
  | 'read-correction'

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
    records,
  }: {
    readonly act: AuditAct
    readonly count: number
    readonly from?: number
    /** What narrowed it: no identifier, no key. */
    readonly filters?: JsonObject
    /** Pseudonyms of records whose keys, or what is said of them, were seen. */
    readonly records?: readonly Pseudonym[]
  },
): Promise<void> {
  await hub.log.append({
    ...entryOf(hub, by),
    operation: 'audit',
    outcome: 'done',
    count,
    ...(records !== undefined && records.length > 0 && { records }),
    detail: { act, ...(from === undefined ? {} : { from }), ...(filters && { filters }) },
  })
}
