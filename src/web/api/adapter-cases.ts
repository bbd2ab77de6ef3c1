/** Cases of an adapter: for its department alone, as what is in them may be records of real people. */
import type { FastifyInstance } from 'fastify'
import { caseSchema, caseText, readCase } from '../../exchange/case-document.ts'
import { discloseCase, listAdapterCases, putCase, removeCase } from '../../exchange/case-acts.ts'
import type { Hub } from '../../exchange/hub.ts'
import { byDepartment } from '../authenticate.ts'
import { adapterParams, idOf, type AdapterParams } from './adapters.ts'

type CaseParams = AdapterParams & { readonly case: string }

const text = { type: 'string' } as const
const count = { type: 'integer', minimum: 0 } as const

const { name, ...withoutName } = caseSchema.properties
const caseParams = {
  ...adapterParams,
  properties: { ...adapterParams.properties, case: { ...name, description: 'The case, such as good-records.' } },
} as const

const row = {
  name: text,
  version: { ...text, description: 'The adapter’s version from which on it stands.' },
  bytes: { ...count, description: 'Of its input.' },
  records: { ...count, description: 'How many it expects.' },
  rejects: { ...count, description: 'How many it expects.' },
  putAt: text,
} as const

/** A case of 256 KiB, in base64, and what it expects. */
const bodyLimit = 4 * 1024 * 1024

export function adapterCases(app: FastifyInstance, hub: Hub): void {
  app.get<{ Params: AdapterParams }>(
    '/v1/adapters/:department/:name/cases',
    {
      schema: {
        tags: ['adapters'],
        summary: 'The cases of an adapter, and what comes of each now; nothing of what is in them',
        params: adapterParams,
        response: {
          200: {
            description: 'By name. Issues say at which place of a record something else is given.',
            type: 'object',
            required: ['cases'],
            properties: {
              cases: {
                type: 'array',
                items: {
                  type: 'object',
                  required: [...Object.keys(row), 'isPassed', 'issues'],
                  properties: {
                    ...row,
                    isPassed: { type: 'boolean' },
                    issues: { type: 'array', items: { type: 'object' } },
                  },
                },
              },
            },
          },
        },
      },
    },
    async request => ({ cases: await listAdapterCases(hub, byDepartment(request), idOf(request.params)) }),
  )

  app.get<{ Params: CaseParams }>(
    '/v1/adapters/:department/:name/cases/:case',
    {
      schema: {
        tags: ['adapters'],
        summary: 'A case with its input and what it expects',
        description: 'That it was seen is an entry before the reply leaves.',
        params: caseParams,
        response: { 200: { description: 'The case.', ...caseSchema } },
      },
    },
    async (request, reply) => {
      const found = await discloseCase(hub, byDepartment(request), idOf(request.params), request.params.case)
      return reply.type('application/json; charset=utf-8').send(caseText(found.case))
    },
  )

  app.put<{ Params: CaseParams; Body: object }>(
    '/v1/adapters/:department/:name/cases/:case',
    {
      bodyLimit,
      schema: {
        tags: ['adapters'],
        summary: 'Put a case of an adapter: an input, and what must come of it',
        description:
          'The version in use must give what it expects. A case for a version to come is published with that version.',
        params: caseParams,
        body: { ...caseSchema, properties: withoutName },
        response: { 200: { description: 'The case, as it is listed.', type: 'object', properties: row } },
      },
    },
    async request => {
      const by = byDepartment(request)
      return putCase(hub, by, idOf(request.params), readCase(request.body, request.params.case))
    },
  )

  app.delete<{ Params: CaseParams }>(
    '/v1/adapters/:department/:name/cases/:case',
    {
      schema: {
        tags: ['adapters'],
        summary: 'Remove a case; nothing of it is kept',
        params: caseParams,
        response: { 204: { description: 'It is removed.', type: 'null' } },
      },
    },
    async (request, reply) => {
      await removeCase(hub, byDepartment(request), idOf(request.params), request.params.case)
      return reply.status(204).send()
    },
  )
}
