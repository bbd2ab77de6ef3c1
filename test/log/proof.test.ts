import assert from 'node:assert/strict'
import t from 'tap'
import { GrowingTree } from '../../src/log/growing-tree.ts'
import { consistencyProof, inclusionProof, verifyConsistency, verifyInclusion } from '../../src/log/proof.ts'
import type { Proof } from '../../src/log/proof.ts'
import { leafHash, rootOf } from '../../src/log/tree.ts'
import type { ReadHashes, TreeHead } from '../../src/log/tree.ts'
import { leavesOf, naivePath, naiveProof } from './naive-tree.ts'

const limit = 66
const leaves = leavesOf(limit)
const tree = new GrowingTree()
const blobs = leaves.map(leaf => tree.append(leafHash(leaf)))
const read: ReadHashes = leaf => blobs[leaf] as Uint8Array
const heads: TreeHead[] = Array.from({ length: limit + 1 }, (_, size) => ({ size, root: rootOf(size, read) }))
const head = (size: number): TreeHead => heads[size] as TreeHead
const leaf = (index: number) => ({ index, hash: leafHash(leaves[index] as string) })

t.test('every inclusion proof of every tree up to 66 leaves is that of the definition, and verifies', async () => {
  for (let size = 1; size <= limit; size++) {
    for (let index = 0; index < size; index++) {
      const proof = inclusionProof(index, size, read)
      assert.deepEqual(bytes(proof), naivePath(index, leaves.slice(0, size)))
      assert.ok(verifyInclusion(leaf(index), head(size), proof))
    }
  }
})

t.test('every consistency proof between trees up to 66 leaves is that of the definition, and verifies', async () => {
  for (let to = 1; to <= limit; to++) {
    for (let from = 1; from <= to; from++) {
      const proof = consistencyProof(from, to, read)
      assert.deepEqual(bytes(proof), naiveProof(from, leaves.slice(0, to)))
      assert.ok(verifyConsistency(head(from), head(to), proof))
    }
  }
})

t.test(
  'an inclusion proof holds for no other leaf, root or place, and not when anything in it is changed',
  async () => {
    for (let size = 1; size <= 20; size++) {
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(index, size, read)
        for (let other = 0; other < size; other++) {
          if (other === index) continue
          assert.ok(!verifyInclusion(leaf(other), head(size), proof))
          assert.ok(!verifyInclusion({ ...leaf(index), index: other }, head(size), proof))
          assert.ok(!verifyInclusion({ ...leaf(other), index }, head(size), proof))
        }
        assert.ok(!verifyInclusion(leaf(index), { size, root: head(size - 1).root }, proof))
        for (const wrong of wrongProofs(proof)) assert.ok(!verifyInclusion(leaf(index), head(size), wrong))
      }
    }
  },
)

t.test('a consistency proof holds for no other roots, and not when anything in it is changed', async () => {
  for (let to = 1; to <= 20; to++) {
    for (let from = 1; from <= to; from++) {
      const proof = consistencyProof(from, to, read)
      assert.ok(!verifyConsistency({ size: from, root: head(from - 1).root }, head(to), proof))
      assert.ok(!verifyConsistency(head(from), { size: to, root: head(to - 1).root }, proof))
      if (from < to) assert.ok(!verifyConsistency(head(to), head(from), proof))
      for (const wrong of wrongProofs(proof)) assert.ok(!verifyConsistency(head(from), head(to), wrong))
    }
  }
})

t.test('a proof of what does not exist is refused', async t => {
  for (const [index, size] of [
    [0, 0],
    [3, 3],
    [-1, 3],
    [0.5, 3],
    [0, NaN],
    [2 ** 53, 2 ** 53 + 2],
  ] as const) {
    t.throws(() => inclusionProof(index, size, read), RangeError, `${index} in ${size}`)
    t.notOk(verifyInclusion({ ...leaf(0), index }, { ...head(1), size }, []), `${index} in ${size}: verify`)
  }
  for (const [from, to] of [
    [0, 0],
    [0, 3],
    [4, 3],
    [-1, 3],
    [1.5, 3],
    [1, Infinity],
  ] as const) {
    t.throws(() => consistencyProof(from, to, read), RangeError, `${from} to ${to}`)
    t.notOk(verifyConsistency({ ...head(1), size: from }, { ...head(1), size: to }, []), `${from} to ${to}: verify`)
  }
})

t.test('proofs reach beyond 32 bits, and read a few dozen blobs', async t => {
  let count = 0
  const zeros: ReadHashes = () => {
    count++
    return new Uint8Array(53 * 32)
  }
  const size = 2 ** 53 - 1
  t.equal(inclusionProof(2 ** 40, size, zeros).length, 53)
  t.ok(count < 110, `${count} blobs for one leaf`)
  count = 0
  t.equal(consistencyProof(2 ** 33 + 1, size, zeros).length, 54)
  t.ok(count < 110, `${count} blobs for one prefix`)
})

/** The proof cut, lengthened, reordered, with one bit of each hash turned, and with hashes of another length. */
function wrongProofs(proof: Proof): Proof[] {
  const extra = leafHash('extra')
  const changed = proof.flatMap((hash, at) => [
    proof.with(
      at,
      hash.map((byte, place) => (place === at % 32 ? byte ^ 1 : byte)),
    ),
    proof.with(at, hash.subarray(1)),
    proof.with(at, Buffer.concat([hash, hash])),
    proof.toSpliced(at, 1),
    proof.toSpliced(at, 0, extra),
  ])
  return [...changed, [...proof, extra], ...(proof.length > 1 ? [proof.toReversed()] : [])]
}

function bytes(proof: Proof): Buffer[] {
  return proof.map(hash => Buffer.from(hash))
}
