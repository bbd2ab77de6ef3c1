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
import { listRejects } from '../../store/quarantine.ts'
import { inputSchema, passOver, requireMediaType, takeStreams, whole } from '../adapter-input.ts'
import { byDepartment } from '../authenticate.ts'
import { languageOf } from '../language.ts'
import { prefersAsync } from '../prefer.ts'
import { receipt } from '../reply-docs.ts'

type Headers = { 'idempotency-key'?: string; prefer?: string }

type AdapterParams = { department: string; name: string }

export function deliveries(app: FastifyInstance, hub: Hub): void {
  takeStreams(app)

  app.post<{ Params: AdapterParams; Headers: Headers; Body: IncomingMessage }>(
    '/v1/adapters/:department/:name/deliveries',
    {
      bodyLimit: hub.config.bodyLimitBytes,
      schema: {
        tags: ['deliveries'],
        summary: 'Deliver an input through an adapter',
        description:
          'The receipt accounts for every source record. The same input delivered again changes nothing. Rejected records are kept in quarantine, with their reasons. With `Prefer: respond-async` the input is taken in, sealed, and worked off behind the reply, which is 202 and says where to look.',
        ...inputSchema,
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
      onSend: (request, reply) => passOver(request, () => void reply.header('Connection', 'close')),
    },
    async (request, reply) => {
      const { department, name } = request.params
      const by = byDepartment(request)
      if (by.department !== department) throw notYours
      const adapter = `${department}/${name}`
      requireMediaType(await hub.published.adapter(adapter), request)
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

const notYours = new HubError('scope-missing', 'A client delivers through the adapters of its own department only.')

async function own(hub: Hub, request: FastifyRequest, id: string): Promise<FoundDelivery> {
  const delivery = await findDelivery(hub, id)
  if (delivery === undefined || !delivery.adapter.startsWith(`${byDepartment(request).department}/`)) {
    throw new HubError('delivery-unknown', 'Your department has no delivery with this id.')
  }
  return delivery
}
