/** Discrepancies as they are found and settled: where two departments differ, never in what. */
import type { FieldPath, RecordKey } from '../record.ts'
import type { MasterKeys } from '../seal/master-keys.ts'
import { seal, unseal, type Place } from '../seal/seal.ts'
import { ensureDataKeys, keyOf, readDataKeys } from './data-keys.ts'
import type { Session, Value } from './session.ts'

/** `gone`: the two agree again, or one of them speaks of the record no more. */
export const discrepancyStates = ['open', 'settled', 'gone'] as const

export type DiscrepancyState = (typeof discrepancyStates)[number]

export const decisions = ['authority-stands', 'will-be-corrected', 'both-valid'] as const

export type SettledAs = (typeof decisions)[number]

export type Discrepancy = {
  readonly id: string
  readonly standard: string
  /** As stored: of a standard whose key is sealed, its keyed hash. */
  readonly key: RecordKey
  readonly pseudonym: string
  /** A top-level field, and which leaves of it differ. */
  readonly field: string
  readonly leaves: readonly FieldPath[]
  /** In the order of the departments' ids. */
  readonly sides: readonly [DiscrepantSide, DiscrepantSide]
  /** The department whose value the record has. */
  readonly stands: string
  readonly state: DiscrepancyState
  /** Since when they have differed, and were not known to. */
  readonly since: string
  readonly goneAt: string | null
  readonly decision: SettledAs | null
  readonly decidedBy: string | null
  readonly decidedAt: string | null
}

export type DiscrepantSide = { readonly department: string; readonly adapter: string }

export type DiscrepancyFilter = {
  readonly standard?: string | undefined
  /** One of the two. */
  readonly department?: string | undefined
  readonly state?: DiscrepancyState | undefined
  /** Who sees them: one of the two, or the owner of these standards; everybody where it is left out. */
  readonly seenBy?: { readonly department: string; readonly owned: readonly string[] } | undefined
  /** The last one of the page before. */
  readonly after?: { readonly since: string; readonly id: string } | undefined
  readonly limit: number
}

const columns = `id, standard, record_key AS key, pseudonym, field, leaves, department, adapter, other,
  other_adapter AS otherAdapter, stands, state, since, gone_at AS goneAt, decision, decided_by AS decidedBy,
  decided_at AS decidedAt`

type Row = Omit<Discrepancy, 'leaves' | 'sides'> & {
  readonly leaves: string
  readonly department: string
  readonly adapter: string
  readonly other: string
  readonly otherAdapter: string
}

/** Newest first. */
export async function listDiscrepancies(session: Session, filter: DiscrepancyFilter): Promise<Discrepancy[]> {
  const { standard, department, state, seenBy, after, limit } = filter
  const owned = seenBy?.owned.map(() => '?').join(', ')
  const conditions: (readonly [condition: string, ...values: Value[]] | undefined)[] = [
    standard === undefined ? undefined : ['standard = ?', standard],
    department === undefined ? undefined : ['(department = ? OR other = ?)', department, department],
    state === undefined ? undefined : ['state = ?', state],
    seenBy && [
      `(department = ? OR other = ? OR standard IN (${owned}))`,
      seenBy.department,
      seenBy.department,
      ...seenBy.owned,
    ],
    after && ['(since < ? OR (since = ? AND id < ?))', after.since, after.since, after.id],
  ]
  const asked = conditions.filter(condition => condition !== undefined)
  const where = asked.map(([condition]) => ` AND ${condition}`).join('')
  const rows = await session.all<Row>(
    `SELECT ${columns} FROM discrepancies WHERE 1 = 1${where} ORDER BY since DESC, id DESC LIMIT ?`,
    [...asked.flatMap(([, ...values]) => values), limit],
  )
  return rows.map(discrepancyOf)
}

export async function readDiscrepancy(session: Session, id: string): Promise<Discrepancy | undefined> {
  const row = await session.get<Row>(`SELECT ${columns} FROM discrepancies WHERE id = ?`, [id])
  return row && discrepancyOf(row)
}

/** The standards that have any, found one after another by the index. */
export async function standardsWithDiscrepancies(session: Session): Promise<string[]> {
  const rows = await session.all<{ standard: string }>(
    `WITH RECURSIVE found (standard) AS (
       SELECT MIN(standard) FROM discrepancies
        UNION ALL
       SELECT (SELECT MIN(standard) FROM discrepancies d WHERE d.standard > found.standard) FROM found
        WHERE found.standard IS NOT NULL)
     SELECT standard FROM found WHERE standard IS NOT NULL`,
  )
  return rows.map(({ standard }) => standard)
}

/** Why it was settled as it was; undefined where it is not. */
export async function readReason(session: Session, master: MasterKeys, id: string): Promise<string | undefined> {
  const row = await session.get<{ standard: string; key: RecordKey; subject: string; reason: string | null }>(
    'SELECT standard, record_key AS key, subject, reason FROM discrepancies WHERE id = ?',
    [id],
  )
  if (row === undefined || row.reason === null) return undefined
  const keys = await readDataKeys(session, master, [row.subject])
  return unseal(keyOf(keys, row.subject), placeOf(id, row), row.reason)
}

/** Settles one that is not gone; false where it is. In a transaction that has written. */
export async function settleDiscrepancy(
  tx: Session,
  master: MasterKeys,
  { id, decision, reason, by, at }: Record<'id' | 'reason' | 'by' | 'at', string> & { readonly decision: SettledAs },
): Promise<boolean> {
  const row = await tx.get<{ standard: string; key: RecordKey; subject: string }>(
    `SELECT standard, record_key AS key, subject FROM discrepancies WHERE id = ? AND state <> 'gone'`,
    [id],
  )
  if (row === undefined) return false
  const keys = await ensureDataKeys(tx, master, [row.subject])
  const sealed = seal(keyOf(keys, row.subject), placeOf(id, row), reason)
  await tx.run(
    `UPDATE discrepancies SET state = 'settled', decision = ?, reason = ?, decided_by = ?, decided_at = ? WHERE id = ?`,
    [decision, sealed, by, at, id],
  )
  return true
}

function placeOf(id: string, { standard, key }: { readonly standard: string; readonly key: RecordKey }): Place {
  return { standard, key, revision: `discrepancy ${id}`, field: 'reason' }
}

function discrepancyOf({ leaves, department, adapter, other, otherAdapter, ...row }: Row): Discrepancy {
  return {
    ...row,
    leaves: JSON.parse(leaves) as FieldPath[],
    sides: [
      { department, adapter },
      { department: other, adapter: otherAdapter },
    ],
  }
}
