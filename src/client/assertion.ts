/** Signs assertions about a client (`private_key_jwt`, RFC 7523 §3) by Node's own cryptography. */
import {
  constants,
  createPrivateKey,
  KeyObject,
  randomUUID,
  sign,
  type JsonWebKey,
  type SignKeyObjectInput,
} from 'node:crypto'

/** A private key of Ed25519, P-256 or RSA; a JWK's `kid` names it where the client has several. */
export type PrivateKey = KeyObject | (JsonWebKey & { readonly kid?: string; readonly alg?: string })

/** As long as a hub takes an assertion for a token: it is sent at once. */
const seconds = 60

/** @param about the client's id, and the audience: how the hub is called */
export function signAssertion(
  privateKey: PrivateKey,
  about: { readonly clientId: string; readonly audience: string; readonly keyId?: string | undefined },
): string {
  const key = privateKey instanceof KeyObject ? privateKey : createPrivateKey({ key: privateKey, format: 'jwk' })
  const { alg, kid } = privateKey instanceof KeyObject ? {} : privateKey
  const keyId = about.keyId ?? kid
  const algorithm = alg ?? algorithmOf(key)
  const now = Math.floor(Date.now() / 1000)
  const head = { alg: algorithm, typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) }
  const { clientId, audience } = about
  const claims = { iss: clientId, sub: clientId, aud: audience, jti: randomUUID(), iat: now, exp: now + seconds }
  const text = `${encoded(head)}.${encoded(claims)}`
  const digest = key.asymmetricKeyType === 'ed25519' ? null : 'sha256'
  return `${text}.${sign(digest, Buffer.from(text), { key, ...formOf(algorithm) }).toString('base64url')}`
}

function algorithmOf({ asymmetricKeyType: type }: KeyObject): string {
  if (type === 'ed25519') return 'EdDSA'
  if (type === 'ec') return 'ES256'
  if (type === 'rsa') return 'PS256'
  throw new TypeError(`A key of ${type} signs no assertion: use Ed25519, P-256 or RSA.`)
}

/** RFC 7518 §3.4, §3.5. */
function formOf(algorithm: string): Partial<SignKeyObjectInput> {
  if (algorithm === 'ES256') return { dsaEncoding: 'ieee-p1363' }
  return algorithm === 'PS256' ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : {}
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
