/**
 * A directory that stays the one it was when it was opened, whatever its name comes to mean later.
 *
 * Where the system has `/proc/self/fd` everything in it is reached through its descriptor. Elsewhere it is reached by its
 * name, which {@link HeldDirectory.confirm} compares again.
 */
import { constants, existsSync } from 'node:fs'
import { lstat, mkdir, open, readdir, realpath, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { PullFailure } from './pull-source.ts'

export class HeldDirectory {
  readonly #path: string
  readonly #handle: FileHandle
  /** What leads to the directory itself. */
  readonly #way: string

  private constructor(path: string, handle: FileHandle) {
    this.#path = path
    this.#handle = handle
    const descriptor = `/proc/self/fd/${handle.fd}`
    this.#way = existsSync(descriptor) ? descriptor : path
  }

  /** @throws {PullFailure} where a link stands anywhere on the path */
  static async open(path: string): Promise<HeldDirectory> {
    if ((await realpath(path)) !== path) throw linked()
    const held = new HeldDirectory(path, await openDirectory(path))
    try {
      await held.confirm()
      return held
    } catch (error) {
      await held.close()
      throw error
    }
  }

  /** The path of a name in it. */
  at(name: string): string {
    return join(this.#way, name)
  }

  async names(): Promise<string[]> {
    return readdir(this.#way)
  }

  /** A directory in it, which is made where there is none. */
  async below(name: string): Promise<HeldDirectory> {
    await mkdir(this.at(name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
    if ((await lstat(this.at(name))).isSymbolicLink()) throw linked()
    const held = new HeldDirectory(join(this.#path, name), await openDirectory(this.at(name)))
    try {
      await this.confirm()
      await held.confirm()
      return held
    } catch (error) {
      await held.close()
      throw error
    }
  }

  /** @throws {PullFailure} where its name leads to another directory by now, or over a link */
  async confirm(): Promise<void> {
    const [real, named, held] = await Promise.all([
      realpath(this.#path),
      stat(this.#path, { bigint: true }),
      this.#handle.stat({ bigint: true }),
    ])
    if (real !== this.#path || named.dev !== held.dev || named.ino !== held.ino) throw linked()
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }
}

async function openDirectory(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
}

function linked(): PullFailure {
  return new PullFailure('The drop folder has a link on its path, which is not followed; make it a folder that stays.')
}
