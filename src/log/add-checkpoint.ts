/**
 * What a log sends a witness: a checkpoint, and the proof that it holds all that the witness has cosigned before
 * (https://c2sp.org/tlog-witness, add-checkpoint).
 */
import { HubError } from '../errors.ts'
import type { Proof } from './proof.ts'
import { decimalIn, encodeHashes, parseHashes, splitAtEmptyLine } from './tlog-proof.ts'

export type AddCheckpoint = {
  /** The size that the witness cosigned last; 0 where it has cosigned none. */
  readonly old: number
  /** That the tree of the checkpoint begins with that of the old size; empty where there was none. */
  readonly proof: Proof
  readonly checkpoint: string
}

/** A tree of 2^63 leaves, the largest there is, needs no more. */
const maxHashes = 63

/** Whether a text says of itself that it is such a request. */
export function isAddCheckpoint(text: string): boolean {
  return text.startsWith('old ')
}

export function encodeAddCheckpoint({ old, proof, checkpoint }: AddCheckpoint): string {
  return `old ${old}\n${encodeHashes(proof)}\n${checkpoint}`
}

/**
 * The inverse of {@link encodeAddCheckpoint}. What it says is not checked yet.
 *
 * @throws {HubError} `log-invalid` if it is malformed
 */
export function parseAddCheckpoint(text: string): AddCheckpoint {
  const { head, checkpoint } = splitAtEmptyLine(text)
  const old = decimalIn(/^old (.+)$/, head.shift())
  const proof = parseHashes(head)
  if (old === undefined || proof === undefined || proof.length > maxHashes || checkpoint === '') {
    throw new HubError('log-invalid', 'This is not an old size, a proof, an empty line and a checkpoint.')
  }
  return { old, proof, checkpoint }
}
