/** Exports: everything that an agreement grants, in one stream. Each page of it has its entry before it is sent. */
import type { FastifyInstance } from 'fastify'
import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { HubError } from '../../errors.ts'
import { exportRecords } from '../../exchange/export.ts'
import { exportFormats, type ExportFormat } from '../../exchange/export-writer.ts'
import type { Hub } from '../../exchange/hub.ts'
import { preferredType, takesGzip } from '../accept.ts'
import { callOf, fields, purpose, standardParams, type Purpose } from '../purpose.ts'

export function exports(app: FastifyInstance, hub: Hub): void {
  const running = new Set<Readable>()
  // An export may take hours: one that is cut is known for it, and begun again.
  app.addHook('preClose', async () => {
    for (const body of running) body.destroy(new Error('the hub is closing'))
  })

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
      const body = Readable.from(chunks, { objectMode: false, highWaterMark: 1 })
      running.add(body)
      body.once('close', () => running.delete(body))
      void reply.headers({
        'Concord-Entry': String(entry),
        'Concord-Cursor': cursor,
        'Cache-Control': 'private, no-store',
        'Content-Type': contentType,
      })
      if (!takesGzip(request.headers['accept-encoding'])) return reply.send(body)
      // The fastest: the network within an administration is faster than a better level.
      const gzip = createGzip({ level: 1 })
      // Whichever of both fails destroys the other, and by it the connection.
      pipeline(body, gzip, () => {})
      return reply.header('Content-Encoding', 'gzip').send(gzip)
    },
  )
}

const replyDocs =
  'The records. Concord-Entry is the number of the first log entry, Concord-Cursor the cursor to go on from with changes.'

/** @throws {HubError} `not-acceptable` */
function formatOf(accept: string | undefined): ExportFormat {
  const type = preferredType(accept, mediaTypes())
  const found = Object.entries(exportFormats).find(([, { mediaType }]) => mediaType === type)
  if (found !== undefined) return found[0] as ExportFormat
  throw new HubError('not-acceptable', `An export is ${mediaTypes().join(', ')}: name one of them in Accept.`)
}

function mediaTypes(): [string, ...string[]] {
  return Object.values(exportFormats).map(({ mediaType }) => mediaType) as [string, ...string[]]
}

function contentDocs(): object {
  const schema = { type: 'string' }
  return Object.fromEntries(mediaTypes().map(type => [type, { schema }]))
}
