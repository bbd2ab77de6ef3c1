/** The matrix of coverage: which department's adapter fills which field of which standard. */
import type { FastifyInstance } from 'fastify'
import { enterAudit } from '../../exchange/audit.ts'
import { readCoverage, readCoveragePage, type CoveragePage } from '../../exchange/coverage.ts'
import type { Hub } from '../../exchange/hub.ts'
import { byOf } from '../authenticate.ts'
import { paging } from './catalogue-docs.ts'

const text = { type: 'string' } as const
const texts = { type: 'array', items: text } as const

/** Standards a page: each has a matrix with a row for each field. */
const mostStandards = 100

type Query = { standard?: string; limit: number; cursor?: string }

export function coverage(app: FastifyInstance, hub: Hub): void {
  app.get<{ Querystring: Query }>(
    '/v1/coverage',
    {
      schema: {
        tags: ['adapters'],
        summary: 'Which department’s adapter fills which field of which standard, and what nobody fills',
        description:
          'Read off the rules of the adapters in use. Of one standard, all its majors; of all, those that an adapter maps to, by their ids and in pages.',
        querystring: {
          type: 'object',
          additionalProperties: false,
          properties: {
            standard: { ...text, maxLength: 200, description: 'Of this standard alone, whole.' },
            limit: {
              ...paging.limit,
              maximum: mostStandards,
              default: mostStandards,
              description: 'Standards a page.',
            },
            cursor: paging.cursor,
          },
        },
        response: {
          200: {
            description: 'A matrix for each major of a standard.',
            type: 'object',
            required: ['coverage', 'cursor'],
            properties: { coverage: { type: 'array', items: matrix }, cursor: { type: ['string', 'null'] } },
          },
        },
      },
    },
    async request => {
      const { standard } = request.query
      const { coverage: found, next } = await pageAsked(hub, request.query)
      const filters = standard === undefined ? {} : { filters: { standard } }
      await enterAudit(hub, byOf(request), { act: 'read-coverage', count: found.length, ...filters })
      return { coverage: found, cursor: next ?? null }
    },
  )
}

async function pageAsked(hub: Hub, { standard, limit, cursor: after }: Query): Promise<CoveragePage> {
  if (standard === undefined) return readCoveragePage(hub, { after, limit })
  return { coverage: await readCoverage(hub, standard), next: undefined }
}

const matrix = {
  type: 'object',
  required: ['standard', 'major', 'version', 'adapters', 'fields', 'unfilled'],
  properties: {
    standard: text,
    major: { type: 'integer' },
    version: text,
    adapters: {
      type: 'array',
      items: { type: 'object', properties: { adapter: text, department: text, version: text } },
    },
    fields: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          field: text,
          titles: { type: 'object' },
          level: text,
          required: { type: 'boolean' },
          filledBy: {
            type: 'object',
            description: 'By adapter. `always`: in every record; `constant`: not read from the source.',
            additionalProperties: { type: 'string', enum: ['always', 'sometimes', 'constant'] },
          },
        },
      },
    },
    unfilled: { ...texts, description: 'Fields that no adapter fills.' },
  },
} as const
