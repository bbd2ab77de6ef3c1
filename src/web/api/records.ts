/** Records: one, what it was, or a page. Whatever is sent here has its entry in the log before. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readAsOf } from '../../exchange/as-of.ts'
import { discloseHistory } from '../../exchange/disclose-history.ts'
import { disclosePage } from '../../exchange/disclose-page.ts'
import { discloseRecord } from '../../exchange/disclose.ts'
import type { Disclosure } from '../../exchange/disclosure.ts'
import type { Hub } from '../../exchange/hub.ts'
import { callOf, fields, purpose, standardParams, type Purpose } from '../purpose.ts'
import { conditionalReply, pageOfHistory, pageOfRecords, servedRecord } from '../reply-docs.ts'

type Headers = Purpose & { 'if-none-match'?: string }

const headers = {
  type: 'object',
  properties: {
    ...purpose.properties,
    'if-none-match': { type: 'string', description: 'Entity tags that the client has.' },
  },
} as const

const params = {
  type: 'object',
  properties: {
    ...standardParams.properties,
    key: { type: 'string', description: 'Key; parts joined by ~1, a ~ in a part written ~0.' },
  },
} as const

const paging = {
  limit: { type: 'integer', minimum: 1, maximum: 1000, default: 100, description: 'Items a page.' },
  cursor: { type: 'string', minLength: 1, maxLength: 8000, description: 'From the page before; null on the last one.' },
} as const

const asOf = {
  type: 'string',
  minLength: 1,
  maxLength: 100,
  description:
    'The record as it stood, under the rights of now: an instant (RFC 3339, its + written %2B), or a day, which stands for its end in UTC. One that has not come gives what stands now.',
} as const

export function records(app: FastifyInstance, hub: Hub): void {
  app.get<{
    Params: { id: string; key: string }
    Querystring: { fields?: string; asOf?: string }
    Headers: Headers
  }>(
    '/v1/standards/:id/records/:key',
    {
      schema: {
        tags: ['records'],
        summary: 'One record',
        description: 'As it stands, or as it stood.',
        headers,
        params,
        querystring: { type: 'object', additionalProperties: false, properties: { fields, asOf } },
        response: conditionalReply('The record.', servedRecord),
      },
    },
    async (request, reply) => {
      const { id, key } = request.params
      const { fields: names, asOf: time } = request.query
      const asked = { key, asOf: time === undefined ? undefined : readAsOf(time), knownTags: tagsOf(request) }
      return send(reply, await discloseRecord(hub, callOf(request, id, names), asked))
    },
  )

  app.get<{
    Params: { id: string; key: string }
    Querystring: { limit: number; cursor?: string; fields?: string }
    Headers: Headers
  }>(
    '/v1/standards/:id/records/:key/history',
    {
      schema: {
        tags: ['records'],
        summary: 'What a record was',
        description:
          'Its revisions, newest first, and its withdrawals. Revisions that follow each other and look the same to this client are one, the oldest of them; those that the agreement did not reach are left out.',
        headers,
        params,
        querystring: { type: 'object', additionalProperties: false, properties: { ...paging, fields } },
        response: conditionalReply('The revisions, and the cursor to older ones.', pageOfHistory),
      },
    },
    async (request, reply) => {
      const { id, key } = request.params
      const { limit, cursor, fields: names } = request.query
      const asked = { key, limit, cursor, knownTags: tagsOf(request) }
      return send(reply, await discloseHistory(hub, callOf(request, id, names), asked))
    },
  )

  app.get<{ Params: { id: string }; Querystring: Record<string, string> & { limit: number }; Headers: Headers }>(
    '/v1/standards/:id/records',
    {
      schema: {
        tags: ['records'],
        summary: 'A page of records',
        description: 'In the order of their keys. Any indexed field that the agreement grants may stand as a filter.',
        headers,
        params: standardParams,
        querystring: {
          type: 'object',
          additionalProperties: { type: 'string', maxLength: 400 },
          properties: { ...paging, fields },
        },
        response: conditionalReply('The page, and the cursor to the next.', pageOfRecords),
      },
    },
    async (request, reply) => {
      const { limit, cursor, fields: names, ...filters } = request.query
      const asked = { filters: new Map(Object.entries(filters)), limit, cursor, knownTags: tagsOf(request) }
      return send(reply, await disclosePage(hub, callOf(request, request.params.id, names), asked))
    },
  )
}

function send(reply: FastifyReply, { entry, etag, body }: Disclosure): FastifyReply {
  void reply.headers({ 'Concord-Entry': String(entry), ETag: etag, 'Cache-Control': 'private, no-cache' })
  if (body === undefined) return reply.status(304).send()
  return reply.type('application/json; charset=utf-8').send(body)
}

function tagsOf(request: FastifyRequest): string[] {
  return request.headers['if-none-match']?.split(',').map(tag => tag.trim()) ?? []
}
