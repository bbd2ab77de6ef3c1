/** Whose an adapter is: its department publishes and tries it, and the owner of its standard may read it as well. */
import { HubError } from '../errors.ts'
import type { By, Hub } from './hub.ts'

/**
 * That whoever acts is of the adapter's department; an operator, who has the machine, may act for each.
 *
 * @param adapter `department/name`
 * @throws {HubError} `owner-only`
 */
export function requireAdapterOwner(by: By, adapter: string): void {
  if (mayPublish(by, adapter)) return
  const detail = `The adapter ${adapter} is another department's: only that department publishes it, tries it and sees its cases.`
  throw new HubError('owner-only', detail)
}

/** @throws {HubError} `owner-only`, `adapter-unknown` */
export async function requireAdapterReader(hub: Hub, by: By, adapter: string): Promise<void> {
  const { standard, major } = await hub.published.adapterRow(adapter)
  if (mayPublish(by, adapter)) return
  const { owner } = (await hub.published.standard(standard, major)).standard.document.standard
  if (by.department === owner) return
  const detail = `The adapter ${adapter} is read by its department and by ${owner}, which owns its standard.`
  throw new HubError('owner-only', detail)
}

function mayPublish({ actor, department }: By, adapter: string): boolean {
  const isPerson = actor.kind === 'client' || actor.kind === 'user'
  return !isPerson || (department !== undefined && adapter.startsWith(`${department}/`))
}
