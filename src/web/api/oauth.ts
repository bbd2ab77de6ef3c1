/** `POST /oauth/token`: OAuth 2 client credentials by `client_secret_basic` (RFC 6749 §4.4, §2.3.1). */
import type { FastifyInstance } from 'fastify'
import { timingSafeEqual } from 'node:crypto'
import { secretHash } from '../../exchange/administer.ts'
import { entryOf, type Hub } from '../../exchange/hub.ts'
import type { Scope } from '../../record.ts'
import type { Client } from '../../store/clients.ts'
import type { Refusals } from '../../exchange/supervise.ts'
import { tokenSeconds, type Tokens } from '../tokens.ts'

type TokenRequest = { grant_type: 'client_credentials'; scope?: string }

export function oauth(app: FastifyInstance, hub: Hub, tokens: Tokens, refusals: Refusals): void {
  app.post<{ Body: TokenRequest }>(
    '/oauth/token',
    {
      bodyLimit: 4096,
      schema: {
        tags: ['tokens'],
        summary: 'An access token for a client',
        description:
          'OAuth 2 client credentials. The client’s id and secret go into HTTP Basic; the token is good for ten minutes.',
        security: [{ basic: [] }],
        consumes: ['application/x-www-form-urlencoded'],
        body: {
          type: 'object',
          required: ['grant_type'],
          properties: {
            grant_type: { type: 'string', const: 'client_credentials' },
            scope: {
              type: 'string',
              maxLength: 200,
              description: 'Fewer scopes than the client has, joined by blanks.',
            },
          },
        },
      },
    },
    async (request, reply) => {
      // RFC 6749 §5.1: a token must not be cached.
      void reply.header('Cache-Control', 'no-store')
      const client = await authenticate(hub, request.headers.authorization)
      if (client === undefined) {
        refusals.count()
        return reply
          .status(401)
          .header('WWW-Authenticate', 'Basic realm="concord"')
          .send({ error: 'invalid_client', error_description: 'Unknown client, wrong secret, or suspended.' })
      }
      const wanted = request.body.scope?.split(' ').filter(scope => scope !== '') ?? client.scopes
      const by = {
        actor: { kind: 'client', id: client.id },
        department: client.department,
        request: request.id,
      } as const
      const entry = { ...entryOf(hub, by), operation: 'token', count: 0 } as const
      if (!wanted.every((scope): scope is Scope => client.scopes.includes(scope as Scope))) {
        await hub.log.append({ ...entry, outcome: 'refused', problem: 'scope-missing' })
        return reply
          .status(400)
          .send({ error: 'invalid_scope', error_description: 'The client does not have this scope.' })
      }
      const token = await tokens.issue(client, wanted as readonly Scope[])
      await hub.log.append({ ...entry, outcome: 'done' })
      return { access_token: token, token_type: 'Bearer', expires_in: tokenSeconds, scope: wanted.join(' ') }
    },
  )
}

async function authenticate(hub: Hub, authorization: string | undefined): Promise<Client | undefined> {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(/:(.*)/s)
  const { clients } = await hub.published.configuration()
  const client = clients.get(unescape(id))
  const given = Buffer.from(secretHash(unescape(secret)))
  // An unknown client costs the same comparison.
  const isRight = timingSafeEqual(given, client ? Buffer.from(client.secretHash) : Buffer.alloc(given.length))
  return isRight && client?.status === 'active' ? client : undefined
}

/** RFC 6749 §2.3.1: both halves are form-encoded first; ids and secrets of ours have nothing to encode. */
function unescape(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
