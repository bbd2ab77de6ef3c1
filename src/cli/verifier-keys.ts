/** Verifier keys as options: the text itself, or the file that holds it. */
import { InvalidArgumentError } from 'commander'
import { readFileSync } from 'node:fs'
import { parseVerifierKey, type NoteKey, type Signing } from '../log/note.ts'

/** Reads an option that may come several times, of keys that sign as a log or as a witness does. */
export function keysOf(signing: Signing): (text: string, keys: readonly NoteKey[]) => NoteKey[] {
  return (text, keys) => {
    const isKey = /^[^+]+\+[0-9a-f]{8}\+/.test(text)
    const key = parseVerifierKey((isKey ? text : readFileSync(text, 'utf8')).trim())
    if (key.signing === signing) return [...keys, key]
    throw new InvalidArgumentError(
      signing === 'signature'
        ? 'This is the key of a witness; a log prints its own with `concord log key`.'
        : 'This is the key of a log; a witness prints its own with `concord witness key`.',
    )
  }
}
