/**
 * Access tokens: JWTs signed with Ed25519 (RFC 7519, RFC 8037), valid for ten minutes.
 *
 * A token is verified once and then known by its text until it expires; whether its client or user is still let in, and
 * which roles a user has, is asked at every call, of a configuration that is at most a quarter of a second old.
 */
import { jwtVerify, SignJWT } from 'jose'
import { createPublicKey, randomUUID, type KeyObject } from 'node:crypto'
import { HubError } from '../errors.ts'
import type { Hub } from '../exchange/hub.ts'
import type { Actor } from '../log/entry.ts'
import type { Configuration } from '../exchange/configuration.ts'
import type { Role, Scope } from '../record.ts'
import { credentialsAt } from '../exchange/clients.ts'
import type { Client, ClientCredential } from '../store/clients.ts'
import type { User } from '../store/users.ts'

export const tokenSeconds = 600

/** Who calls: an active client, with the scopes of its token, or an active user, with the roles that they have. */
export type Caller = {
  readonly actor: Actor
  /** Undefined for whoever belongs to the hub as a whole. */
  readonly department: string | undefined
  readonly scopes: ReadonlySet<Scope>
  readonly roles: ReadonlySet<Role>
  /** From where and how often a client may call, where that is said of it. */
  readonly bounds?: Pick<Client, 'addresses' | 'rate'>
}

type Known = {
  readonly kind: 'client' | 'user'
  readonly id: string
  readonly scopes: ReadonlySet<Scope>
  readonly credential: string
  readonly expiresAt: number
}

/** More tokens than this are in use only if someone collects them; the oldest are then verified again. */
const knownTokens = 10_000

/** RFC 6750 §2.1, with a JWS in it and nothing else: decoders pass over blanks, which would make a new text of a known token. */
const bearer = /^Bearer [\w-]+\.[\w-]+\.[\w-]+$/i

export class Tokens {
  readonly #hub: Hub
  readonly #publicKey: KeyObject
  /** By the whole header, scheme and all: a token that came as anything but a bearer's is none. */
  readonly #known = new Map<string, Known>()

  constructor(hub: Hub) {
    this.#hub = hub
    this.#publicKey = createPublicKey(hub.keys.token)
  }

  /** @param credential names what the client has shown, see {@link credentialName}: its tokens end with it */
  async issue(client: Client, scopes: readonly Scope[], credential: string): Promise<string> {
    return this.#sign(client.id, { scope: scopes.join(' '), credential })
  }

  issueToUser({ id, credential }: User): Promise<string> {
    return this.#sign(`${userPrefix}${id}`, { credential })
  }

  /** Who calls, where token and configuration are known and fresh; null where {@link caller} must look. */
  known(authorization: string | undefined): Caller | null {
    const token = this.#known.get(authorization ?? '')
    const configuration = this.#hub.published.configuration()
    if (token === undefined || configuration instanceof Promise) return null
    if (token.expiresAt <= this.#hub.clock().getTime()) return null
    return admitted(configuration, token, this.#hub.clock) ?? null
  }

  /** @throws {HubError} `unauthenticated` */
  async caller(authorization: string | undefined): Promise<Caller> {
    if (authorization === undefined || !bearer.test(authorization)) {
      throw new HubError(
        'unauthenticated',
        'Send an access token: Authorization: Bearer …; POST /oauth/token gives one.',
      )
    }
    const known = this.#known.get(authorization) ?? (await this.#verify(authorization))
    const now = this.#hub.clock().getTime()
    if (known.expiresAt <= now) {
      this.#known.delete(authorization)
      throw new HubError('unauthenticated', 'The access token has expired; POST /oauth/token gives a new one.')
    }
    const caller = admitted(await this.#hub.published.configuration(), known, this.#hub.clock)
    if (caller !== undefined) return caller
    const detail =
      'Whoever the token was given to is suspended, or is known by something newer since; ask for a new one.'
    throw new HubError('unauthenticated', detail)
  }

  #sign(subject: string, claims: { readonly credential: string; readonly scope?: string }): Promise<string> {
    const now = Math.floor(this.#hub.clock().getTime() / 1000)
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' })
      .setIssuer(this.#hub.config.logOrigin)
      .setAudience(this.#hub.config.logOrigin)
      .setSubject(subject)
      .setJti(randomUUID())
      .setIssuedAt(now)
      .setExpirationTime(now + tokenSeconds)
      .sign(this.#hub.keys.token)
  }

  async #verify(authorization: string): Promise<Known> {
    const { logOrigin } = this.#hub.config
    const verified = await jwtVerify(authorization.slice('Bearer '.length), this.#publicKey, {
      algorithms: ['EdDSA'],
      typ: 'at+jwt',
      issuer: logOrigin,
      audience: logOrigin,
      requiredClaims: ['sub', 'exp'],
      currentDate: this.#hub.clock(),
    }).catch(() => {
      throw new HubError('unauthenticated', 'The access token is not valid; POST /oauth/token gives a new one.')
    })
    const { sub, exp, scope, credential } = verified.payload
    const isUser = String(sub).startsWith(userPrefix)
    const known: Known = {
      kind: isUser ? 'user' : 'client',
      id: isUser ? String(sub).slice(userPrefix.length) : String(sub),
      scopes: new Set((typeof scope === 'string' ? scope.split(' ') : []) as Scope[]),
      credential: String(credential),
      expiresAt: Number(exp) * 1000,
    }
    const oldest = this.#known.size >= knownTokens ? this.#known.keys().next().value : undefined
    if (oldest !== undefined) this.#known.delete(oldest)
    this.#known.set(authorization, known)
    return known
  }
}

/** Begins the subject of a user's token: no client's id has a colon. */
const userPrefix = 'user:'

/** Whose token it is, where they are still let in; undefined where not. */
function admitted({ clients, users }: Configuration, token: Known, clock: Hub['clock']): Caller | undefined {
  if (token.kind === 'user') {
    const user = users.get(token.id)
    if (user?.status !== 'active' || user.credential !== token.credential) return undefined
    const { id, department, roles } = user
    return { actor: { kind: 'user', id }, department, scopes: none, roles: new Set(roles) }
  }
  const client = clients.get(token.id)
  if (client === undefined || !isAdmitted(client, token, clock)) return undefined
  const { id, department } = client
  return { actor: { kind: 'client', id }, department, scopes: token.scopes, roles: none, bounds: client }
}

const none: ReadonlySet<never> = new Set()

function isAdmitted(client: Client, token: Known, clock: Hub['clock']): boolean {
  if (client.status !== 'active') return false
  // Nearly always it is the newest: no clock for that.
  if (isNamed(client.credential, token.credential)) return true
  return (
    client.previous !== undefined &&
    credentialsAt(client, clock().getTime()).some(one => isNamed(one, token.credential))
  )
}

/**
 * Names a client's secret, or one of its keys, and tells nothing of it: a token carries the name of what it was given
 * for, and ends with that.
 *
 * @param text the SHA-256 of the secret, or the thumbprint of the key, in base64url
 */
export function credentialName(text: string): string {
  return text.slice(0, 8)
}

function isNamed(credential: ClientCredential, name: string): boolean {
  if (credential.kind === 'secret') return credentialName(credential.hash) === name
  return credential.keys.some(({ thumbprint }) => credentialName(thumbprint) === name)
}
