/** Clients: departments' systems, made, shut out, let in and given new secrets. A secret is in one reply, once. */
import type { FastifyInstance } from 'fastify'
import { maxRanges } from '../../exchange/addresses.ts'
import { createClient, renewSecret, setClientStatus } from '../../exchange/clients.ts'
import type { Hub } from '../../exchange/hub.ts'
import { listClients } from '../../exchange/shown-client.ts'
import { scopes, type Scope } from '../../record.ts'
import { byOf } from '../authenticate.ts'

type NewClient = { id: string; department: string; title: string; scopes: Scope[]; addresses?: string[] }

const params = { type: 'object', properties: { id: { type: 'string', description: 'Client.' } } } as const

export function clients(app: FastifyInstance, hub: Hub): void {
  app.get(
    '/v1/clients',
    {
      schema: {
        tags: ['administration'],
        summary: 'The clients, and nothing of their secrets; that they were read is an entry',
      },
    },
    async request => ({ clients: await listClients(hub, byOf(request)) }),
  )

  app.post<{ Body: NewClient }>(
    '/v1/clients',
    {
      schema: {
        tags: ['administration'],
        summary: 'Make a client; the reply shows its secret, once',
        body: {
          type: 'object',
          additionalProperties: false,
          required: ['id', 'department', 'title', 'scopes'],
          properties: {
            id: { type: 'string', description: 'Up to 64 lower-case letters and digits, in words joined by hyphens.' },
            department: { type: 'string', maxLength: 64, description: 'Whose system it is.' },
            title: { type: 'string', minLength: 1, maxLength: 200, description: 'What it is, for people.' },
            scopes: { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string', enum: scopes } },
            addresses: {
              type: 'array',
              maxItems: maxRanges,
              items: { type: 'string', maxLength: 50 },
              description: 'CIDR ranges that it calls from; anywhere where there is none.',
            },
          },
        },
      },
    },
    async (request, reply) => {
      const made = await createClient(hub, byOf(request), request.body)
      return reply.status(201).header('Cache-Control', 'no-store').send(made)
    },
  )

  for (const [verb, status, summary] of [
    ['suspend', 'suspended', 'Shut a client out, within a second'],
    ['resume', 'active', 'Let a suspended client in again'],
  ] as const) {
    app.post<{ Params: { id: string } }>(
      `/v1/clients/:id/${verb}`,
      { schema: { tags: ['administration'], summary, params } },
      async request => {
        const { id } = request.params
        await setClientStatus(hub, byOf(request), id, status)
        return { id, status }
      },
    )
  }

  app.post<{ Params: { id: string }; Body: { overlapSeconds?: number } | null }>(
    '/v1/clients/:id/renew-secret',
    {
      schema: {
        tags: ['administration'],
        summary: 'Give a client a new secret; the reply shows it, once',
        params,
        body: {
          type: ['object', 'null'],
          additionalProperties: false,
          properties: {
            overlapSeconds: {
              type: 'integer',
              minimum: 0,
              maximum: 2_592_000,
              description: 'For how long the secret before still lets in, up to 30 days; not at all where left out.',
            },
          },
        },
      },
    },
    async (request, reply) => {
      const overlapMs = (request.body?.overlapSeconds ?? 0) * 1000
      const renewed = await renewSecret(hub, byOf(request), request.params.id, overlapMs)
      return reply.header('Cache-Control', 'no-store').send(renewed)
    },
  )
}
