/**
 * Tokens for people: an extension grant (RFC 6749 §4.5) by password and one-time code, for which no client is needed.
 *
 * The token says who, never which roles: those are asked of the configuration at every call.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { entryOf, type Hub } from '../exchange/hub.ts'
import { signIn } from '../exchange/sign-in.ts'
import type { Refusals } from '../exchange/supervise.ts'
import { tokenSeconds, type Tokens } from './tokens.ts'

export const userGrantType = 'urn:concord:params:oauth:grant-type:totp'

/** The parameters of the grant, beside `grant_type`. */
export const userGrantProperties = {
  username: { type: 'string', maxLength: 64, description: 'A user’s id, for the grant of users.' },
  password: { type: 'string', maxLength: 200, description: 'Their password.' },
  totp: { type: 'string', maxLength: 10, description: 'The six digits that their authenticator app shows; each once.' },
} as const

export type UserGrant = {
  readonly username?: string
  readonly password?: string
  readonly totp?: string
  readonly scope?: string
}

/** Answers a request for a user's token; errors as in RFC 6749 §5.2. */
export async function grantToUser(
  { hub, tokens, refusals }: { readonly hub: Hub; readonly tokens: Tokens; readonly refusals: Refusals },
  request: FastifyRequest<{ Body: UserGrant }>,
  reply: FastifyReply,
): Promise<object> {
  const { username, password, totp, scope } = request.body
  const refuse = (error: string, description: string): FastifyReply => {
    refusals.count()
    return reply.status(400).send({ error, error_description: description })
  }
  if (username === undefined || password === undefined || totp === undefined) {
    return refuse('invalid_request', 'Send username, password and totp.')
  }
  if (scope !== undefined) return refuse('invalid_scope', 'A user has roles, and no scopes: leave scope out.')
  const user = await signIn(hub, { id: username, password, code: totp, request: request.id })
  if (user === undefined) {
    const why =
      'Unknown user, wrong password or code, a code used before, suspended, or locked for a quarter of an hour.'
    return refuse('invalid_grant', why)
  }
  const token = await tokens.issueToUser(user)
  const { id, department } = user
  const by = {
    actor: { kind: 'user', id },
    request: request.id,
    ...(department !== undefined && { department }),
  } as const
  await hub.log.append({ ...entryOf(hub, by), operation: 'token', outcome: 'done', count: 0 })
  return { access_token: token, token_type: 'Bearer', expires_in: tokenSeconds }
}
