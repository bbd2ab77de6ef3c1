/** What is wrong with what an auditor has given to be verified, told apart from what is wrong with a log. */
import { createReadStream, readFileSync } from 'node:fs'
import { HubError } from '../errors.ts'
import { openCheckpoint, type Checkpoint } from '../log/checkpoint.ts'
import type { NoteKey } from '../log/note.ts'
import type { Verdict } from '../log/verdict.ts'
import { importLines } from './export-lines.ts'

/** @throws {HubError} `request-invalid` where the file holds no checkpoint that the keys and the witnesses have signed */
export function openTrusted(file: string, keys: readonly NoteKey[], witnesses: readonly NoteKey[]): Checkpoint {
  return openGiven(readFileSync(file, 'utf8'), { keys, witnesses, what: `--trusted ${file}` })
}

/** @throws {HubError} `request-invalid`, naming `what` the checkpoint was given as */
export function openGiven(
  note: string,
  {
    keys,
    witnesses,
    what,
  }: { readonly keys: readonly NoteKey[]; readonly witnesses: readonly NoteKey[]; what: string },
): Checkpoint {
  try {
    // First without witnesses, so that a missing cosignature is told from a checkpoint of another log.
    openCheckpoint(note, keys)
  } catch (error) {
    const next =
      'It must be as `concord log checkpoint` or `concord log prove` wrote it, and --key the key of that log.'
    throw badInput(error, what, next)
  }
  try {
    return openCheckpoint(note, keys, witnesses)
  } catch (error) {
    const next =
      'Give a checkpoint or a proof that was made since the witness has cosigned: `concord log prove` takes the latest cosigned one.'
    throw badInput(error, what, next)
  }
}

function badInput(error: unknown, what: string, next: string): unknown {
  if (!(error instanceof HubError)) return error
  return new HubError('request-invalid', `${what}: ${error.message}. ${next}`, { cause: error })
}

/**
 * Why an export cannot be verified as it was given; undefined where what was found is wrong with the log.
 *
 * A whole log that was exported has checkpoints, a selection of it has none.
 *
 * @param isWhole whether the export is as signed by the checkpoints that it holds itself
 */
export async function inputFault(
  file: string,
  verdict: Verdict,
  isWhole: () => Promise<boolean>,
): Promise<string | undefined> {
  const mayBeSelection = ['none', 'entry-misplaced', 'tail-missing'].includes(verdict.finding)
  if (mayBeSelection && !(await hasCheckpoint(file))) {
    return `${file} holds no checkpoint: it is a selection of entries, which cannot be verified as a whole, or its checkpoints were removed. Export the whole log (\`concord log export\` without filters), or prove single entries (\`concord log prove\`).`
  }
  if (verdict.finding === 'tail-missing' && (await isWhole())) {
    return `${file} ends after ${verdict.entries} entries, before the ${verdict.signed} of the trusted checkpoint: it was exported before that checkpoint was signed, or its tail was cut off. Export the log again and verify that.`
  }
  return undefined
}

async function hasCheckpoint(file: string): Promise<boolean> {
  for await (const item of importLines(createReadStream(file, 'utf8'))) if ('checkpoint' in item) return true
  return false
}
