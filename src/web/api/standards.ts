/** Standards with their versions, schemas, types and comparisons. Open to anybody: the catalogue holds no record. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Hub } from '../../exchange/hub.ts'
import { listStandards, standardStatuses, type StandardStatus } from '../../exchange/list-standards.ts'
import { showComparison, showStandard, showVersion } from '../../exchange/show-standard.ts'
import { limitAddresses } from '../address-limit.ts'
import { comparison, gives, ofStandard, ofVersion, paging } from './catalogue-docs.ts'

const tags = ['catalogue']

const listed = {
  type: 'object',
  description: 'What the catalogue says of a standard, by its newest version.',
  additionalProperties: true,
  required: ['id', 'version', 'owner', 'titles', 'status', 'versions', 'majors'],
  properties: {
    majors: {
      type: 'array',
      description: 'Its majors, oldest first: the newest version of each, and what has become of it.',
      items: {
        type: 'object',
        required: ['major', 'version', 'status'],
        properties: {
          major: { type: 'integer' },
          version: { type: 'string' },
          status: { type: 'string', enum: ['published', 'deprecated', 'retired'] },
          sunset: { type: 'string', description: 'Of a deprecated one: from then on it may be retired.' },
        },
      },
    },
  },
} as const

const querystring = {
  type: 'object',
  additionalProperties: false,
  properties: {
    q: {
      type: 'string',
      maxLength: 200,
      description:
        'Words, all of which stand in the id, the titles, the abstract or the titles of fields: Chinese or English, anywhere in a word.',
    },
    owner: { type: 'string', maxLength: 100, description: 'Of this department only.' },
    status: {
      type: 'string',
      enum: standardStatuses,
      description:
        'What the newest version is; deprecated and retired also find a standard by an older major. Drafts are listed only where they are asked for.',
    },
    ...paging,
  },
} as const

/** Whole departments look standards up from behind one address. */
const timesOpenRate = 10

type ListQuery = { q?: string; owner?: string; status?: StandardStatus; limit: number; cursor?: string }
type VersionParams = { Params: { id: string; v: string } }

export function standards(app: FastifyInstance, hub: Hub): void {
  app.get<{ Querystring: ListQuery }>(
    '/v1/standards',
    {
      onRequest: limitAddresses(hub, timesOpenRate),
      schema: {
        tags,
        summary: 'The published standards, by id: searched, and in pages',
        querystring,
        response: gives('A page of them.', {
          type: 'object',
          required: ['standards', 'cursor'],
          properties: { standards: { type: 'array', items: listed }, cursor: { type: ['string', 'null'] } },
        }),
      },
    },
    async request => {
      const { q: question, cursor: after, ...search } = request.query
      const { standards: found, next } = await listStandards(hub, { ...search, question, after })
      return { standards: found, cursor: next ?? null }
    },
  )

  app.get<{ Params: { id: string } }>(
    '/v1/standards/:id',
    { schema: { tags, summary: 'A standard: what it is, its fields, its versions', params: ofStandard } },
    async request => showStandard(hub, request.params.id),
  )

  app.get<VersionParams>(
    '/v1/standards/:id/versions/:v',
    { schema: { tags, summary: 'A version of a standard, whole', description: draftsToo, params: ofVersion } },
    async (request, reply) => (await versionAsked(hub, request.params, reply)).document,
  )

  app.get<VersionParams>(
    '/v1/standards/:id/versions/:v/schema',
    { schema: { tags, summary: 'The JSON Schema of a version', description: draftsToo, params: ofVersion } },
    async (request, reply) => {
      const { document } = await versionAsked(hub, request.params, reply)
      return reply.type('application/schema+json').send(JSON.stringify(document, null, 2))
    },
  )

  app.get<VersionParams>(
    '/v1/standards/:id/versions/:v/types',
    { schema: { tags, summary: 'TypeScript types of a version', description: draftsToo, params: ofVersion } },
    async (request, reply) => {
      const { types } = await versionAsked(hub, request.params, reply)
      return reply.type('application/typescript; charset=utf-8').send(types)
    },
  )

  app.get<VersionParams>(
    '/v1/standards/:id/versions/:v/comparison',
    {
      schema: {
        tags,
        summary: 'What a version changed, as it was proved when it was published',
        params: ofVersion,
        response: gives('The comparison with the version before.', comparison),
      },
    },
    async (request, reply) => {
      const { id, v } = request.params
      return reply.type('application/json; charset=utf-8').send(await showComparison(hub, id, v))
    },
  )
}

const draftsToo =
  'Also a draft, by its number. Concord-Status in the reply says what the version is: draft, published, deprecated or retired.'

async function versionAsked(hub: Hub, { id, v }: VersionParams['Params'], reply: FastifyReply) {
  const found = await showVersion(hub, id, v)
  void reply.header('Concord-Status', found.status)
  return found
}
