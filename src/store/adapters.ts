/** Published adapters: versions that never change, and which of them is in use. */
import type { Version } from '../standard.ts'
import type { Transaction } from './connection.ts'
import type { Session } from './session.ts'

export type AdapterRow = {
  /** `department/name`. */
  readonly adapter: string
  readonly version: Version
  /** The standard that this version maps to, and its major. */
  readonly standard: string
  readonly major: number
  readonly publishedAt: string
  /** True of one version of each adapter: the newest, or the earlier one that it was put back to. */
  readonly isInUse: boolean
}

/** Every version of every adapter, or of one, in the order of publishing. */
export async function readAdapterRows(session: Session, adapter?: string): Promise<AdapterRow[]> {
  const rows = await session.all<Omit<AdapterRow, 'isInUse'> & { inUse: number }>(
    `SELECT adapter, version, standard, major, published_at AS publishedAt, in_use AS inUse FROM adapters
      ${adapter === undefined ? '' : 'WHERE adapter = ?'} ORDER BY published_at, adapter, version`,
    adapter === undefined ? [] : [adapter],
  )
  return rows.map(({ inUse, ...row }) => ({ ...row, isInUse: inUse === 1 }))
}

export async function readAdapterDocument(session: Session, adapter: string, version: Version): Promise<unknown> {
  const row = await session.get<{ document: string }>(
    'SELECT document FROM adapters WHERE adapter = ? AND version = ?',
    [adapter, version],
  )
  return row && (JSON.parse(row.document) as unknown)
}

/** Writes a new version, which is in use from now on. */
export async function writeAdapter(
  tx: Transaction,
  row: Omit<AdapterRow, 'isInUse'> & { readonly document: unknown },
): Promise<void> {
  await tx.knex('adapters').where({ adapter: row.adapter, in_use: 1 }).update({ in_use: 0 })
  await tx.knex('adapters').insert({
    adapter: row.adapter,
    version: row.version,
    standard: row.standard,
    major: row.major,
    document: JSON.stringify(row.document),
    published_at: row.publishedAt,
    in_use: 1,
  })
}

/** Takes a version into use in place of the one that is. */
export async function takeIntoUse(tx: Transaction, adapter: string, version: Version): Promise<void> {
  await tx.knex('adapters').where({ adapter, in_use: 1 }).update({ in_use: 0 })
  await tx.knex('adapters').where({ adapter, version }).update({ in_use: 1 })
}
