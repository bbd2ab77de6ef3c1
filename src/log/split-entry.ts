/**
 * A disclosure of more records than one entry can name becomes several entries, which share the request.
 */
import { canonicalise } from '../canonical.ts'
import type { Entry, Pseudonym } from './entry.ts'
import { encodeEntry, maxEntryBytes } from './entry.ts'

/**
 * The texts of the entry, or of those that it is split into.
 *
 * @throws {RangeError} if the entry is too long even without pseudonyms.
 */
export function encodeEntries(entry: Entry): [first: string, ...rest: string[]] {
  // Most entries name one record: to try costs them nothing.
  if ((entry.records?.length ?? 0) + (entry.subjects?.length ?? 0) < 100) return [encodeEntry(entry)]
  return splitEntry(entry).map(encodeEntry) as [string, ...string[]]
}

/**
 * The entry itself where it fits; otherwise entries that do, numbered by `part` from 1, or on from the entry's own
 * `part` (a streamed reply splits chunk after chunk).
 *
 * Laws: joined in order, the records and subjects of the parts are those of the whole; the counts of the parts add up
 * to its count; everything else is the same in all.
 *
 * @throws {RangeError} if the entry is too long even without pseudonyms.
 */
export function splitEntry(entry: Entry): Entry[] {
  const { records = [], subjects = [], ...shared } = entry
  const parts = deal({ records, subjects }, maxEntryBytes - bytesWithoutPseudonyms(entry))
  if (parts.length === 1) return [entry]
  return parts.map((part, at) => ({
    ...shared,
    ...(part.records.length > 0 && { records: part.records }),
    ...(part.subjects.length > 0 && { subjects: part.subjects }),
    // Where it is not records that are counted, but how often they are shown, there is nothing to deal out.
    count: entry.count === records.length ? part.records.length : at === 0 ? entry.count : 0,
    part: (entry.part ?? 1) + at,
  }))
}

type Pseudonyms = { readonly records: readonly Pseudonym[]; readonly subjects: readonly Pseudonym[] }

/** Deals the pseudonyms out, records before subjects: each part takes as many as its room, in bytes, has place for. */
function deal(pseudonyms: Pseudonyms, room: number): Pseudonyms[] {
  let part: { records: Pseudonym[]; subjects: Pseudonym[] } = { records: [], subjects: [] }
  const parts = [part]
  let left = room
  for (const list of ['records', 'subjects'] as const) {
    for (const pseudonym of pseudonyms[list]) {
      const bytes = Buffer.byteLength(canonicalise(pseudonym)) + 1
      if (bytes > left) {
        part = { records: [], subjects: [] }
        parts.push(part)
        left = room
      }
      part[list].push(pseudonym)
      left -= bytes
    }
  }
  return parts
}

function bytesWithoutPseudonyms(entry: Entry): number {
  // The longest part number there can be, so that the room is the same in every part.
  return Buffer.byteLength(encodeEntry({ ...entry, records: [], subjects: [], part: Number.MAX_SAFE_INTEGER }))
}
