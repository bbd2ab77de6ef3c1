/**
 * Which client asks for a token: by its secret, or by an assertion that one of its keys has signed (`private_key_jwt`,
 * RFC 7521 §4.2, RFC 7523 §3). Undefined for everybody else, without saying why: a stranger learns nothing of clients.
 */
import { decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose'
import { createPublicKey, timingSafeEqual } from 'node:crypto'
import type { Client, ClientKey } from '../store/clients.ts'
import { useAssertion } from '../store/client-assertions.ts'
import { algorithmsOf } from './client-keys.ts'
import { credentialsAt, secretHash } from './clients.ts'
import type { Hub } from './hub.ts'
import type { Configuration } from './configuration.ts'

/** A client, and the hash of the secret or the thumbprint of the key that it has shown. */
export type Identified = { readonly client: Client; readonly shown: string }

/** How far ahead an assertion may expire: whoever finds one that was lost has no longer to use it. */
const assertionSeconds = 300

/** How far the clocks of a client and of the hub may differ. */
const skewSeconds = 30

export async function identifyBySecret(hub: Hub, id: string, secret: string): Promise<Identified | undefined> {
  const { clients } = await configurationNow(hub)
  const client = clients.get(id)
  const given = secretHash(secret)
  const kept = client === undefined ? [] : credentialsAt(client, hub.clock().getTime())
  const hashes = kept.flatMap(credential => (credential.kind === 'secret' ? [credential.hash] : []))
  // An unknown client costs the same comparisons.
  const [first = '', second = ''] = hashes
  const isOne = [isEqual(given, first), isEqual(given, second)].some(isRight => isRight)
  return isOne && client?.status === 'active' ? { client, shown: given } : undefined
}

/**
 * By an assertion: issued by the client about itself, for this hub, for at most five minutes, signed by one of its keys,
 * and used once.
 *
 * @param id what the request names as the client beside the assertion, if anything
 * @throws {HubError} `store-unavailable`
 */
export async function identifyByAssertion(
  hub: Hub,
  assertion: string,
  id: string | undefined,
): Promise<Identified | undefined> {
  const issuer = issuerOf(assertion)
  if (issuer === undefined || (id !== undefined && id !== issuer)) return undefined
  const { clients } = await configurationNow(hub)
  const client = clients.get(issuer)
  if (client?.status !== 'active') return undefined
  const now = hub.clock()
  const keys = credentialsAt(client, now.getTime()).flatMap(one => (one.kind === 'keys' ? one.keys : []))
  const verified = await verify(hub, assertion, { client: client.id, keys, now })
  if (verified === undefined) return undefined
  const { exp, jti, key } = verified
  const expiresAt = (exp + skewSeconds) * 1000
  const isFirst = await hub.store.transact(tx => useAssertion(tx, { client: client.id, jti, expiresAt }, now.getTime()))
  return isFirst ? { client, shown: key.thumbprint } : undefined
}

/** Names of this hub that an assertion may be for: its issuer, and where it has a public address, that and its token endpoint. */
export function audiencesOf({ config }: Hub): string[] {
  const { logOrigin, publicUrl } = config
  return publicUrl === undefined ? [logOrigin] : [logOrigin, publicUrl, `${publicUrl}/oauth/token`]
}

async function verify(
  hub: Hub,
  assertion: string,
  of: { readonly client: string; readonly keys: readonly ClientKey[]; readonly now: Date },
): Promise<{ readonly exp: number; readonly jti: string; readonly key: ClientKey } | undefined> {
  let key: ClientKey | undefined
  const payload = await jwtVerify(
    assertion,
    ({ kid, alg }) => {
      // Without a kid there must be one that it can be.
      const fit = of.keys.filter(({ jwk }) => algorithmsOf(jwk).includes(alg) && (kid === undefined || jwk.kid === kid))
      key = fit.length === 1 ? fit[0] : undefined
      if (key === undefined) throw new errors.JWKSNoMatchingKey()
      return createPublicKey({ key: key.jwk, format: 'jwk' })
    },
    {
      algorithms: ['EdDSA', 'Ed25519', 'ES256', 'RS256', 'PS256'],
      issuer: of.client,
      subject: of.client,
      audience: audiencesOf(hub),
      requiredClaims: ['exp', 'jti'],
      clockTolerance: skewSeconds,
      currentDate: of.now,
    },
  ).then(
    verified => verified.payload,
    () => undefined,
  )
  return payload === undefined || key === undefined ? undefined : boundedOf(payload, key, of.now)
}

/** One audience only: an assertion that another server takes too could be passed on by it. */
function boundedOf(
  { exp = 0, jti, aud }: JWTPayload,
  key: ClientKey,
  now: Date,
): { readonly exp: number; readonly jti: string; readonly key: ClientKey } | undefined {
  const isShort = exp - now.getTime() / 1000 <= assertionSeconds + skewSeconds
  const isNamed = typeof jti === 'string' && jti !== '' && jti.length <= 200
  const isForHub = typeof aud === 'string' || aud?.length === 1
  return isShort && isNamed && isForHub ? { exp, jti, key } : undefined
}

/** As another process has left it a moment ago: whoever has just made a client, or renewed its secret, uses it at once. */
async function configurationNow(hub: Hub): Promise<Configuration> {
  hub.published.expire()
  return hub.published.configuration()
}

function issuerOf(assertion: string): string | undefined {
  try {
    return decodeJwt(assertion).iss
  } catch {
    return undefined
  }
}

function isEqual(given: string, kept: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(kept)]
  return timingSafeEqual(one, other.length === one.length ? other : Buffer.alloc(one.length))
}
