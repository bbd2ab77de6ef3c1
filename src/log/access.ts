/** Which entries tell of access to records, and which of acts: the one place that decides, for index and usage. */
import { operations } from '../record.ts'
import { acts, type Entry } from './entry.ts'

/** All that an entry may say was done. */
export const entryOperations = [...operations, ...acts] as const

/**
 * Whether an entry tells of a call about records: disclosed, found unchanged, refused or failed.
 *
 * Everything else is an act. So is looking into quarantine, though its operations are called `read` and `list` too:
 * what is shown there is a source record, which no agreement discloses. Its entries name the reject, or no standard.
 */
export function isAccess({ operation, standard, detail }: Pick<Entry, 'operation' | 'standard' | 'detail'>): boolean {
  return access.has(operation) && standard !== undefined && detail?.['quarantine'] === undefined
}

const access: ReadonlySet<string> = new Set(operations)
