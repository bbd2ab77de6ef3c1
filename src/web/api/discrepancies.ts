/** Discrepancies: where two departments differ on a record, for the owner of the standard to settle. No value leaves here. */
import type { FastifyInstance } from 'fastify'
import { findDiscrepancies, settle, showDiscrepancy } from '../../exchange/discrepancies.ts'
import type { Hub } from '../../exchange/hub.ts'
import { decisions, discrepancyStates, type DiscrepancyState, type SettledAs } from '../../store/discrepancies.ts'
import { byDepartment } from '../authenticate.ts'
import { cursorAfter, readPlace } from '../place.ts'
import { standardId } from '../purpose.ts'

type Query = { standard?: string; department?: string; state?: DiscrepancyState; limit: number; cursor?: string }

const text = { type: 'string' } as const
const optional = { type: ['string', 'null'] } as const

const listed = {
  id: text,
  standard: text,
  key: { ...text, description: 'As stored: of a standard whose key is sealed, a keyed hash.' },
  field: { ...text, description: 'A top-level field.' },
  leaves: { type: 'array', items: text, description: 'The leaves of it that differ.' },
  sides: {
    type: 'array',
    description: 'The two departments.',
    items: { type: 'object', properties: { department: text, adapter: text } },
  },
  stands: { ...text, description: 'The department whose value the record has.' },
  state: { ...text, enum: discrepancyStates },
  since: { ...text, format: 'date-time' },
  goneAt: optional,
  decision: { type: ['string', 'null'], enum: [...decisions, null] },
  decidedBy: optional,
  decidedAt: optional,
} as const

const shown = {
  type: 'object',
  description: 'The discrepancy.',
  properties: {
    ...listed,
    reason: optional,
    own: {
      type: 'array',
      description: 'Of your own department’s side: which of its source records it is.',
      items: { type: 'object', properties: { adapter: text, delivery: text, recordId: optional, asOf: optional } },
    },
  },
} as const

const params = {
  type: 'object',
  properties: { id: { type: 'string', maxLength: 100, description: 'Discrepancy.' } },
} as const

export function discrepancies(app: FastifyInstance, hub: Hub): void {
  app.get<{ Querystring: Query }>(
    '/v1/discrepancies',
    {
      schema: {
        tags: ['corrections'],
        summary: 'Where departments differ on a record: on your standards, and with your department; newest first',
        description: 'Field, key and departments, never a value. That it was looked at is an entry.',
        querystring: {
          type: 'object',
          additionalProperties: false,
          properties: {
            standard: { type: 'string', pattern: standardId.source, description: 'Of this standard only.' },
            department: { type: 'string', maxLength: 100, description: 'With this department as one of the two.' },
            state: { type: 'string', enum: discrepancyStates },
            limit: { type: 'integer', minimum: 1, maximum: 500, default: 100, description: 'Discrepancies a page.' },
            cursor: { type: 'string', maxLength: 400, description: 'From the page before; null on the last one.' },
          },
        },
        response: {
          200: {
            description: 'A page.',
            type: 'object',
            properties: {
              discrepancies: { type: 'array', items: { type: 'object', properties: listed } },
              cursor: optional,
            },
          },
        },
      },
    },
    async request => {
      const { cursor, ...filter } = request.query
      const place = cursor === undefined ? undefined : readPlace(cursor)
      const after = place && { since: place.at, id: place.id }
      const found = await findDiscrepancies(hub, byDepartment(request), { ...filter, after })
      const next = cursorAfter(found, filter.limit, one => one.since)
      return { discrepancies: found.map(withoutPseudonym), cursor: next }
    },
  )

  app.get<{ Params: { id: string } }>(
    '/v1/discrepancies/:id',
    {
      schema: {
        tags: ['corrections'],
        summary: 'A discrepancy, how it was settled and why, and which of your source records it is',
        params,
        response: { 200: shown },
      },
    },
    async request => withoutPseudonym(await showDiscrepancy(hub, byDepartment(request), request.params.id)),
  )

  app.post<{ Params: { id: string }; Body: { decision: SettledAs; reason: string } }>(
    '/v1/discrepancies/:id/settle',
    {
      schema: {
        tags: ['corrections'],
        summary: 'Settle a discrepancy: it is open no more until one of the two values changes',
        description: 'By the owner of the standard. The reason is kept sealed, and is not in the log.',
        params,
        body: {
          type: 'object',
          additionalProperties: false,
          required: ['decision', 'reason'],
          properties: {
            decision: { type: 'string', enum: decisions },
            reason: {
              type: 'string',
              minLength: 1,
              maxLength: 2000,
              pattern: '^[^\\u0000]*$',
              description: 'For people.',
            },
          },
          examples: [{ decision: 'authority-stands', reason: 'The register of the market regulator counts.' }],
        },
        response: { 200: shown },
      },
    },
    async request => {
      const decided = { ...request.body, id: request.params.id }
      return withoutPseudonym(await settle(hub, byDepartment(request), decided))
    },
  )
}

/** It stands in the log, for auditors. */
function withoutPseudonym<Shown extends { readonly pseudonym: string }>({ pseudonym: _, ...shownOf }: Shown) {
  return shownOf
}
