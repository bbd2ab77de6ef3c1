import t from 'tap'
import { leavesRead } from '../../src/log/gather.ts'
import { GrowingTree } from '../../src/log/growing-tree.ts'
import { consistencyProof, inclusionProof } from '../../src/log/proof.ts'
import { entryBundle, isInTree, parseTilePath, tileHashes, tilePath, type Tile } from '../../src/log/tiles.ts'
import { leafHash, rootOf, type ReadHashes } from '../../src/log/tree.ts'
import { leavesOf, naiveRoot } from './naive-tree.ts'

// The size that C2SP tlog-tiles reckons as an example.
const size = 70_000
const leaves = leavesOf(size)
const tree = new GrowingTree()
const blobs = leaves.map(leaf => tree.append(leafHash(leaf)))
const read: ReadHashes = leaf => blobs[leaf] as Uint8Array

t.test('a tile has one name, in groups of three digits', async t => {
  const names: [string, Tile][] = [
    ['0/000', { level: 0, index: 0, width: 256 }],
    ['0/x001/x234/067', { level: 0, index: 1_234_067, width: 256 }],
    ['1/017.p/17', { level: 1, index: 17, width: 17 }],
    ['63/999.p/255', { level: 63, index: 999, width: 255 }],
    ['entries/x001/000.p/1', { level: 'entries', index: 1000, width: 1 }],
  ]
  for (const [name, tile] of names) {
    t.strictSame(parseTilePath(name), tile, name)
    t.equal(tilePath(tile), name)
  }
  for (const name of [
    ...['', '0', '0/', '/000', '0/0', '0/0000', '0/000/', '00/000', '01/000', '-1/000', '0/1/000', '0/x000/001'],
    ...['0/001/002', '0/x001/x002', '0/000.p/0', '0/000.p/256', '0/000.p/01', '0/000.p', '0/000.p/', '0/000.p/1/2'],
    ...['data/000', 'entries', '8/0/000', '0/x001%2f234', '100/000', '0/x999/x999/x999/x999/x999/x999/999', '0/00a'],
  ]) {
    t.equal(parseTilePath(name), undefined, name)
  }
})

t.test('a tree of 70,000 entries has the tiles that the specification reckons, and no more', async t => {
  const widths = (level: Tile['level']) => {
    const found: number[] = []
    for (let index = 0; index < 300; index++) {
      const width = Array.from({ length: 256 }, (_, at) => 256 - at).find(width =>
        isInTree({ level, index, width }, size),
      )
      if (width !== undefined) found.push(width)
    }
    return found
  }
  t.strictSame(widths(0), [...Array.from({ length: 273 }, () => 256), 112])
  t.strictSame(widths('entries'), widths(0))
  t.strictSame(widths(1), [256, 17])
  t.strictSame(widths(2), [1])
  t.strictSame(widths(3), [])
  t.notOk(isInTree({ level: 63, index: 0, width: 1 }, Number.MAX_SAFE_INTEGER))
})

t.test('the hashes of a tile are those of the definition', async t => {
  const hashAt = (tile: Tile, at: number) => tileHashes(tile, read).subarray(at * 32, at * 32 + 32)
  const part = (from: number, to: number) => naiveRoot(leaves.slice(from, to))
  for (const at of [0, 1, 255])
    t.strictSame(hashAt({ level: 0, index: 3, width: 256 }, at), part(768 + at, 769 + at), `0, ${at}`)
  for (const at of [0, 16]) {
    const first = (256 + at) * 256
    t.strictSame(hashAt({ level: 1, index: 1, width: 17 }, at), part(first, first + 256), `1, ${at}`)
  }
  t.strictSame(hashAt({ level: 2, index: 0, width: 1 }, 0), part(0, 65_536))
  t.equal(tileHashes({ level: 0, index: 0, width: 256 }, read).length, 8192)
  t.equal(tileHashes({ level: 0, index: 273, width: 112 }, read).length, 112 * 32)
})

t.test('a partial tile is the beginning of the whole one', async t => {
  const whole = tileHashes({ level: 1, index: 0, width: 256 }, read)
  t.strictSame(tileHashes({ level: 1, index: 0, width: 5 }, read), whole.subarray(0, 5 * 32))
})

t.test('a bundle has each entry behind its length in bytes', async t => {
  t.strictSame(entryBundle(['', 'ab', '叶']), Buffer.from([0, 0, 0, 2, 97, 98, 0, 3, 0xe5, 0x8f, 0xb6]))
  const long = entryBundle(['x'.repeat(32 * 1024)])
  t.equal(long.readUInt16BE(0), 32 * 1024)
  t.equal(long.length, 2 + 32 * 1024)
})

t.test('the blobs that a computation needs are known before, and are all that it reads', async t => {
  const computations: [string, (read: ReadHashes) => unknown, number][] = [
    ['a proof of one entry', read => inclusionProof(41_234, size, read), 30],
    ['a proof of growth', read => consistencyProof(12_345, size, read), 30],
    ['a root', read => rootOf(size, read), 6],
    ['a tile', read => tileHashes({ level: 1, index: 0, width: 256 }, read), 256],
  ]
  for (const [what, compute, most] of computations) {
    const needed = new Set(leavesRead(compute))
    t.ok(needed.size > 0 && needed.size <= most, `${what}: ${needed.size}`)
    t.strictSame(
      compute(leaf => {
        if (!needed.has(leaf)) throw new Error(`${what} needs ${leaf}`)
        return read(leaf)
      }),
      compute(read),
      what,
    )
  }
})
