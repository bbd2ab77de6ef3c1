/** Discrepancies as they are found and settled: where two departments differ, never in what. */
import type { FieldPath, RecordKey } from '../record.ts'
import type { MasterKeys } from '../seal/master-keys.ts'
import { seal, unseal, type Place } from '../seal/seal.ts'
import { ensureDataKeys, keyOf, readDataKeys } from './data-keys.ts'
import { newestAmong, type Branch } from './newest-among.ts'
import type { Session } from './session.ts'

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
  /** The department whose word on the field the record has. */
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

/** SQL: whether what was decided of a row was decided of the two values that there are. */
const isDecided = 'decided_mark = mark AND decided_other_mark = other_mark'

const decided = (column: string, as: string): string => `CASE WHEN ${isDecided} THEN ${column} END AS ${as}`

const columns = `id, standard, record_key AS key, pseudonym, field, leaves, department, adapter, other,
  other_adapter AS otherAdapter, stands, state, since, gone_at AS goneAt, ${decided('decision', 'decision')},
  ${decided('decided_by', 'decidedBy')}, ${decided('decided_at', 'decidedAt')}`

type Row = Omit<Discrepancy, 'leaves' | 'sides'> & {
  readonly leaves: string
  readonly department: string
  readonly adapter: string
  readonly other: string
  readonly otherAdapter: string
}

/** Newest first. */
export async function listDiscrepancies(session: Session, filter: DiscrepancyFilter): Promise<Discrepancy[]> {
  const { after, limit } = filter
  const page = { after: after && { at: after.since, id: after.id }, limit }
  const ids = await newestAmong(session, branchesOf(filter), page)
  const rows = await session.getEach<Row>(
    `SELECT ${columns} FROM discrepancies WHERE id = ?`,
    ids.map(id => [id]),
  )
  // One that was found may be gone by now.
  return rows.filter(row => row !== undefined).map(discrepancyOf)
}

type Condition = readonly [column: 'standard' | 'department' | 'other', value: string]

/** One for each index by which rows are found that the caller sees, and each state; each begins with both. */
function branchesOf({ standard, department, state, seenBy }: DiscrepancyFilter): Branch[] {
  const narrowed: [string, ...string[]][] = []
  if (standard !== undefined) narrowed.push(['standard = ?', standard])
  if (department !== undefined) narrowed.push(['(department = ? OR other = ?)', department, department])
  const rest = narrowed.map(([condition]) => ` AND ${condition}`).join('')
  return startsOf({ standard, department, seenBy }).flatMap(start =>
    (state === undefined ? discrepancyStates : [state]).map((one): Branch => {
      const begin = start === undefined ? 'state = ?' : `${start[0]} = ? AND state = ?`
      return {
        select: `SELECT since AS at, id FROM discrepancies WHERE ${begin}${rest}`,
        values: [...(start === undefined ? [] : [start[1]]), one, ...narrowed.flatMap(([, ...values]) => values)],
        order: ['since', 'id'],
      }
    }),
  )
}

function startsOf({
  standard,
  department,
  seenBy,
}: Pick<DiscrepancyFilter, 'standard' | 'department' | 'seenBy'>): (Condition | undefined)[] {
  const sidesOf = (side: string): Condition[] => [
    ['department', side],
    ['other', side],
  ]
  if (seenBy === undefined) {
    if (standard !== undefined) return [['standard', standard]]
    return department === undefined ? [undefined] : sidesOf(department)
  }
  if (standard === undefined) {
    return [...sidesOf(seenBy.department), ...seenBy.owned.map((one): Condition => ['standard', one])]
  }
  return seenBy.owned.includes(standard) ? [['standard', standard]] : sidesOf(seenBy.department)
}

export async function readDiscrepancy(session: Session, id: string): Promise<Discrepancy | undefined> {
  const row = await session.get<Row>(`SELECT ${columns} FROM discrepancies WHERE id = ?`, [id])
  return row && discrepancyOf(row)
}

/** Why it was settled as it was; undefined where it was not, or of other values. */
export async function readReason(session: Session, master: MasterKeys, id: string): Promise<string | undefined> {
  const row = await session.get<{ standard: string; key: RecordKey; subject: string; reason: string | null }>(
    `SELECT standard, record_key AS key, reason_subject AS subject, reason FROM discrepancies
      WHERE id = ? AND ${isDecided}`,
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
    `UPDATE discrepancies SET state = 'settled', decision = ?, reason = ?, reason_subject = subject, decided_by = ?,
       decided_at = ?, decided_mark = mark, decided_other_mark = other_mark WHERE id = ?`,
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
