/** RFC 6962 §2.1 word for word, as slow as it reads: what the tree and its proofs are checked against. */
import { createHash } from 'node:crypto'

/** MTH(D). */
export function naiveRoot(leaves: readonly string[]): Buffer {
  if (leaves.length === 0) return sha256('')
  if (leaves.length === 1) return sha256(Buffer.of(0), leaves[0] as string)
  const k = split(leaves.length)
  return sha256(Buffer.of(1), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)))
}

/** PATH(m, D). */
export function naivePath(m: number, leaves: readonly string[]): Buffer[] {
  if (leaves.length === 1) return []
  const k = split(leaves.length)
  if (m < k) return [...naivePath(m, leaves.slice(0, k)), naiveRoot(leaves.slice(k))]
  return [...naivePath(m - k, leaves.slice(k)), naiveRoot(leaves.slice(0, k))]
}

/** PROOF(m, D), which is SUBPROOF(m, D, true). */
export function naiveProof(m: number, leaves: readonly string[], b = true): Buffer[] {
  if (m === leaves.length) return b ? [] : [naiveRoot(leaves)]
  const k = split(leaves.length)
  if (m <= k) return [...naiveProof(m, leaves.slice(0, k), b), naiveRoot(leaves.slice(k))]
  return [...naiveProof(m - k, leaves.slice(k), false), naiveRoot(leaves.slice(0, k))]
}

/** Leaves to build trees of: texts of several lengths, the empty one among them. */
export function leavesOf(size: number): string[] {
  return Array.from({ length: size }, (_, at) => (at === 0 ? '' : `leaf ${at} ${'叶'.repeat(at % 3)}`))
}

function split(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

function sha256(...parts: readonly (Buffer | string)[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}
