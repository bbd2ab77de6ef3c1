/** Files that hold keys: for their owner alone, and never seen half written. */
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { HubError } from '../errors.ts'

/** @throws {HubError} `key-unreadable` */
export function readKeyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw unreadable(file, error)
  }
}

/** Reads a key file, which is made where there is none and `make` is given. */
export function readOrMakeKeyFile(file: string, make: (() => string) | undefined): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unreadable(file, error)
  }
  if (make === undefined) {
    throw new HubError(
      'key-unreadable',
      `The key file ${file} is missing. Put it back: a new key cannot take its place.`,
    )
  }
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  // Written aside and linked into place: of two processes that start at once, one makes the key and both read it whole.
  const draft = draftOf(file)
  writeFileSync(draft, make(), { mode: 0o600, flush: true })
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    unlinkSync(draft)
  }
  return readFileSync(file, 'utf8')
}

/**
 * Puts a text in the place of a key file's, whole or not at all, and durably.
 *
 * @throws {HubError} `key-unreadable` where the file or its folder cannot be written
 */
export function replaceKeyFile(file: string, text: string): void {
  let draft: string | undefined
  try {
    // A link stays one: what it names is replaced.
    const target = realpathSync(file)
    draft = draftOf(target)
    writeFileSync(draft, text, { mode: 0o600, flush: true })
    renameSync(draft, target)
    syncFolder(dirname(target))
  } catch (cause) {
    if (draft !== undefined) rmSync(draft, { force: true })
    const { code } = cause as NodeJS.ErrnoException
    throw new HubError(
      'key-unreadable',
      `The key file ${file} cannot be written (${code}). Change it by hand: a new key is a new first line, 32 random bytes in base64 (\`openssl rand -base64 32\`); then run this again.`,
      { cause },
    )
  }
}

/** What was renamed, or made, in a folder outlives a power cut from here on. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function draftOf(file: string): string {
  return `${file}.${randomBytes(6).toString('hex')}`
}

function unreadable(file: string, cause: unknown): HubError {
  return new HubError('key-unreadable', `Cannot read the key file ${file}.`, { cause })
}
