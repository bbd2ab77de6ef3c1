/**
 * Signed notes: a text and below it signatures by named keys (https://c2sp.org/signed-note, the format of
 * golang.org/x/mod/sumdb/note), here with Ed25519 keys only: those that sign the text, and those of witnesses, which
 * sign it with the time.
 *
 * Refuses texts that the format does not take, and notes that no known key has signed.
 */
import { createPublicKey, hash, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { HubError } from '../errors.ts'
import { fromBase64, toBase64 } from './base64.ts'
import { cosign, verifyCosignature } from './cosignature.ts'

/** What a key signs: the text of a note, or as a witness its text and the time. */
export type Signing = 'signature' | 'cosignature'

/** A key and what notes call it. A private key signs and verifies, a public key verifies. */
export type NoteKey = {
  readonly name: string
  readonly signing: Signing
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
export function noteKey(name: string, key: KeyObject, signing: Signing = 'signature'): NoteKey {
  if (!keyName.test(name)) throw new HubError('key-unreadable', 'The name of a note key has no spaces and no plus')
  return { name, signing, id: keyId(name, typed(signing, key)), key }
}

/** The text by which a verifier is told a key: `name+id+base64(type ‖ public key)`, 0x04 the type of a witness's. */
export function encodeVerifierKey({ name, signing, id, key }: NoteKey): string {
  return `${name}+${id}+${toBase64(typed(signing, key))}`
}

/**
 * The inverse of {@link encodeVerifierKey}.
 *
 * @throws {HubError} `key-unreadable` if the text is not a verifier key, its id does not fit, or it is not for Ed25519.
 */
export function parseVerifierKey(text: string): NoteKey {
  const [, name = '', id, encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? []
  const bytes = fromBase64(encoded)
  const signing = bytes?.[0] === undefined ? undefined : signings.get(bytes[0])
  if (bytes?.length !== 1 + publicKeyBytes || signing === undefined) {
    throw new HubError('key-unreadable', 'A verifier key is name+id+base64, for Ed25519')
  }
  const x = bytes.subarray(1).toString('base64url')
  const key = noteKey(name, createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }), signing)
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
  const lines = signers.map(key => signatureLine(key, sign(null, Buffer.from(text), key.key)))
  return `${text}\n${lines.join('')}`
}

/**
 * The line by which a witness cosigns a note, to be put below its signatures.
 *
 * @param seconds since the epoch
 */
export function cosignatureLine(note: string, witness: NoteKey, seconds: number): string {
  return signatureLine(witness, cosign(splitNote(note).text, witness.key, seconds))
}

/**
 * What a note says, whoever has signed it: for reading on only, until it is opened.
 *
 * @throws {HubError} `log-invalid` if the note is malformed.
 */
export function textOf(note: string): string {
  return splitNote(note).text
}

/** The line that the key has signed the note by, as it stands there. */
export function lineBy({ name, id }: NoteKey, note: string): string | undefined {
  const found = splitNote(note).signatures.find(signature => signature.name === name && signature.id === id)
  return found && signatureLine(found, found.signature)
}

function signatureLine({ name, id }: { readonly name: string; readonly id: string }, signature: Uint8Array): string {
  return `— ${name} ${toBase64(Buffer.concat([Buffer.from(id, 'hex'), signature]))}\n`
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
    if (found && !isSigned(text, key, found.signature)) {
      throw new HubError('log-invalid', `The signature of ${key.name}+${key.id} does not fit the note`)
    }
    return found !== undefined
  })
  if (signedBy.length === 0) throw new HubError('log-invalid', 'No known key has signed the note')
  return { text, signedBy }
}

function isSigned(text: string, { key, signing }: NoteKey, signature: Buffer): boolean {
  if (signing === 'cosignature') return verifyCosignature(text, key, signature)
  return verify(null, Buffer.from(text), publicKey(key), signature)
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

/** By the type that stands before the public key. */
const signings = new Map<number, Signing>([
  [0x01, 'signature'],
  [0x04, 'cosignature'],
])
const publicKeyBytes = 32
const idBytes = 4

/** SHA-256(name ‖ 0x0A ‖ type ‖ public key), its first four bytes. */
function keyId(name: string, typedKey: Buffer): string {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), typedKey])).slice(0, 2 * idBytes)
}

function typed(signing: Signing, key: KeyObject): Buffer {
  return Buffer.concat([Buffer.from([signing === 'signature' ? 0x01 : 0x04]), publicBytes(key)])
}

function publicBytes(key: KeyObject): Buffer {
  if (key.asymmetricKeyType !== 'ed25519') throw new HubError('key-unreadable', 'A note key is an Ed25519 key')
  return Buffer.from(publicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url')
}

function publicKey(key: KeyObject): KeyObject {
  return key.type === 'private' ? createPublicKey(key) : key
}
