/**
 * Quarantine: rejected source records, sealed, with their reasons, until they are released, dismissed or overtaken.
 *
 * Identical rejects of an adapter are one row. States: `open`; `closed`, when its key was accepted later.
 */
import { randomUUID } from 'node:crypto'
import type { Issue, RecordKey } from '../record.ts'
import { seal, unseal } from '../seal/seal.ts'
import type { Session } from './session.ts'
import { ensureDataKeys, keyOf, readDataKeys } from './data-keys.ts'

export type Reject = {
  /** Keyed hash of the source text. */
  readonly fingerprint: string
  /** The key, where it could be read. */
  readonly key: RecordKey | undefined
  readonly scope: string | undefined
  /** The source record as JSON text. */
  readonly source: string
  readonly issues: readonly Issue[]
}

export type QuarantineRow = {
  readonly id: string
  readonly adapter: string
  readonly adapterVersion: string
  readonly standard: string
  readonly issues: readonly Issue[]
  readonly state: 'open' | 'closed'
  readonly delivery: string
  readonly createdAt: string
}

type Of = {
  readonly adapter: string
  readonly version: string
  readonly standard: string
  readonly delivery: string
  readonly at: string
}

/**
 * Puts rejects into quarantine. One that is there already is opened again, for it is the newest word on its key; what
 * is known of it, its key too, may have changed with the adapter's version.
 */
export async function putRejects(tx: Session, master: Buffer, of: Of, rejects: readonly Reject[]): Promise<void> {
  if (rejects.length === 0) return
  const subject = dataKeyOf(of.adapter)
  const keys = await ensureDataKeys(tx, master, [subject])
  await tx.runEach(
    `INSERT INTO quarantine (id, adapter, fingerprint, standard, record_key, scope, adapter_version, sealed, data_key,
                             issues, state, delivery, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?)
     ON CONFLICT (adapter, fingerprint) DO UPDATE SET
       state = 'open', delivery = excluded.delivery, record_key = excluded.record_key, scope = excluded.scope,
       adapter_version = excluded.adapter_version, issues = excluded.issues`,
    rejects.map(reject => {
      const id = randomUUID()
      const place = { standard: of.standard, key: reject.fingerprint, revision: of.adapter, field: 'source' }
      return [
        id, of.adapter, reject.fingerprint, of.standard, reject.key ?? null, reject.scope ?? null, of.version,
        seal(keyOf(keys, subject), place, reject.source), subject, JSON.stringify(reject.issues), of.delivery, of.at,
      ] // prettier-ignore
    }),
  )
}

/** Closes the open rejects of keys that were accepted later. */
export async function closeRejects(tx: Session, adapter: string, keys: readonly RecordKey[]): Promise<void> {
  const open = await tx.get(`SELECT 1 FROM quarantine WHERE adapter = ? AND state = 'open' LIMIT 1`, [adapter])
  if (open === undefined) return
  await tx.runEach(
    `UPDATE quarantine SET state = 'closed' WHERE adapter = ? AND record_key = ? AND state = 'open'`,
    keys.map(key => [adapter, key]),
  )
}

/** Open and closed rejects, newest first: one, those of an adapter, of a delivery, or all. */
export async function listRejects(
  session: Session,
  filter: { readonly id?: string; readonly adapter?: string; readonly delivery?: string; readonly limit: number },
): Promise<QuarantineRow[]> {
  const { id = null, adapter = null, delivery = null, limit } = filter
  const rows = await session.all<Omit<QuarantineRow, 'issues'> & { issues: string }>(
    `SELECT id, adapter, adapter_version AS adapterVersion, standard, issues, state, delivery, created_at AS createdAt
       FROM quarantine WHERE (? IS NULL OR id = ?) AND (? IS NULL OR adapter = ?) AND (? IS NULL OR delivery = ?)
      ORDER BY created_at DESC, id LIMIT ?`,
    [id, id, adapter, adapter, delivery, delivery, limit],
  )
  return rows.map(row => ({ ...row, issues: JSON.parse(row.issues) as Issue[] }))
}

/** The source text of a reject: it may hold anything the department sent. */
export async function readReject(session: Session, master: Buffer, id: string): Promise<string | undefined> {
  const row = await session.get<{
    standard: string
    adapter: string
    fingerprint: string
    sealed: string
    data_key: string
  }>('SELECT standard, adapter, fingerprint, sealed, data_key FROM quarantine WHERE id = ?', [id])
  if (row === undefined) return undefined
  const keys = await readDataKeys(session, master, [row.data_key])
  const place = { standard: row.standard, key: row.fingerprint, revision: row.adapter, field: 'source' }
  return unseal(keyOf(keys, row.data_key), place, row.sealed)
}

/** What a reject says of its subject is not known: all rejects of an adapter are sealed under one key. */
function dataKeyOf(adapter: string): string {
  return `quarantine ${adapter}`
}
