/** What converting by an adapter takes: by the version that is in use, or by the one that is named. */
import type { Language } from '../record.ts'
import type { Version } from '../standard.ts'
import type { Line } from './convert.ts'
import type { Hub } from './hub.ts'
import { requireDelivered } from './retired.ts'

/** @throws {HubError} `adapter-unknown`, `major-retired` */
export async function openLine(hub: Hub, id: string, language: Language = 'en', version?: Version): Promise<Line> {
  const adapter = await hub.published.adapter(id, version)
  requireDelivered((await hub.published.configuration()).index, adapter)
  const compiled = await hub.published.standard(adapter.standard.id, adapter.standard.version)
  return { adapter, compiled, pseudonymKey: hub.keys.pseudonym, language }
}
