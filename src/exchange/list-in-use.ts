/** Which version of a code list is in use on a day: the newest whose day has come. */
import type { Version } from '../standard.ts'
import type { CodeListRow } from '../store/catalogue.ts'
import { newest } from '../versions.ts'

/**
 * The version in use of every list, by id; a list whose first day has not come has none.
 *
 * @param day YYYY-MM-DD, UTC
 */
export function listsInUse(rows: readonly CodeListRow[], day: string): ReadonlyMap<string, Version> {
  const found = new Map<string, CodeListRow>()
  for (const row of rows) {
    if (!hasBegun(row, day)) continue
    const known = found.get(row.id)
    found.set(row.id, newest(known === undefined ? [row] : [known, row]) ?? row)
  }
  return new Map([...found].map(([id, { version }]) => [id, version]))
}

function hasBegun({ effectiveFrom }: CodeListRow, day: string): boolean {
  return effectiveFrom === null || effectiveFrom <= day
}
