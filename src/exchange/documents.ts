/** Publishes documents from files: departments, code lists, crosswalks, standards, adapters, in the order in which they need each other. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HubError } from '../errors.ts'
import type { DepartmentDocument } from '../store/catalogue.ts'
import { putDepartment } from './departments.ts'
import type { By, Hub } from './hub.ts'
import { publishAdapter, publishCodeList, publishCrosswalk, publishStandard, type Publication } from './publish.ts'

/** The folder of Concord itself: the starter catalogue stands in it. The same from `src/` and from `dist/`. */
export const home = fileURLToPath(new URL('../../', import.meta.url))

/** The starter catalogue. */
export const starterCatalogue = [join(home, 'schemas'), join(home, 'adapters')]

export type PublishedDocument = Publication & { readonly kind: Kind; readonly file: string }

const kinds = ['departments', 'code-list', 'crosswalk', 'standard', 'adapter'] as const
type Kind = (typeof kinds)[number]

/**
 * Publishes what files and folders hold; meta-schemas in them are passed over.
 *
 * @throws {HubError} for the first document that is refused, its file named; what came before it stays published
 */
export async function publishFiles(
  hub: Hub,
  by: By,
  paths: readonly string[],
  onPublished: (document: PublishedDocument) => void = () => {},
): Promise<PublishedDocument[]> {
  const documents = readDocuments(paths)
  const published: PublishedDocument[] = []
  for (const kind of kinds) {
    for (const { file, document } of documents.filter(candidate => candidate.kind === kind)) {
      for (const publication of await publishOne(hub, by, { kind, document }).catch(naming(file))) {
        const done = { ...publication, kind, file }
        published.push(done)
        onPublished(done)
      }
    }
  }
  return published
}

/**
 * The documents that files and folders hold; meta-schemas in them are passed over.
 *
 * @throws {HubError} `file-unreadable`
 */
export function readDocuments(paths: readonly string[]): { file: string; kind: Kind; document: unknown }[] {
  return paths.flatMap(filesIn).flatMap(file => {
    const document = readDocument(file)
    const kind = kindOf(document)
    if (kind === undefined && file.includes(join('schemas', 'meta'))) return []
    if (kind === undefined)
      throw new HubError(
        'file-unreadable',
        `${file} is no standard, code list, crosswalk, adapter or list of departments.`,
      )
    return [{ file, kind, document }]
  })
}

async function publishOne(
  hub: Hub,
  by: By,
  { kind, document }: { readonly kind: Kind; readonly document: unknown },
): Promise<Publication[]> {
  if (kind === 'code-list') return [await publishCodeList(hub, by, document)]
  if (kind === 'crosswalk') return [await publishCrosswalk(hub, by, document)]
  if (kind === 'standard') return [await publishStandard(hub, by, document)]
  if (kind === 'adapter') return [await publishAdapter(hub, by, document)]
  const { index } = await hub.published.configuration()
  const { departments } = document as { departments: DepartmentDocument[] }
  return Promise.all(
    departments.map(async (department): Promise<Publication> => {
      const known = index.departments.find(({ id }) => id === department.id)
      const isSame = JSON.stringify(known) === JSON.stringify(department)
      if (!isSame) await putDepartment(hub, by, department)
      return { id: department.id, version: '', outcome: isSame ? 'unchanged' : 'published' }
    }),
  )
}

function kindOf(document: unknown): Kind | undefined {
  if (document === null || typeof document !== 'object') return undefined
  if ('adapter' in document && 'source' in document) return 'adapter'
  if ('standard' in document && 'properties' in document) return 'standard'
  if ('codes' in document) return 'code-list'
  if ('rows' in document && 'from' in document) return 'crosswalk'
  return 'departments' in document ? 'departments' : undefined
}

function filesIn(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path]
    return readdirSync(path)
      .sort()
      .flatMap(name => filesIn(join(path, name)))
      .filter(file => file.endsWith('.json'))
  } catch (cause) {
    throw new HubError('file-unreadable', `Cannot read ${path}.`, { cause })
  }
}

/** @throws {HubError} `file-unreadable` */
export function readDocument(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown
  } catch (cause) {
    const why = cause instanceof SyntaxError ? `${file} is not JSON: ${cause.message}` : `Cannot read ${file}.`
    throw new HubError('file-unreadable', why, { cause })
  }
}

function naming(file: string): (error: unknown) => never {
  return error => {
    if (!(error instanceof HubError)) throw error
    throw new HubError(error.code, `${file}: ${error.message}`, { issues: error.issues, cause: error })
  }
}
