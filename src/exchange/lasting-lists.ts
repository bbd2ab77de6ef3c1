/**
 * That the code lists which a standard draws from stay what they are for it: a version that is published and whose day has
 * not come must not break it on that day, when nobody would be asked.
 */
import { codeListVerdict } from '../catalogue/code-list-change.ts'
import { HubError } from '../errors.ts'
import type { CodeList } from '../code-list.ts'
import { readCodeListRows, readCodeListVersion } from '../store/code-lists.ts'
import type { Session } from '../store/session.ts'
import { compareVersions } from '../versions.ts'
import type { Hub } from './hub.ts'
import { listsInUse } from './list-in-use.ts'

/**
 * @param session the transaction in which the standard is published, so that no list is changed meanwhile
 * @param compared the lists that the standard was checked by: those that are read here must be the same
 * @throws {HubError} `code-list-in-use` with an issue for each version that would break it; `conflict`
 */
export async function requireLastingLists(
  hub: Hub,
  session: Session,
  named: readonly string[],
  compared?: (id: string) => CodeList | undefined,
): Promise<void> {
  const day = hub.clock().toISOString().slice(0, 10)
  const issues = []
  for (const id of new Set(named)) {
    const rows = await readCodeListRows(session, id)
    const inUse = listsInUse(rows, day).get(id)
    if (compared !== undefined && compared(id)?.version !== inUse) {
      throw new HubError('conflict', `The code list ${id} was changed at the same time: publish again.`)
    }
    const now = inUse && (await readCodeListVersion(session, id, inUse))?.document
    if (!now) continue
    const coming = rows.filter(({ version }) => compareVersions(version, now.version) > 0)
    for (const { version, effectiveFrom } of coming) {
      const then = (await readCodeListVersion(session, id, version))?.document
      if (then === undefined || codeListVerdict(now, then) !== 'major') continue
      const message = `${id} ${version} comes into use on ${effectiveFrom}, and breaks what draws from ${now.version}`
      issues.push({ pointer: '', code: 'code-list-breaks', message })
    }
  }
  if (issues.length === 0) return
  const detail = `${issues.map(({ message }) => message).join('; ')}. Have it withdrawn before its day, or draw from another list.`
  throw new HubError('code-list-in-use', detail, { issues })
}
