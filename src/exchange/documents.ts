/** Publishes documents from files: departments, code lists, crosswalks, standards, adapters, in the order in which they need each other. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HubError } from '../errors.ts'
import { compareVersions } from '../versions.ts'
import { nothingBeside } from './beside.ts'
import type { By, Hub } from './hub.ts'
import {
  documentKinds,
  publishDocument,
  withDocument,
  type DocumentKind,
  type DocumentPublication,
  type FileDocument,
} from './publish-document.ts'

/** The folder of Concord itself: the starter catalogue stands in it. The same from `src/` and from `dist/`. */
export const home = fileURLToPath(new URL('../../', import.meta.url))

/** The starter catalogue. */
export const starterCatalogue = [join(home, 'schemas'), join(home, 'adapters')]

export type PublishedDocument = DocumentPublication & { readonly kind: DocumentKind; readonly file: string }

/**
 * Publishes what files and folders hold; meta-schemas in them are passed over.
 *
 * @param how.isDryRun finds out what would come of it, each document being taken as published for those that follow
 * @throws {HubError} for the first document that is refused, its file named; what came before it stays published
 */
export async function publishFiles(
  hub: Hub,
  by: By,
  paths: readonly string[],
  how: {
    readonly isDraft?: boolean
    readonly isDryRun?: boolean
    readonly onPublished?: (document: PublishedDocument) => void
  } = {},
): Promise<PublishedDocument[]> {
  const { isDraft = false, isDryRun = false, onPublished = () => {} } = how
  const documents = readDocuments(paths)
  const published: PublishedDocument[] = []
  let beside = nothingBeside
  for (const kind of documentKinds) {
    for (const each of documents.filter(candidate => candidate.kind === kind).toSorted(byVersion)) {
      const publications = await publishDocument(hub, by, each, { isDraft, isDryRun, beside }).catch(naming(each.file))
      for (const publication of publications) {
        const done = { ...publication, kind, file: each.file }
        published.push(done)
        onPublished(done)
      }
      if (isDryRun) beside = withDocument(beside, each)
    }
  }
  return published
}

/** Several versions of one document follow each other. */
function byVersion(a: FileDocument, b: FileDocument): number {
  return compareVersions(versionIn(a), versionIn(b))
}

/** Whether it is one, is checked when it is published. */
function versionIn({ kind, document }: FileDocument): string {
  const members = document as { readonly [name: string]: unknown }
  const head = (kind === 'standard' || kind === 'adapter' ? members[kind] : members) as { readonly version?: unknown }
  return typeof head?.version === 'string' && /^\d+\.\d+\.\d+$/.test(head.version) ? head.version : '0.0.0'
}

/**
 * The documents that files and folders hold; meta-schemas in them are passed over.
 *
 * @throws {HubError} `file-unreadable`
 */
export function readDocuments(paths: readonly string[]): FileDocument[] {
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

function kindOf(document: unknown): DocumentKind | undefined {
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
    throw new HubError(error.code, `${file}: ${error.message}`, {
      issues: error.issues,
      members: error.members,
      cause: error,
    })
  }
}
