/** Previews: what an adapter makes of an input, and what its delivery would change. Nothing is written but the entry. */
import type { FastifyInstance, FastifyRequest, preValidationHookHandler } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { HubError } from '../../errors.ts'
import { requireAdapterOwner } from '../../exchange/adapter-owner.ts'
import type { Hub } from '../../exchange/hub.ts'
import { previewLimits } from '../../exchange/preview-changes.ts'
import { previewDelivery, type Asked } from '../../exchange/preview-store.ts'
import type { Window } from '../../exchange/preview.ts'
import { inputSchema, passOver, requireMediaType, takeStreams, whole } from '../adapter-input.ts'
import { byDepartment } from '../authenticate.ts'
import { languageOf } from '../language.ts'
import { adapterParams, idOf, type AdapterParams } from './adapters.ts'

type Query = { version?: string; limit: number; from: number; rejects: boolean }

type Draft = { adapter: object; input?: string; inputBase64?: string }

const window = {
  limit: {
    type: 'integer',
    minimum: 0,
    maximum: previewLimits.shown,
    default: 5,
    description: 'So many records are shown.',
  },
  from: { type: 'integer', minimum: 1, default: 1, description: 'Begin with this record; the first is 1.' },
  rejects: { type: 'boolean', default: false, description: 'Show only records that would be rejected.' },
} as const

const text = { type: 'string' } as const
const count = { type: 'integer', minimum: 0 } as const
const kinds = ['new', 'changed', 'unchanged', 'withdrawn', 'rejected'] as const

const reply = {
  description: 'Records, what feeds each of their values, and what their delivery would change.',
  type: 'object',
  required: ['adapter', 'version', 'standard', 'standardVersion', 'records', 'unread', 'changes', 'read', 'isWhole'],
  properties: {
    adapter: text,
    version: text,
    standard: text,
    standardVersion: text,
    records: {
      type: 'array',
      items: {
        type: 'object',
        required: ['position', 'source', 'record', 'issues', 'lineage', 'isUnreadable', 'change'],
        properties: {
          position: { type: 'object' },
          source: { description: 'The source record.' },
          record: { description: 'What it becomes.' },
          issues: { type: 'array', items: { type: 'object' }, description: 'Why it would be rejected.' },
          lineage: {
            type: 'array',
            items: { type: 'object' },
            description: 'Which texts of the source feed which value.',
          },
          isUnreadable: { type: 'boolean' },
          change: {
            type: 'object',
            required: ['kind'],
            properties: {
              kind: { type: 'string', enum: kinds },
              fields: {
                type: 'array',
                items: text,
                description: 'Where it differs from what the adapter has said before.',
              },
            },
          },
        },
      },
    },
    unread: { type: 'array', items: text, description: 'Paths of the source that no rule reads.' },
    changes: {
      type: 'object',
      description: 'Of all records read. `withdrawn` is null where the input is larger than what is read.',
      properties: {
        ...Object.fromEntries(kinds.map(kind => [kind, count])),
        withdrawn: { type: ['integer', 'null'], minimum: 0 },
      },
    },
    read: { ...count, description: `Records read: at most ${previewLimits.records}.` },
    isWhole: { type: 'boolean', description: 'Whether those are all.' },
  },
} as const

const description =
  'What would change is told against what this adapter has said before; no stored value is in it. Records of other standards are not looked up: a field that is resolved has an issue that says so.'

/** A body is an input, as of a delivery: to be registered in a scope of its own. */
export function adapterPreviews(scope: FastifyInstance, hub: Hub): void {
  takeStreams(scope)
  scope.post<{ Params: AdapterParams; Querystring: Query; Body: IncomingMessage }>(
    '/v1/adapters/:department/:name/preview',
    {
      bodyLimit: previewLimits.inputBytes,
      schema: {
        tags: ['adapters'],
        summary: 'What an adapter makes of an input, and what its delivery would change; nothing is kept',
        description,
        ...inputSchema,
        params: adapterParams,
        querystring: {
          type: 'object',
          additionalProperties: false,
          properties: {
            ...window,
            version: {
              type: 'string',
              pattern: '^\\d+\\.\\d+\\.\\d+$',
              description: 'Not the version that is in use.',
            },
          },
        },
        response: { 200: reply },
      },
      onSend: (request, answer) => passOver(request, () => void answer.header('Connection', 'close')),
    },
    async request => {
      const id = idOf(request.params)
      const { version, ...shown } = request.query
      requireAdapterOwner(byDepartment(request), id)
      requireMediaType(await hub.published.adapter(id, version), request)
      return run(hub, request, { adapter: id, ...(version !== undefined && { version }) }, shown, whole(request.body))
    },
  )
}

export function draftPreviews(app: FastifyInstance, hub: Hub): void {
  app.post<{ Querystring: Omit<Query, 'version'>; Body: Draft }>(
    '/v1/adapters/preview',
    {
      preValidation: requireUnderAdapter,
      // In base64, beside the document.
      bodyLimit: 2 * previewLimits.inputBytes,
      schema: {
        tags: ['adapters'],
        summary:
          'What an adapter that is not published makes of an input, and what its delivery would change; nothing is kept',
        description: `The document of the adapter goes under \`adapter\`, the input beside it. ${description}`,
        querystring: { type: 'object', additionalProperties: false, properties: window },
        body: {
          type: 'object',
          additionalProperties: false,
          required: ['adapter'],
          properties: {
            adapter: { type: 'object', description: 'The document.' },
            input: { ...text, description: 'The input as text …' },
            inputBase64: { ...text, contentEncoding: 'base64', description: '… or its bytes.' },
          },
          oneOf: [{ required: ['input'] }, { required: ['inputBase64'] }],
        },
        response: { 200: reply },
      },
    },
    async request => {
      const { adapter, input, inputBase64 = '' } = request.body
      const bytes = input === undefined ? Buffer.from(inputBase64, 'base64') : Buffer.from(input)
      return run(hub, request, { document: adapter }, request.query, once(bytes))
    },
  )
}

/** Whoever sends the document bare would be told that `source` is unknown and `adapter`, which it has, misses an input. */
const requireUnderAdapter: preValidationHookHandler = (request, _reply, done) => {
  const { body } = request
  if (typeof body !== 'object' || body === null || !('source' in body)) return done()
  const detail = 'Put the document under `adapter`, and beside it the input as `input`, or its bytes as `inputBase64`.'
  done(new HubError('request-invalid', detail))
}

function run(
  hub: Hub,
  request: FastifyRequest,
  asked: Asked,
  { limit, from, rejects }: Omit<Query, 'version'>,
  body: AsyncIterable<Uint8Array>,
) {
  const shown: Window = { limit, from, isRejectsOnly: rejects }
  return previewDelivery(hub, byDepartment(request), asked, { body, window: shown, language: languageOf(request) })
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
