/** Public names of keys. */
import { createPublicKey, hash, type KeyObject } from 'node:crypto'

/** A public name of a key by which a database knows that it was made with it: 16 hex digits, of no use to find the key. */
export function fingerprint(key: KeyObject | Buffer): string {
  const bytes = Buffer.isBuffer(key) ? key : createPublicKey(key).export({ type: 'spki', format: 'der' })
  return hash('sha256', Buffer.concat([Buffer.from('concord key fingerprint\0'), bytes]), 'hex').slice(0, 16)
}
