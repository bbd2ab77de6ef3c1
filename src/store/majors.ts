/** Majors that come to their end: since when one is deprecated, when its sunset is, and what was done about it. */
import type { Session } from './session.ts'

export type MajorStatus = 'published' | 'deprecated' | 'retired'

/** A major that is deprecated, or was before it was retired. Times are RFC 3339 in UTC, with milliseconds. */
export type EndingMajor = {
  readonly standard: string
  readonly major: number
  readonly status: 'deprecated' | 'retired'
  readonly deprecatedAt: string
  /** From then on it may be retired. */
  readonly sunset: string
  readonly retiredAt: string | null
  /** What was done about it, oldest first. */
  readonly acts: readonly MajorAct[]
}

export type MajorAct = {
  readonly act: 'deprecate' | 'restore' | 'retire'
  readonly at: string
  /** `kind:id` of who did it. */
  readonly by: string
  readonly sunset?: string
  /** Why, for people. It stands here and never in the log: people write what they like. */
  readonly reason?: string
}

/** As it is kept: one that was restored is published again, and what was done about it stays. */
export type MajorRow = Pick<EndingMajor, 'standard' | 'major' | 'acts'> & {
  readonly status: MajorStatus
  readonly deprecatedAt: string | null
  readonly sunset: string | null
  readonly retiredAt: string | null
}

type Stored = Omit<MajorRow, 'acts'> & { readonly acts: string }

const columns = `standard, major, status, deprecated_at AS deprecatedAt, sunset, retired_at AS retiredAt, acts`

/** Those that are deprecated or retired. */
export async function readEndingMajors(session: Session): Promise<EndingMajor[]> {
  const rows = await session.all<Stored>(
    `SELECT ${columns} FROM standard_majors WHERE status <> 'published' ORDER BY standard, major`,
  )
  return rows.map(row => opened(row) as EndingMajor)
}

/** Undefined where nothing was ever done about it. */
export async function readMajor(session: Session, standard: string, major: number): Promise<MajorRow | undefined> {
  const row = await session.get<Stored>(`SELECT ${columns} FROM standard_majors WHERE standard = ? AND major = ?`, [
    standard,
    major,
  ])
  return row && opened(row)
}

export async function writeMajor(tx: Session, row: MajorRow): Promise<void> {
  const { standard, major, status, deprecatedAt, sunset, retiredAt, acts } = row
  await tx.run(
    `INSERT INTO standard_majors (standard, major, status, deprecated_at, sunset, retired_at, acts)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (standard, major) DO UPDATE SET status = excluded.status, deprecated_at = excluded.deprecated_at,
       sunset = excluded.sunset, retired_at = excluded.retired_at, acts = excluded.acts`,
    [standard, major, status, deprecatedAt, sunset, retiredAt, JSON.stringify(acts)],
  )
}

function opened({ acts, ...row }: Stored): MajorRow {
  return { ...row, acts: JSON.parse(acts) as MajorAct[] }
}
