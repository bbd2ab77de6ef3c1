/** Deliveries: a department's system pushes an input through one of its adapters. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { HubError } from '../../errors.ts'
import { deliver } from '../../exchange/deliver.ts'
import type { Hub } from '../../exchange/hub.ts'
import { findDelivery, type FoundDelivery } from '../../exchange/find-delivery.ts'
import { deliverOnce } from '../../exchange/idempotency.ts'
import { enterListing } from '../../exchange/quarantine.ts'
import { requireActive } from '../../exchange/still-active.ts'
import { takeIn } from '../../exchange/take-in.ts'
import type { Format, Source } from '../../source.ts'
import { listRejects } from '../../store/quarantine.ts'
import { byDepartment } from '../authenticate.ts'
import { languageOf } from '../language.ts'
import { prefersAsync } from '../prefer.ts'
import { receipt } from '../reply-docs.ts'
import { passOverRest } from '../rest-of-body.ts'

const formats: Readonly<Record<string, Format>> = {
  'application/xml': 'xml',
  'text/xml': 'xml',
  'application/soap+xml': 'xml',
  'application/json': 'json',
  'application/x-ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'text/csv': 'csv',
  'text/tab-separated-values': 'csv',
}

/** What says nothing of a format: of compressed bytes, and of those that an adapter has to unwrap. */
const opaque = ['application/gzip', 'application/octet-stream']

type Headers = { 'idempotency-key'?: string; prefer?: string }

type AdapterParams = { department: string; name: string }

export function deliveries(app: FastifyInstance, hub: Hub): void {
  // The body goes to the line as it comes in: it may be larger than memory.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))

  app.post<{ Params: AdapterParams; Headers: Headers; Body: IncomingMessage }>(
    '/v1/adapters/:department/:name/deliveries',
    {
      bodyLimit: hub.config.bodyLimitBytes,
      schema: {
        tags: ['deliveries'],
        summary: 'Deliver an input through an adapter',
        description:
          'The receipt accounts for every source record. The same input delivered again changes nothing. Rejected records are kept in quarantine, with their reasons. With `Prefer: respond-async` the input is taken in, sealed, and worked off behind the reply, which is 202 and says where to look.',
        consumes: [...Object.keys(formats), ...opaque],
        // Any stream passes this: it is documentation.
        body: { description: 'An input as the source of the adapter describes it, also packed by gzip.' },
        response: {
          200: {
            description: 'The delivery has ended.',
            content: { 'application/json': { schema: receipt } },
          },
          202: {
            description: 'The input is taken in. Location is where the delivery is found.',
            headers: { location: { type: 'string', description: 'The delivery.' } },
            content: { 'application/json': { schema: takenIn } },
          },
        },
        headers: {
          type: 'object',
          properties: {
            'idempotency-key': {
              type: 'string',
              minLength: 1,
              maxLength: 200,
              description: 'A name of this request: sent again with the same body, the first receipt comes back.',
            },
            prefer: {
              type: 'string',
              description: '`respond-async`: do not wait for the delivery to end (RFC 7240).',
            },
          },
        },
      },
      async onSend(request, reply) {
        // Of a stranger no body was begun.
        const body = request.body as IncomingMessage | undefined
        if (body !== undefined && !(await passOverRest(body))) void reply.header('Connection', 'close')
      },
    },
    async (request, reply) => {
      const { department, name } = request.params
      const by = byDepartment(request)
      if (by.department !== department) throw notYours
      const { adapter, type } = { adapter: `${department}/${name}`, type: mediaTypeOf(request) }
      const takes = mediaTypesOf((await hub.published.adapter(adapter)).source)
      if (!takes.includes(type)) {
        throw new HubError('media-type-unsupported', `The adapter ${adapter} takes ${takes.join(', ')}.`)
      }
      const delivery = {
        adapter,
        body: whole(request.body),
        by,
        language: languageOf(request),
        admit: () => requireActive(hub, by),
      }
      const idempotencyKey = request.headers['idempotency-key']
      if (prefersAsync(request.headers.prefer)) {
        const taken = await takeIn(hub, delivery, idempotencyKey)
        // What the same request has come to before is known at once: then there is nothing to wait for.
        if ('receipt' in taken) return taken.receipt
        return reply
          .status(202)
          .headers({ 'Preference-Applied': 'respond-async', Location: `/v1/deliveries/${taken.delivery}` })
          .send(taken)
      }
      return idempotencyKey === undefined
        ? deliver(hub, delivery)
        : deliverOnce(hub, delivery, { client: by.actor.id, idempotencyKey })
    },
  )

  app.get<{ Params: { id: string } }>(
    '/v1/deliveries/:id',
    {
      schema: {
        tags: ['deliveries'],
        summary: 'A delivery: its state and counts',
        description:
          'Of one that was taken in first also `progress` {readBytes, totalBytes}, and `continuedAs`: the delivery that stands for it where a process has died with the first run. Of one that failed, `problem` and `problemDetail` say why.',
        params: idParams,
      },
    },
    async request => own(hub, request, request.params.id),
  )

  app.get<{ Params: { id: string } }>(
    '/v1/deliveries/:id/rejects',
    {
      schema: {
        tags: ['deliveries'],
        summary: 'Why source records of a delivery were rejected: up to 1,000',
        params: idParams,
      },
    },
    async request => {
      const { delivery: asked, continuedAs: delivery = asked } = await own(hub, request, request.params.id)
      const rejects = await listRejects(hub.store.read, { delivery, limit: 1000 })
      await enterListing(hub, byDepartment(request), rejects.length)
      return { rejects }
    },
  )
}

const takenIn = {
  type: 'object',
  required: ['delivery', 'state'],
  properties: { delivery: { type: 'string' }, state: { type: 'string', enum: ['queued', 'running'] } },
} as const

const idParams = { type: 'object', properties: { id: { type: 'string', description: 'Delivery.' } } } as const

/** Those of the outermost document. gzip is recognised in the bytes, whatever the request says of them. */
function mediaTypesOf({ format, envelope, decode }: Source): string[] {
  const outermost = envelope?.[0]?.format ?? format
  const own = Object.keys(formats).filter(type => formats[type] === outermost)
  return decode === undefined ? [...own, ...opaque] : [...opaque, 'text/plain']
}

const notYours = new HubError('scope-missing', 'A client delivers through the adapters of its own department only.')

async function own(hub: Hub, request: FastifyRequest, id: string): Promise<FoundDelivery> {
  const delivery = await findDelivery(hub, id)
  if (delivery === undefined || !delivery.adapter.startsWith(`${byDepartment(request).department}/`)) {
    throw new HubError('delivery-unknown', 'Your department has no delivery with this id.')
  }
  return delivery
}

/** A connection that breaks off ends the input, as a file that is cut does. */
async function* whole(body: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    // Else a reader that has seen enough would take the connection, and with it the reply.
    yield* body.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
  } catch (cause) {
    throw new HubError('input-malformed', 'The connection broke off before the input had ended; send it again.', {
      cause,
    })
  }
}

function mediaTypeOf(request: FastifyRequest): string {
  return (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}
