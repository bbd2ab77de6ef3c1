/** Which versions of what are published; departments, crosswalks and adapters, each version of those immutable. */
import type { Crosswalk } from '../code-list.ts'
import type { Version } from '../standard.ts'
import { readAdapterRows, type AdapterRow } from './adapters.ts'
import type { Transaction } from './connection.ts'
import { readEndingMajors, type EndingMajor } from './majors.ts'
import type { Session } from './session.ts'

export type DepartmentDocument = {
  readonly id: string
  readonly titles: { readonly 'zh-CN': string; readonly en: string }
  readonly unifiedSocialCreditCode?: string
}

export type StandardRow = { readonly standard: string; readonly version: Version; readonly publishedAt: string }
export type CodeListRow = {
  readonly id: string
  readonly version: Version
  readonly publishedAt: string
  /** The day (YYYY-MM-DD, UTC) from which the version counts; at once where there is none. */
  readonly effectiveFrom: string | null
}
export type CrosswalkRow = { readonly id: string; readonly version: Version; readonly publishedAt: string }

/** Which versions are published, in the order of publishing; the documents are read one by one. */
export type CatalogueIndex = {
  readonly departments: readonly DepartmentDocument[]
  readonly standards: readonly StandardRow[]
  /** The same by standard. */
  readonly versionsOf: ReadonlyMap<string, readonly StandardRow[]>
  readonly codeLists: readonly CodeListRow[]
  readonly crosswalks: readonly CrosswalkRow[]
  readonly adapters: readonly AdapterRow[]
  /** Those that are deprecated or retired. */
  readonly majors: readonly EndingMajor[]
}

export async function readCatalogueIndex(session: Session): Promise<CatalogueIndex> {
  const departments = await session.all<{ document: string }>('SELECT document FROM departments ORDER BY id')
  const standards = await session.all<StandardRow>(
    `SELECT standard, version, published_at AS publishedAt FROM standards WHERE status = 'published'
      ORDER BY published_at, standard, version`,
  )
  return {
    departments: departments.map(row => JSON.parse(row.document) as DepartmentDocument),
    standards,
    versionsOf: byStandard(standards),
    codeLists: await session.all<CodeListRow>(
      `SELECT id, version, published_at AS publishedAt, effective_from AS effectiveFrom FROM code_lists
        WHERE status = 'published' ORDER BY published_at, id, version`,
    ),
    crosswalks: await session.all<CrosswalkRow>(
      'SELECT id, version, published_at AS publishedAt FROM crosswalks ORDER BY published_at, id, version',
    ),
    adapters: await readAdapterRows(session),
    majors: await readEndingMajors(session),
  }
}

function byStandard(rows: readonly StandardRow[]): ReadonlyMap<string, readonly StandardRow[]> {
  const found = new Map<string, StandardRow[]>()
  for (const row of rows) {
    const own = found.get(row.standard)
    if (own === undefined) found.set(row.standard, [row])
    else own.push(row)
  }
  return found
}

export async function readCrosswalkDocument(
  session: Session,
  id: string,
  version: Version,
): Promise<Crosswalk | undefined> {
  const row = await session.get<{ document: string }>('SELECT document FROM crosswalks WHERE id = ? AND version = ?', [
    id,
    version,
  ])
  return row && (JSON.parse(row.document) as Crosswalk)
}

export async function writeDepartment(tx: Transaction, department: DepartmentDocument): Promise<void> {
  await tx
    .knex('departments')
    .insert({ id: department.id, document: JSON.stringify(department) })
    .onConflict('id')
    .merge()
}

export async function writeCrosswalk(
  tx: Transaction,
  row: CrosswalkRow & { readonly document: Crosswalk },
): Promise<void> {
  await tx.knex('crosswalks').insert({
    id: row.id,
    version: row.version,
    document: JSON.stringify(row.document),
    published_at: row.publishedAt,
  })
}
