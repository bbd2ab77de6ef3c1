/** What converting by the newest version of an adapter takes. */
import type { Language } from '../record.ts'
import type { Line } from './convert.ts'
import type { Hub } from './hub.ts'

/** @throws {HubError} `adapter-unknown` */
export async function openLine(hub: Hub, id: string, language: Language = 'en'): Promise<Line> {
  const adapter = await hub.published.adapter(id)
  const compiled = await hub.published.standard(adapter.standard.id, adapter.standard.version)
  return { adapter, compiled, pseudonymKey: hub.keys.pseudonym, language }
}
