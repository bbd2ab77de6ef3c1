/** The published catalogue: departments, standards, code lists and adapters, each version immutable. */
import type { CodeList, Crosswalk, StandardDocument, Version } from '../standard.ts'
import type { Transaction } from './connection.ts'
import type { Session } from './session.ts'

export type DepartmentDocument = {
  readonly id: string
  readonly titles: { readonly 'zh-CN': string; readonly en: string }
  readonly unifiedSocialCreditCode?: string
}

export type StandardRow = { readonly standard: string; readonly version: Version; readonly publishedAt: string }
export type CodeListRow = { readonly id: string; readonly version: Version; readonly publishedAt: string }
export type CrosswalkRow = CodeListRow
export type AdapterRow = {
  /** `department/name`. */
  readonly adapter: string
  readonly version: Version
  readonly standard: string
  readonly publishedAt: string
}

/** Which versions are published, in the order of publishing; the documents are read one by one. */
export type CatalogueIndex = {
  readonly departments: readonly DepartmentDocument[]
  readonly standards: readonly StandardRow[]
  readonly codeLists: readonly CodeListRow[]
  readonly crosswalks: readonly CrosswalkRow[]
  readonly adapters: readonly AdapterRow[]
}

export async function readCatalogueIndex(session: Session): Promise<CatalogueIndex> {
  const departments = await session.all<{ document: string }>('SELECT document FROM departments ORDER BY id')
  return {
    departments: departments.map(row => JSON.parse(row.document) as DepartmentDocument),
    standards: await session.all<StandardRow>(
      'SELECT standard, version, published_at AS publishedAt FROM standards ORDER BY published_at, standard, version',
    ),
    codeLists: await session.all<CodeListRow>(
      'SELECT id, version, published_at AS publishedAt FROM code_lists ORDER BY published_at, id, version',
    ),
    crosswalks: await session.all<CrosswalkRow>(
      'SELECT id, version, published_at AS publishedAt FROM crosswalks ORDER BY published_at, id, version',
    ),
    adapters: await session.all<AdapterRow>(
      `SELECT adapter, version, standard, published_at AS publishedAt FROM adapters
        ORDER BY published_at, adapter, version`,
    ),
  }
}

export async function readStandardDocument(
  session: Session,
  standard: string,
  version: Version,
): Promise<{ document: StandardDocument; types: string } | undefined> {
  const row = await session.get<{ document: string; types: string }>(
    'SELECT document, types FROM standards WHERE standard = ? AND version = ?',
    [standard, version],
  )
  return row && { document: JSON.parse(row.document) as StandardDocument, types: row.types }
}

export async function readCodeListDocument(
  session: Session,
  id: string,
  version: Version,
): Promise<CodeList | undefined> {
  const row = await session.get<{ document: string }>('SELECT document FROM code_lists WHERE id = ? AND version = ?', [
    id,
    version,
  ])
  return row && (JSON.parse(row.document) as CodeList)
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

export async function readAdapterDocument(session: Session, adapter: string, version: Version): Promise<unknown> {
  const row = await session.get<{ document: string }>(
    'SELECT document FROM adapters WHERE adapter = ? AND version = ?',
    [adapter, version],
  )
  return row && (JSON.parse(row.document) as unknown)
}

export async function writeDepartment(tx: Transaction, department: DepartmentDocument): Promise<void> {
  await tx
    .knex('departments')
    .insert({ id: department.id, document: JSON.stringify(department) })
    .onConflict('id')
    .merge()
}

export async function writeStandard(
  tx: Transaction,
  row: StandardRow & { readonly document: StandardDocument; readonly types: string },
): Promise<void> {
  await tx.knex('standards').insert({
    standard: row.standard,
    version: row.version,
    major: Number.parseInt(row.version, 10),
    document: JSON.stringify(row.document),
    types: row.types,
    published_at: row.publishedAt,
  })
}

export async function writeCodeList(
  tx: Transaction,
  row: CodeListRow & { readonly document: CodeList },
): Promise<void> {
  await tx.knex('code_lists').insert({
    id: row.id,
    version: row.version,
    document: JSON.stringify(row.document),
    published_at: row.publishedAt,
  })
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

export async function writeAdapter(tx: Transaction, row: AdapterRow & { readonly document: unknown }): Promise<void> {
  await tx.knex('adapters').insert({
    adapter: row.adapter,
    version: row.version,
    standard: row.standard,
    document: JSON.stringify(row.document),
    published_at: row.publishedAt,
  })
}
