/**
 * Cases of adapters, sealed: what is in them may be records of real people.
 *
 * A case stands from the adapter's version on with which it came, or that was in use when it was put, until a later
 * version brings another of its name. All cases of an adapter are sealed under one data key, which a rotation of the
 * master key rewraps like any other.
 */
import type { Version } from '../standard.ts'
import type { MasterKeys } from '../seal/master-keys.ts'
import { seal, unseal, type Place } from '../seal/seal.ts'
import { compareVersions, newest } from '../versions.ts'
import type { Transaction } from './connection.ts'
import { ensureDataKeys, keyOf, readDataKeys } from './data-keys.ts'
import type { Session } from './session.ts'

export type CaseRow = {
  readonly name: string
  /** The adapter's version from which on it stands. */
  readonly version: Version
  /** Of its input. */
  readonly bytes: number
  /** How many it expects. */
  readonly records: number
  readonly rejects: number
  /** RFC 3339, UTC. */
  readonly putAt: string
}

/** A case's text is JSON; only whoever runs or shows it knows its shape. */
export type WrittenCase = CaseRow & { readonly text: string }

/** The cases that stand for a version of an adapter, by name. */
export async function listCases(session: Session, adapter: string, version: Version): Promise<CaseRow[]> {
  const rows = await session.all<CaseRow>(
    `SELECT name, version, bytes, records, rejects, put_at AS putAt FROM adapter_cases WHERE adapter = ? ORDER BY name`,
    [adapter],
  )
  const known = rows.filter(row => compareVersions(row.version, version) <= 0)
  const names = [...new Set(known.map(({ name }) => name))]
  return names.flatMap(name => newest(known.filter(row => row.name === name)) ?? [])
}

/** The texts of cases that {@link listCases} gave, in their order. */
export async function readCaseTexts(
  session: Session,
  master: MasterKeys,
  adapter: string,
  cases: readonly CaseRow[],
): Promise<string[]> {
  const rows = await session.getEach<{ sealed: string; data_key: string }>(
    'SELECT sealed, data_key FROM adapter_cases WHERE adapter = ? AND name = ? AND version = ?',
    cases.map(({ name, version }) => [adapter, name, version]),
  )
  const found = rows.filter(row => row !== undefined)
  const keys = await readDataKeys(
    session,
    master,
    found.map(row => row.data_key),
  )
  return rows.flatMap((row, index) => {
    const { name = '', version = '' } = cases[index] ?? {}
    return row === undefined ? [] : [unseal(keyOf(keys, row.data_key), placeOf(adapter, name, version), row.sealed)]
  })
}

/** Writes cases, each in the place of one of its name and version. Inside a transaction that has written. */
export async function writeCases(
  tx: Transaction,
  master: MasterKeys,
  adapter: string,
  cases: readonly WrittenCase[],
): Promise<void> {
  if (cases.length === 0) return
  const subject = subjectOf(adapter)
  const key = keyOf(await ensureDataKeys(tx, master, [subject]), subject)
  await tx.runEach(
    `INSERT INTO adapter_cases (adapter, name, version, sealed, data_key, bytes, records, rejects, put_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (adapter, name, version) DO UPDATE SET
       sealed = excluded.sealed, data_key = excluded.data_key, bytes = excluded.bytes, records = excluded.records,
       rejects = excluded.rejects, put_at = excluded.put_at`,
    cases.map(({ name, version, text, bytes, records, rejects, putAt }) => [
      adapter,
      name,
      version,
      seal(key, placeOf(adapter, name, version), text),
      subject,
      bytes,
      records,
      rejects,
      putAt,
    ]),
  )
}

/** Deletes a case with everything that was kept of it for earlier versions; false where there is none. */
export async function deleteCase(tx: Transaction, adapter: string, name: string): Promise<boolean> {
  return (await tx.knex('adapter_cases').where({ adapter, name }).delete()) > 0
}

/** What a case's text is sealed for. */
function placeOf(adapter: string, name: string, version: Version): Place {
  return { standard: adapter, key: name, revision: version, field: 'case' }
}

/** The subject of the data key by which an adapter's cases are sealed. */
function subjectOf(adapter: string): string {
  return `cases ${adapter}`
}
