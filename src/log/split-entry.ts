/**
 * A disclosure of more records than one entry can name becomes several entries, which share the request.
 */
import { canonicalise } from '../canonical.ts'
import type { Entry, Pseudonym } from './entry.ts'
import { encodeEntry, maxEntryBytes } from './entry.ts'

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
  if (isShort(entry)) return [entry]
  const { records = [], subjects = [], ...shared } = entry
  const parts = deal({ records, subjects }, maxEntryBytes - bytesWithoutPseudonyms(entry))
  if (parts.length === 1) return [entry]
  if (entry.count !== records.length) throw new Error('bug: a disclosure that is split counts its records')
  return parts.map((part, at) => ({
    ...shared,
    ...(part.records.length > 0 && { records: part.records }),
    ...(part.subjects.length > 0 && { subjects: part.subjects }),
    count: part.records.length,
    part: (entry.part ?? 1) + at,
  }))
}

/** Whether it fits for certain, by a count that costs little: most entries name one record. */
function isShort({ actor, detail, ...entry }: Entry): boolean {
  if (detail !== undefined) return false
  let characters = actor.id.length
  for (const value of Object.values(entry)) {
    if (typeof value === 'string') characters += value.length
    else if (Array.isArray(value)) for (const text of value as readonly string[]) characters += text.length + 3
  }
  // A character takes six bytes at most, as an escape; names of members and punctuation far less than 2 KiB.
  return 6 * characters + 2048 < maxEntryBytes
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
