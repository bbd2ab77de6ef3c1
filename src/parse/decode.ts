/**
 * Decodes an input into text, piece by piece.
 *
 * Pieces are cut where a character surely ends, so that each is decoded by itself: what stands before a bad byte is
 * still read, however the bytes arrived.
 */
import { isAscii } from 'node:buffer'
import { HubError, type ProblemCode } from '../errors.ts'
import type { Source } from '../source.ts'
import { decodes, encodingOf, HEAD_BYTES, type Encoding } from './encoding.ts'
import type { Limits } from './limits.ts'

const MARK = '\ufeff'

/** Text, and if nothing can be read after it, why. */
export type Piece = { readonly text: string; readonly failure?: Failure | undefined }

export type Failure = { readonly code: ProblemCode; readonly what: string }

/** Larger blocks leave the processor's cache between decoding and reading, which costs more than their number saves. */
const BLOCK_BYTES = 1 << 16

/**
 * Gives the text of an input without its byte order mark and without U+0000; the piece with a failure is the last.
 * What the bytes are refused for as they come is a failure, too.
 */
export async function* decode(
  bytes: AsyncIterable<Uint8Array>,
  { format, encoding: named }: Pick<Source, 'format' | 'encoding'>,
  { recordBytes }: Limits,
): AsyncGenerator<Piece> {
  let decoder: Decoder | undefined
  let failure: Failure | undefined
  try {
    for await (const block of blocks(bytes)) {
      decoder ??= new Decoder(encodingOf(block.subarray(0, HEAD_BYTES), format, named), recordBytes)
      const piece = decoder.decode(block)
      yield piece
      if (piece.failure !== undefined) return
    }
  } catch (error) {
    if (!(error instanceof HubError)) throw error
    failure = { code: error.code, what: error.message }
  }
  yield decoder === undefined ? { text: '', failure } : decoder.end(failure)
}

/**
 * The same bytes in blocks of about {@link BLOCK_BYTES}; the first has {@link HEAD_BYTES} at least, for the look at it.
 * Where the bytes end in an error it comes after the last of them.
 */
async function* blocks(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = []
  let length = 0
  let wanted = HEAD_BYTES
  let broken: { readonly error: unknown } | undefined
  try {
    for await (const chunk of bytes) {
      for (let at = 0; at < chunk.length; at += BLOCK_BYTES) {
        const part = chunk.subarray(at, at + BLOCK_BYTES)
        parts.push(part)
        length += part.length
        if (length < wanted) continue
        yield concat(parts)
        parts = []
        length = 0
        wanted = BLOCK_BYTES
      }
    }
  } catch (error) {
    broken = { error }
  }
  if (length > 0) yield concat(parts)
  if (broken !== undefined) throw broken.error
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts
  return first !== undefined && parts.length === 1 ? first : Buffer.concat(parts)
}

class Decoder {
  readonly #encoding: Encoding
  readonly #decoder: TextDecoder
  readonly #heldBytes: number
  /** What is not decoded yet, and how many bytes stood before it. */
  #rest: Uint8Array = new Uint8Array()
  #offset = 0

  /** `heldBytes`: how many are held at most while no end of a character is in sight. */
  constructor(encoding: Encoding, heldBytes: number) {
    this.#encoding = encoding
    this.#decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
    this.#heldBytes = heldBytes
  }

  decode(block: Uint8Array): Piece {
    const held = this.#rest.length === 0 ? block : Buffer.concat([this.#rest, block])
    const end = lastBoundary(held, this.#encoding)
    const piece = this.#decode(held.subarray(0, end))
    this.#rest = held.subarray(end)
    if (piece.failure !== undefined || this.#rest.length <= this.#heldBytes) return piece
    const what = `no more than ${this.#heldBytes} bytes are taken without a space, line end or quotation mark among them.`
    return { text: piece.text, failure: { code: 'input-refused', what } }
  }

  /** The rest. `because`: why nothing comes after it, if not since the input has ended. */
  end(because?: Failure): Piece {
    const { text, failure = because } = this.#decode(this.#rest)
    if (failure !== undefined) return { text, failure }
    try {
      this.#decoder.decode()
      return { text }
    } catch {
      return { text, failure: { code: 'encoding-unreadable', what: 'the input ends inside a character.' } }
    }
  }

  /** Decodes bytes that begin with a character and, unless the input does, end with one. */
  #decode(bytes: Uint8Array): Piece {
    let piece: Piece
    try {
      piece = { text: this.#textOf(bytes) }
    } catch {
      piece = this.#decodeToBadByte(bytes)
    }
    const isFirst = this.#offset === 0
    this.#offset += bytes.length
    const unmarked = isFirst && piece.text.startsWith(MARK) ? { ...piece, text: piece.text.slice(1) } : piece
    return upToRefused(unmarked, bytes, this.#encoding)
  }

  #textOf(bytes: Uint8Array): string {
    // TextDecoder gives all text two bytes a character. ASCII in one byte is read in two thirds of the time.
    if (!isWide(this.#encoding) && isAscii(bytes)) return viewOf(bytes).toString('latin1')
    return this.#decoder.decode(bytes, { stream: true })
  }

  #decodeToBadByte(bytes: Uint8Array): Piece {
    let good = 0
    let bad = bytes.length
    while (bad - good > 1) {
      const middle = (good + bad) >> 1
      if (decodes(bytes.subarray(0, middle), this.#encoding)) good = middle
      else bad = middle
    }
    const decoder = new TextDecoder(this.#encoding, { ignoreBOM: true })
    const text = decoder.decode(bytes.subarray(0, good), { stream: true })
    const what = `byte ${this.#offset + good} (the first is 0) is not ${this.#encoding}; name the right encoding in the adapter.`
    return { text, failure: { code: 'encoding-unreadable', what } }
  }
}

/** Cuts a piece before the first character that is not taken. */
function upToRefused(piece: Piece, bytes: Uint8Array, encoding: Encoding): Piece {
  const { text } = piece
  // Nearly no text has a byte that is 0 unless its units have two, and bytes are searched ten times as fast.
  const mayHaveZero = isWide(encoding) || viewOf(bytes).includes(0)
  const zero = mayHaveZero ? text.indexOf('\0') : -1
  if (zero !== -1) {
    return { text: text.slice(0, zero), failure: { code: 'input-refused', what: 'U+0000 is not taken.' } }
  }
  // The decoder makes these of what ETEN and Hong Kong have added to Big5: not the characters that were sent.
  const unknown = encoding === 'big5' ? text.search(/[\ue000-\uf8ff]/) : -1
  if (unknown === -1) return piece
  const what = 'this character is beyond the Big5 that is read; send the input in UTF-8.'
  return { text: text.slice(0, unknown), failure: { code: 'encoding-unreadable', what } }
}

/** The index after the last byte at which a character surely ends, in all encodings that keep no state; 0 for none. */
function lastBoundary(bytes: Uint8Array, encoding: Encoding): number {
  if (isWide(encoding)) {
    const high = encoding === 'utf-16be' ? 0 : 1
    let end = bytes.length - (bytes.length % 2)
    // Not between the halves of a surrogate pair.
    while (end > 0 && (bytes[end - 2 + high]! & 0xfc) === 0xd8) end -= 2
    return end
  }
  // Of a character's later bytes none is below 0x80 in UTF-8, none below 0x30 (GB18030's digits) in the others.
  const below = encoding === 'utf-8' ? 0x80 : 0x30
  let end = bytes.length
  while (end > 0 && bytes[end - 1]! >= below) end--
  return end
}

/** True of the encodings whose units are two bytes: in all others ASCII is itself. */
function isWide(encoding: Encoding): boolean {
  return encoding.startsWith('utf-16')
}

function viewOf({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length)
}
