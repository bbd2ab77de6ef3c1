/**
 * Signed notes: a text and below it signatures by named keys (https://c2sp.org/signed-note, the format of
 * golang.org/x/mod/sumdb/note), here with Ed25519 keys only.
 *
 * Refuses texts that the format does not take, and notes that no known key has signed.
 */
import { createPublicKey, hash, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { HubError } from '../errors.ts'
import { fromBase64, toBase64 } from './base64.ts'

/** A key and what notes call it. A private key signs and verifies, a public key verifies. */
export type NoteKey = {
  readonly name: string
  /** Eight hexadecimal digits; with the name it tells keys apart, it does not prove anything. */
  readonly id: string
  readonly key: KeyObject
}

/** What is under a note's signatures, and the known keys that signed it. */
export type OpenNote = { readonly text: string; readonly signedBy: readonly NoteKey[] }

/**
 * Gives an Ed25519 key, private or public, its name in notes.
 *
 * @throws {HubError} `key-unreadable` if the key is of another kind, or the name is empty or has spaces or a plus.
 */
export function noteKey(name: string, key: KeyObject): NoteKey {
  if (!keyName.test(name)) throw new HubError('key-unreadable', 'The name of a note key has no spaces and no plus')
  return { name, id: keyId(name, publicBytes(key)), key }
}

/** The text by which a verifier is told a key: `name+id+base64(0x01 ‖ public key)`. */
export function encodeVerifierKey({ name, id, key }: NoteKey): string {
  return `${name}+${id}+${toBase64(Buffer.concat([ed25519, publicBytes(key)]))}`
}

/**
 * The inverse of {@link encodeVerifierKey}.
 *
 * @throws {HubError} `key-unreadable` if the text is not a verifier key, its id does not fit, or it is not for Ed25519.
 */
export function parseVerifierKey(text: string): NoteKey {
  const [, name = '', id, encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? []
  const bytes = fromBase64(encoded)
  if (bytes?.length !== 1 + publicKeyBytes || bytes[0] !== ed25519[0]) {
    throw new HubError('key-unreadable', 'A verifier key is name+id+base64, for Ed25519')
  }
  const x = bytes.subarray(1).toString('base64url')
  const key = noteKey(name, createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }))
  if (key.id !== id) throw new HubError('key-unreadable', 'The id of the verifier key does not fit its name and key')
  return key
}

/**
 * Signs a text with each of the keys, in their order.
 *
 * @throws {HubError} `log-invalid` if the text does not end in a newline or has other control characters.
 */
export function signNote(text: string, signers: readonly NoteKey[]): string {
  if (!noteText.test(text)) throw new HubError('log-invalid', 'A note is lines of text, each with its newline')
  const lines = signers.map(({ name, id, key }) => {
    const signature = sign(null, Buffer.from(text), key)
    return `— ${name} ${toBase64(Buffer.concat([Buffer.from(id, 'hex'), signature]))}\n`
  })
  return `${text}\n${lines.join('')}`
}

/**
 * Checks a note: signatures by unknown keys are passed over, at least one must be by a known key, and every one that is
 * must verify.
 *
 * @throws {HubError} `log-invalid` if the note is malformed, a signature is wrong, or no known key has signed.
 */
export function openNote(note: string, known: readonly NoteKey[]): OpenNote {
  const { text, signatures } = splitNote(note)
  const signedBy = known.filter(key => {
    const found = signatures.find(signature => signature.name === key.name && signature.id === key.id)
    if (found && !verify(null, Buffer.from(text), publicKey(key.key), found.signature)) {
      throw new HubError('log-invalid', `The signature of ${key.name}+${key.id} does not fit the note`)
    }
    return found !== undefined
  })
  if (signedBy.length === 0) throw new HubError('log-invalid', 'No known key has signed the note')
  return { text, signedBy }
}

type Signature = { readonly name: string; readonly id: string; readonly signature: Buffer }

function splitNote(note: string): { text: string; signatures: readonly Signature[] } {
  const end = note.lastIndexOf('\n\n') + 1
  const text = note.slice(0, end)
  const lines = note.slice(end + 1).split('\n')
  const signatures = lines.slice(0, -1).map(parseSignature)
  // The text ends at the last empty line, so that a signature line can never be read as text.
  const isWhole = noteText.test(text) && lines.at(-1) === '' && signatures.length > 0
  if (!isWhole || signatures.length > maxSignatures) throw new HubError('log-invalid', 'This is not a signed note')
  return { text, signatures }
}

function parseSignature(line: string): Signature {
  const [, name = '', encoded = ''] = /^— ([^ ]+) ([^ ]+)$/.exec(line) ?? []
  const bytes = fromBase64(encoded)
  if (!keyName.test(name) || bytes === undefined || bytes.length <= idBytes) {
    throw new HubError('log-invalid', 'A line below the note is not a signature')
  }
  return { name, id: bytes.toString('hex', 0, idBytes), signature: bytes.subarray(idBytes) }
}

// As many as golang.org/x/mod/sumdb/note takes; the format asks for 16 at least.
const maxSignatures = 100

const keyName = /^[^\p{White_Space}\p{Cc}\p{Cs}+]+$/u
const noteText = /^(?:[ -\ud7ff\ue000-\u{10ffff}]*\n)+$/u

const ed25519 = Buffer.from([0x01])
const publicKeyBytes = 32
const idBytes = 4

/** SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key), its first four bytes. */
function keyId(name: string, bytes: Buffer): string {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), ed25519, bytes])).slice(0, 2 * idBytes)
}

function publicBytes(key: KeyObject): Buffer {
  if (key.asymmetricKeyType !== 'ed25519') throw new HubError('key-unreadable', 'A note key is an Ed25519 key')
  return Buffer.from(publicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url')
}

function publicKey(key: KeyObject): KeyObject {
  return key.type === 'private' ? createPublicKey(key) : key
}
