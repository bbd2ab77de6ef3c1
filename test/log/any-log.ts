/** Logs for tests of what outsiders see: with a key, in any state, forked or not. */
import { generateKeyPairSync } from 'node:crypto'
import { encodeAddCheckpoint } from '../../src/log/add-checkpoint.ts'
import { signCheckpoint } from '../../src/log/checkpoint.ts'
import { GrowingTree } from '../../src/log/growing-tree.ts'
import { noteKey, type NoteKey } from '../../src/log/note.ts'
import { consistencyProof } from '../../src/log/proof.ts'
import { leafHash, rootOf, type ReadHashes, type TreeHead } from '../../src/log/tree.ts'

export function newLogKey(name: string): NoteKey {
  return noteKey(name, generateKeyPairSync('ed25519').privateKey)
}

/** A log that can be asked for any of its states; two of one prefix are branches of a fork. */
export class AnyLog {
  readonly key: NoteKey
  readonly #read: ReadHashes

  constructor(key: NoteKey, leaves: readonly string[]) {
    this.key = key
    const tree = new GrowingTree()
    const blobs = leaves.map(leaf => tree.append(leafHash(leaf)))
    this.#read = leaf => blobs[leaf] as Uint8Array
  }

  head(size: number): TreeHead {
    return { size, root: rootOf(size, this.#read) }
  }

  checkpoint(size: number, signer = this.key): string {
    return signCheckpoint(this.head(size), [signer])
  }

  /** What the log would send a witness. */
  body(old: number, size: number, signer = this.key): string {
    const proof = old === 0 || old >= size ? [] : consistencyProof(old, size, this.#read)
    return encodeAddCheckpoint({ old, proof, checkpoint: this.checkpoint(size, signer) })
  }
}
