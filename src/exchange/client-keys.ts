/**
 * Public keys that a client is known by (`private_key_jwt`, OpenID Connect Core §9): a JWK Set (RFC 7517) of Ed25519,
 * P-256 and RSA keys. Private members, weak keys and keys for anything but signatures are refused.
 */
import type { JWK } from 'jose'
import { createPublicKey, type KeyObject } from 'node:crypto'
import { HubError } from '../errors.ts'
import type { Issue } from '../record.ts'
import type { ClientKey } from '../store/clients.ts'

/** One in use, and the next ones: more is a mistake. */
const maxKeys = 10

/** NIST SP 800-57 allows less no longer; above the greatest a stranger's assertion costs too much to check. */
const rsaBits = { least: 2048, most: 8192 }

/** RFC 7517 §9.3, RFC 7518 §6: members that only a private or a symmetric key has. */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/**
 * @param jwks a JWK Set, `{"keys": […]}`
 * @throws {HubError} `request-invalid` with an issue for each thing that is wrong
 */
export async function readClientKeys(jwks: unknown): Promise<ClientKey[]> {
  const list = isObject(jwks) && Array.isArray(jwks['keys']) ? (jwks['keys'] as unknown[]) : undefined
  if (list === undefined || list.length === 0 || list.length > maxKeys) {
    throw new HubError('request-invalid', `A JWK Set is {"keys": […]} with 1 to ${maxKeys} public keys (RFC 7517).`)
  }
  const issues = list.flatMap((jwk, index) => faultsOf(jwk, list.length > 1).map(fault => ({ index, ...fault })))
  const kids = list.map(jwk => (isObject(jwk) ? jwk['kid'] : undefined)).filter(kid => kid !== undefined)
  if (new Set(kids).size < kids.length) {
    issues.push({ index: list.length - 1, code: 'kid', message: 'has the kid of another one' })
  }
  if (issues.length > 0) {
    const found = issues.map(({ index, code, message }): Issue => ({ pointer: `/keys/${index}`, code, message }))
    const text = found.map(({ pointer, message }) => `${pointer} ${message}`).join('; ')
    throw new HubError('request-invalid', `The keys cannot be used: ${text}.`, { issues: found })
  }
  return Promise.all(list.map(async jwk => keptOf(jwk as JWK)))
}

/** The algorithms (RFC 7518, RFC 8037) that a key may sign by; none where the key is of no kind that is taken. */
export function algorithmsOf({ kty, crv, alg }: Readonly<Record<string, unknown>>): readonly string[] {
  const fit =
    kty === 'OKP' && crv === 'Ed25519'
      ? ['EdDSA', 'Ed25519']
      : kty === 'EC' && crv === 'P-256'
        ? ['ES256']
        : kty === 'RSA'
          ? ['RS256', 'PS256']
          : []
  return alg === undefined ? fit : fit.filter(name => name === alg)
}

/** Public members only: what else the file says of a key is not kept. */
async function keptOf(jwk: JWK): Promise<ClientKey> {
  const kept = Object.fromEntries(
    Object.entries(jwk).filter(([name]) => ['kty', 'crv', 'x', 'y', 'n', 'e', 'kid', 'alg'].includes(name)),
  )
  const { calculateJwkThumbprint } = await import('jose')
  return { thumbprint: await calculateJwkThumbprint(jwk), jwk: kept }
}

type Fault = { readonly code: string; readonly message: string }

function faultsOf(jwk: unknown, isOneOfSeveral: boolean): Fault[] {
  if (!isObject(jwk)) return [{ code: 'type', message: 'is no JSON object' }]
  if (privateMembers.some(name => name in jwk)) {
    return [
      {
        code: 'private',
        message: 'holds a private key: keep it to yourself, make a new pair, and send the public one',
      },
    ]
  }
  const { kid, use, key_ops: operations } = jwk
  if (algorithmsOf(jwk).length === 0) {
    return [{ code: 'algorithm', message: 'is no key for EdDSA (Ed25519), ES256 (P-256), RS256 or PS256' }]
  }
  const faults: Fault[] = []
  if (kid !== undefined && (typeof kid !== 'string' || kid === '' || kid.length > 200)) {
    faults.push({ code: 'kid', message: 'has a kid that is no text of 1 to 200 characters' })
  }
  if (kid === undefined && isOneOfSeveral)
    faults.push({ code: 'kid', message: 'needs a kid, as it is not the only key' })
  const verifies = operations === undefined || (Array.isArray(operations) && operations.includes('verify'))
  if ((use !== undefined && use !== 'sig') || !verifies) {
    faults.push({ code: 'use', message: 'is not for signatures' })
  }
  return [...faults, ...weaknessOf(jwk)]
}

function weaknessOf(jwk: Readonly<Record<string, unknown>>): Fault[] {
  let key: KeyObject
  try {
    // It also finds a point that is not on its curve.
    key = createPublicKey({ key: jwk, format: 'jwk' })
  } catch {
    return [{ code: 'key', message: 'cannot be read as a key' }]
  }
  const { modulusLength = rsaBits.least, publicExponent = 65537n } = key.asymmetricKeyDetails ?? {}
  const isStrong = modulusLength >= rsaBits.least && modulusLength <= rsaBits.most && publicExponent >= 65537n
  if (isStrong) return []
  return [
    { code: 'weak', message: `must have ${rsaBits.least} to ${rsaBits.most} bits and an exponent of 65537 or more` },
  ]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
