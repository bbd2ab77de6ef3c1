/**
 * Proofs that an entry is in the log, and that the log has only grown since an earlier checkpoint (RFC 6962 §2.1.1 and
 * §2.1.2).
 *
 * A proof is a list of hashes, at most one for each level of the tree, lowest first. To make one, stored hashes are
 * read; to check one takes nothing but the proof and the heads of the trees.
 */
import { hashBytes, hashOf, nodeHash, splitOf, widest } from './tree.ts'
import type { ReadHashes, TreeHead } from './tree.ts'

export type Proof = readonly Uint8Array[]

export type Leaf = { readonly index: number; readonly hash: Uint8Array }

/**
 * Proves that the tree of `size` leaves has the leaf at `index`: PATH(index, D[size]).
 *
 * Reads O(log size) blobs.
 *
 * @throws {RangeError} unless 0 <= index < size.
 */
export function inclusionProof(index: number, size: number, read: ReadHashes): Proof {
  if (!(isCount(index) && isCount(size) && index < size)) throw new RangeError('The tree has no leaf of this index')
  return path(index, 0, size, read)
}

/**
 * Proves that the tree of `to` leaves begins with the tree of its first `from` leaves: PROOF(from, D[to]).
 *
 * Reads O(log to) blobs.
 *
 * @throws {RangeError} unless 1 <= from <= to: every tree begins with the empty one, so there is nothing to prove.
 */
export function consistencyProof(from: number, to: number, read: ReadHashes): Proof {
  if (!(isCount(from) && isCount(to) && 1 <= from && from <= to)) throw new RangeError('There is no tree of this size')
  return subproof(from, 0, to, read)
}

/** True if the proof leads from the leaf's hash to the root of the tree. */
export function verifyInclusion(leaf: Leaf, tree: TreeHead, proof: Proof): boolean {
  if (!(isCount(leaf.index) && isCount(tree.size) && leaf.index < tree.size)) return false
  if (![leaf.hash, tree.root, ...proof].every(isHash)) return false
  const root = rootByPath(leaf, tree.size, proof)
  return root !== undefined && areEqual(root, tree.root)
}

/** True if the proof leads to the root of the older and to the root of the newer tree, neither of them empty. */
export function verifyConsistency(older: TreeHead, newer: TreeHead, proof: Proof): boolean {
  if (!(isCount(older.size) && isCount(newer.size) && 1 <= older.size && older.size <= newer.size)) return false
  if (older.size === newer.size) return proof.length === 0 && areEqual(older.root, newer.root)
  if (![older.root, newer.root, ...proof].every(isHash)) return false
  // An older tree that is one complete subtree is not in the proof, for its root is known (RFC 9162 §2.1.4.2).
  const known = widest(older.size) === older.size ? [older.root] : []
  const roots = rootsBySubproof(older.size, newer.size, [...known, ...proof])
  return roots !== undefined && areEqual(roots.older, older.root) && areEqual(roots.newer, newer.root)
}

/** The path of the leaf at `index` within the subtree over [start, end). */
function path(index: number, start: number, end: number, read: ReadHashes): Uint8Array[] {
  if (end - start === 1) return []
  const split = start + splitOf(end - start)
  return index < split
    ? [...path(index, start, split, read), hashOf(split, end, read)]
    : [...path(index, split, end, read), hashOf(start, split, read)]
}

/** Proves the part of the older tree, up to `from`, that lies in the subtree over [start, end). */
function subproof(from: number, start: number, end: number, read: ReadHashes): Uint8Array[] {
  if (from === end) return start === 0 ? [] : [hashOf(start, end, read)]
  const split = start + splitOf(end - start)
  return from <= split
    ? [...subproof(from, start, split, read), hashOf(split, end, read)]
    : [...subproof(from, split, end, read), hashOf(start, split, read)]
}

/** The root that a path leads to; undefined if it has too many hashes or too few. Retraces {@link path}. */
function rootByPath(leaf: Leaf, size: number, proof: Proof): Uint8Array | undefined {
  const last = proof.at(-1)
  if (size === 1) return last === undefined ? leaf.hash : undefined
  if (last === undefined) return undefined
  const split = splitOf(size)
  if (leaf.index < split) {
    const left = rootByPath(leaf, split, proof.slice(0, -1))
    return left && nodeHash(left, last)
  }
  const right = rootByPath({ index: leaf.index - split, hash: leaf.hash }, size - split, proof.slice(0, -1))
  return right && nodeHash(last, right)
}

type Roots = { readonly older: Uint8Array; readonly newer: Uint8Array }

/** The roots that a subproof leads to; undefined if it has too many hashes or too few. Retraces {@link subproof}. */
function rootsBySubproof(from: number, to: number, proof: Proof): Roots | undefined {
  const last = proof.at(-1)
  if (last === undefined) return undefined
  if (from === to) return proof.length === 1 ? { older: last, newer: last } : undefined
  const split = splitOf(to)
  if (from <= split) {
    const left = rootsBySubproof(from, split, proof.slice(0, -1))
    return left && { older: left.older, newer: nodeHash(left.newer, last) }
  }
  const right = rootsBySubproof(from - split, to - split, proof.slice(0, -1))
  return right && { older: nodeHash(last, right.older), newer: nodeHash(last, right.newer) }
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

function isHash(value: Uint8Array): boolean {
  return value.length === hashBytes
}

function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0
}
