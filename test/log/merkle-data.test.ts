/** Proofs, good and bad, that nobody here made: the vectors of transparency-dev/merkle. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { verifyConsistency, verifyInclusion, type Proof } from '../../src/log/proof.ts'

const vectors = new URL('../../../shared/data/merkle/transparency-dev-merkle/', import.meta.url)
const skip = existsSync(vectors) ? false : '../shared/data/merkle is not there'

type Vector = {
  readonly desc: string
  readonly wantErr: boolean
  readonly proof: readonly string[] | null
  readonly root: string
  readonly leafHash: string
  readonly leafIdx: number
  readonly treeSize: number
  readonly start: number
  readonly end: number
  readonly size: number
  readonly size1: number
  readonly size2: number
  readonly root1: string
  readonly root2: string
}

t.test('all the vectors are there', { skip }, async t => {
  const counts = ['inclusion', 'consistency', 'subtreeinclusion', 'subtreeconsistency'].map(
    name => vectorsIn(name).length,
  )
  t.strictSame(counts, [98, 98, 204, 118])
})

t.test('the inclusion proofs of transparency-dev hold and fail as they should', { skip }, async t => {
  for (const [name, { leafIdx, treeSize, wantErr, ...vector }] of vectorsIn('inclusion')) {
    const tree = { size: treeSize, root: base64(vector.root) }
    const leaf = { index: leafIdx, hash: base64(vector.leafHash) }
    t.equal(verifyInclusion(leaf, tree, proofOf(vector)), !wantErr, name)
  }
})

t.test('so do those in subtrees, which are trees of their own', { skip }, async t => {
  for (const [name, { leafIdx, start, end, wantErr, ...vector }] of vectorsIn('subtreeinclusion')) {
    if (start % 2 ** Math.ceil(Math.log2(end - start)) !== 0) continue // not a subtree; nothing here takes ranges
    const tree = { size: end - start, root: base64(vector.root) }
    const leaf = { index: leafIdx - start, hash: base64(vector.leafHash) }
    t.equal(verifyInclusion(leaf, tree, proofOf(vector)), !wantErr, name)
  }
})

t.test('the consistency proofs of transparency-dev hold and fail as they should', { skip }, async t => {
  for (const [name, { size1, size2, root1, root2, wantErr, ...vector }] of vectorsIn('consistency')) {
    const older = { size: size1, root: base64(root1) }
    const newer = { size: size2, root: base64(root2) }
    t.equal(verifyConsistency(older, newer, proofOf(vector)), !wantErr, name)
  }
})

t.test('so do those of subtrees that begin with the log: each is a log of its own', { skip }, async t => {
  let count = 0
  for (const [name, { start, end, size, root1, root2, wantErr, ...vector }] of vectorsIn('subtreeconsistency')) {
    if (start !== 0 || end === 0) continue // nothing here takes ranges, nor proves anything from an empty log
    const holds = verifyConsistency({ size: end, root: base64(root1) }, { size, root: base64(root2) }, proofOf(vector))
    t.equal(holds, !wantErr, name)
    count++
  }
  t.ok(count > 50, `${count}`)
})

function vectorsIn(folder: string): [string, Vector][] {
  const root = new URL(`${folder}/`, vectors)
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.json'))
  return names.map(name => [name, JSON.parse(readFileSync(new URL(encodeURI(name), root), 'utf8')) as Vector])
}

function proofOf(vector: { readonly proof: readonly string[] | null }): Proof {
  return (vector.proof ?? []).map(base64)
}

function base64(text: string): Buffer {
  return Buffer.from(text, 'base64')
}
