/** Which of several versions is the newest. */
import type { Version } from './standard.ts'

/** Below, equal to or above zero as the first of two versions is to the second. */
export function compareVersions(a: Version, b: Version): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)]
  for (let part = 0; part < 3; part++) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** The row with the highest version. */
export function newest<Row extends { readonly version: Version }>(rows: readonly Row[]): Row | undefined {
  return rows.reduce<Row | undefined>(
    (best, row) => (best === undefined || compareVersions(row.version, best.version) > 0 ? row : best),
    undefined,
  )
}
