/** Versions of code lists: drafts, which may be replaced and deleted, and published ones, which are immutable. */
import type { CodeList } from '../code-list.ts'
import type { Version } from '../standard.ts'
import { newest } from '../versions.ts'
import type { CodeListRow } from './catalogue.ts'
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
): Promise<StoredCodeList | undefined> {
  const row = await session.get<{ document: string; status: VersionStatus; owner: string | null }>(
    'SELECT document, status, owner FROM code_lists WHERE id = ? AND version = ?',
    [id, version],
  )
  return row && { document: JSON.parse(row.document) as CodeList, status: row.status, owner: row.owner }
}

export type StoredCodeList = ListOwner & { readonly document: CodeList; readonly status: VersionStatus }

/** The department that a list, or a draft, belongs to; null where that is the hub itself, whose operator decides. */
export type ListOwner = { readonly owner: string | null }

/** Whose a list is: who published it first. Undefined where no version is published. */
export async function readListOwner(session: Session, id: string): Promise<ListOwner | undefined> {
  return session.get<ListOwner>(`SELECT owner FROM code_lists WHERE id = ? AND status = 'published' LIMIT 1`, [id])
}

/** The highest version of a list, published or a draft. */
export async function readNewestOrDraft(session: Session, id: string): Promise<CodeList | undefined> {
  const rows = await session.all<{ version: Version }>('SELECT version FROM code_lists WHERE id = ?', [id])
  const last = newest(rows)
  return last && (await readCodeListVersion(session, id, last.version))?.document
}

/** The numbers of a list's published versions, as they are in this transaction. */
export async function readCodeListVersions(session: Session, id: string): Promise<{ version: Version }[]> {
  return session.all<{ version: Version }>(`SELECT version FROM code_lists WHERE id = ? AND status = 'published'`, [id])
}

/** A list's published versions and the days from which they count, as they are in this transaction. */
export async function readCodeListRows(session: Session, id: string): Promise<CodeListRow[]> {
  return session.all<CodeListRow>(
    `SELECT id, version, published_at AS publishedAt, effective_from AS effectiveFrom
       FROM code_lists WHERE id = ? AND status = 'published'`,
    [id],
  )
}

/** The numbers of a list's drafts. */
export async function readCodeListDrafts(session: Session, id: string): Promise<Version[]> {
  const rows = await session.all<{ version: Version }>(
    `SELECT version FROM code_lists WHERE id = ? AND status = 'draft'`,
    [id],
  )
  return rows.map(({ version }) => version)
}

/** Writes a version; a draft of the same number gives way to it. */
export async function writeCodeList(
  tx: Transaction,
  {
    document,
    status,
    at,
    owner,
  }: ListOwner & { readonly document: CodeList; readonly status: VersionStatus; readonly at: string },
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
    owner,
  })
}

/** Deletes a version, whatever it is: for one that nobody goes by yet. */
export async function deleteCodeListVersion(tx: Transaction, id: string, version: Version): Promise<void> {
  await tx.knex('code_lists').where({ id, version }).delete()
}

/** Deletes a draft; how many there were. */
export async function deleteCodeListDraft(tx: Transaction, id: string, version: Version): Promise<number> {
  return tx.knex('code_lists').where({ id, version, status: 'draft' }).delete()
}
