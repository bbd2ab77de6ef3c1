/** Records named in a body: looked up by their keys, or compared with what is claimed of them. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Claims } from '../../exchange/claims.ts'
import type { Answer } from '../../exchange/disclosure.ts'
import type { Hub } from '../../exchange/hub.ts'
import { keysAtMost, lookUp } from '../../exchange/lookup.ts'
import { verify } from '../../exchange/verify.ts'
import { languageOf } from '../language.ts'
import { callOf, purpose, standardParams, type Purpose } from '../purpose.ts'
import { foundRecords, jsonReply, verdicts } from '../reply-docs.ts'

const key = {
  type: 'string',
  minLength: 1,
  maxLength: 2000,
  description: 'Key, not sealed; parts joined by ~1, a ~ in a part written ~0.',
} as const

/** A call that names its records in its body takes nothing in its address. */
const querystring = { type: 'object', additionalProperties: false, properties: {} } as const

export function lookups(app: FastifyInstance, hub: Hub): void {
  app.post<{ Params: { id: string }; Body: { keys: string[]; fields?: string[] }; Headers: Purpose }>(
    '/v1/standards/:id/lookup',
    {
      schema: {
        tags: ['records'],
        summary: 'Records by their keys',
        description:
          'Each once, in the order asked. Also of a standard whose key is sealed, which no address may hold. What is missing is entered as a refusal.',
        headers: purpose,
        params: standardParams,
        querystring,
        body: {
          type: 'object',
          additionalProperties: false,
          required: ['keys'],
          properties: {
            keys: { type: 'array', minItems: 1, maxItems: keysAtMost, items: key },
            fields: {
              type: 'array',
              minItems: 1,
              maxItems: 500,
              items: { type: 'string', minLength: 1, maxLength: 400 },
              description: 'Fields to be sent: leaves such as investors.name, or what holds them.',
            },
          },
          examples: [{ keys: ['91331199MAXT000111'], fields: ['name', 'investors.name'] }],
        },
        response: jsonReply('What was found, and which keys were not.', foundRecords),
      },
    },
    async (request, reply) => {
      const { keys, fields } = request.body
      const call = { ...callOf(request, request.params.id, undefined), fields }
      return answer(reply, await lookUp(hub, call, keys))
    },
  )

  app.post<{ Params: { id: string }; Body: { key: string; claims: Claims }; Headers: Purpose }>(
    '/v1/standards/:id/verify',
    {
      schema: {
        tags: ['records'],
        summary: 'Whether a record says what is claimed of it',
        description:
          'No value is disclosed: match, mismatch, or unknown where the record does not say. A claim names a leaf that the agreement grants and has the form of its schema; values are compared in canonical form (RFC 8785). A leaf within the elements of an array matches if one of them says so, and each claim is compared by itself.',
        headers: purpose,
        params: standardParams,
        querystring,
        body: {
          type: 'object',
          additionalProperties: false,
          required: ['key', 'claims'],
          properties: {
            key,
            claims: {
              type: 'object',
              minProperties: 1,
              maxProperties: 100,
              additionalProperties: true,
              description: 'Claimed values by field.',
            },
          },
          examples: [{ key: '91331199MAXT000111', claims: { status: '1', 'investors.name': '张示例' } }],
        },
        response: jsonReply('The verdict on each field.', verdicts),
      },
    },
    async (request, reply) => {
      const { key: named, claims } = request.body
      const call = callOf(request, request.params.id, undefined)
      return answer(reply, await verify(hub, call, { key: named, claims, language: languageOf(request) }))
    },
  )
}

function answer(reply: FastifyReply, { entry, body }: Answer): FastifyReply {
  void reply.headers({ 'Concord-Entry': String(entry), 'Cache-Control': 'no-store' })
  return reply.type('application/json; charset=utf-8').send(body)
}
