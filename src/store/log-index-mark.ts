/** Marks: short hashes by which the index knows what hardly two entries share. */
import { hash } from 'node:crypto'

export type MarkKind = 'record' | 'subject' | 'case' | 'request'

/**
 * Eight bytes that stand for a text of a kind: a third of a pseudonym, and as long whatever the text.
 *
 * Two texts share a mark once in 2⁶⁴ pairs; whoever finds by a mark compares the entry itself.
 */
export function markOf(kind: MarkKind, text: string): Buffer {
  return hash('sha256', `${kind}\0${text}`, 'buffer').subarray(0, 8)
}

/** Entries of one segment have their mentions side by side: 2 MiB of them, which a batch fills without much reading. */
export const segmentEntries = 65_536

export const dayMs = 86_400_000
