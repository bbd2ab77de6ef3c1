/** Which stored blobs a computation over the tree needs, so that they can be read beforehand and together. */
import type { ReadHashes } from './tree.ts'
import { hashBytes } from './tree.ts'

/**
 * The leaves whose blobs the computation reads, in ascending order.
 *
 * Runs it on zeros: where the hashes stand depends on sizes alone, never on what they are.
 */
export function leavesRead(compute: (read: ReadHashes) => unknown): number[] {
  const leaves = new Set<number>()
  compute(leaf => {
    leaves.add(leaf)
    return zeros
  })
  return [...leaves].sort((one, other) => one - other)
}

/** As long as the blob of any leaf: a tree of 2^53 leaves has 54 levels. */
const zeros = new Uint8Array(54 * hashBytes)
