/** `POST /oauth/token`: OAuth 2 client credentials (RFC 6749 §4.4), by secret or by signed assertion; a grant for users. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isWithin } from '../../exchange/addresses.ts'
import { entryOf, type Hub } from '../../exchange/hub.ts'
import type { Scope } from '../../record.ts'
import type { Refusals } from '../../exchange/supervise.ts'
import { assertionProperties, authenticateClient, type ClientAssertion } from '../client-authentication.ts'
import { addressRefused, type CallLimits } from '../limits.ts'
import { credentialName, tokenSeconds, type Tokens } from '../tokens.ts'
import { grantToUser, userGrantProperties, userGrantType, type UserGrant } from '../user-grant.ts'

type TokenRequest = ClientAssertion & UserGrant & { grant_type: string; scope?: string }

const clientGrantType = 'client_credentials'

const formType = 'application/x-www-form-urlencoded'

export type Door = {
  readonly tokens: Tokens
  readonly limits: CallLimits
  readonly refusals: Refusals
}

export function oauth(app: FastifyInstance, hub: Hub, { tokens, limits, refusals }: Door): void {
  app.post<{ Body: TokenRequest }>(
    '/oauth/token',
    {
      bodyLimit: 8192,
      // Before anything is read: to check a secret or a signature is what a stranger can make the hub do.
      onRequest: (request, reply, done) => {
        try {
          limits.admitAddress(request, reply)
        } catch (error) {
          refusals.count()
          return done(error as Error)
        }
        if (isForm(request)) return done()
        refusals.count()
        const why = `Send the parameters as ${formType} in the body (RFC 6749 §4.4.2).`
        void reply.header('Cache-Control', 'no-store').status(400)
        void reply.send({ error: 'invalid_request', error_description: why })
      },
      schema: {
        tags: ['tokens'],
        summary: 'An access token for a client or a user',
        description:
          'OAuth 2 client credentials. The client’s id and secret go into HTTP Basic, or an assertion signed by one of its keys into the body (RFC 7523). A user sends the grant type of users with username, password and totp. The token is good for ten minutes.',
        security: [{ basic: [] }, {}],
        consumes: [formType],
        body: {
          type: 'object',
          required: ['grant_type'],
          properties: {
            grant_type: { type: 'string', maxLength: 200, examples: [clientGrantType, userGrantType] },
            scope: {
              type: 'string',
              maxLength: 200,
              description: 'Fewer scopes than the client has, joined by blanks.',
            },
            ...assertionProperties,
            ...userGrantProperties,
          },
        },
      },
    },
    async (request, reply) => {
      // RFC 6749 §5.1: a token must not be cached.
      void reply.header('Cache-Control', 'no-store')
      const { grant_type: type } = request.body
      if (type === userGrantType) return grantToUser({ hub, tokens, refusals }, request, reply)
      if (type !== clientGrantType) {
        refusals.count()
        const why = `There is ${clientGrantType} and ${userGrantType}.`
        return reply.status(400).send({ error: 'unsupported_grant_type', error_description: why })
      }
      const identified = await authenticateClient(hub, request)
      if ('error' in identified) {
        refusals.count()
        const { status, ...error } = identified
        if (status === 401) void reply.header('WWW-Authenticate', 'Basic realm="concord"')
        return reply.status(status).send(error)
      }
      const { client, shown } = identified
      const wanted = request.body.scope?.split(' ').filter(scope => scope !== '') ?? client.scopes
      const by = {
        actor: { kind: 'client', id: client.id },
        department: client.department,
        request: request.id,
      } as const
      const entry = { ...entryOf(hub, by), operation: 'token', count: 0 } as const
      if (!isWithin(client.addresses, request.ip)) {
        await hub.log.append({ ...entry, outcome: 'refused', problem: 'address-refused' })
        throw addressRefused()
      }
      if (!wanted.every((scope): scope is Scope => client.scopes.includes(scope as Scope))) {
        await hub.log.append({ ...entry, outcome: 'refused', problem: 'scope-missing' })
        return reply
          .status(400)
          .send({ error: 'invalid_scope', error_description: 'The client does not have this scope.' })
      }
      const token = await tokens.issue(client, wanted as readonly Scope[], credentialName(shown))
      await hub.log.append({ ...entry, outcome: 'done' })
      return { access_token: token, token_type: 'Bearer', expires_in: tokenSeconds, scope: wanted.join(' ') }
    },
  )
}

function isForm({ headers }: FastifyRequest): boolean {
  return headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() === formType
}
