/**
 * The spool: inputs of deliveries that wait, each a sealed file of its own in the data directory.
 *
 * The data key is in memory until the delivery's row is written: of an input that breaks off, or whose process dies,
 * nobody can open what lies there.
 */
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HubError } from '../errors.ts'
import { syncFolder } from '../seal/key-file.ts'
import { sealStream, unsealStream } from '../seal/stream.ts'

/** A sender that sends nothing for a minute is cut off: what nobody has written to for longer is nobody's. */
const orphanMs = 600_000

export class Spool {
  readonly #folder: string

  constructor(dataDirectory: string) {
    this.#folder = join(dataDirectory, 'spool')
  }

  /**
   * Seals a body into a file, durably; nothing is left of it where that fails.
   *
   * @throws {HubError} `store-unavailable` where the disk is full or cannot be written; else what the body throws
   */
  async write(id: string, key: Buffer, body: AsyncIterable<Uint8Array>): Promise<void> {
    let bodyError: unknown
    const watched = (async function* () {
      try {
        yield* body
      } catch (error) {
        bodyError = error
        throw error
      }
    })()
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 })
      const file = await open(this.#fileOf(id), 'wx', 0o600)
      try {
        for await (const chunk of sealStream(key, contextOf(id), watched)) await file.writeFile(chunk)
        await file.sync()
      } finally {
        await file.close()
      }
      syncFolder(this.#folder)
    } catch (cause) {
      await this.remove(id).catch(() => {})
      if (bodyError !== undefined) throw bodyError
      const detail =
        'The input cannot be kept until its turn: is the disk of the data directory full? Nothing of it was kept; send it again later, or without `Prefer: respond-async`.'
      throw new HubError('store-unavailable', detail, { cause })
    }
  }

  /** The bytes of an input, as they came. */
  read(id: string, key: Buffer): AsyncIterable<Uint8Array> {
    return unsealStream(key, contextOf(id), createReadStream(this.#fileOf(id), { highWaterMark: 256 * 1024 }))
  }

  async remove(id: string): Promise<void> {
    await rm(this.#fileOf(id), { force: true })
  }

  /** Removes what dead processes have left. @param isWanted whether a delivery waits for its input */
  async sweep(isWanted: (id: string) => Promise<boolean>): Promise<void> {
    const now = Date.now()
    const names = await readdir(this.#folder).catch(() => [])
    for (const name of names) {
      const found = await stat(join(this.#folder, name)).catch(() => undefined)
      if (found === undefined || now - found.mtimeMs < orphanMs) continue
      const id = name.slice(0, -suffix.length)
      if (!(await isWanted(id))) await this.remove(id)
    }
  }

  #fileOf(id: string): string {
    return join(this.#folder, `${id}${suffix}`)
  }
}

const suffix = '.sealed'

/** The subject of the data key by which an input is sealed. */
export function spoolSubject(id: string): string {
  return `spool ${id}`
}

function contextOf(id: string): string {
  return `spool\0${id}`
}
