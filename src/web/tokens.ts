/**
 * Access tokens: JWTs signed with Ed25519 (RFC 7519, RFC 8037), valid for ten minutes.
 *
 * A token is verified once and then known by its text until it expires; whether its client is still let in is asked
 * at every call, of a configuration that is at most a quarter of a second old.
 */
import { jwtVerify, SignJWT } from 'jose'
import { createPublicKey, randomUUID, type KeyObject } from 'node:crypto'
import { HubError } from '../errors.ts'
import type { Hub } from '../exchange/hub.ts'
import type { Actor } from '../log/entry.ts'
import type { Role, Scope } from '../record.ts'
import type { Client } from '../store/clients.ts'

export const tokenSeconds = 600

/** Who calls: an active client, with the scopes of its token, or an active user, with the roles that they have. */
export type Caller = {
  readonly actor: Actor
  /** Undefined for whoever belongs to the hub as a whole. */
  readonly department: string | undefined
  readonly scopes: ReadonlySet<Scope>
  readonly roles: ReadonlySet<Role>
}

type Known = {
  readonly client: string
  readonly scopes: ReadonlySet<Scope>
  readonly credential: string
  readonly expiresAt: number
}

/** More tokens than this are in use only if someone collects them; the oldest are then verified again. */
const knownTokens = 10_000

export class Tokens {
  readonly #hub: Hub
  readonly #publicKey: KeyObject
  readonly #known = new Map<string, Known>()

  constructor(hub: Hub) {
    this.#hub = hub
    this.#publicKey = createPublicKey(hub.keys.token)
  }

  async issue(client: Client, scopes: readonly Scope[]): Promise<string> {
    const now = Math.floor(this.#hub.clock().getTime() / 1000)
    return new SignJWT({ scope: scopes.join(' '), credential: credentialOf(client) })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' })
      .setIssuer(this.#hub.config.logOrigin)
      .setAudience(this.#hub.config.logOrigin)
      .setSubject(client.id)
      .setJti(randomUUID())
      .setIssuedAt(now)
      .setExpirationTime(now + tokenSeconds)
      .sign(this.#hub.keys.token)
  }

  /** Who calls, where token and configuration are known and fresh; null where {@link caller} must look. */
  known(authorization: string | undefined): Caller | null {
    const token = this.#known.get(authorization?.slice('Bearer '.length) ?? '')
    const configuration = this.#hub.published.configuration()
    if (token === undefined || configuration instanceof Promise) return null
    if (token.expiresAt <= this.#hub.clock().getTime()) return null
    const client = configuration.clients.get(token.client)
    return client && isAdmitted(client, token) ? callerOf(client, token) : null
  }

  /** @throws {HubError} `unauthenticated` */
  async caller(authorization: string | undefined): Promise<Caller> {
    if (authorization === undefined || !/^Bearer /i.test(authorization)) {
      throw new HubError(
        'unauthenticated',
        'Send an access token: Authorization: Bearer …; POST /oauth/token gives one.',
      )
    }
    const token = authorization.slice('Bearer '.length)
    const known = this.#known.get(token) ?? (await this.#verify(token))
    const now = this.#hub.clock().getTime()
    if (known.expiresAt <= now) {
      this.#known.delete(token)
      throw new HubError('unauthenticated', 'The access token has expired; POST /oauth/token gives a new one.')
    }
    const { clients } = await this.#hub.published.configuration()
    const client = clients.get(known.client)
    if (client === undefined || !isAdmitted(client, known)) {
      throw new HubError(
        'unauthenticated',
        'The client is suspended, or its secret was renewed since the token was given.',
      )
    }
    return callerOf(client, known)
  }

  async #verify(token: string): Promise<Known> {
    const { logOrigin } = this.#hub.config
    const verified = await jwtVerify(token, this.#publicKey, {
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
    const known: Known = {
      client: String(sub),
      scopes: new Set(String(scope).split(' ') as Scope[]),
      credential: String(credential),
      expiresAt: Number(exp) * 1000,
    }
    const oldest = this.#known.size >= knownTokens ? this.#known.keys().next().value : undefined
    if (oldest !== undefined) this.#known.delete(oldest)
    this.#known.set(token, known)
    return known
  }
}

function callerOf({ id, department }: Client, { scopes }: Known): Caller {
  return { actor: { kind: 'client', id }, department, scopes, roles: noRoles }
}

const noRoles: ReadonlySet<Role> = new Set()

function isAdmitted(client: Client, token: Known): boolean {
  return client.status === 'active' && credentialOf(client) === token.credential
}

/** Changes with the client's secret: a renewed one voids the tokens of the old. Tells nothing of the secret. */
function credentialOf(client: Client): string {
  return client.secretHash.slice(0, 8)
}
