/** Why a call would be, is or was allowed or refused under an agreement. */
import type { FastifyInstance } from 'fastify'
import { explainAgreement } from '../../exchange/explain.ts'
import type { Hub } from '../../exchange/hub.ts'
import { beginningOf } from '../../instants.ts'
import { operations, type Operation } from '../../record.ts'
import { byOf } from '../authenticate.ts'
import { instant, reachOf } from './agreements.ts'

type Query = { operation: Operation; matter?: string; case?: string; fields?: string; at?: string }

export function explain(app: FastifyInstance, hub: Hub): void {
  app.get<{ Params: { id: string }; Querystring: Query }>(
    '/v1/agreements/:id/explain',
    {
      schema: {
        tags: ['agreements'],
        summary: 'Why a call is, would be or was allowed or refused, step by step',
        description:
          'For the department that has the agreement and for the owner of its standard. Nothing is disclosed and nothing charged. Of the quota of a day that has passed, the hub knows what was used in all, and when it was used up.',
        params: { type: 'object', properties: { id: { type: 'string', maxLength: 64, description: 'Agreement.' } } },
        querystring: {
          type: 'object',
          additionalProperties: false,
          required: ['operation'],
          properties: {
            operation: { type: 'string', enum: operations },
            matter: { type: 'string', minLength: 1, maxLength: 100, description: 'As in Concord-Matter.' },
            case: { type: 'string', minLength: 1, maxLength: 200, description: 'As in Concord-Case.' },
            fields: { type: 'string', minLength: 1, maxLength: 4000, description: 'As in calls, joined by commas.' },
            at: {
              type: 'string',
              minLength: 1,
              maxLength: 100,
              description: 'An instant (RFC 3339), or a day, which stands for its beginning, UTC; now where left out.',
            },
          },
        },
      },
    },
    request => {
      const { at, fields, ...call } = request.query
      // A blank before the offset is the `+` that an address has lost.
      const then = at === undefined ? undefined : instant('at', beginningOf(at.replace(/ (?=\d{2}:\d{2}$)/, '+')))
      const supposed = { ...call, fields: fields?.split(','), at: then }
      return explainAgreement(hub, byOf(request), { id: request.params.id, reach: reachOf(request), supposed })
    },
  )
}
