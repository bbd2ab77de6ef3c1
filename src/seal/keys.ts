/**
 * The hub's four keys: read from the files that the configuration names, or made in the data directory on first start.
 *
 * Refuses a file that does not hold what it should; there is no default secret.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, randomBytes, type KeyObject } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Config, KeyName } from '../config.ts'
import { HubError } from '../errors.ts'

export type Keys = {
  /** Ed25519 private key: checkpoints of the access log. */
  readonly signing: KeyObject
  /** Ed25519 private key: access tokens. */
  readonly token: KeyObject
  /** 32 bytes: pseudonyms, keyed hashes for equality. */
  readonly pseudonym: Buffer
  /** 32 bytes: wraps the data keys. */
  readonly master: Buffer
}

/**
 * @param options.mayMake whether keys that are missing are made: only where there is no database yet that needs the old
 * @throws {HubError} `key-unreadable`
 */
export function loadKeys(config: Config, { mayMake }: { readonly mayMake: boolean }): Keys {
  const folder = join(config.dataDirectory, 'keys')
  const text = (name: KeyName, make: () => string): string => {
    const file = config.keyFiles[name]
    return file === undefined ? readOrMake(join(folder, `${name}.key`), mayMake ? make : undefined) : read(file)
  }
  return {
    signing: ed25519('signing', text('signing', newEd25519)),
    token: ed25519('token', text('token', newEd25519)),
    pseudonym: secret('pseudonym', text('pseudonym', newSecret)),
    master: secret('master', text('master', newSecret)),
  }
}

/** A public name of a key by which a database knows that it was made with it: 16 hex digits, of no use to find the key. */
export function fingerprint(key: KeyObject | Buffer): string {
  const bytes = Buffer.isBuffer(key) ? key : createPublicKey(key).export({ type: 'spki', format: 'der' })
  return hash('sha256', Buffer.concat([Buffer.from('concord key fingerprint\0'), bytes]), 'hex').slice(0, 16)
}

function readOrMake(file: string, make: (() => string) | undefined): string {
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
  const draft = `${file}.${randomBytes(6).toString('hex')}`
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

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw unreadable(file, error)
  }
}

function unreadable(file: string, cause: unknown): HubError {
  return new HubError('key-unreadable', `Cannot read the key file ${file}.`, { cause })
}

function newEd25519(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function newSecret(): string {
  return `${randomBytes(32).toString('base64')}\n`
}

function ed25519(name: KeyName, text: string): KeyObject {
  try {
    const key = createPrivateKey(text)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Node's reason may quote the file; ours must not.
  }
  throw new HubError('key-unreadable', `The ${name} key must be an Ed25519 private key in PEM (PKCS #8).`)
}

function secret(name: KeyName, text: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length !== 32) throw new HubError('key-unreadable', `The ${name} key must be 32 bytes in base64.`)
  return key
}
