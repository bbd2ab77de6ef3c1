/**
 * Verifies a whole log, live or from an export, in one pass: the entries are hashed into a tree, and the tree is held
 * against every checkpoint on the way. Needs the log's public key and nothing of the hub.
 *
 * Memory: the right edge of the tree, and the checkpoints that came ahead of their entries.
 */
import { isCanonical } from '../canonical.ts'
import { HubError } from '../errors.ts'
import { openCheckpoint } from './checkpoint.ts'
import { GrowingTree } from './growing-tree.ts'
import type { NoteKey } from './note.ts'
import type { TreeHead } from './tree.ts'
import { hashBytes, leafHash } from './tree.ts'
import type { Finding, Verdict } from './verdict.ts'

/** An entry's text with, from a live log, the blob stored with it; or a kept checkpoint, a signed note. */
export type LogItem =
  { readonly index: number; readonly entry: string; readonly hashes?: Uint8Array } | { readonly checkpoint: string }

export type VerifyOptions = {
  /** The log's key; the old ones too where it was replaced. */
  readonly keys: readonly NoteKey[]
  /** A checkpoint that an auditor kept elsewhere: what shows a tail cut off or a log written anew. */
  readonly trusted?: TreeHead
}

/**
 * The first thing that is wrong with the log, or that nothing is.
 *
 * Entries come in their order from 0; a checkpoint comes anywhere before the entry that follows the ones it covers.
 * A changed entry is named exactly where stored hashes or its own form betray it, and otherwise by the span between the
 * last checkpoint that holds and the first that does not. Entries after the last checkpoint are not a fault: they are
 * counted as not yet covered.
 *
 * Never throws for what is in the log; what `items` throws is passed on.
 */
export async function verifyLog(
  items: AsyncIterable<LogItem> | Iterable<LogItem>,
  { keys, trusted }: VerifyOptions,
): Promise<Verdict> {
  const audit = new Audit(keys, trusted)
  for await (const item of items) {
    const finding =
      'entry' in item ? audit.entry(item.index, item.entry, item.hashes) : audit.checkpoint(item.checkpoint)
    if (finding !== undefined) return finding
  }
  return audit.end()
}

class Audit {
  readonly #keys: readonly NoteKey[]
  readonly #trusted: TreeHead | undefined
  readonly #tree = new GrowingTree()
  /** Checkpoints whose entries have not all come, by size. */
  readonly #ahead = new Map<number, TreeHead[]>()
  #checkpoints = 0
  /** The entries under the last checkpoint that holds. */
  #covered = 0
  #isTrustedWrong = false

  constructor(keys: readonly NoteKey[], trusted: TreeHead | undefined) {
    this.#keys = keys
    this.#trusted = trusted
  }

  entry(index: number, text: string, hashes: Uint8Array | undefined): Finding | undefined {
    if (index !== this.#tree.size) return { finding: 'entry-misplaced', expected: this.#tree.size, found: index }
    const expected = this.#tree.append(leafHash(text))
    if (hashes !== undefined && !areEqual(expected, hashes)) return changedAt(index, expected, hashes)
    if (!isCanonical(text)) return { finding: 'entry-not-canonical', entry: index }
    const size = index + 1
    // Not a finding yet: the log's own next checkpoint tells whether it was only changed, or signed anew as well.
    if (size === this.#trusted?.size) this.#isTrustedWrong = !areEqual(this.#tree.head().root, this.#trusted.root)
    const due = this.#ahead.get(size)
    if (due === undefined) return undefined
    this.#ahead.delete(size)
    return this.#compare(due)
  }

  checkpoint(note: string): Finding | undefined {
    const checkpoint = ++this.#checkpoints
    const head = openHead(note, this.#keys)
    if (typeof head === 'string') return { finding: 'checkpoint-unverified', checkpoint, reason: head }
    const { size } = head
    const entries = this.#tree.size
    if (size < entries) return { finding: 'checkpoint-late', checkpoint, size, entries }
    if (size === entries) return this.#compare([head])
    this.#ahead.set(size, [...(this.#ahead.get(size) ?? []), head])
    return undefined
  }

  end(): Verdict {
    const entries = this.#tree.size
    let signed = this.#trusted?.size ?? 0
    for (const size of this.#ahead.keys()) signed = Math.max(signed, size)
    if (signed > entries) return { finding: 'tail-missing', entries, signed }
    if (this.#trusted !== undefined && this.#isTrustedWrong) return this.#contradicted(this.#trusted.size)
    return { finding: 'none', entries, covered: this.#covered, checkpoints: this.#checkpoints }
  }

  /** Compares checkpoints with the tree that has just reached their size. */
  #compare(heads: readonly TreeHead[]): Finding | undefined {
    const { size, root } = this.#tree.head()
    const good = heads.filter(head => areEqual(head.root, root))
    if (good.length < heads.length) {
      const isAlsoGood = good.length > 0 || this.#covered === size
      return isAlsoGood ? { finding: 'checkpoints-differ', size } : this.#changedSince(size)
    }
    this.#covered = size
    return undefined
  }

  #contradicted(size: number): Finding {
    return this.#covered >= size ? { finding: 'history-rewritten', size } : this.#changedSince(size)
  }

  #changedSince(size: number): Finding {
    return { finding: 'span-changed', first: this.#covered, last: size - 1 }
  }
}

/** The head that a checkpoint signs, or why it cannot be trusted. */
function openHead(note: string, keys: readonly NoteKey[]): TreeHead | string {
  try {
    return openCheckpoint(note, keys)
  } catch (error) {
    if (error instanceof HubError) return error.message
    throw error
  }
}

/** Names the entries under the lowest hash that differs; the entry alone where that is its own. */
function changedAt(index: number, expected: Uint8Array, stored: Uint8Array): Finding {
  let level = 0
  while (stored.length === expected.length && areEqual(hashAt(level, expected), hashAt(level, stored))) level++
  return level === 0
    ? { finding: 'entry-changed', entry: index }
    : { finding: 'hashes-changed', first: index + 1 - 2 ** level, last: index }
}

function hashAt(level: number, hashes: Uint8Array): Uint8Array {
  return hashes.subarray(level * hashBytes, (level + 1) * hashBytes)
}

function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0
}
