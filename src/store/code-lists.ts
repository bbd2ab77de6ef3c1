/** Versions of code lists: drafts, which may be replaced and deleted, and published ones, which are immutable. */
import type { CodeList, Version } from '../standard.ts'
import type { Transaction } from './connection.ts'
import type { Session } from './session.ts'
import type { VersionStatus } from './standards.ts'

/** A version that is published, whether its day has come or not. */
export async function readCodeListDocument(
  session: Session,
  id: string,
  version: Version,
): Promise<CodeList | undefined> {
  const found = await readCodeListVersion(session, id, version)
  return found?.status === 'published' ? found.document : undefined
}

/** A version, or a draft of one. */
export async function readCodeListVersion(
  session: Session,
  id: string,
  version: Version,
): Promise<{ readonly document: CodeList; readonly status: VersionStatus } | undefined> {
  const row = await session.get<{ document: string; status: VersionStatus }>(
    'SELECT document, status FROM code_lists WHERE id = ? AND version = ?',
    [id, version],
  )
  return row && { document: JSON.parse(row.document) as CodeList, status: row.status }
}

/** The numbers of a list's published versions, as they are in this transaction. */
export async function readCodeListVersions(session: Session, id: string): Promise<{ version: Version }[]> {
  return session.all<{ version: Version }>(`SELECT version FROM code_lists WHERE id = ? AND status = 'published'`, [id])
}

/** Writes a version; a draft of the same number gives way to it. */
export async function writeCodeList(
  tx: Transaction,
  { document, status, at }: { readonly document: CodeList; readonly status: VersionStatus; readonly at: string },
): Promise<void> {
  const { id, version, effectiveFrom = null } = document
  await tx.knex('code_lists').where({ id, version, status: 'draft' }).delete()
  await tx.knex('code_lists').insert({
    id,
    version,
    document: JSON.stringify(document),
    published_at: at,
    status,
    effective_from: effectiveFrom,
  })
}

/** Deletes a draft; how many there were. */
export async function deleteCodeListDraft(tx: Transaction, id: string, version: Version): Promise<number> {
  return tx.knex('code_lists').where({ id, version, status: 'draft' }).delete()
}
