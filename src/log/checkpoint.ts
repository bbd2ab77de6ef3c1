/**
 * Checkpoints: the size and the root hash of the log as a signed note (https://c2sp.org/tlog-checkpoint).
 *
 * Their text is the log's origin, its size and its root in base64, each on a line, then extension lines if any. The
 * origin is the name of the key that the log signs with.
 */
import { HubError } from '../errors.ts'
import { fromBase64, toBase64 } from './base64.ts'
import type { NoteKey } from './note.ts'
import { openNote, signNote } from './note.ts'
import type { TreeHead } from './tree.ts'
import { hashBytes } from './tree.ts'

export type Checkpoint = TreeHead & {
  readonly origin: string
  /** Lines that this log does not write and keeps where it reads them. */
  readonly extensions?: readonly string[]
}

/** The text that is signed. */
export function encodeCheckpoint({ origin, size, root, extensions = [] }: Checkpoint): string {
  return [origin, size, toBase64(root), ...extensions].map(line => `${line}\n`).join('')
}

/**
 * The inverse of {@link encodeCheckpoint}.
 *
 * @throws {HubError} `log-invalid` if the text is not that of a checkpoint.
 */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', decimal = '', encoded = '', ...rest] = text.split('\n')
  const extensions = rest.slice(0, -1)
  const size = /^(0|[1-9]\d*)$/.test(decimal) ? Number(decimal) : NaN
  const root = fromBase64(encoded)
  const isWhole = origin !== '' && rest.at(-1) === '' && !extensions.includes('')
  if (!isWhole || !Number.isSafeInteger(size) || root?.length !== hashBytes) {
    throw new HubError('log-invalid', 'The text of the note is not that of a checkpoint')
  }
  return { origin, size, root, ...(extensions.length > 0 && { extensions }) }
}

/** Signs a tree head as the log whose key is the first; the others sign beside it, as while a key is being replaced. */
export function signCheckpoint({ size, root }: TreeHead, signers: readonly [NoteKey, ...NoteKey[]]): string {
  return signNote(encodeCheckpoint({ origin: signers[0].name, size, root }), signers)
}

/**
 * Opens a checkpoint that one of the log's keys has signed, and each of the witnesses that are named; the signatures of
 * others are passed over.
 *
 * @throws {HubError} `log-invalid` if it is malformed or badly signed, no signer of it bears the name of its origin, or
 * a witness has not cosigned it.
 */
export function openCheckpoint(note: string, keys: readonly NoteKey[], witnesses: readonly NoteKey[] = []): Checkpoint {
  const { text, signedBy } = openNote(note, [...keys, ...witnesses])
  const checkpoint = parseCheckpoint(text)
  if (!signedBy.some(key => key.signing === 'signature' && key.name === checkpoint.origin)) {
    throw new HubError('log-invalid', 'The checkpoint is that of another log')
  }
  const missing = witnesses.find(witness => !signedBy.includes(witness))
  if (missing === undefined) return checkpoint
  throw new HubError('log-invalid', `The witness ${missing.name}+${missing.id} has not cosigned the checkpoint`)
}
