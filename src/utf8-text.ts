/**
 * UTF-8 bytes as a string, one byte a character.
 *
 * Stored text that only passes through is neither decoded nor encoded: JSON's structure is ASCII, which can be searched,
 * cut and joined in this form, and to send it is to copy it.
 */

/** Each character is a byte of UTF-8: `ä` is two characters. */
export type Utf8Text = string

export function encodeUtf8(text: string): Utf8Text {
  // Most keys and ids are ASCII, which is the same in both.
  if (ascii.test(text)) return text
  return Buffer.from(text, 'utf8').toString('latin1')
}

/** The inverse of {@link encodeUtf8}. */
export function decodeUtf8(text: Utf8Text): string {
  return Buffer.from(text, 'latin1').toString('utf8')
}

/** The bytes themselves. */
export function bytesOf(text: Utf8Text): Buffer {
  return Buffer.from(text, 'latin1')
}

const ascii = /^[\x20-\x7e]*$/
