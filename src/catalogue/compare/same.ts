/** Whether two parts of documents say the same, whatever the order of their names. */
import { canonicalise } from '../../canonical.ts'
import type { Json } from '../../record.ts'

/** What is not there is the same as nothing else. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === b
  return canonicalise(a as Json) === canonicalise(b as Json)
}
