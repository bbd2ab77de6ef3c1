/** How much of an input is taken; whatever goes beyond is refused with its place. */

export type Limits = {
  /** Of the whole input: as it comes, and again of what comes out of each thing that it is wrapped in. */
  readonly inputBytes: number
  /** Of each document of an envelope, decompressed: the outer ones must be held in memory whole. */
  readonly envelopeBytes: number
  /**
   * Of one record, or of one tag, comment or text outside the records: what may have to be held in memory at once.
   * Counted in UTF-16 units of the decoded text, which are never more than its bytes in any encoding.
   */
  readonly recordBytes: number
  readonly records: number
  /** Of elements, objects and arrays within each other, counted from the root of the document. */
  readonly depth: number
}

const KIB = 1024
const MIB = 1024 * KIB

export const defaultLimits: Limits = Object.freeze({
  // Four million records of 1 KB: more than any register of a province; a mistaken disk image still ends.
  inputBytes: 4 * 1024 * MIB,
  // Held as text and again as a tree. An envelope of 64 MiB has some 60,000 records: who has more sends them without one.
  envelopeBytes: 64 * MIB,
  // Records are about 1 KB; those that carry a scanned page in base64 reach a few hundred.
  recordBytes: 4 * MIB,
  // Beyond what inputBytes lets through of ordinary records; it stops an input made of empty ones.
  records: 20_000_000,
  // The deepest format that we read (FHIR with narrative) stays below 30; the readers recurse once a level.
  depth: 64,
})
