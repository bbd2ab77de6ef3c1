/** Adapters: published to a running hub, listed, read, and put back to an earlier version. */
import type { FastifyInstance } from 'fastify'
import { HubError } from '../../errors.ts'
import { listAdapters, readAdapter } from '../../exchange/adapter-reading.ts'
import { caseSchema } from '../../exchange/case-document.ts'
import type { Hub } from '../../exchange/hub.ts'
import { publishAdapter, rollBackAdapter } from '../../exchange/publish-adapter.ts'
import { byDepartment, byOf } from '../authenticate.ts'

export type AdapterParams = { readonly department: string; readonly name: string }

const part = { type: 'string', minLength: 1, maxLength: 100 } as const
const version = { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+$', description: 'major.minor.patch' } as const

export const adapterParams = {
  type: 'object',
  properties: {
    department: { ...part, description: 'Department, such as taxation.' },
    name: { ...part, description: 'The name of one of its adapters, such as taxpayers.' },
  },
} as const

const text = { type: 'string' } as const

const publicationSchema = {
  type: 'object',
  required: ['id', 'version', 'outcome'],
  properties: { id: text, version: text, outcome: { type: 'string', enum: ['published', 'unchanged'] } },
} as const

const adapterSchema = {
  type: 'object',
  description: 'An adapter: docs/adapters.md, schemas/meta/adapter.json.',
} as const

/** A hundred cases of some kilobytes, in base64, and a document. */
const bodyLimit = 16 * 1024 * 1024

export function adapters(app: FastifyInstance, hub: Hub): void {
  app.get(
    '/v1/adapters',
    {
      schema: {
        tags: ['adapters'],
        summary: 'The adapters: the standard of each, its version in use, its versions',
        response: { 200: { description: 'By department and name.', ...listSchema } },
      },
    },
    async request => ({ adapters: await listAdapters(hub, byOf(request)) }),
  )

  app.get<{ Params: AdapterParams }>(
    '/v1/adapters/:department/:name',
    {
      schema: {
        tags: ['adapters'],
        summary: 'The document of an adapter, in the version that is in use',
        description: 'For its department, and for the owner of its standard.',
        params: adapterParams,
        response: { 200: adapterSchema },
      },
    },
    async request => readAdapter(hub, byOf(request), idOf(request.params)),
  )

  app.get<{ Params: AdapterParams & { v: string } }>(
    '/v1/adapters/:department/:name/versions/:v',
    {
      schema: {
        tags: ['adapters'],
        summary: 'The document of an adapter, in one of its versions',
        params: { ...adapterParams, properties: { ...adapterParams.properties, v: version } },
        response: { 200: adapterSchema },
      },
    },
    async request => readAdapter(hub, byOf(request), idOf(request.params), request.params.v),
  )

  app.put<{ Params: AdapterParams; Body: object }>(
    '/v1/adapters/:department/:name',
    {
      bodyLimit,
      schema: {
        tags: ['adapters'],
        summary: 'Publish a version of an adapter, and take it into use',
        description:
          'The document alone, or with cases that it must go on passing: they take the place of those of the same names. It is refused where a case gives something else than it expects. Deliveries that run end by the version that they began with.',
        params: adapterParams,
        body: {
          type: 'object',
          description: 'An adapter; or {adapter, cases}.',
          properties: { cases: { type: 'array', items: { ...caseSchema, required: ['name', 'expected'] } } },
        },
        response: {
          200: { description: 'It was published before, with the same content.', ...publicationSchema },
          201: { description: 'It is published, and in use.', ...publicationSchema },
        },
      },
    },
    async (request, reply) => {
      const { document, cases } = publishedIn(request.body)
      requireNamed(document, request.params)
      const publication = await publishAdapter(hub, byDepartment(request), document, cases)
      if (publication.outcome === 'unchanged') return publication
      const location = `/v1/adapters/${publication.id}/versions/${publication.version}`
      return reply.status(201).header('Location', location).send(publication)
    },
  )

  app.post<{ Params: AdapterParams; Body: { to: string } }>(
    '/v1/adapters/:department/:name/rollback',
    {
      schema: {
        tags: ['adapters'],
        summary: 'Take an earlier version of an adapter into use again',
        description:
          'Later versions stay published; the next one that is published is in use again. Refused where the earlier one cannot be used with what is published by now, or its cases fail.',
        params: adapterParams,
        body: { type: 'object', additionalProperties: false, required: ['to'], properties: { to: version } },
        response: { 200: { description: 'The version that is in use now.', ...publicationSchema } },
      },
    },
    async request => {
      const by = byDepartment(request)
      return rollBackAdapter(hub, by, idOf(request.params), request.body.to)
    },
  )
}

const listSchema = {
  type: 'object',
  required: ['adapters'],
  properties: {
    adapters: {
      type: 'array',
      items: {
        type: 'object',
        required: ['department', 'name', 'standard', 'major', 'version', 'versions'],
        properties: {
          department: text,
          name: text,
          standard: text,
          major: { type: 'integer' },
          version: { ...text, description: 'The one in use.' },
          versions: { type: 'array', items: text, description: 'Oldest first.' },
        },
      },
    },
  },
} as const

export function idOf({ department, name }: AdapterParams): string {
  return `${department}/${name}`
}

/** A document has a source; what only holds one has not. */
function publishedIn(given: unknown): { readonly document: object; readonly cases: readonly unknown[] } {
  const body = given as object
  if ('source' in body || 'fields' in body || !('adapter' in body)) return { document: body, cases: [] }
  const document = typeof body.adapter === 'object' && body.adapter !== null ? body.adapter : {}
  return { document, cases: 'cases' in body && Array.isArray(body.cases) ? body.cases : [] }
}

/** That the document is of the adapter that the address names. @throws {HubError} `request-invalid` */
function requireNamed(document: object, params: AdapterParams): void {
  const named = (document as { adapter?: Partial<AdapterParams> | null }).adapter
  // What is no document at all has issues of its own.
  if (typeof named !== 'object' || named === null || idOf(named as AdapterParams) === idOf(params)) return
  throw new HubError(
    'request-invalid',
    'The document names another adapter than the address: department and name must agree.',
  )
}
