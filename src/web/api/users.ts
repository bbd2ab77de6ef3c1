/** Users: people, made, shut out, let in and given new credentials. Password and TOTP secret are in one reply, once. */
import type { FastifyInstance } from 'fastify'
import type { Hub } from '../../exchange/hub.ts'
import { createUser, listUsers, renewUser, setUserStatus } from '../../exchange/users.ts'
import { roles, type Role } from '../../record.ts'
import { byOf } from '../authenticate.ts'

type NewUser = { id: string; department?: string; title: string; roles: Role[] }

const params = { type: 'object', properties: { id: { type: 'string', description: 'User.' } } } as const

export function users(app: FastifyInstance, hub: Hub): void {
  app.get(
    '/v1/users',
    {
      schema: {
        tags: ['administration'],
        summary: 'The users, and nothing of their credentials; that they were read is an entry',
      },
    },
    async request => ({ users: await listUsers(hub, byOf(request)) }),
  )

  app.post<{ Body: NewUser }>(
    '/v1/users',
    {
      schema: {
        tags: ['administration'],
        summary: 'Make a user; the reply shows password and TOTP secret, once',
        description:
          'An administrator or auditor is the hub’s: without a department, and nothing else. A steward or member, or both, is a department’s.',
        body: {
          type: 'object',
          additionalProperties: false,
          required: ['id', 'title', 'roles'],
          properties: {
            id: { type: 'string', description: 'Up to 64 lower-case letters and digits, in words joined by hyphens.' },
            department: { type: 'string', maxLength: 64, description: 'Of a steward or member.' },
            title: { type: 'string', minLength: 1, maxLength: 200, description: 'Their name, for people.' },
            roles: { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string', enum: roles } },
          },
        },
      },
    },
    async (request, reply) => {
      const made = await createUser(hub, byOf(request), request.body)
      return reply.status(201).header('Cache-Control', 'no-store').send(made)
    },
  )

  for (const [verb, status, summary] of [
    ['suspend', 'suspended', 'Shut a user out, within a second; nobody does so to themselves'],
    ['resume', 'active', 'Let a suspended or locked user in again'],
  ] as const) {
    app.post<{ Params: { id: string } }>(
      `/v1/users/:id/${verb}`,
      { schema: { tags: ['administration'], summary, params } },
      async request => {
        const { id } = request.params
        await setUserStatus(hub, byOf(request), id, status)
        return { id, status }
      },
    )
  }

  app.post<{ Params: { id: string } }>(
    '/v1/users/:id/renew',
    {
      schema: {
        tags: ['administration'],
        summary: 'Give a user a new password and TOTP secret; the reply shows them, once',
        description: 'The old ones are void, with every token given for them. Nobody renews their own.',
        params,
      },
    },
    async (request, reply) => {
      const renewed = await renewUser(hub, byOf(request), request.params.id)
      return reply.header('Cache-Control', 'no-store').send(renewed)
    },
  )
}
