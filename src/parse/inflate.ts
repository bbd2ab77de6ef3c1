/** Decompresses bytes as they come (RFC 1950, 1951, 1952). */
import { createGunzip, createInflate, createInflateRaw, type Gunzip, type Inflate, type InflateRaw } from 'node:zlib'
import { HubError } from '../errors.ts'
import type { Wrapping } from '../source.ts'

export type Compression = Exclude<Wrapping, 'base64'>

const engines = { gzip: createGunzip, zlib: createInflate, deflate: createInflateRaw }

/** What is inflated at once: a thousand times as much may come out, and is held until it has been read. */
const SLICE_BYTES = 4 * 1024

/** What comes out at once. */
const BLOCK_BYTES = 64 * 1024

const MAGIC_BYTES = 4

/**
 * What compresses bytes that begin so and are no text, if anything (RFC 1952 §2.3.1).
 *
 * @throws {HubError} input-refused, of a ZIP archive: it may hold many files, and lists them at its end.
 */
export function byMagic(head: Uint8Array): Compression | undefined {
  if (head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4) {
    throw new HubError('input-refused', 'The input is a ZIP archive; unpack it, and deliver the file in it.')
  }
  return head[0] === 0x1f && head[1] === 0x8b ? 'gzip' : undefined
}

/**
 * `choose`: what the bytes are compressed by, after a look at the first ones, if by anything. Members of gzip that
 * follow one another are one stream.
 *
 * @throws {HubError} input-malformed: not compressed so, corrupt (after all bytes before that but the last few),
 *   ending too early, or followed by something else.
 */
export async function* inflate(
  bytes: AsyncIterable<Uint8Array>,
  choose: (head: Uint8Array) => Compression | undefined,
): AsyncGenerator<Uint8Array> {
  let isFirst = true
  let inflation: Inflation | undefined
  try {
    for await (const block of withHead(bytes)) {
      if (isFirst) inflation = begin(choose(block))
      isFirst = false
      if (inflation === undefined) yield block
      else yield* inflation.take(block)
    }
    if (inflation !== undefined) yield* inflation.end()
  } finally {
    inflation?.close()
  }
}

/** The same bytes; the first block, which always comes, has {@link MAGIC_BYTES} if they have so many. */
async function* withHead(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array()
  for await (const block of bytes) {
    if (head === undefined) yield block
    else if (head.length + block.length < MAGIC_BYTES) head = Buffer.concat([head, block])
    else {
      yield Buffer.concat([head, block])
      head = undefined
    }
  }
  if (head !== undefined) yield head
}

function begin(compression: Compression | undefined): Inflation | undefined {
  return compression && new Inflation(compression)
}

class Inflation {
  readonly #compression: Compression
  readonly #engine: Gunzip | Inflate | InflateRaw
  #inflated: Uint8Array[] = []
  #taken = 0
  /** Ends the present wait; an engine that has failed answers no call. */
  #settle = (): void => {}

  constructor(compression: Compression) {
    this.#compression = compression
    this.#engine = engines[compression]({ chunkSize: BLOCK_BYTES })
    this.#engine.on('data', (block: Uint8Array) => this.#inflated.push(block))
    this.#engine.on('error', () => this.#settle())
    this.#engine.on('end', () => this.#settle())
  }

  async *take(block: Uint8Array): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < block.length; at += SLICE_BYTES) {
      const slice = block.subarray(at, at + SLICE_BYTES)
      this.#taken += slice.length
      await this.#until(settle => this.#engine.write(slice, () => settle()))
      yield* this.#inflatedSoFar()
      if (this.#engine.bytesWritten < this.#taken) throw this.#malformed('is followed by something else')
    }
  }

  async *end(): AsyncGenerator<Uint8Array> {
    if (!this.#engine.readableEnded) await this.#until(() => this.#engine.end())
    yield* this.#inflatedSoFar()
  }

  close(): void {
    this.#engine.destroy()
  }

  #until(act: (settle: () => void) => void): Promise<void> {
    return new Promise(resolve => {
      this.#settle = resolve
      act(resolve)
    })
  }

  *#inflatedSoFar(): Generator<Uint8Array> {
    const inflated = this.#inflated
    this.#inflated = []
    yield* inflated
    const failure = this.#engine.errored
    if (failure === null) return
    const endsEarly = 'code' in failure && failure.code === 'Z_BUF_ERROR'
    throw this.#malformed(endsEarly ? 'ends too early' : 'is corrupt, or is no such thing', failure)
  }

  #malformed(what: string, cause?: Error): HubError {
    const detail = `what is compressed by ${this.#compression} ${what}; send it whole, and nothing else.`
    return new HubError('input-malformed', detail, { cause })
  }
}
