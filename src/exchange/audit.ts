/** The entry of an act that only reads: the log, the configuration. */
import { entryOf, type By, type Hub } from './hub.ts'

/**
 * Enters that the log was read; resolves when the entry is durable, and only then may what was read leave.
 *
 * @throws {HubError} `log-unavailable`
 */
export async function enterAudit(
  hub: Hub,
  by: By,
  { act, count }: { readonly act: 'list-log' | 'export-log'; readonly count: number },
): Promise<void> {
  await hub.log.append({ ...entryOf(hub, by), operation: 'audit', outcome: 'done', count, detail: { act } })
}
