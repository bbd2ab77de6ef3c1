/**
 * Open data: for anybody, without credentials. Whatever is sent here has its entry in the log before, as everywhere; who
 * asked is `public`, and the address stands nowhere.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Disclosure } from '../../exchange/disclosure.ts'
import { exportFormats, type ExportFormat } from '../../exchange/export-writer.ts'
import type { Hub } from '../../exchange/hub.ts'
import { exportOpen, readOpenPage, readOpenRecord, type OpenCall } from '../../exchange/open-records.ts'
import { listOpenStandards } from '../../exchange/open-standards.ts'
import type { Refusals } from '../../exchange/supervise.ts'
import { exportPace, OpenLimits } from '../open-limits.ts'
import { fields, standardParams } from '../purpose.ts'
import { conditionalReply, pageOfRecords, servedRecord } from '../reply-docs.ts'
import { RunningStreams } from '../stream-reply.ts'
import { contentDocs, formatOf, mediaTypes } from './export.ts'

type Headers = { 'if-none-match'?: string }

const headers = {
  type: 'object',
  properties: { 'if-none-match': { type: 'string', description: 'Entity tags that the caller has.' } },
} as const

const params = {
  type: 'object',
  properties: {
    ...standardParams.properties,
    key: { type: 'string', description: 'Key; parts joined by ~1, a ~ in a part written ~0.' },
  },
} as const

/** Half of what a client gets: many share the hub here. */
const mostRecords = 500

const paging = {
  limit: { type: 'integer', minimum: 1, maximum: mostRecords, default: 100, description: 'Items a page.' },
  cursor: { type: 'string', minLength: 1, maxLength: 8000, description: 'From the page before; null on the last one.' },
} as const

const openStandards = {
  type: 'object',
  properties: {
    standards: { type: 'array', items: { type: 'object', additionalProperties: true } },
    cursor: { type: ['string', 'null'] },
  },
} as const

/** In a scope of its own, for its limits and its counting of refusals. */
export function open(app: FastifyInstance, hub: Hub, refusals: Refusals): void {
  const limits = new OpenLimits(hub)
  const running = new RunningStreams(app)
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('Access-Control-Allow-Origin', '*')
    try {
      limits.admit(request, reply)
      done()
    } catch (error) {
      done(error as Error)
    }
  })
  app.addHook('onError', (_request, _reply, _error, done) => {
    refusals.count()
    done()
  })

  app.get<{ Querystring: { limit: number; cursor?: string } }>(
    '/open/standards',
    {
      schema: {
        tags: ['open data'],
        summary: 'What is open',
        description:
          'Standards that are declared open and shared without condition, and have no field above L1: by their ids, in pages. The cursor is the last id.',
        security: [],
        querystring: { type: 'object', additionalProperties: false, properties: paging },
        response: {
          200: { description: 'The page.', content: { 'application/json': { schema: openStandards } } },
        },
      },
    },
    async (request, reply) => {
      const { limit, cursor } = request.query
      void reply.header('Cache-Control', 'public, max-age=60')
      return listOpenStandards(hub, { after: cursor, limit })
    },
  )

  app.get<{
    Params: { id: string }
    Querystring: Record<string, string> & { limit: number }
    Headers: Headers
  }>(
    '/open/standards/:id/records',
    {
      schema: {
        tags: ['open data'],
        summary: 'A page of open records',
        description: 'In the order of their keys. Any indexed field may stand as a filter.',
        security: [],
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
      limits.takeShare(request, limit)
      const asked = { filters: new Map(Object.entries(filters)), limit, cursor, knownTags: tagsOf(request) }
      return send(reply, await readOpenPage(hub, callOf(request, names), asked))
    },
  )

  app.get<{ Params: { id: string; key: string }; Querystring: { fields?: string }; Headers: Headers }>(
    '/open/standards/:id/records/:key',
    {
      schema: {
        tags: ['open data'],
        summary: 'One open record',
        security: [],
        headers,
        params,
        querystring: { type: 'object', additionalProperties: false, properties: { fields } },
        response: conditionalReply('The record.', servedRecord),
      },
    },
    async (request, reply) => {
      limits.takeShare(request, 1)
      const asked = { key: request.params.key, knownTags: tagsOf(request) }
      return send(reply, await readOpenRecord(hub, callOf(request, request.query.fields), asked))
    },
  )

  app.get<{
    Params: { id: string }
    Querystring: { fields?: string; format?: ExportFormat }
    Headers: { accept?: string }
  }>(
    '/open/standards/:id/export',
    {
      // It would read, and enter, everything to send nothing.
      exposeHeadRoute: false,
      schema: {
        tags: ['open data'],
        summary: 'All records of an open standard',
        description:
          'Streamed, in gzip where Accept-Encoding has it. A whole NDJSON export ends with the line {"cursor":null}, an XML one with </records>, a CSV one with the end of the HTTP message; one that may not go on is cut.',
        security: [],
        headers: {
          type: 'object',
          properties: {
            accept: { type: 'string', description: `One of ${mediaTypes().join(', ')}, where \`format\` is left out.` },
          },
        },
        params: standardParams,
        querystring: {
          type: 'object',
          additionalProperties: false,
          properties: {
            fields,
            format: { type: 'string', enum: Object.keys(exportFormats), description: 'Comes before Accept.' },
          },
        },
        response: {
          200: {
            description: 'The records. Concord-Entry is the number of the first log entry.',
            content: contentDocs(),
          },
        },
      },
    },
    async (request, reply) => {
      void reply.header('Vary', 'Accept, Accept-Encoding')
      const format = request.query.format ?? formatOf(request.headers.accept)
      limits.takeShare(request, 1)
      const onClose = limits.beginExport(request)
      const onRecords = (count: number): void => limits.takeShare(request, count)
      const options = { format, onRecords }
      const { entry, chunks } = await exportOpen(hub, callOf(request, request.query.fields), options).catch(
        (error: unknown) => {
          onClose()
          throw error
        },
      )
      void reply.headers({
        'Concord-Entry': String(entry),
        'Cache-Control': 'no-store',
        'Content-Type': exportFormats[format].contentType,
        'Content-Disposition': `attachment; filename="${request.params.id}.${format}"`,
      })
      return running.send(request, reply, { chunks, onClose, pace: exportPace })
    },
  )
}

function callOf(request: FastifyRequest<{ Params: { id: string } }>, names: string | undefined): OpenCall {
  return { standard: request.params.id, request: request.id, fields: names?.split(',') }
}

/** Whoever keeps a reply asks whether it still holds each time it is used: so each use has its entry. */
function send(reply: FastifyReply, { entry, etag, body }: Disclosure): FastifyReply {
  void reply.headers({ 'Concord-Entry': String(entry), ETag: etag, 'Cache-Control': 'public, no-cache' })
  if (body === undefined) return reply.status(304).send()
  return reply.type('application/json; charset=utf-8').send(body)
}

function tagsOf(request: FastifyRequest<{ Headers: Headers }>): string[] {
  return request.headers['if-none-match']?.split(',').map(tag => tag.trim()) ?? []
}
