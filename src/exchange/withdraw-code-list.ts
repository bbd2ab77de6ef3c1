/**
 * Withdraws versions of code lists whose day has not come, so that another may take their place.
 *
 * Nobody has gone by such a version: no record was validated by it. One that is in use, or was, stays for ever.
 */
import { HubError } from '../errors.ts'
import type { Version } from '../standard.ts'
import type { Transaction } from '../store/connection.ts'
import { deleteCodeListVersion, readCodeListVersion, readCodeListVersions } from '../store/code-lists.ts'
import { newest } from '../versions.ts'
import { change, type By, type Hub } from './hub.ts'
import { requireListOwner } from './list-owner.ts'
import { draftEntry } from './publication.ts'
import { deleteDraftOfCodeList } from './publish-code-list.ts'

/** Deletes a draft, or withdraws a version whose day has not come. @throws {HubError} as {@link withdrawCodeList} */
export async function deleteOrWithdraw(hub: Hub, by: By, id: string, version: Version): Promise<void> {
  const stored = await readCodeListVersion(hub.store.read, id, version)
  if (stored?.status === 'published') return withdrawCodeList(hub, by, id, version)
  return deleteDraftOfCodeList(hub, by, id, version)
}

/**
 * Its number is free again.
 *
 * @throws {HubError} `code-list-unknown`, `owner-only`; `version-published` where its day has come, or a later version follows it
 */
export async function withdrawCodeList(hub: Hub, by: By, id: string, version: Version): Promise<void> {
  await change(hub, by, async tx => {
    await requireListOwner(tx, by, id, undefined)
    await requireWithdrawable(tx, { id, version, day: hub.clock().toISOString().slice(0, 10) })
    await deleteCodeListVersion(tx, id, version)
    return { result: undefined, entry: draftEntry({ id, version }, 'code-list', 'withdraw') }
  })
}

async function requireWithdrawable(
  tx: Transaction,
  { id, version, day }: { readonly id: string; readonly version: Version; readonly day: string },
): Promise<void> {
  const stored = await readCodeListVersion(tx, id, version)
  if (stored?.status !== 'published') {
    throw new HubError('code-list-unknown', `The code list ${id} is not published as ${version}.`)
  }
  const { effectiveFrom } = stored.document
  if (effectiveFrom === undefined || effectiveFrom <= day) {
    const since = effectiveFrom === undefined ? 'since it was published' : `since ${effectiveFrom}`
    const detail = `${id} ${version} counts ${since}, and stays as it is: only a version whose day (\`effectiveFrom\`) has not come is withdrawn. Publish a later version instead.`
    throw new HubError('version-published', detail)
  }
  const last = newest(await readCodeListVersions(tx, id))?.version
  if (last === undefined || last === version) return
  const detail = `${id} ${last} follows ${version}, and its number was given by it: withdraw ${last} before.`
  throw new HubError('version-published', detail)
}
