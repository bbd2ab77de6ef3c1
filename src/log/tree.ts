/**
 * The Merkle tree over the log's entries (RFC 6962 §2.1): hashes only, no storage.
 *
 * Storage law: with every leaf is stored one blob, its leaf hash followed by the hashes of the complete subtrees that
 * it is the last leaf of, lowest first, 32 bytes each. So a complete subtree of `width` leaves, a power of two, has its
 * hash in the blob of its last leaf, at 32 · log2(width); nothing that is stored ever changes; and a blob holds two
 * hashes on average (the layout of golang.org/x/mod/sumdb/tlog).
 *
 * Sizes and indices go up to 2^53 - 1, so they are halved by division: shifts would cut them to 32 bits.
 */
import { hash } from 'node:crypto'
import { HubError } from '../errors.ts'

/** Reads the blob that is stored with a leaf; leaves count from 0. */
export type ReadHashes = (leaf: number) => Uint8Array

/** What a checkpoint says of the tree. */
export type TreeHead = { readonly size: number; readonly root: Uint8Array }

export const hashBytes = 32

/** The hash of a leaf: SHA-256(0x00 ‖ entry), the entry in UTF-8. */
export function leafHash(entry: string): Uint8Array {
  return sha256(`\0${entry}`)
}

/** The hash of an inner node: SHA-256(0x01 ‖ left ‖ right), each of 32 bytes. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  node.set(left, 1)
  node.set(right, 1 + hashBytes)
  return sha256(node)
}

/** The root hash of the tree without leaves: the hash of the empty string. */
export function emptyRoot(): Uint8Array {
  return sha256('')
}

/**
 * The root hash of the tree of the first `size` leaves.
 *
 * Reads at most log2(size) + 1 blobs.
 */
export function rootOf(size: number, read: ReadHashes): Uint8Array {
  return size === 0 ? emptyRoot() : hashOf(0, size, read)
}

/**
 * The hash of the subtree over the leaves from `start` up to, without, `end`: MTH(D[start:end]).
 *
 * `start` is a multiple of the largest power of two that is not above the number of leaves, as in every subtree that
 * RFC 6962 names. Reads at most log2(end - start) + 1 blobs.
 */
export function hashOf(start: number, end: number, read: ReadHashes): Uint8Array {
  const width = widest(end - start)
  const left = completeHash(start, width, read)
  return start + width === end ? left : nodeHash(left, hashOf(start + width, end, read))
}

/** The largest power of two that is not above `leaves`, which is at least 1. */
export function widest(leaves: number): number {
  let width = 1
  while (width * 2 <= leaves) width *= 2
  return width
}

/** The largest power of two below `leaves`, which is at least 2: where RFC 6962 splits a tree. */
export function splitOf(leaves: number): number {
  return widest(leaves - 1)
}

function completeHash(start: number, width: number, read: ReadHashes): Uint8Array {
  const leaf = start + width - 1
  const at = hashBytes * Math.log2(width)
  const found = read(leaf).subarray(at, at + hashBytes)
  if (found.length === hashBytes) return found
  throw new HubError('log-invalid', `The hashes stored with entry ${leaf} are cut short: verify the log`)
}

// The input of every nodeHash, one after the other: its first byte stays 0x01, the rest is overwritten.
const node = Buffer.alloc(1 + 2 * hashBytes, 1)

function sha256(input: string | Uint8Array): Uint8Array {
  // By way of a string, which takes half as long as asking crypto.hash for a Buffer.
  return Buffer.from(hash('sha256', input, 'binary'), 'binary')
}
