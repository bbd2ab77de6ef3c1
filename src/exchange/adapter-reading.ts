/** What there is of adapters, for whoever may read it; that it was read is an entry before it leaves. */
import { HubError } from '../errors.ts'
import type { Version } from '../standard.ts'
import { readAdapterDocument } from '../store/adapters.ts'
import { compareVersions } from '../versions.ts'
import { requireAdapterReader } from './adapter-owner.ts'
import { enterAudit } from './audit.ts'
import type { By, Hub } from './hub.ts'

export type AdapterListed = {
  readonly department: string
  readonly name: string
  /** The standard of the version in use, and its major. */
  readonly standard: string
  readonly major: number
  readonly version: Version
  /** Oldest first. */
  readonly versions: readonly Version[]
}

/** By department and name. @throws {HubError} `log-unavailable` */
export async function listAdapters(hub: Hub, by: By): Promise<AdapterListed[]> {
  const { index } = await hub.published.configuration()
  const versions = new Map<string, Version[]>()
  for (const { adapter, version } of index.adapters) {
    versions.set(adapter, [...(versions.get(adapter) ?? []), version])
  }
  const listed = index.adapters
    .filter(({ isInUse }) => isInUse)
    .map(({ adapter, standard, major, version }) => {
      const [department = '', name = ''] = adapter.split('/')
      const own = (versions.get(adapter) ?? []).toSorted(compareVersions)
      return { department, name, standard, major, version, versions: own }
    })
    .toSorted((a, b) => compareTexts(a.department, b.department) || compareTexts(a.name, b.name))
  await enterAudit(hub, by, { act: 'list-adapters', count: listed.length })
  return listed
}

/**
 * @param version the one in use where it is left out
 * @throws {HubError} `owner-only`, `adapter-unknown`, `log-unavailable`
 */
export async function readAdapter(hub: Hub, by: By, id: string, version?: Version): Promise<unknown> {
  await requireAdapterReader(hub, by, id)
  const row = await hub.published.adapterRow(id, version)
  const document = await readAdapterDocument(hub.store.read, id, row.version)
  if (document === undefined) throw new HubError('adapter-unknown', `The adapter ${id} is not published.`)
  await enterAudit(hub, by, { act: 'read-adapter', count: 1, filters: { adapter: id, version: row.version } })
  return document
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
