/**
 * Seals bytes of any length as they come: AES-256-GCM in chunks, whose order and whose end are sealed with them.
 *
 * STREAM (Hoang, Reyhanitabar, Rogaway and Vizár, "Online Authenticated-Encryption and its Nonce-Reuse
 * Misuse-Resistance", CRYPTO 2015), laid out as in age (C2SP age, "Payload"): chunks of 64 KiB of which only the last may
 * be shorter, each with its tag, under the nonce `number of the chunk (11 bytes, big-endian) ‖ 1 for the last, else 0`.
 * Nonces repeat from stream to stream: a key seals one stream, ever.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto'

const chunkBytes = 64 * 1024
const tagBytes = 16

/** @param context what the stream is: it opens as nothing else */
export async function* sealStream(
  key: Buffer,
  context: string,
  plain: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  let number = 0
  for await (const { bytes, isLast } of pieces(plain, chunkBytes)) {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number++, isLast)).setAAD(Buffer.from(context))
    yield Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
  }
}

/**
 * The inverse of {@link sealStream}. Gives nothing of a chunk that does not open.
 *
 * @throws {Error} where the stream was altered, cut, reordered, or is another one: an impossible state, not bad input
 */
export async function* unsealStream(
  key: Buffer,
  context: string,
  sealed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  let number = 0
  for await (const { bytes, isLast } of pieces(sealed, chunkBytes + tagBytes)) {
    yield open(key, { nonce: nonceOf(number++, isLast), context }, bytes)
  }
}

function open(key: Buffer, place: { readonly nonce: Buffer; readonly context: string }, bytes: Buffer): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, place.nonce, { authTagLength: tagBytes })
    decipher.setAAD(Buffer.from(place.context)).setAuthTag(bytes.subarray(-tagBytes))
    return Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()])
  } catch (cause) {
    throw new Error('bug: a sealed stream does not open; it was altered, cut, or sealed under another key', { cause })
  }
}

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(number, 5, 6)
  nonce[11] = isLast ? 1 : 0
  return nonce
}

/** Bytes in pieces of one size, of which the last is shorter, or the only one empty. */
async function* pieces(
  body: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<{ readonly bytes: Buffer; readonly isLast: boolean }> {
  let held: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    held.push(chunk)
    length += chunk.length
    // A piece is known not to be the last one when there is more than it.
    if (length <= size) continue
    const all = Buffer.concat(held)
    let at = 0
    for (; all.length - at > size; at += size) yield { bytes: all.subarray(at, at + size), isLast: false }
    held = [all.subarray(at)]
    length = all.length - at
  }
  yield { bytes: Buffer.concat(held), isLast: true }
}
