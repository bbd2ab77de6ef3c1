/** Versions of standards: drafts, which may be replaced and deleted, and published ones, which are immutable. */
import { majorOf, type StandardDocument, type Version } from '../standard.ts'
import { newest } from '../versions.ts'
import type { Transaction } from './connection.ts'
import type { Session } from './session.ts'
import { writeDraftSummary, writeListsDrawnFrom, writeSummary } from './standard-summaries.ts'

export type VersionStatus = 'draft' | 'published'

export type StoredStandard = {
  readonly document: StandardDocument
  readonly types: string
  readonly status: VersionStatus
  /** Of a draft, when it was last put. */
  readonly publishedAt: string
}

export async function readStandardDocument(
  session: Session,
  standard: string,
  version: Version,
): Promise<StoredStandard | undefined> {
  const row = await session.get<{ document: string; types: string; status: VersionStatus; publishedAt: string }>(
    `SELECT document, types, status, published_at AS publishedAt FROM standards WHERE standard = ? AND version = ?`,
    [standard, version],
  )
  return row && { ...row, document: JSON.parse(row.document) as StandardDocument }
}

/** The published versions of a standard, as they are in this transaction. */
export async function readPublishedVersions(session: Session, standard: string): Promise<{ version: Version }[]> {
  return session.all<{ version: Version }>(
    `SELECT version FROM standards WHERE standard = ? AND status = 'published'`,
    [standard],
  )
}

/** The text of the comparison that a version was published with, JSON; undefined where there is none. */
export async function readComparisonText(
  session: Session,
  standard: string,
  version: Version,
): Promise<string | undefined> {
  const row = await session.get<{ comparison: string | null }>(
    'SELECT comparison FROM standards WHERE standard = ? AND version = ?',
    [standard, version],
  )
  return row?.comparison ?? undefined
}

/** The numbers of a standard's drafts. */
export async function readDraftVersions(session: Session, standard: string): Promise<Version[]> {
  const rows = await session.all<{ version: Version }>(
    `SELECT version FROM standards WHERE standard = ? AND status = 'draft'`,
    [standard],
  )
  return rows.map(({ version }) => version)
}

export type WrittenStandard = {
  readonly document: StandardDocument
  readonly types: string
  readonly status: VersionStatus
  readonly at: string
  /** JSON text. */
  readonly comparison?: string | undefined
}

/** Writes a version; a draft of the same number gives way to it. */
export async function writeStandard(
  tx: Transaction,
  { document, types, status, at, comparison }: WrittenStandard,
): Promise<void> {
  const { id: standard, version } = document.standard
  await deleteDraft(tx, standard, version)
  await tx.knex('standards').insert({
    standard,
    version,
    major: majorOf(version),
    document: JSON.stringify(document),
    types,
    published_at: at,
    status,
    comparison: comparison ?? null,
  })
  if (status === 'draft') return writeDraftSummary(tx.knex, document)
  const published = await readPublishedVersions(tx, standard)
  const isNewest = (among: readonly { version: Version }[]): boolean => newest(among)?.version === version
  if (isNewest(published)) await writeSummary(tx.knex, { document, publishedAt: at })
  const line = published.filter(row => majorOf(row.version) === majorOf(version))
  if (isNewest(line)) await writeListsDrawnFrom(tx.knex, document)
}

/** Deletes a draft; how many there were. */
export async function deleteDraft(tx: Transaction, standard: string, version: Version): Promise<number> {
  await tx.knex('draft_summaries').where({ standard, version }).delete()
  return tx.knex('standards').where({ standard, version, status: 'draft' }).delete()
}
