/** The adapter that a command is given: a file that is being written, or the name of one in the catalogue. */
import { HubError } from '../errors.ts'
import { readDocument } from '../exchange/documents.ts'
import type { TrialCatalogue, Tried } from '../exchange/trial-catalogue.ts'

/**
 * @param given a file, `….json`, or `department/name`
 * @throws {HubError} `file-unreadable`, `adapter-unknown`
 */
export function adapterDocument(catalogue: TrialCatalogue, given: string): unknown {
  if (given.endsWith('.json')) return readDocument(given)
  const document = catalogue.adapter(given)
  if (document !== undefined) return document
  throw new HubError(
    'adapter-unknown',
    `${given} is neither a file (….json) nor an adapter of the ${whichOf(catalogue)}.`,
  )
}

/** What is to be tried, for opening the catalogue with what it refers to. @throws {HubError} `file-unreadable` */
export function triedAs(given: string): Tried {
  return given.endsWith('.json') ? { document: readDocument(given) } : { adapter: given }
}

export function whichOf({ from }: TrialCatalogue): string {
  return from === 'published' ? 'published catalogue' : 'starter catalogue (nothing is published yet)'
}
