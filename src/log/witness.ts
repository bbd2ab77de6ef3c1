/**
 * A witness's judgement: whether it cosigns a checkpoint, given the last one of the log that it has cosigned
 * (https://c2sp.org/tlog-witness). No clock, no storage.
 *
 * Law: of the checkpoints that one memory lets through, each one's tree begins with those of all before it.
 */
import { HubError } from '../errors.ts'
import { parseAddCheckpoint, type AddCheckpoint } from './add-checkpoint.ts'
import { openCheckpoint, parseCheckpoint } from './checkpoint.ts'
import type { NoteKey } from './note.ts'
import { lineBy, textOf } from './note.ts'
import { verifyConsistency } from './proof.ts'
import type { TreeHead } from './tree.ts'
import { emptyRoot } from './tree.ts'

export type Judgement =
  /** To be cosigned; `checkpoint` is the note with the log's own signatures. */
  | { readonly judgement: 'consistent'; readonly checkpoint: string }
  /** The request cannot be read, or names an old size beyond the checkpoint's. */
  | { readonly judgement: 'malformed'; readonly reason: string }
  | { readonly judgement: 'log-unknown' }
  | { readonly judgement: 'unsigned' }
  /** The log supposes another last size than this one: it may prove anew from here. */
  | { readonly judgement: 'size-differs'; readonly size: number }
  /** The size was cosigned before with another root: the log has two histories. */
  | { readonly judgement: 'forked'; readonly checkpoint: string }
  /** The tree does not begin with the one cosigned last, or the proof is wrong. */
  | { readonly judgement: 'unproven'; readonly old: number }

export type Witnessed = {
  /** The keys of the logs that it knows; their names are the logs' origins. */
  readonly logs: readonly NoteKey[]
  /** The last head of a log that it has cosigned. */
  readonly last: (origin: string) => TreeHead | undefined
}

/** Judges the body of a request, in the order of the protocol. */
export function judge(body: string, { logs, last }: Witnessed): Judgement {
  let request: AddCheckpoint
  let origin: string
  try {
    request = parseAddCheckpoint(body)
    origin = parseCheckpoint(textOf(request.checkpoint)).origin
  } catch (error) {
    return { judgement: 'malformed', reason: reasonOf(error) }
  }
  const keys = logs.filter(({ name }) => name === origin)
  if (keys.length === 0) return { judgement: 'log-unknown' }
  const head = signedHead(request.checkpoint, keys)
  if (head === undefined) return { judgement: 'unsigned' }
  const { old, proof } = request
  if (old > head.size) return { judgement: 'malformed', reason: 'The old size is larger than that of the checkpoint.' }
  const before = last(origin) ?? { size: 0, root: emptyRoot() }
  if (old !== before.size) return { judgement: 'size-differs', size: before.size }
  if (old === head.size && Buffer.compare(head.root, before.root) !== 0) {
    return { judgement: 'forked', checkpoint: signedBy(keys, request.checkpoint) }
  }
  const isProven = old === 0 ? proof.length === 0 : verifyConsistency(before, head, proof)
  return isProven
    ? { judgement: 'consistent', checkpoint: signedBy(keys, request.checkpoint) }
    : { judgement: 'unproven', old }
}

/** The note with the signatures of the keys alone: whoever passes it on may have added others, without an end. */
function signedBy(keys: readonly NoteKey[], note: string): string {
  return `${textOf(note)}\n${keys.map(key => lineBy(key, note) ?? '').join('')}`
}

function signedHead(checkpoint: string, keys: readonly NoteKey[]): TreeHead | undefined {
  try {
    return openCheckpoint(checkpoint, keys)
  } catch (error) {
    reasonOf(error)
    return undefined
  }
}

/** Why something is malformed; a fault of ours is none of those reasons. */
function reasonOf(error: unknown): string {
  if (error instanceof HubError) return error.message
  throw error
}
