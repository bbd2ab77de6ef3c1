/** Kept checkpoints, with the cosignatures below them, and the hashes that proofs and tiles are made of. */
import { leavesRead } from '../log/gather.ts'
import type { ReadHashes } from '../log/tree.ts'
import type { Session } from './session.ts'

/** A checkpoint as it is shown: a signed note, the lines of witnesses below that of the log. */
export type KeptCheckpoint = { readonly size: number; readonly note: string }

export async function readLatestCheckpoint(
  read: Session,
  { isCosigned = false }: { readonly isCosigned?: boolean } = {},
): Promise<KeptCheckpoint | undefined> {
  return withCosignatures(
    read,
    await read.get<KeptCheckpoint>(
      isCosigned
        ? 'SELECT size, note FROM checkpoints WHERE size = (SELECT max(size) FROM cosignatures)'
        : 'SELECT size, note FROM checkpoints ORDER BY size DESC LIMIT 1',
    ),
  )
}

export async function readCheckpointOf(read: Session, size: number): Promise<KeptCheckpoint | undefined> {
  return withCosignatures(read, await read.get('SELECT size, note FROM checkpoints WHERE size = ?', [size]))
}

/** The size of the last checkpoint that the witness has cosigned; 0 where there is none. */
export async function readCosignedSize(read: Session, witness: string): Promise<number> {
  const row = await read.get<{ size: number | null }>('SELECT max(size) AS size FROM cosignatures WHERE witness = ?', [
    witness,
  ])
  return row?.size ?? 0
}

/** Computes with the tree's stored hashes: those that it needs are read together, each once. */
export async function readTree<Result>(read: Session, compute: (read: ReadHashes) => Result): Promise<Result> {
  const leaves = leavesRead(compute)
  const rows = await read.getEach<{ hashes: Uint8Array }>(
    'SELECT hashes FROM entries WHERE leaf = ?',
    leaves.map(leaf => [leaf]),
  )
  const blobs = new Map(leaves.map((leaf, at) => [leaf, rows[at]?.hashes]))
  return compute(leaf => {
    const blob = blobs.get(leaf)
    if (blob === undefined) throw new Error(`bug: the tree is computed beyond its end, at leaf ${leaf}`)
    return blob
  })
}

async function withCosignatures(
  read: Session,
  checkpoint: KeptCheckpoint | undefined,
): Promise<KeptCheckpoint | undefined> {
  if (checkpoint === undefined) return undefined
  const lines = await read.all<{ line: string }>('SELECT line FROM cosignatures WHERE size = ? ORDER BY witness', [
    checkpoint.size,
  ])
  return { size: checkpoint.size, note: checkpoint.note + lines.map(({ line }) => line).join('') }
}
