/** Imports official lists of codes: reads the files, merges their editions into the list, publishes a new version of it. */
import { isDeepStrictEqual } from 'node:util'
import { compareCodeLists, nextVersion, type CodeListChange } from '../catalogue/code-list-change.ts'
import { mergeEditions } from '../catalogue/code-list-editions.ts'
import { readCodeFile, type CodeFile, type Reading } from '../catalogue/code-list-file.ts'
import { gatherEditions } from '../catalogue/code-list-gather.ts'
import { HubError } from '../errors.ts'
import type { Titles } from '../record.ts'
import type { CodeList } from '../code-list.ts'
import type { Version } from '../standard.ts'
import type { By, Hub } from './hub.ts'
import { publishCodeList } from './publish-code-list.ts'

export type CodeImport = {
  readonly list: string
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[]
  readonly reading: Reading
  /** The edition of what the files do not say it of; files of one edition are one together. */
  readonly edition?: string
  /** The first day of the edition, where there is one. */
  readonly from?: string
  /** Who published what the files do not say it of. */
  readonly source?: string
  /** Of a list that is not published yet; of one that is, its new titles. */
  readonly titles?: Titles
  /** Finds out what would come of it, and publishes nothing. */
  readonly isDryRun?: boolean
}

export type CodesImported = {
  readonly list: string
  readonly version: Version
  readonly outcome: 'published' | 'unchanged' | 'would publish'
  readonly editions: readonly { readonly name: string; readonly from: string; readonly codes: number }[]
  /** What was taken of each file, and what was passed over. */
  readonly files: readonly (Pick<CodeFile, 'format' | 'taken' | 'passedOver' | 'padded'> & { readonly name: string })[]
  readonly change: CodeListChange
  /** The codes of the list that are in no edition: written by hand, and kept. */
  readonly local: readonly string[]
}

/**
 * @throws {HubError} `codes-refused`, with the file's name where it is of one; `code-list-unknown`; and what publishing the
 *   list throws
 */
export async function importCodes(hub: Hub, by: By, given: CodeImport): Promise<CodesImported> {
  const published = await hub.published.codeList(given.list)
  const before = published ?? emptyList(given)
  const width = before.refined?.prefix
  const reading = { ...(width !== undefined && { width }), ...given.reading }
  const files = given.files.map(({ name, bytes }) => ({ name, ...readNamed(name, bytes, reading) }))
  const editions = gatherEditions(files, { ...given, width: reading.width })
  const merged = { ...mergeEditions(before, editions), titles: given.titles ?? before.titles }
  const isUnchanged = published !== undefined && isDeepStrictEqual(merged, published)
  const version = isUnchanged ? before.version : published === undefined ? '1.0.0' : nextVersion(before, merged)
  const list = { ...merged, version }
  if (!isUnchanged) await publishCodeList(hub, by, list, { isDryRun: given.isDryRun === true })
  return {
    list: list.id,
    version,
    outcome: isUnchanged ? 'unchanged' : given.isDryRun ? 'would publish' : 'published',
    editions: editions.map(({ name, from, codes }) => ({ name, from, codes: codes.size })),
    files: files.map(({ name, format, taken, passedOver, padded }) => ({ name, format, taken, passedOver, padded })),
    change: compareCodeLists(before, list),
    local: list.codes.filter(({ local }) => local).map(({ code }) => code),
  }
}

/** A list that is not published yet: it is open, for the next edition will have other codes. */
function emptyList({ list: id, titles }: CodeImport): CodeList & { readonly $schema: string } {
  if (titles === undefined) {
    throw new HubError('code-list-unknown', `There is no code list ${id}. To make it, give its titles by --titles.`)
  }
  const source = 'Imported; the editions say from where.'
  return { $schema: '../meta/code-list.json', id, version: '0.0.0', titles, closed: false, source, codes: [] }
}

function readNamed(name: string, bytes: Uint8Array, reading: Reading): CodeFile {
  try {
    return readCodeFile(bytes, reading)
  } catch (error) {
    if (!(error instanceof HubError)) throw error
    throw new HubError(error.code, `${name}: ${error.message}`, { cause: error })
  }
}
