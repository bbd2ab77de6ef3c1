/**
 * The master keys, which wrap data keys: one a line in their file, the newest first, each known by its fingerprint.
 *
 * A wrapped data key says under which master key it is. There are several only while a rotation goes on, or where its old
 * key was kept; which of them wraps anew, the database says. A key that another process has added since is found by
 * reading the file again.
 */
import { randomBytes } from 'node:crypto'
import { HubError } from '../errors.ts'
import { fingerprint } from './fingerprint.ts'
import { readKeyFile, replaceKeyFile } from './key-file.ts'
import { unwrapDataKey, wrapDataKey } from './seal.ts'

const fingerprintLength = 16

export class MasterKeys {
  readonly file: string
  readonly #known = new Map<string, Buffer>()
  #inFile: readonly string[] = []

  /** @throws {HubError} `key-unreadable` where a line of the text is no key */
  constructor(file: string, text: string) {
    this.file = file
    this.#take(text)
  }

  /** Fingerprints of the keys that the file held when it was read last, the newest first. */
  get inFile(): readonly string[] {
    return this.#inFile
  }

  /** Reads the file again. Keys that it holds no more are still known: a read that began earlier may need them. */
  reload(): readonly string[] {
    this.#take(readKeyFile(this.file))
    return this.#inFile
  }

  /**
   * `fingerprint:` and the wrapped key. The inverse of {@link unwrap}.
   *
   * @param under the fingerprint of the key that wraps
   * @throws {HubError} `key-unreadable` where that key is not in the file
   */
  wrap(under: string, subject: string, dataKey: Buffer): string {
    return `${under}:${wrapDataKey(this.#find(under), subject, dataKey)}`
  }

  /** @throws {HubError} `key-unreadable` where the key that wrapped it is not in the file */
  unwrap(subject: string, wrapped: string): Buffer {
    return unwrapDataKey(this.#find(wrapped.slice(0, fingerprintLength)), subject, wrapped.slice(fingerprintLength + 1))
  }

  /**
   * Adds a key to the file, before all others; its fingerprint. The caller keeps other processes from doing the same.
   *
   * @throws {HubError} `key-unreadable` where the file cannot be written
   */
  add(): string {
    const key = randomBytes(32)
    this.reload()
    this.#write([fingerprint(key), ...this.#inFile], new Map([...this.#known, [fingerprint(key), key]]))
    return fingerprint(key)
  }

  /**
   * Leaves one key in the file.
   *
   * @throws {HubError} `key-unreadable` where the file cannot be written
   */
  keepOnly(name: string): void {
    this.#find(name)
    if (this.reload().length > 1) this.#write([name], this.#known)
  }

  #find(name: string): Buffer {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const detail = `What is sealed needs the master key ${name}, which its file does not hold. Put that key back as a further line; \`concord keys list\` shows which there are.`
    try {
      this.reload()
    } catch (cause) {
      // Where the file is, callers need not know.
      throw new HubError('key-unreadable', detail, { cause })
    }
    const added = this.#known.get(name)
    if (added === undefined) throw new HubError('key-unreadable', detail)
    return added
  }

  #write(names: readonly string[], keys: ReadonlyMap<string, Buffer>): void {
    replaceKeyFile(this.file, names.map(name => `${keys.get(name)?.toString('base64')}\n`).join(''))
    this.reload()
  }

  #take(text: string): void {
    const keys = text.split('\n').map(line => line.trim())
    const read = keys.filter(line => line !== '').map(line => Buffer.from(line, 'base64'))
    if (read.length === 0 || read.some(key => key.length !== 32)) {
      throw new HubError('key-unreadable', 'The master key file must hold 32 bytes in base64, on each line one key.')
    }
    for (const key of read) this.#known.set(fingerprint(key), key)
    this.#inFile = [...new Set(read.map(fingerprint))]
  }
}
