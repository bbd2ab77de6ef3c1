/** Exports: everything that an agreement grants, in one stream. Each page of it has its entry before it is sent. */
import type { FastifyInstance } from 'fastify'
import { HubError } from '../../errors.ts'
import { exportRecords } from '../../exchange/export.ts'
import { exportFormats, type ExportFormat } from '../../exchange/export-writer.ts'
import type { Hub } from '../../exchange/hub.ts'
import { preferredType } from '../accept.ts'
import { callOf, fields, purpose, standardParams, type Purpose } from '../purpose.ts'
import { RunningStreams } from '../stream-reply.ts'

export function exports(app: FastifyInstance, hub: Hub): void {
  const running = new RunningStreams(app)

  app.get<{ Params: { id: string }; Querystring: { fields?: string }; Headers: Purpose & { accept?: string } }>(
    '/v1/standards/:id/export',
    {
      // It would read, and enter, everything to send nothing.
      exposeHeadRoute: false,
      schema: {
        tags: ['records'],
        summary: 'Everything that the agreement grants',
        description:
          'Streamed in the format of Accept, in gzip where Accept-Encoding has it. Ends with the cursor to go on from with the changes since its beginning. Where it may not go on (the agreement was revoked, its rights or its quota have ended) the connection is cut. A whole NDJSON export ends with the line {"cursor":"…"}, an XML one with </records>, a CSV one with the end of the HTTP message.',
        headers: {
          type: 'object',
          properties: {
            ...purpose.properties,
            accept: {
              type: 'string',
              description: `One of ${mediaTypes().join(', ')}; the first where it is left out.`,
            },
          },
        },
        params: standardParams,
        querystring: { type: 'object', additionalProperties: false, properties: { fields } },
        response: { 200: { description: replyDocs, content: contentDocs() } },
      },
    },
    async (request, reply) => {
      void reply.header('Vary', 'Accept, Accept-Encoding')
      const { contentType, writerOf } = exportFormats[formatOf(request.headers.accept)]
      const call = callOf(request, request.params.id, request.query.fields)
      const { entry, cursor, chunks } = await exportRecords(hub, call, { writerOf })
      void reply.headers({
        'Concord-Entry': String(entry),
        'Concord-Cursor': cursor,
        'Cache-Control': 'private, no-store',
        'Content-Type': contentType,
      })
      return running.send(request, reply, { chunks })
    },
  )
}

const replyDocs =
  'The records. Concord-Entry is the number of the first log entry, Concord-Cursor the cursor to go on from with changes.'

/** @throws {HubError} `not-acceptable` */
export function formatOf(accept: string | undefined): ExportFormat {
  const type = preferredType(accept, mediaTypes())
  const found = Object.entries(exportFormats).find(([, { mediaType }]) => mediaType === type)
  if (found !== undefined) return found[0] as ExportFormat
  throw new HubError('not-acceptable', `An export is ${mediaTypes().join(', ')}: name one of them in Accept.`)
}

export function mediaTypes(): [string, ...string[]] {
  return Object.values(exportFormats).map(({ mediaType }) => mediaType) as [string, ...string[]]
}

export function contentDocs(): object {
  const schema = { type: 'string' }
  return Object.fromEntries(mediaTypes().map(type => [type, { schema }]))
}
