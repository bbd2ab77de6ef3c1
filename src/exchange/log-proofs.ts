/**
 * What outsiders verify the log by: checkpoints, tiles and proofs.
 *
 * Hashes and checkpoints tell nothing of anybody: in every entry stands a random request id, so that nobody guesses one
 * by its hash. They are read without an entry; the texts of entries are not.
 */
import { HubError } from '../errors.ts'
import { consistencyProof, inclusionProof, type Proof } from '../log/proof.ts'
import { entryBundle, isInTree, tileHashes, type Tile } from '../log/tiles.ts'
import { tileWidth } from '../log/tiles.ts'
import { hashBytes } from '../log/tree.ts'
import type { KeptCheckpoint } from '../store/log-checkpoints.ts'
import { enterAudit } from './audit.ts'
import type { By, Hub } from './hub.ts'

export type InclusionProof = {
  readonly entry: number
  /** Of the tree that the proof is for. */
  readonly size: number
  readonly leaf: Uint8Array
  readonly proof: Proof
  /** The checkpoint of this size, where the log has kept one. */
  readonly checkpoint: string | undefined
}

export type ConsistencyProof = {
  readonly from: number
  readonly to: number
  readonly proof: Proof
  /** The checkpoints of these sizes, where the log has kept them. */
  readonly older: string | undefined
  readonly checkpoint: string | undefined
}

/**
 * The latest checkpoint.
 *
 * @param isCosigned the latest that a witness has signed too
 * @throws {HubError} `checkpoint-unknown` where there is none yet
 */
export async function latestCheckpoint(hub: Hub, isCosigned = false): Promise<KeptCheckpoint> {
  const kept = await hub.log.latestCheckpoint({ isCosigned })
  if (kept !== undefined) return kept
  if (isCosigned) throw new HubError('checkpoint-unknown', 'No witness has cosigned a checkpoint of this log yet.')
  await hub.log.keepCheckpoint()
  const first = await hub.log.latestCheckpoint()
  if (first !== undefined) return first
  throw new HubError('checkpoint-unknown', 'The log has no entry yet, so there is nothing to sign.')
}

/**
 * Proves that an entry is in the log.
 *
 * @param asked.size of the tree; without it, that of the latest cosigned checkpoint that covers the entry, or of the latest
 * @throws {HubError} `entry-unknown`, `checkpoint-unknown`
 */
export async function proveEntry(
  hub: Hub,
  { entry, size: askedSize }: { readonly entry: number; readonly size?: number | undefined },
): Promise<InclusionProof> {
  const { size, note } = askedSize === undefined ? await covering(hub, entry) : await ofSize(hub, askedSize)
  if (entry >= size) throw new HubError('entry-unknown', `The tree of ${size} entries has no entry ${entry}.`)
  const proven = await hub.log.tree(read => ({
    leaf: read(entry).subarray(0, hashBytes),
    proof: inclusionProof(entry, size, read),
  }))
  return { entry, size, ...proven, checkpoint: note }
}

/**
 * Proves that the log of one size begins with that of an earlier one.
 *
 * @param asked.to without it, the size of the latest checkpoint
 * @throws {HubError} `checkpoint-unknown`, `request-invalid`
 */
export async function proveGrowth(
  hub: Hub,
  { from, to: askedTo }: { readonly from: number; readonly to?: number | undefined },
): Promise<ConsistencyProof> {
  const { size: to, note } = askedTo === undefined ? await latestCheckpoint(hub) : await ofSize(hub, askedTo)
  if (from < 1 || from > to) {
    throw new HubError('request-invalid', `There is a proof from a size of 1 to ${to}; the log had no other before.`)
  }
  const proof = await hub.log.tree(read => consistencyProof(from, to, read))
  return { from, to, proof, older: (await hub.log.checkpointOf(from))?.note, checkpoint: note }
}

/** @throws {HubError} `tile-unknown` */
export async function readTile(hub: Hub, tile: Tile): Promise<Buffer> {
  await requireSigned(hub, tile)
  return hub.log.tree(read => tileHashes(tile, read))
}

/**
 * The texts of a bundle's entries, which leave when their reading is an entry.
 *
 * @throws {HubError} `tile-unknown`, `log-unavailable`
 */
export async function readBundle(hub: Hub, by: By, tile: Tile): Promise<Buffer> {
  await requireSigned(hub, tile)
  const from = tile.index * tileWidth
  const entries = await hub.log.entries({ from, limit: tile.width })
  await enterAudit(hub, by, { act: 'read-entries', count: entries.length, from })
  return entryBundle(entries.map(({ entry }) => entry))
}

/** Beyond the latest checkpoint nobody could check what a tile says. */
async function requireSigned(hub: Hub, tile: Tile): Promise<void> {
  const { size } = await latestCheckpoint(hub)
  if (isInTree(tile, size)) return
  throw new HubError('tile-unknown', `The latest checkpoint signs ${size} entries; this tile reaches beyond them.`)
}

async function covering(hub: Hub, entry: number): Promise<KeptCheckpoint> {
  const cosigned = await hub.log.latestCheckpoint({ isCosigned: true })
  if (cosigned !== undefined && entry < cosigned.size) return cosigned
  const latest = await latestCheckpoint(hub)
  if (entry < latest.size) return latest
  // It may be of the last second, which the next checkpoint will cover.
  await hub.log.keepCheckpoint()
  return latestCheckpoint(hub)
}

async function ofSize(hub: Hub, size: number): Promise<{ size: number; note: string | undefined }> {
  const { size: signed } = await latestCheckpoint(hub)
  if (size <= signed) return { size, note: (await hub.log.checkpointOf(size))?.note }
  throw new HubError('checkpoint-unknown', `The latest checkpoint signs ${signed} entries, and none ${size}.`)
}
