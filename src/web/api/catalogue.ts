/** The catalogue for other catalogues: DCAT 3 as JSON-LD, in pages. Open to anybody: it holds no record. */
import type { FastifyInstance } from 'fastify'
import { readCataloguePage, unpacked } from '../../exchange/dcat.ts'
import type { Hub } from '../../exchange/hub.ts'
import { takesGzip } from '../accept.ts'
import { limitAddresses } from '../address-limit.ts'

const page = {
  type: 'integer',
  minimum: 1,
  maximum: 1_000_000,
  default: 1,
  description: 'From 1. Take the addresses of the others from `view`.',
} as const

export function catalogue(app: FastifyInstance, hub: Hub): void {
  app.get<{ Querystring: { page: number }; Headers: { 'if-none-match'?: string; 'accept-encoding'?: string } }>(
    '/v1/catalogue',
    {
      onRequest: limitAddresses(hub),
      schema: {
        tags: ['catalogue'],
        summary: 'The catalogue as DCAT 3 (JSON-LD)',
        description:
          'A dcat:Catalog with a dcat:Dataset for each standard of which a major is served, by DCAT-AP 3.0.1, with the elements of GB/T 21063. In pages of 100 (hydra:PartialCollectionView): the graphs of all pages together are the catalogue.',
        querystring: { type: 'object', additionalProperties: false, properties: { page } },
        headers: {
          type: 'object',
          properties: { 'if-none-match': { type: 'string', description: 'Entity tags that the caller has.' } },
        },
        response: {
          200: {
            description: 'A page of the catalogue.',
            content: { 'application/ld+json': { schema: { type: 'object', additionalProperties: true } } },
          },
          304: { description: 'What the caller has is current.', type: 'null' },
        },
      },
    },
    async (request, reply) => {
      const page = await readCataloguePage(hub, request.query.page)
      const { etag } = page
      void reply.headers({ ETag: etag, 'Cache-Control': 'public, max-age=60', 'Access-Control-Allow-Origin': '*' })
      void reply.header('Vary', 'Accept-Encoding')
      const had = request.headers['if-none-match']?.split(',').map(tag => tag.trim().replace(/^W\//, '')) ?? []
      if (had.includes(etag.slice(2)) || had.includes('*')) return reply.status(304).send()
      void reply.type('application/ld+json; charset=utf-8')
      if (!takesGzip(request.headers['accept-encoding'])) return reply.send(await unpacked(page))
      return reply.header('Content-Encoding', 'gzip').send(page.packed)
    },
  )
}
