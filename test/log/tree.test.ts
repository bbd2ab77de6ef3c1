import t from 'tap'
import { HubError } from '../../src/errors.ts'
import { GrowingTree } from '../../src/log/growing-tree.ts'
import { hashOf, leafHash, nodeHash, rootOf, splitOf, widest } from '../../src/log/tree.ts'
import type { ReadHashes } from '../../src/log/tree.ts'
import { leavesOf, naiveRoot } from './naive-tree.ts'

const limit = 130

// The leaves and roots of Certificate Transparency's own tests, from the empty tree to eight leaves.
const known = ['', '\0', '\x10', ' !', '01', '@ABC', 'PQRSTUVW', '`abcdefghijklmno']
const knownRoots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

t.test('the trees of Certificate Transparency have their known roots', async t => {
  const { read } = store(known)
  for (const [size, root] of knownRoots.entries())
    t.equal(Buffer.from(rootOf(size, read)).toString('hex'), root, `${size}`)
})

t.test('leaves and nodes are hashed apart, so that no node can pass for a leaf', async t => {
  const left = leafHash('a')
  const right = leafHash('b')
  t.strictSame(Buffer.from(leafHash('市')), naiveRoot(['市']))
  t.strictSame(Buffer.from(nodeHash(left, right)), naiveRoot(['a', 'b']))
})

t.test('the root of every tree up to 130 leaves is that of the definition', async t => {
  const leaves = leavesOf(limit)
  const { read } = store(leaves)
  for (let size = 0; size <= limit; size++) {
    t.strictSame(Buffer.from(rootOf(size, read)), naiveRoot(leaves.slice(0, size)), `${size}`)
  }
})

t.test('the blob of a leaf has the hashes of the complete subtrees that it ends, lowest first', async t => {
  const leaves = leavesOf(limit)
  const { blobs } = store(leaves)
  for (const [index, blob] of blobs.entries()) {
    const expected: Buffer[] = []
    for (let width = 1; (index + 1) % width === 0; width *= 2) {
      expected.push(naiveRoot(leaves.slice(index + 1 - width, index + 1)))
    }
    t.strictSame(Buffer.from(blob), Buffer.concat(expected), `${index}`)
  }
})

t.test('a tree goes on from any size as if it had never stopped, and has the root of what is stored', async t => {
  const leaves = leavesOf(limit)
  const { blobs, read } = store(leaves)
  for (let size = 0; size <= limit; size++) {
    const tree = GrowingTree.open(size, read)
    const grown = leaves.slice(size).map(leaf => tree.append(leafHash(leaf)))
    t.strictSame(grown, blobs.slice(size), `from ${size}`)
    t.strictSame(tree.head(), { size: limit, root: rootOf(limit, read) }, `from ${size}: head`)
  }
})

t.test('opening a tree, and its root, read one blob for each 1 bit of the size', async t => {
  const { read } = store(leavesOf(limit))
  for (let size = 0; size <= limit; size++) {
    const bits = size.toString(2).replaceAll('0', '').length
    t.equal(
      reads(read, counted => GrowingTree.open(size, counted)),
      bits,
      `${size}: open`,
    )
    t.equal(
      reads(read, counted => rootOf(size, counted)),
      bits,
      `${size}: root`,
    )
  }
})

t.test('sizes beyond 32 bits, up to 2^53 - 1, find their blobs', async t => {
  for (const size of [2 ** 31, 2 ** 32 + 1, 2 ** 52, 2 ** 53 - 1]) {
    const asked: number[] = []
    rootOf(size, leaf => {
      asked.push(leaf)
      return new Uint8Array(53 * 32)
    })
    t.equal(asked.at(-1), size - 1, `${size}: ends at the last leaf`)
    t.equal(asked.length, size.toString(2).replaceAll('0', '').length, `${size}: one for each subtree`)
  }
  t.equal(widest(2 ** 53 - 1), 2 ** 52)
  t.equal(splitOf(2 ** 52), 2 ** 51)
  for (let level = 0; level < 53; level++) t.equal(Math.log2(2 ** level), level, `log2 is exact at 2^${level}`)
})

t.test('a tree goes on at a size beyond 32 bits', async t => {
  const size = 2 ** 40 + 3
  const tree = GrowingTree.open(size, () => new Uint8Array(41 * 32))
  t.equal(tree.append(leafHash('a')).length, 3 * 32, 'the fourth leaf of the new subtree completes two levels')
  t.equal(tree.size, size + 1)
})

t.test('a blob that is cut short is refused by the number of its entry', async t => {
  const { blobs } = store(leavesOf(8))
  const read: ReadHashes = leaf => (blobs[leaf] as Uint8Array).subarray(0, 64)
  t.throws(
    () => rootOf(8, read),
    new HubError('log-invalid', 'The hashes stored with entry 7 are cut short: verify the log'),
  )
  t.ok(hashOf(4, 6, read))
})

function store(leaves: readonly string[]): { blobs: Uint8Array[]; read: ReadHashes } {
  const tree = new GrowingTree()
  const blobs = leaves.map(leaf => tree.append(leafHash(leaf)))
  return { blobs, read: leaf => blobs[leaf] as Uint8Array }
}

function reads(read: ReadHashes, compute: (read: ReadHashes) => unknown): number {
  let count = 0
  compute(leaf => {
    count++
    return read(leaf)
  })
  return count
}
