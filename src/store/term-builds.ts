/**
 * Terms of fields that a minor has made indexed: records from before it have none, until they are built.
 *
 * In the order of change numbers: what a delivery that began before the minor still writes comes behind, and is met too.
 */
import type { FieldPath } from '../record.ts'
import { isAlive } from './leases.ts'
import { columns, recordOf, type Columns, type StoredRecord } from './records.ts'
import { writeTerms } from './revisions.ts'
import type { Session } from './session.ts'

export type TermBuild = {
  readonly standard: string
  readonly major: number
  /** The fields that records are not found by yet. */
  readonly fields: readonly FieldPath[]
  /** Up to this change number it is done. */
  readonly seq: number
  /** RFC 3339, UTC. */
  readonly begunAt: string
}

/** A record, and its terms as they stand: JSON text. */
export type WithTerms = { readonly seq: number; readonly terms: string; readonly record: StoredRecord }

/** Begins a build, in the transaction that makes the fields indexed; one that goes on begins anew, for all its fields. */
export async function beginTermBuild(tx: Session, build: Omit<TermBuild, 'seq'>): Promise<void> {
  const { standard, major, fields, begunAt } = build
  const going = (await readTermBuilds(tx)).find(other => other.standard === standard && other.major === major)
  const all = JSON.stringify([...new Set([...(going?.fields ?? []), ...fields])])
  await tx.run(
    `INSERT INTO term_builds (standard, major, fields, seq, begun_at) VALUES (?, ?, ?, 0, ?)
     ON CONFLICT (standard, major) DO UPDATE SET fields = excluded.fields, seq = 0, begun_at = excluded.begun_at`,
    [standard, major, all, begunAt],
  )
}

export async function readTermBuilds(session: Session): Promise<TermBuild[]> {
  const rows = await session.all<Omit<TermBuild, 'fields'> & { fields: string }>(
    'SELECT standard, major, fields, seq, begun_at AS begunAt FROM term_builds',
  )
  return rows.map(row => ({ ...row, fields: JSON.parse(row.fields) as FieldPath[] }))
}

/** The first statement of a step: from here on nobody else writes. The build as it stands; undefined where it has ended. */
export async function lockTermBuild(
  tx: Session,
  { standard, major }: Pick<TermBuild, 'standard' | 'major'>,
): Promise<TermBuild | undefined> {
  await tx.run('UPDATE term_builds SET seq = seq WHERE standard = ? AND major = ?', [standard, major])
  return (await readTermBuilds(tx)).find(build => build.standard === standard && build.major === major)
}

/** Records as they stand whose last change has a number above the build's, in the order of those numbers. */
export async function readUnbuilt(session: Session, build: TermBuild, limit: number): Promise<WithTerms[]> {
  const rows = await session.allColumns<[number, string, ...Columns]>(
    `SELECT r.seq, c.terms, ${columns} FROM revisions r
       CROSS JOIN records c ON c.standard = r.standard AND c.record_key = r.record_key AND c.seq = r.seq
      WHERE r.standard = ? AND r.seq > ? AND c.withdrawn = 0 ORDER BY r.seq LIMIT ?`,
    [build.standard, build.seq, limit],
  )
  return rows.map(([seq, terms, ...own]) => ({ seq, terms, record: recordOf(own) }))
}

/** Puts terms in the place of those that stand; the build is done up to `seq`. */
export async function buildTerms(
  tx: Session,
  { standard, major }: TermBuild,
  {
    seq,
    changes,
  }: { readonly seq: number; readonly changes: readonly { key: string; before: string; after: string }[] },
): Promise<void> {
  await tx.runEach(
    'UPDATE records SET terms = ? WHERE standard = ? AND record_key = ?',
    changes.map(({ key, after }) => [after, standard, key]),
  )
  await writeTerms(tx, standard, changes)
  await tx.run('UPDATE term_builds SET seq = ? WHERE standard = ? AND major = ?', [seq, standard, major])
}

export async function endTermBuild(tx: Session, { standard, major }: TermBuild): Promise<void> {
  await tx.run('DELETE FROM term_builds WHERE standard = ? AND major = ?', [standard, major])
}

/** A delivery that was thought dead may wake up and go on; after this long, in ms, it will not. */
const wakesWithinMs = 3_600_000

/** Whether a delivery goes on that began before the build, and so by a version from before it. */
export async function isOlderDeliveryRunning(
  session: Session,
  { standard, begunAt }: TermBuild,
  now: Date,
): Promise<boolean> {
  const rows = await session.all<{ holder: string }>(
    `SELECT l.holder FROM deliveries d JOIN leases l ON l.adapter = d.adapter AND l.fence = d.fence
      WHERE d.standard = ? AND d.state = 'running' AND d.started_at <= ? AND l.expires_at > ?`,
    [standard, begunAt, now.getTime() - wakesWithinMs],
  )
  return rows.some(({ holder }) => isAlive(holder))
}
