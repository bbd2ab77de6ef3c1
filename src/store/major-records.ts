/** How many records stand in a major of a standard: those whose current revision is by a version of it. */
import { setImmediate as turn } from 'node:timers/promises'
import type { Session } from './session.ts'

const readVersions = `SELECT c.record_key, r.version FROM records c
  JOIN revisions r ON r.standard = c.standard AND r.seq = c.seq
  WHERE c.standard = ? AND c.record_key > ? AND c.withdrawn = 0 ORDER BY c.record_key LIMIT ?`

/** Some milliseconds each: other calls go in between. */
const pageRecords = 2_000

/** Costs O(n) of the standard's records; what is kept meanwhile may be counted or not. */
export async function countRecordsOfMajor(session: Session, standard: string, major: number): Promise<number> {
  let count = 0
  for (let after: string | undefined = ''; after !== undefined;) {
    const rows: [key: string, version: string][] = await session.allColumns(readVersions, [
      standard,
      after,
      pageRecords,
    ])
    count += rows.filter(([, version]) => version.startsWith(`${major}.`)).length
    after = rows.length < pageRecords ? undefined : rows.at(-1)?.[0]
    if (after !== undefined) await turn()
  }
  return count
}
