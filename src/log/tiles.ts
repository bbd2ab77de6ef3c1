/**
 * Tiles: the tree and the entries in pieces of 256, which outsiders fetch by fixed names and build any proof from
 * (https://c2sp.org/tlog-tiles).
 *
 * A tile of level L lists 256 neighbouring hashes of complete subtrees of 256^L leaves, or as many as there are yet: then
 * it is partial and named with its width. A bundle lists the entries under a tile of level 0. What a name stands for
 * never changes.
 */
import type { ReadHashes } from './tree.ts'
import { hashBytes } from './tree.ts'

export type Tile = {
  /** Subtrees of 256^level leaves; a bundle is of level `entries`. */
  readonly level: number | 'entries'
  /** Its place among those of its level, from 0. */
  readonly index: number
  /** How many hashes or entries it lists: 256, or fewer where it is partial. */
  readonly width: number
}

export const tileWidth = 256

/**
 * Reads the name of a tile: `<L>/<N>[.p/<W>]`, N in groups of three digits, as in `0/x001/x234/067.p/5`.
 *
 * Undefined for what is no name, or no tile's of a tree of 2^53 leaves.
 */
export function parseTilePath(path: string): Tile | undefined {
  const [, level = '', groups = '', width] =
    /^(entries|0|[1-9]\d?)\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path) ?? []
  const digits = groups.replace(/[x/]/g, '')
  // The first group of several is not empty: else one tile would have many names.
  if (digits === '' || (digits.length > 3 && digits.startsWith('000'))) return undefined
  const index = Number(digits)
  const isPartial = width !== undefined
  if (!Number.isSafeInteger((index + 1) * tileWidth) || (isPartial && Number(width) >= tileWidth)) return undefined
  return { level: level === 'entries' ? level : Number(level), index, width: isPartial ? Number(width) : tileWidth }
}

/** The inverse of {@link parseTilePath}. */
export function tilePath({ level, index, width }: Tile): string {
  const digits = String(index)
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? []
  const path = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/')
  return `${level}/${path}${width === tileWidth ? '' : `.p/${width}`}`
}

/** Whether the tree of `size` leaves has all that the tile lists. */
export function isInTree({ level, index, width }: Tile, size: number): boolean {
  return index * tileWidth + width <= Math.floor(size / leavesPerHash(level))
}

/** The hashes of a tile that is in the tree, one after the other. Reads `width` blobs. */
export function tileHashes({ level, index, width }: Tile, read: ReadHashes): Buffer {
  const leaves = leavesPerHash(level)
  const at = hashBytes * Math.log2(leaves)
  const hashes = Array.from({ length: width }, (_, offset) => {
    const blob = read((index * tileWidth + offset + 1) * leaves - 1)
    return blob.subarray(at, at + hashBytes)
  })
  return Buffer.concat(hashes, width * hashBytes)
}

/** A bundle: each entry behind its length in bytes, big-endian in two; an entry takes 32 KiB at most. */
export function entryBundle(entries: readonly string[]): Buffer {
  return Buffer.concat(
    entries.flatMap(entry => {
      const bytes = Buffer.from(entry)
      const length = Buffer.alloc(2)
      length.writeUInt16BE(bytes.length)
      return [length, bytes]
    }),
  )
}

function leavesPerHash(level: Tile['level']): number {
  return level === 'entries' ? 1 : tileWidth ** level
}
