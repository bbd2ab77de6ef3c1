/** Rejected source records, as whoever mends them must see them. */
import { HubError } from '../errors.ts'
import { listRejects, readReject, type QuarantineRow } from '../store/quarantine.ts'
import { entryOf, type By, type Hub } from './hub.ts'

/**
 * A reject with the source record as JSON text, which may hold anything that the department sent: the entry that says
 * who saw it is durable before this returns.
 *
 * @throws {HubError} `reject-unknown`, `log-unavailable`
 */
export async function discloseReject(
  hub: Hub,
  by: By,
  id: string,
): Promise<{ readonly reject: QuarantineRow; readonly source: string }> {
  const [reject] = await listRejects(hub.store.read, { id, limit: 1 })
  const source = await readReject(hub.store.read, hub.keys.master, id)
  if (reject === undefined || source === undefined) {
    throw new HubError('reject-unknown', `There is nothing in quarantine under the id ${id}.`)
  }
  const { adapter, standard, delivery } = reject
  await hub.log.append({
    ...entryOf(hub, by),
    operation: 'read',
    outcome: 'disclosed',
    standard,
    count: 1,
    detail: { quarantine: id, adapter, delivery },
  })
  return { reject, source }
}
