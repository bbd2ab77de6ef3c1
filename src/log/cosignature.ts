/**
 * Cosignatures: what a witness signs of a checkpoint, and when (https://c2sp.org/tlog-cosignature, version 1, Ed25519).
 *
 * A cosignature says that of this log the witness had seen no larger tree by that time, and that this one holds all it
 * had seen before. Its bytes are the time, big-endian in 8 bytes, and the signature, 64.
 */
import { createPublicKey, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

const timeBytes = 8
const signatureBytes = 64

/**
 * The bytes of the cosignature of a checkpoint's text, without its signature lines.
 *
 * @param seconds since the epoch
 */
export function cosign(text: string, key: KeyObject, seconds: number): Buffer {
  const time = Buffer.alloc(timeBytes)
  time.writeBigUInt64BE(BigInt(seconds))
  return Buffer.concat([time, sign(null, messageOf(text, BigInt(seconds)), key)])
}

/** True if the key has made the cosignature of this text. */
export function verifyCosignature(text: string, key: KeyObject, cosignature: Uint8Array): boolean {
  if (cosignature.length !== timeBytes + signatureBytes) return false
  const bytes = Buffer.from(cosignature)
  const message = messageOf(text, bytes.readBigUInt64BE())
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  return verify(null, message, publicKey, bytes.subarray(timeBytes))
}

function messageOf(text: string, seconds: bigint): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`)
}
