/** Checks what `concord log prove` wrote, with public keys alone. */
import { closeSync, openSync, readSync } from 'node:fs'
import { HubError } from '../errors.ts'
import { isAddCheckpoint, parseAddCheckpoint } from '../log/add-checkpoint.ts'
import type { NoteKey } from '../log/note.ts'
import { verifyConsistency, verifyInclusion } from '../log/proof.ts'
import { isEntryProof, parseEntryProof } from '../log/tlog-proof.ts'
import { leafHash, type TreeHead } from '../log/tree.ts'
import { openGiven } from './verify-input.ts'

/** What stands in a proof below its hashes. */
const what = 'The checkpoint in the proof'

type Trust = {
  readonly keys: readonly NoteKey[]
  /** All of them must have cosigned. */
  readonly witnesses: readonly NoteKey[]
  /** The checkpoint that a log is said to have grown from. */
  readonly trusted?: TreeHead
}

export type Proven =
  | {
      readonly proven: 'entry'
      readonly entry: number
      readonly size: number
      readonly text: string
      readonly sentence: string
    }
  | { readonly proven: 'growth'; readonly from: number; readonly to: number; readonly sentence: string }

/** Whether the file begins as a proof does: an export may be far larger than memory. */
export function isProofFile(file: string): boolean {
  const start = Buffer.alloc(64)
  const handle = openSync(file, 'r')
  try {
    readSync(handle, start)
  } finally {
    closeSync(handle)
  }
  const text = start.toString()
  return isEntryProof(text) || isAddCheckpoint(text)
}

/**
 * What the proof proves; undefined where it is of growth and no trusted checkpoint is given to begin from.
 *
 * @throws {HubError} `log-invalid` where it does not; `request-invalid` for a checkpoint in it that is not to be trusted
 */
export function verifyProof(text: string, { keys, witnesses, trusted }: Trust): Proven | undefined {
  if (isEntryProof(text)) return entryIn(text, { keys, witnesses })
  if (trusted === undefined) return undefined
  const { old: from, proof, checkpoint } = parseAddCheckpoint(text)
  const head = openGiven(checkpoint, { keys, witnesses, what })
  if (from !== trusted.size) {
    throw new HubError(
      'request-invalid',
      `The proof begins from ${from} entries, the trusted checkpoint is of ${trusted.size}: \`concord log prove --from ${trusted.size}\` makes the one that fits.`,
    )
  }
  if (!verifyConsistency(trusted, head, proof)) {
    throw new HubError(
      'log-invalid',
      `The log of ${head.size} entries does not begin with the ${from} of the trusted checkpoint.`,
    )
  }
  const sentence = `The log of ${head.size} entries begins with the ${from} of the trusted checkpoint.`
  return { proven: 'growth', from, to: head.size, sentence }
}

function entryIn(text: string, { keys, witnesses }: Trust): Proven {
  const { index, entry, proof, checkpoint } = parseEntryProof(text)
  if (entry === undefined) {
    throw new HubError('request-invalid', 'The proof does not hold the entry’s text: make it with `concord log prove`.')
  }
  const head = openGiven(checkpoint, { keys, witnesses, what })
  if (!verifyInclusion({ index, hash: leafHash(entry) }, head, proof)) {
    throw new HubError('log-invalid', `This is not entry ${index} of the log of ${head.size} entries: it was changed.`)
  }
  const sentence = `Entry ${index} is in the log of ${head.size} entries, as it was signed:`
  return { proven: 'entry', entry: index, size: head.size, text: entry, sentence }
}
