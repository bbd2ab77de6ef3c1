/** Where a contribution comes from, without what it says: who has it looks there. */
import type { JsonObject, RecordKey } from '../record.ts'
import { majorOf, type Version } from '../standard.ts'
import type { Session } from './session.ts'

export type ContributionOrigin = {
  /** `department/name`. */
  readonly adapter: string
  /** The delivery that has met it last. */
  readonly delivery: string
  readonly recordId: string | null
  readonly asOf: string | null
}

/** Those of some adapters, where they speak of the record. */
export async function readOrigin(
  session: Session,
  { standard, key }: { readonly standard: string; readonly key: RecordKey },
  adapters: readonly string[],
): Promise<ContributionOrigin[]> {
  const rows = await session.getEach<ContributionOrigin>(
    `SELECT adapter, delivery, record_id AS recordId, as_of AS asOf FROM contributions
      WHERE standard = ? AND record_key = ? AND adapter = ?`,
    adapters.map(adapter => [standard, key, adapter]),
  )
  return rows.filter(row => row !== undefined)
}

/** The adapters that speak of a record, in the order of their names. */
export async function adaptersOn(session: Session, standard: string, key: RecordKey): Promise<string[]> {
  const rows = await session.all<{ adapter: string }>(
    'SELECT adapter FROM contributions WHERE standard = ? AND record_key = ? ORDER BY adapter',
    [standard, key],
  )
  return rows.map(({ adapter }) => adapter)
}

/** What an adapter has a word on: top-level fields, without what it says of them; nothing is unsealed. */
export type Said = {
  readonly adapter: string
  /** Of the standard by whose version it is written; undefined where that was not noted: then it is the record's only one. */
  readonly major: number | undefined
  readonly record: JsonObject
}

export async function fieldsSaid(session: Session, standard: string, key: RecordKey): Promise<Said[]> {
  const rows = await session.all<{
    adapter: string
    version: Version | null
    body: string | null
    sealed: string | null
  }>(
    `SELECT adapter, version, body, sealed FROM contributions WHERE standard = ? AND record_key = ? ORDER BY adapter`,
    [standard, key],
  )
  return rows.map(({ adapter, version, body, sealed }) => {
    const names = [body, sealed].flatMap(text => Object.keys(JSON.parse(text ?? '{}') as JsonObject))
    const record = Object.fromEntries(names.map(name => [name.split('.', 1)[0] ?? name, true]))
    return { adapter, major: version === null ? undefined : majorOf(version), record }
  })
}
