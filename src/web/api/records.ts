/** Records: one, or a page. Whatever is sent here has its entry in the log before. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Call } from '../../exchange/access-entry.ts'
import { discloseRecord, disclosePage, type Disclosure } from '../../exchange/disclose.ts'
import type { Hub } from '../../exchange/hub.ts'
import { byDepartment } from '../authenticate.ts'

type Purpose = { 'concord-matter'?: string; 'concord-case'?: string; 'if-none-match'?: string }

const purpose = {
  type: 'object',
  properties: {
    'concord-matter': {
      type: 'string',
      minLength: 1,
      maxLength: 100,
      description: 'Matter code (事项编码) that the call serves.',
    },
    'concord-case': { type: 'string', minLength: 1, maxLength: 200, description: 'The case that the call serves.' },
    'if-none-match': { type: 'string', description: 'Entity tags that the client has.' },
  },
} as const

const fields = {
  type: 'string',
  minLength: 1,
  maxLength: 4000,
  description: 'Fields to be sent, joined by commas: leaves such as investors.name, or what holds them.',
} as const

const replyDocs = (what: string) => ({
  200: {
    description: `${what} Concord-Entry is the number of the log entry, ETag the digest of what this client may see.`,
    content: { 'application/json': { schema: { type: 'object', additionalProperties: true } } },
  },
  304: { description: 'What the client has is current. This is an entry too.', type: 'null' },
})

export function records(app: FastifyInstance, hub: Hub): void {
  app.get<{ Params: { id: string; key: string }; Querystring: { fields?: string }; Headers: Purpose }>(
    '/v1/standards/:id/records/:key',
    {
      schema: {
        tags: ['records'],
        summary: 'One record',
        headers: purpose,
        params: {
          type: 'object',
          properties: {
            id: { type: 'string', description: 'Standard.' },
            key: { type: 'string', description: 'Key; parts joined by ~1, a ~ in a part written ~0.' },
          },
        },
        querystring: { type: 'object', additionalProperties: false, properties: { fields } },
        response: replyDocs('The record.'),
      },
    },
    async (request, reply) => {
      const call = callOf(request, request.params.id, request.query.fields)
      const { key } = request.params
      return send(reply, await discloseRecord(hub, call, { key, knownTags: tagsOf(request) }))
    },
  )

  app.get<{ Params: { id: string }; Querystring: Record<string, string> & { limit: number }; Headers: Purpose }>(
    '/v1/standards/:id/records',
    {
      schema: {
        tags: ['records'],
        summary: 'A page of records',
        description: 'In the order of their keys. Any indexed field that the agreement grants may stand as a filter.',
        headers: purpose,
        params: { type: 'object', properties: { id: { type: 'string', description: 'Standard.' } } },
        querystring: {
          type: 'object',
          additionalProperties: { type: 'string', maxLength: 400 },
          properties: {
            limit: { type: 'integer', minimum: 1, maximum: 1000, default: 100, description: 'Records a page.' },
            cursor: { type: 'string', maxLength: 2000, description: 'From the page before; null on the last one.' },
            fields,
          },
        },
        response: replyDocs('The page, and the cursor to the next.'),
      },
    },
    async (request, reply) => {
      const { limit, cursor, fields: asked, ...filters } = request.query
      const page = { filters: new Map(Object.entries(filters)), limit, cursor, knownTags: tagsOf(request) }
      return send(reply, await disclosePage(hub, callOf(request, request.params.id, asked), page))
    },
  )
}

function callOf(request: FastifyRequest<{ Headers: Purpose }>, standard: string, fieldNames: string | undefined): Call {
  return {
    by: byDepartment(request),
    standard,
    matter: headerText(request.headers['concord-matter']),
    case: headerText(request.headers['concord-case']),
    fields: fieldNames?.split(','),
  }
}

/** Node.js reads headers as Latin-1; who writes 案件 sends UTF-8. */
function headerText(value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  const text = Buffer.from(value, 'latin1').toString('utf8')
  return text.includes('\ufffd') ? value : text
}

function send(reply: FastifyReply, { entry, etag, body }: Disclosure): FastifyReply {
  void reply.headers({ 'Concord-Entry': String(entry), ETag: etag, 'Cache-Control': 'private, no-cache' })
  if (body === undefined) return reply.status(304).send()
  return reply.type('application/json; charset=utf-8').send(body)
}

function tagsOf(request: FastifyRequest): string[] {
  return request.headers['if-none-match']?.split(',').map(tag => tag.trim()) ?? []
}
