/** Use of records: what a department makes of others', what others make of its own; everything, for auditors. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HubError } from '../../errors.ts'
import type { Hub } from '../../exchange/hub.ts'
import { readUsage, type UsageFilters } from '../../exchange/usage.ts'
import { usageDimensions, type UsageDimension } from '../../log/usage.ts'
import { byDepartment, byOf, callerOf } from '../authenticate.ts'
import { usageFilters } from '../log-filters.ts'

const counts = {
  calls: { type: 'integer', description: 'Requests about records.' },
  records: { type: 'integer', description: 'Records disclosed, each as often as it was.' },
  subjects: { type: 'integer', description: 'Persons and organisations whose records were disclosed, each once.' },
  refusals: { type: 'integer', description: 'Calls in which something was refused.' },
} as const

const names = Object.fromEntries(usageDimensions.map(name => [name, { type: ['string', 'null'] }]))

const response = {
  200: {
    description:
      'A row for each group that has entries, and the counts over all, which are not the sums: one call may be in several groups.',
    content: {
      'application/json': {
        schema: {
          type: 'object',
          properties: {
            by: { type: 'array', items: { type: 'string', enum: usageDimensions } },
            usage: { type: 'array', items: { type: 'object', properties: { ...names, ...counts } } },
            total: { type: 'object', properties: counts },
            entries: { type: 'integer', description: 'Size of the log that was counted.' },
          },
        },
      },
    },
  },
}

export function usage(app: FastifyInstance, hub: Hub): void {
  app.get<{ Querystring: UsageFilters & { by: string } }>(
    '/v1/usage',
    {
      schema: {
        tags: ['log'],
        summary: 'How records were used: calls, records, subjects, refusals',
        description:
          'Counted from the access log. A department sees its own use and the use made of the standards that it owns, an auditor all. Days are of UTC.',
        querystring: {
          type: 'object',
          additionalProperties: false,
          properties: {
            ...usageFilters,
            by: {
              type: 'string',
              maxLength: 100,
              default: 'department,standard',
              description: `What to tell apart: ${usageDimensions.join(', ')}, joined by commas; empty for the counts over all.`,
            },
          },
        },
        response,
      },
    },
    async (request, reply) => {
      const { by, ...filters } = request.query
      void reply.header('Cache-Control', 'private, no-store')
      return readUsage(hub, byOf(request), { filters, by: dimensionsOf(by), ...reachOf(request) })
    },
  )
}

/** @throws {HubError} `scope-missing` for who is neither an auditor nor a department's */
function reachOf(request: FastifyRequest): { readonly reach?: { readonly department: string } } {
  const { scopes, roles } = callerOf(request)
  if (scopes.has('audit') || roles.has('auditor')) return {}
  return { reach: { department: byDepartment(request).department } }
}

/** @throws {HubError} `request-invalid` */
function dimensionsOf(text: string): UsageDimension[] {
  return text
    .split(',')
    .filter(name => name !== '')
    .map(name => {
      const dimension = usageDimensions.find(known => known === name)
      if (dimension !== undefined) return dimension
      throw new HubError('request-invalid', `Use is counted by ${usageDimensions.join(', ')}.`)
    })
}
