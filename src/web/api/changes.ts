/** Changes: what a consumer has not seen yet, at once or as soon as there is something. */
import type { FastifyInstance } from 'fastify'
import { discloseChanges } from '../../exchange/changes.ts'
import { HeadWatch } from '../../exchange/head-watch.ts'
import type { Hub } from '../../exchange/hub.ts'
import { callOf, fields, purpose, standardParams, type Purpose } from '../purpose.ts'

/** How long a caller may wait, in seconds: proxies commonly end what is silent for longer. */
const longestWait = 60

type Query = { after?: string; limit: number; wait: number; fields?: string }

export function changes(app: FastifyInstance, hub: Hub): void {
  const heads = new HeadWatch(hub.store.read)
  app.addHook('preClose', async () => heads.close())

  app.get<{ Params: { id: string }; Querystring: Query; Headers: Purpose }>(
    '/v1/standards/:id/changes',
    {
      exposeHeadRoute: false,
      schema: {
        tags: ['records'],
        summary: 'What changed since a cursor',
        description:
          'Every change, in the order of commits and without a gap, that changes what the agreement shows: keep a record for each `record`, by its key, and drop it for each `removed` (withdrawn, or no longer reached), whether you have it or not; a `notice` tells of the standard (a version was published, a major is deprecated, restored or retired). Pass over a kind that you do not know. A page may be empty and its cursor moved; go on from it. 410 `cursor-expired`: the rights have changed, export again.',
        headers: purpose,
        params: standardParams,
        querystring: {
          type: 'object',
          additionalProperties: false,
          properties: {
            after: { type: 'string', maxLength: 500, description: 'Cursor of the page before, or of an export.' },
            limit: { type: 'integer', minimum: 1, maximum: 1000, default: 100, description: 'Changes a page.' },
            wait: {
              type: 'integer',
              minimum: 0,
              maximum: longestWait,
              default: 0,
              description: 'Seconds to wait for a change where there is none.',
            },
            fields,
          },
        },
        response: {
          200: {
            description: 'The changes, and the cursor to go on from. Concord-Entry is the number of the log entry.',
            content: { 'application/json': { schema: changesSchema } },
          },
        },
      },
    },
    async (request, reply) => {
      const { after, limit, wait, fields: asked } = request.query
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      // Else the server would take a caller that waits for one that has gone. The next request sets it back.
      if (wait > 0) request.raw.socket.setTimeout((longestWait + wait) * 1000)
      const call = callOf(request, request.params.id, asked)
      const page = await discloseChanges(hub, heads, call, { after, limit, waitMs: wait * 1000, signal: gone.signal })
      if (page === undefined) return reply.hijack()
      void reply.headers({ 'Concord-Entry': String(page.entry), 'Cache-Control': 'private, no-store' })
      return reply.type('application/json; charset=utf-8').send(page.body)
    },
  )
}

const notice = {
  type: 'object',
  description: 'Of your major, or of a later version; no record, and charged to no quota.',
  required: ['kind', 'standard', 'major', 'at'],
  properties: {
    kind: { type: 'string', enum: ['published', 'deprecated', 'restored', 'retired'] },
    standard: { type: 'string' },
    major: { type: 'integer' },
    version: { type: 'string', description: 'That was published.' },
    sunset: { type: 'string', format: 'date-time', description: 'Of a deprecated major: it may be retired then.' },
    at: { type: 'string', format: 'date-time' },
  },
} as const

const changesSchema = {
  type: 'object',
  required: ['changes', 'cursor'],
  properties: {
    changes: {
      type: 'array',
      items: {
        oneOf: [
          {
            type: 'object',
            required: ['kind', 'record'],
            properties: {
              kind: { const: 'record' },
              record: { type: 'object', additionalProperties: true, description: 'The record as it is served.' },
            },
          },
          {
            type: 'object',
            required: ['kind', 'key', 'revision', 'updatedAt'],
            properties: {
              kind: { const: 'removed' },
              key: { type: 'string' },
              revision: { type: 'integer' },
              updatedAt: { type: 'string', format: 'date-time' },
            },
          },
          {
            type: 'object',
            required: ['kind', 'notice'],
            properties: { kind: { const: 'notice' }, notice },
          },
        ],
      },
    },
    cursor: { type: 'string', description: 'Opaque; hands on where you stand.' },
  },
} as const
