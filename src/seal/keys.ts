/**
 * The hub's four keys: read from the files that the configuration names, or made in the data directory on first start.
 *
 * Refuses a file that does not hold what it should; there is no default secret.
 */
import { createPrivateKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { join } from 'node:path'
import type { Config, KeyName } from '../config.ts'
import { HubError } from '../errors.ts'
import { readKeyFile, readOrMakeKeyFile } from './key-file.ts'
import { MasterKeys } from './master-keys.ts'

export type Keys = {
  /** Ed25519 private key: checkpoints of the access log. */
  readonly signing: KeyObject
  /** Ed25519 private key: access tokens. */
  readonly token: KeyObject
  /** 32 bytes: pseudonyms, keyed hashes for equality. */
  readonly pseudonym: Buffer
  /** They wrap the data keys. */
  readonly master: MasterKeys
}

/** The file that holds a key. */
export function keyFileOf(config: Config, name: KeyName): string {
  return config.keyFiles[name] ?? join(config.dataDirectory, 'keys', `${name}.key`)
}

/**
 * @param options.mayMake whether keys that are missing are made: only where there is no database yet that needs the old
 * @throws {HubError} `key-unreadable`
 */
export function loadKeys(config: Config, { mayMake }: { readonly mayMake: boolean }): Keys {
  const text = (name: KeyName, make: () => string): string => {
    const file = keyFileOf(config, name)
    // A file that is named is there already, or misspelt.
    return config.keyFiles[name] === undefined ? readOrMakeKeyFile(file, mayMake ? make : undefined) : readKeyFile(file)
  }
  return {
    signing: ed25519('signing', text('signing', newEd25519)),
    token: ed25519('token', text('token', newEd25519)),
    pseudonym: secret('pseudonym', text('pseudonym', newSecret)),
    master: new MasterKeys(keyFileOf(config, 'master'), text('master', newSecret)),
  }
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
