/**
 * Base64 as the C2SP formats take it (RFC 4648 §4, §3.3): the one text that encodes the bytes, and no other.
 */

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

/** The bytes, or undefined where Buffer would have guessed: missing padding, foreign characters, stray bits. */
export function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}
