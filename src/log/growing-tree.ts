/**
 * The Merkle tree while leaves are added: only its right edge is held, one hash for each complete subtree.
 *
 * It serves a commit, which opens the stored tree and adds a batch, and verification, which grows one from nothing.
 */
import { emptyRoot, hashOf, nodeHash, widest } from './tree.ts'
import type { ReadHashes, TreeHead } from './tree.ts'

export class GrowingTree {
  #size = 0
  /** The hashes of the complete subtrees that the leaves fall into, widest first: one for each 1 bit of the size. */
  readonly #edge: Uint8Array[] = []

  /** The stored tree of `size` leaves, to go on from. Reads at most log2(size) + 1 blobs, and none later. */
  static open(size: number, read: ReadHashes): GrowingTree {
    const tree = new GrowingTree()
    while (tree.#size < size) {
      const width = widest(size - tree.#size)
      tree.#edge.push(hashOf(tree.#size, tree.#size + width, read))
      tree.#size += width
    }
    return tree
  }

  get size(): number {
    return this.#size
  }

  /** Adds a leaf by its hash and gives the blob to be stored with it. One node is hashed on average, 52 at most. */
  append(leaf: Uint8Array): Uint8Array {
    const hashes = [leaf]
    let last = leaf
    for (let index = this.#size; index % 2 === 1; index = (index - 1) / 2) {
      const left = this.#edge.pop()
      if (left === undefined) throw new Error('bug: the edge of the tree does not fit its size')
      last = nodeHash(left, last)
      hashes.push(last)
    }
    this.#edge.push(last)
    this.#size++
    return hashes.length === 1 ? leaf : Buffer.concat(hashes)
  }

  /** The size and the root hash; at most log2(size) nodes are hashed. */
  head(): TreeHead {
    const root = this.#edge.length === 0 ? emptyRoot() : this.#edge.reduceRight((right, left) => nodeHash(left, right))
    return { size: this.#size, root }
  }
}
