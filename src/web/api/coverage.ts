/** The matrix of coverage: which department's adapter fills which field of which standard. */
import type { FastifyInstance } from 'fastify'
import { enterAudit } from '../../exchange/audit.ts'
import { readCoverage } from '../../exchange/coverage.ts'
import type { Hub } from '../../exchange/hub.ts'
import { byOf } from '../authenticate.ts'

const text = { type: 'string' } as const
const texts = { type: 'array', items: text } as const

export function coverage(app: FastifyInstance, hub: Hub): void {
  app.get<{ Querystring: { standard?: string } }>(
    '/v1/coverage',
    {
      schema: {
        tags: ['adapters'],
        summary: 'Which department’s adapter fills which field of which standard, and what nobody fills',
        description: 'Read off the rules of the adapters in use. Of all standards, those that an adapter maps to.',
        querystring: {
          type: 'object',
          additionalProperties: false,
          properties: { standard: { ...text, maxLength: 200, description: 'Of this standard alone.' } },
        },
        response: {
          200: {
            description: 'A matrix for each major of a standard.',
            type: 'object',
            required: ['coverage'],
            properties: { coverage: { type: 'array', items: matrix } },
          },
        },
      },
    },
    async request => {
      const { standard } = request.query
      const found = await readCoverage(hub, standard)
      const filters = standard === undefined ? {} : { filters: { standard } }
      await enterAudit(hub, byOf(request), { act: 'read-coverage', count: found.length, ...filters })
      return { coverage: found }
    },
  )
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
