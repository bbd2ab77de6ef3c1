/**
 * Sealing: AES-256-GCM of a field's text under a data key, and of data keys under the master key (NIST SP 800-38D).
 *
 * What a text belongs to is its associated data, so that a sealed text moved to another record, revision or field does
 * not open. Nonces are random: a data key seals one subject's fields, far below the 2^32 texts that bound allows.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { FieldPath, RecordKey } from '../record.ts'

/** What a sealed text belongs to. `revision` is a record's revision number, or the name of another holder. */
export type Place = {
  readonly standard: string
  readonly key: RecordKey
  readonly revision: number | string
  readonly field: FieldPath
}

const nonceBytes = 12
const tagBytes = 16

/** Seals a text: base64 of nonce, ciphertext and tag. The inverse of {@link unseal}. */
export function seal(dataKey: Buffer, place: Place, text: string): string {
  return encrypt(dataKey, associated(place), padded(text)).toString('base64')
}

/** @throws {Error} where the sealed text was altered or belongs elsewhere: an impossible state, not bad input */
export function unseal(dataKey: Buffer, place: Place, sealed: string): string {
  const plain = decrypt(dataKey, associated(place), Buffer.from(sealed, 'base64'))
  const end = plain.indexOf(0)
  return plain.toString('utf8', 0, end === -1 ? plain.length : end)
}

/** A ciphertext is as long as its text, and a length tells true from false: texts are sealed in steps of 32 bytes. */
function padded(text: string): Buffer {
  // U+0000 ends the text: it is refused at the door.
  const length = Buffer.byteLength(text)
  const buffer = Buffer.alloc(Math.ceil((length + 1) / 32) * 32)
  buffer.write(text)
  return buffer
}

export function newDataKey(): Buffer {
  return randomBytes(32)
}

/** Wraps a subject's data key for the store. The inverse of {@link unwrapDataKey}. */
export function wrapDataKey(master: Buffer, subject: string, dataKey: Buffer): string {
  return encrypt(master, Buffer.from(`data key\0${subject}`), dataKey).toString('base64')
}

export function unwrapDataKey(master: Buffer, subject: string, wrapped: string): Buffer {
  return decrypt(master, Buffer.from(`data key\0${subject}`), Buffer.from(wrapped, 'base64'))
}

function associated(place: Place): Buffer {
  return Buffer.from(JSON.stringify([place.standard, place.key, place.revision, place.field]))
}

function encrypt(key: Buffer, associatedData: Buffer, plain: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associatedData)
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: Buffer, associatedData: Buffer, sealed: Buffer): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    }).setAAD(associatedData)
    decipher.setAuthTag(sealed.subarray(-tagBytes))
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()])
  } catch (cause) {
    throw new Error('bug: a sealed text does not open; it was altered, moved, or sealed under another key', { cause })
  }
}
