/** Publishes one document, of whatever kind it is; or finds out what would come of it. */
import { HubError } from '../errors.ts'
import { compileAdapter } from '../map/adapter.ts'
import type { CodeList, Crosswalk } from '../code-list.ts'
import type { StandardDocument } from '../standard.ts'
import { readAdapterDocument } from '../store/adapters.ts'
import type { DepartmentDocument } from '../store/catalogue.ts'
import { catalogueWith, isDepartment, nothingBeside, type Beside } from './beside.ts'
import { casesBeside } from './case-files.ts'
import { putDepartment } from './departments.ts'
import type { By, Hub } from './hub.ts'
import { requireSame, type Publication } from './publication.ts'
import { publishAdapter } from './publish-adapter.ts'
import { publishCodeList } from './publish-code-list.ts'
import { publishCrosswalk } from './publish-crosswalk.ts'
import { publishStandard, type Publishing } from './publish.ts'

/** In the order in which they need each other. */
export const documentKinds = ['departments', 'code-list', 'crosswalk', 'standard', 'adapter'] as const

export type DocumentKind = (typeof documentKinds)[number]

export type FileDocument = { readonly file: string; readonly kind: DocumentKind; readonly document: unknown }

/** `fault`: of a draft, why it could not be published under its number. `notes`: what may not be as it was meant. */
export type DocumentPublication = Publication & { readonly fault?: string; readonly notes?: readonly string[] }

/** What the kind's own function throws; `request-invalid` for a draft of what has none. */
export async function publishDocument(
  hub: Hub,
  by: By,
  { kind, document, file }: FileDocument,
  how: Publishing,
): Promise<DocumentPublication[]> {
  if (kind === 'code-list') return [await publishCodeList(hub, by, document, how)]
  if (kind === 'standard') return [await publishStandard(hub, by, document, how)]
  if (how.isDraft) {
    throw new HubError('request-invalid', 'Only standards and code lists have drafts: leave the other documents out.')
  }
  if (kind === 'crosswalk') return [await publishCrosswalk(hub, by, document, how)]
  if (kind === 'departments') return putDepartments(hub, by, document as Departments, how)
  if (how.isDryRun) return [await tryAdapter(hub, document, how.beside ?? nothingBeside)]
  return [
    await publishAdapter(
      hub,
      by,
      document,
      casesBeside(file).map(({ sent }) => sent),
    ),
  ]
}

/** The document beside others, for a dry run of those that follow. */
export function withDocument(beside: Beside, { kind, document }: FileDocument): Beside {
  if (kind === 'departments') {
    const ids = (document as Departments).departments.map(({ id }) => id)
    return { ...beside, departments: new Set([...beside.departments, ...ids]) }
  }
  if (kind === 'code-list') {
    const list = document as CodeList
    return { ...beside, codeLists: new Map([...beside.codeLists, [list.id, list]]) }
  }
  if (kind === 'crosswalk') {
    const crosswalk = document as Crosswalk
    return { ...beside, crosswalks: new Map([...beside.crosswalks, [crosswalk.id, crosswalk]]) }
  }
  return kind === 'standard' ? { ...beside, standards: [...beside.standards, document as StandardDocument] } : beside
}

type Departments = { readonly departments: readonly DepartmentDocument[] }

async function putDepartments(
  hub: Hub,
  by: By,
  { departments }: Departments,
  { isDryRun = false }: Publishing,
): Promise<Publication[]> {
  const { index } = await hub.published.configuration()
  const known = new Map(index.departments.map(department => [department.id, JSON.stringify(department)]))
  const publications: Publication[] = []
  for (const department of departments) {
    const isSame = known.get(department.id) === JSON.stringify(department)
    if (!isSame && !isDryRun) await putDepartment(hub, by, department)
    const outcome = isSame ? 'unchanged' : isDryRun ? 'would publish' : 'published'
    publications.push({ id: department.id, version: '', outcome })
  }
  return publications
}

/** Whether an adapter could be used; its cases run when it is published. */
async function tryAdapter(hub: Hub, document: unknown, beside: Beside): Promise<Publication> {
  const adapter = compileAdapter(document, await catalogueWith(hub, document, beside))
  const { id, version, department } = adapter
  if (!(await isDepartment(hub, department, beside))) {
    throw new HubError('department-unknown', `The adapter ${id} is of ${department}, which is no department here.`)
  }
  const stored = await readAdapterDocument(hub.store.read, id, version)
  if (stored !== undefined) requireSame({ id, version }, stored, document)
  return { id, version, outcome: stored === undefined ? 'would publish' : 'unchanged' }
}
