/** Corrections: a consumer says that a field of a record is wrong, and the department whose word it is answers. */
import type { FastifyInstance } from 'fastify'
import { askCorrection } from '../../exchange/correct.ts'
import { answerCorrection, findCorrections, showCorrection } from '../../exchange/corrections.ts'
import type { Hub } from '../../exchange/hub.ts'
import {
  correctionOutcomes,
  correctionStates,
  type CorrectionOutcome,
  type CorrectionState,
} from '../../store/corrections.ts'
import { byDepartment } from '../authenticate.ts'
import { cursorAfter, readPlace } from '../place.ts'
import { callOf, purpose, standardId, standardParams, type Purpose } from '../purpose.ts'

type Asked = { key: string; field: string; message: string; proposed?: string }

type Query = {
  standard?: string
  state?: CorrectionState
  role?: 'asked' | 'to-answer'
  limit: number
  cursor?: string
}

/** What people write; U+0000 would end it where it is sealed. */
const words = { type: 'string', minLength: 1, maxLength: 2000, pattern: '^[^\\u0000]*$' } as const

const text = { type: 'string' } as const
const instant = { type: ['string', 'null'], format: 'date-time' } as const

const listed = {
  id: text,
  standard: text,
  key: { ...text, description: 'As stored: in a list, of a standard whose key is sealed, a keyed hash.' },
  field: text,
  department: { ...text, description: 'Who asked.' },
  addressee: { ...text, description: 'Who is to answer, or has.' },
  askedAt: { ...text, format: 'date-time' },
  dueOn: { ...text, format: 'date', description: 'The last day for an answer, UTC.' },
  isOverdue: { type: 'boolean' },
  state: { ...text, enum: correctionStates },
  changedAt: { ...instant, description: 'When a delivery changed the field after it was asked about.' },
} as const

const shown = {
  type: 'object',
  description: 'The correction.',
  properties: {
    ...listed,
    message: text,
    proposed: { type: ['string', 'null'] },
    answers: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          outcome: { ...text, enum: correctionOutcomes },
          department: text,
          answeredAt: { ...text, format: 'date-time' },
          passedTo: { type: ['string', 'null'] },
          message: text,
        },
      },
    },
  },
} as const

const params = {
  type: 'object',
  properties: { id: { type: 'string', maxLength: 100, description: 'Correction.' } },
} as const

export function corrections(app: FastifyInstance, hub: Hub): void {
  app.post<{ Params: { id: string }; Body: Asked; Headers: Purpose }>(
    '/v1/standards/:id/corrections',
    {
      schema: {
        tags: ['corrections'],
        summary: 'Say that a field of a record is wrong',
        description:
          'Goes to the department whose word stands for the field. For whoever has an agreement that grants the field, by whatever operation; it counts as one record of the daily quota. What is written is sealed like the record, and is not in the log.',
        headers: purpose,
        params: standardParams,
        body: {
          type: 'object',
          additionalProperties: false,
          required: ['key', 'field', 'message'],
          properties: {
            key: { type: 'string', minLength: 1, maxLength: 2000, description: 'Key of the record, not sealed.' },
            field: { type: 'string', minLength: 1, maxLength: 400, description: 'A leaf, such as investors.name.' },
            message: { ...words, description: 'What is wrong, and how it was found, for people.' },
            proposed: { ...words, description: 'What it should say, as one would write it to a colleague.' },
          },
          examples: [
            {
              key: '91331199MAXT000111',
              field: 'name',
              message: 'The licence on paper has another character.',
              proposed: '示例公司',
            },
          ],
        },
        response: {
          201: {
            description: 'It was asked; `Location` is where its answer will be.',
            type: 'object',
            properties: { id: text },
            headers: { Location: { type: 'string' } },
          },
          200: {
            description: 'It was asked before in the same words, and is open.',
            type: 'object',
            properties: { id: text },
          },
        },
      },
    },
    async (request, reply) => {
      const call = callOf(request, request.params.id, undefined)
      const { id, isNew } = await askCorrection(hub, call, request.body)
      return reply
        .status(isNew ? 201 : 200)
        .header('Location', `/v1/corrections/${id}`)
        .send({ id })
    },
  )

  app.get<{ Querystring: Query }>(
    '/v1/corrections',
    {
      schema: {
        tags: ['corrections'],
        summary: 'What your department has asked to be corrected, and what it is to answer, newest first',
        description: 'Without what people have written. That it was looked at is an entry.',
        querystring: {
          type: 'object',
          additionalProperties: false,
          properties: {
            standard: { type: 'string', pattern: standardId.source, description: 'Of this standard only.' },
            state: { type: 'string', enum: correctionStates },
            role: {
              type: 'string',
              enum: ['asked', 'to-answer'],
              description: 'Left out: both, and what was passed on.',
            },
            limit: { type: 'integer', minimum: 1, maximum: 500, default: 100, description: 'Corrections a page.' },
            cursor: { type: 'string', maxLength: 400, description: 'From the page before; null on the last one.' },
          },
        },
        response: {
          200: {
            description: 'A page.',
            type: 'object',
            properties: {
              corrections: { type: 'array', items: { type: 'object', properties: listed } },
              cursor: { type: ['string', 'null'] },
            },
          },
        },
      },
    },
    async request => {
      const { cursor, ...filter } = request.query
      const place = cursor === undefined ? undefined : readPlace(cursor)
      const after = place && { askedAt: place.at, id: place.id }
      const found = await findCorrections(hub, byDepartment(request), { ...filter, after })
      const next = cursorAfter(found, filter.limit, one => one.askedAt)
      return { corrections: found.map(withoutPseudonym), cursor: next }
    },
  )

  app.get<{ Params: { id: string } }>(
    '/v1/corrections/:id',
    {
      schema: {
        tags: ['corrections'],
        summary: 'A correction: what was asked, and what was answered',
        description:
          'For the department that asked, those that are or were to answer, and nobody else. It is an entry.',
        params,
        response: { 200: shown },
      },
    },
    async request => withoutPseudonym(await showCorrection(hub, byDepartment(request), request.params.id)),
  )

  app.post<{ Params: { id: string }; Body: { outcome: CorrectionOutcome; message: string; to?: string } }>(
    '/v1/corrections/:id/answer',
    {
      schema: {
        tags: ['corrections'],
        summary: 'Answer a correction, or pass it on',
        description:
          'By the department that it is addressed to. `corrected`: a delivery brings, or has brought, another value; `rejected`: the value is right; `passed-on`: to another department that speaks of the record, or to the owner of the standard, with the same deadline.',
        params,
        body: {
          type: 'object',
          additionalProperties: false,
          required: ['outcome', 'message'],
          properties: {
            outcome: { type: 'string', enum: correctionOutcomes },
            message: { ...words, description: 'For whoever asked.' },
            to: { type: 'string', minLength: 1, maxLength: 100, description: 'Of what is passed on: a department.' },
          },
          examples: [{ outcome: 'corrected', message: 'Mended in our register; it comes with tonight’s delivery.' }],
        },
        response: { 200: shown },
      },
    },
    async request => {
      const answer = { ...request.body, id: request.params.id }
      return withoutPseudonym(await answerCorrection(hub, byDepartment(request), answer))
    },
  )
}

/** It stands in the log, for auditors. */
function withoutPseudonym<Shown extends { readonly pseudonym: string }>({ pseudonym: _, ...shownOf }: Shown) {
  return shownOf
}
