/** Texts that mean that there is no value: `absentWhen` of an adapter and of its rules, and `nullWhen`. */
import type { AdapterDocument } from './document.ts'

/** True of a text that is listed. White space at its ends must be gone. */
export type IsListed = (trimmed: string) => boolean

export function listing(texts: readonly string[] = []): IsListed {
  const listed = new Set(texts.map(text => text.trim()))
  const longest = Math.max(-1, ...texts.map(text => text.trim().length))
  // By length first: hashing every text of every record, to look it up, would cost more than all the rest.
  return trimmed => trimmed.length <= longest && listed.has(trimmed)
}

/** The texts that mean unknown: those of the whole adapter and more. */
export function absence(document: AdapterDocument, more: readonly string[] = []): IsListed {
  return listing([...(document.absentWhen ?? ['']), ...more])
}
