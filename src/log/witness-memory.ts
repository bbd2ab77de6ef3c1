/**
 * What a witness must not forget, in a folder of its own: its key, and of each log the last checkpoint it has cosigned.
 *
 *     witness.key       its private key (PEM, mode 0600)
 *     witness.vkey      its verifier key, by which it has its name
 *     checkpoints/      <SHA-256 of the origin>: the checkpoint, cosigned
 *     forks/            checkpoints that the log's key has signed and that contradict those: evidence
 *     lock              who uses the folder: a process, and what tells it from another of the same number
 *
 * Refuses a folder whose memory is gone while its key is there: it would cosign a second history by the same name.
 */
import { createPrivateKey, generateKeyPairSync, hash, randomUUID } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs'
import { unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { HubError } from '../errors.ts'
import { openCheckpoint, type Checkpoint } from './checkpoint.ts'
import { encodeVerifierKey, noteKey, parseVerifierKey, type NoteKey } from './note.ts'

/** What a witness is called whom nobody has named. */
export const defaultName = 'concord.local/witness'

export class WitnessMemory {
  readonly key: NoteKey
  readonly logs: readonly NoteKey[]
  readonly #directory: string
  readonly #lock: string
  readonly #last = new Map<string, { readonly note: string; readonly checkpoint: Checkpoint }>()

  private constructor(directory: string, key: NoteKey, logs: readonly NoteKey[]) {
    this.key = key
    this.logs = logs
    this.#directory = directory
    this.#lock = lock(join(directory, 'lock'))
  }

  /**
   * Opens the folder for the logs of these keys, and keeps other processes out of it.
   *
   * @throws {HubError} `key-unreadable`, `log-invalid`, `conflict` where a process uses the folder already
   */
  static open(directory: string, key: NoteKey, logs: readonly NoteKey[]): WitnessMemory {
    const memory = new WitnessMemory(directory, key, logs)
    try {
      for (const { name } of logs) memory.#recall(name)
      return memory
    } catch (error) {
      memory.close()
      throw error
    }
  }

  /** The last checkpoint of a log that was cosigned. */
  last(origin: string): Checkpoint | undefined {
    return this.#last.get(origin)?.checkpoint
  }

  /** The same as a note, with the cosignature; by the SHA-256 of the origin, in hexadecimal. */
  noteBy(originHash: string): string | undefined {
    return [...this.#last].find(([origin]) => originHashOf(origin) === originHash)?.[1].note
  }

  /**
   * Remembers a checkpoint that is to be cosigned. When this returns, no failure of power brings the old one back.
   *
   * @param note with the cosignature
   * @throws {HubError} `conflict` where another process has taken the folder over: it may have cosigned since
   */
  remember(checkpoint: Checkpoint, note: string): void {
    const file = this.#file(checkpoint.origin)
    if (!this.#isOurs() || textIn(file) !== this.#last.get(checkpoint.origin)?.note) {
      const detail =
        'Another process has taken the folder of this witness over, which cosigns no more: end one of them.'
      throw new HubError('conflict', detail)
    }
    writeDurably(file, note)
    this.#last.set(checkpoint.origin, { note, checkpoint })
  }

  /** Keeps a checkpoint that contradicts the one that was cosigned. Only the log's key can make one: they are few. */
  keepFork(note: string): void {
    mkdirSync(join(this.#directory, 'forks'), { recursive: true, mode: 0o700 })
    writeDurably(join(this.#directory, 'forks', hash('sha256', note)), note)
  }

  close(): void {
    if (this.#isOurs()) unlinkSync(join(this.#directory, 'lock'))
  }

  #isOurs(): boolean {
    return textIn(join(this.#directory, 'lock')) === this.#lock
  }

  #recall(origin: string): void {
    const note = textIn(this.#file(origin))
    if (note === undefined) return
    const keys = this.logs.filter(({ name }) => name === origin)
    this.#last.set(origin, { note, checkpoint: openCheckpoint(note, keys, [this.key]) })
  }

  #file(origin: string): string {
    return join(this.#directory, 'checkpoints', originHashOf(origin))
  }
}

/**
 * The witness's key; made with the folder where there is none yet.
 *
 * @param name what cosignatures call it; undefined takes the name that it has
 * @throws {HubError} `key-unreadable`
 */
export function openWitnessKey(directory: string, name?: string): NoteKey {
  const file = join(directory, 'witness.key')
  if (!existsSync(file)) makeKey(directory, name ?? defaultName)
  if (!existsSync(join(directory, 'checkpoints'))) {
    throw new HubError(
      'key-unreadable',
      `${directory} holds a key and no checkpoints folder: what was cosigned is forgotten. Restore it, or begin with a new folder and a new key.`,
    )
  }
  const { name: known } = parseVerifierKey(readFileSync(join(directory, 'witness.vkey'), 'utf8').trim())
  if (name !== undefined && name !== known) {
    throw new HubError('key-unreadable', `The witness in ${directory} is called ${known}; leave --name out.`)
  }
  return noteKey(known, privateKeyIn(file), 'cosignature')
}

/** The key comes last: where it is, all the rest has been there. */
function makeKey(directory: string, name: string): void {
  mkdirSync(join(directory, 'checkpoints'), { recursive: true, mode: 0o700 })
  const { privateKey } = generateKeyPairSync('ed25519')
  const key = noteKey(name, privateKey, 'cosignature')
  writeDurably(join(directory, 'witness.vkey'), `${encodeVerifierKey(key)}\n`)
  writeDurably(join(directory, 'witness.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
}

function privateKeyIn(file: string): ReturnType<typeof createPrivateKey> {
  try {
    return createPrivateKey(readFileSync(file, 'utf8'))
  } catch {
    // Node's reason may quote the file.
    throw new HubError('key-unreadable', `The key file ${file} must hold an Ed25519 private key in PEM (PKCS #8).`)
  }
}

/** The whole file or the old one, whatever happens: written aside, brought to the disk, put in its place. */
function writeDurably(file: string, text: string): void {
  const draft = `${file}.draft`
  writeFileSync(draft, text, { mode: 0o600, flush: true })
  renameSync(draft, file)
  const folder = openSync(join(file, '..'), 'r')
  fsyncSync(folder)
  closeSync(folder)
}

/** What the file says; undefined where there is none. */
function textIn(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/**
 * Two processes could each cosign one branch of a fork. The lock of a process that has died is taken over; of two that
 * each take the other for dead, the one whose text it does not hold remembers nothing more.
 */
function lock(file: string): string {
  const own = `${process.pid} ${randomUUID()}`
  try {
    writeFileSync(file, own, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const holder = Number.parseInt(readFileSync(file, 'utf8'), 10)
    // In a container every process may be number 1: our own number says that its holder has died.
    if (holder !== process.pid && isAlive(holder)) {
      throw new HubError('conflict', `Process ${holder} is a witness with this folder; stop it, or remove ${file}.`)
    }
    writeFileSync(file, own, { mode: 0o600 })
  }
  return own
}

function isAlive(pid: number): boolean {
  try {
    return Number.isSafeInteger(pid) && pid > 0 && process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function originHashOf(origin: string): string {
  return hash('sha256', origin)
}
