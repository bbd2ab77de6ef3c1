/** An agreement as it stood at a time that has passed. */
import type { Agreement } from './agreement.ts'

/**
 * The agreement with the status and the approved levels of an instant, RFC 3339 in UTC; undefined before its first act.
 *
 * Its terms never change: a changed request is another agreement. Law: as it stands after its last act, it is itself.
 */
export function asItStood(agreement: Agreement, instant: string): Agreement | undefined {
  const { acts = [], levels: _, ...terms } = agreement
  if (acts.length === 0) return agreement
  const done = acts.filter(({ at }) => at <= instant)
  const last = done.at(-1)
  if (last === undefined) return undefined
  const levels = done.findLast(act => act.levels !== undefined)?.levels
  return { ...terms, ...(levels !== undefined && { levels }), acts: done, status: last.status }
}
