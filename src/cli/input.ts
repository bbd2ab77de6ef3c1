/** A file, or standard input, as a body to be delivered. */
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { HubError } from '../errors.ts'

export type Input = {
  /** To be destroyed by whoever opened it. */
  readonly body: Readable
  /** Undefined where the input is not a file. */
  readonly totalBytes?: number
}

/**
 * @param file its name; `-` is standard input
 * @throws {HubError} `file-unreadable` at once, not when the body is read
 */
export async function openInput(file: string): Promise<Input> {
  if (file === '-') return { body: process.stdin }
  try {
    const handle = await open(file)
    const stat = await handle.stat()
    const body = handle.createReadStream()
    if (!stat.isDirectory()) return stat.isFile() ? { body, totalBytes: stat.size } : { body }
    body.destroy()
  } catch (cause) {
    throw new HubError('file-unreadable', `${file} (${(cause as NodeJS.ErrnoException).code}).`, { cause })
  }
  throw new HubError('file-unreadable', `${file} is a folder; deliver its files one by one.`)
}

/** The same body; tells how many bytes of it have gone through. */
export async function* counting(
  body: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    onBytes(chunk.length)
    yield chunk
  }
}
