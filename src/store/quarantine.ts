/**
 * Quarantine: rejected source records, sealed, with their reasons, until they are released, dismissed or overtaken.
 *
 * Identical rejects of an adapter are one row. States: `open`; `closed`, when a later word on its key was kept, or its
 * delivery was reverted; `released`, when a replay has kept it; `dismissed`, when a person gave it up.
 */
import type { Issue, RecordKey } from '../record.ts'
import type { MasterKeys } from '../seal/master-keys.ts'
import { unseal, type Place } from '../seal/seal.ts'
import { keyOf, readDataKeys } from './data-keys.ts'
import type { Session, Value } from './session.ts'

export type Reject = {
  /** Keyed hash of the source text. */
  readonly fingerprint: string
  /** The key, where it could be read. */
  readonly key: RecordKey | undefined
  readonly scope: string | undefined
  /** Of adapters whose order is a mark, where the mark could be read. */
  readonly mark?: string
  /** The source record as JSON text; of an unreadable one, its text. */
  readonly source: string
  readonly issues: readonly Issue[]
}

export const rejectStates = ['open', 'closed', 'released', 'dismissed'] as const

export type RejectState = (typeof rejectStates)[number]

export type QuarantineRow = {
  readonly id: string
  readonly adapter: string
  readonly adapterVersion: string
  readonly standard: string
  readonly issues: readonly Issue[]
  /** Where it stood in the input of `delivery`, which is the last that met it; counts from 1. */
  readonly ordinal: number
  readonly state: RejectState
  readonly delivery: string
  readonly createdAt: string
  /** Why it was dismissed. */
  readonly reason: string | null
  /** Who dismissed or released it, and when. */
  readonly decidedBy: string | null
  readonly decidedAt: string | null
}

/** Which rejects are listed; those of all adapters where nothing is said. */
export type RejectFilter = {
  readonly id?: string
  readonly adapter?: string
  readonly department?: string
  readonly delivery?: string
  readonly state?: RejectState
  /** The last one of the page before. */
  readonly after?: { readonly createdAt: string; readonly id: string }
  readonly limit: number
}

/** Rejects, newest first. */
export async function listRejects(session: Session, filter: RejectFilter): Promise<QuarantineRow[]> {
  const { id, adapter, department, delivery, state, after, limit } = filter
  const conditions: (readonly [condition: string, ...values: Value[]] | undefined)[] = [
    id === undefined ? undefined : ['id = ?', id],
    adapter === undefined ? undefined : ['adapter = ?', adapter],
    // All that begins with the department and a slash, whose successor is 0.
    department === undefined ? undefined : ['adapter > ? AND adapter < ?', `${department}/`, `${department}0`],
    delivery === undefined ? undefined : ['delivery = ?', delivery],
    state === undefined ? undefined : ['state = ?', state],
    after && ['(created_at < ? OR (created_at = ? AND id > ?))', after.createdAt, after.createdAt, after.id],
  ]
  const asked = conditions.filter(condition => condition !== undefined)
  const where = asked.map(([condition]) => ` AND ${condition}`).join('')
  const rows = await session.all<Omit<QuarantineRow, 'issues'> & { issues: string }>(
    `SELECT id, adapter, adapter_version AS adapterVersion, standard, issues, ordinal, state, delivery,
            created_at AS createdAt, reason, decided_by AS decidedBy, decided_at AS decidedAt
       FROM quarantine WHERE 1 = 1${where} ORDER BY created_at DESC, id LIMIT ?`,
    [...asked.flatMap(([, ...values]) => values), limit],
  )
  return rows.map(row => ({ ...row, issues: JSON.parse(row.issues) as Issue[] }))
}

/** What a source text is sealed for. */
export function sealedPlace(of: {
  readonly standard: string
  readonly fingerprint: string
  readonly adapter: string
}): Place {
  return { standard: of.standard, key: of.fingerprint, revision: of.adapter, field: 'source' }
}

/** The source text of a reject; undefined where there is none of this id. */
export async function readReject(session: Session, master: MasterKeys, id: string): Promise<string | undefined> {
  const [source] = await readSources(session, master, [id])
  return source
}

/** The source texts of rejects, in the order of their ids. */
export async function readSources(
  session: Session,
  master: MasterKeys,
  ids: readonly string[],
): Promise<(string | undefined)[]> {
  type Row = { standard: string; adapter: string; fingerprint: string; sealed: string; data_key: string }
  const rows = await session.getEach<Row>(
    'SELECT standard, adapter, fingerprint, sealed, data_key FROM quarantine WHERE id = ?',
    ids.map(id => [id]),
  )
  const subjects = rows.flatMap(row => (row === undefined ? [] : [row.data_key]))
  const keys = await readDataKeys(session, master, subjects)
  return rows.map(row => row && unseal(keyOf(keys, row.data_key), sealedPlace(row), row.sealed))
}
