/** Quarantine: a department's rejected records, released or dismissed one by one. No value of a source leaves here. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HubError } from '../../errors.ts'
import { dismissRejects, enterListing, findReject, selectionsOf } from '../../exchange/quarantine.ts'
import { replay } from '../../exchange/replay.ts'
import type { Hub } from '../../exchange/hub.ts'
import { readDelivery } from '../../store/deliveries.ts'
import { listRejects, rejectStates, type QuarantineRow, type RejectState } from '../../store/quarantine.ts'
import { byDepartment } from '../authenticate.ts'
import { languageOf } from '../language.ts'

type Query = { adapter?: string; delivery?: string; state?: RejectState; limit: number; cursor?: string }

export function quarantine(app: FastifyInstance, hub: Hub): void {
  app.get<{ Querystring: Query }>(
    '/v1/quarantine',
    {
      schema: {
        tags: ['quarantine'],
        summary: 'Rejected records of your department, newest first, and why they were rejected',
        querystring: {
          type: 'object',
          additionalProperties: false,
          properties: {
            adapter: { type: 'string', maxLength: 200, description: 'department/name' },
            delivery: { type: 'string', maxLength: 100, description: 'The delivery that met them last.' },
            state: { type: 'string', enum: rejectStates },
            limit: { type: 'integer', minimum: 1, maximum: 1000, default: 100, description: 'Rejects a page.' },
            cursor: { type: 'string', maxLength: 400, description: 'From the page before; null on the last one.' },
          },
        },
      },
    },
    async request => {
      const { cursor, ...filter } = request.query
      const by = byDepartment(request)
      await requireOwn(hub, by.department, filter)
      const after = cursor === undefined ? {} : { after: readCursor(cursor) }
      const rejects = await listRejects(hub.store.read, { ...filter, ...after, department: by.department })
      await enterListing(hub, by, rejects.length)
      const last = rejects.length === filter.limit ? rejects.at(-1) : undefined
      return { rejects, cursor: last === undefined ? null : writeCursor(last) }
    },
  )

  app.post<{ Params: { id: string } }>(
    '/v1/quarantine/:id/release',
    {
      schema: {
        tags: ['quarantine'],
        summary: 'Try a rejected record again through the newest version of its adapter',
        description:
          'The reject as it is then: released; closed, where a newer word on its key was kept; or open, with the reasons of now.',
        params,
      },
    },
    async request => {
      const { id } = await own(hub, request)
      for (const selection of await selectionsOf(hub, { ids: [id] })) {
        await replay(hub, { selection, by: byDepartment(request), language: languageOf(request) })
      }
      return findReject(hub, id)
    },
  )

  app.post<{ Params: { id: string }; Body: { reason: string } }>(
    '/v1/quarantine/:id/dismiss',
    {
      schema: {
        tags: ['quarantine'],
        summary: 'Give a rejected record up',
        params,
        body: {
          type: 'object',
          additionalProperties: false,
          required: ['reason'],
          properties: { reason: { type: 'string', minLength: 1, maxLength: 1000, description: 'Why.' } },
        },
      },
    },
    async request => {
      const { id } = await own(hub, request)
      await dismissRejects(hub, byDepartment(request), { ids: [id], reason: request.body.reason })
      return findReject(hub, id)
    },
  )
}

const params = { type: 'object', properties: { id: { type: 'string', description: 'Reject.' } } } as const

/** @throws {HubError} `adapter-unknown`, `delivery-unknown` for what is another department's, as for what is not */
async function requireOwn(
  hub: Hub,
  department: string,
  { adapter, delivery }: Pick<Query, 'adapter' | 'delivery'>,
): Promise<void> {
  const isOwn = (id: string | undefined): boolean => id?.startsWith(`${department}/`) === true
  if (adapter !== undefined && !isOwn(adapter)) {
    throw new HubError('adapter-unknown', 'Your department has no adapter of this name.')
  }
  if (delivery !== undefined && !isOwn((await readDelivery(hub.store.read, delivery))?.adapter)) {
    throw new HubError('delivery-unknown', 'Your department has no delivery with this id.')
  }
}

/** Another department's reject is as unknown as none. */
function own(hub: Hub, request: FastifyRequest<{ Params: { id: string } }>): Promise<QuarantineRow> {
  return findReject(hub, request.params.id, byDepartment(request).department)
}

/** Where a page ended: its last reject. */
function writeCursor({ createdAt, id }: QuarantineRow): string {
  return Buffer.from(`${createdAt} ${id}`).toString('base64url')
}

function readCursor(cursor: string): { createdAt: string; id: string } {
  const [createdAt = '', id = '', ...more] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ')
  if (id !== '' && more.length === 0) return { createdAt, id }
  const detail = 'The cursor is none that a page of this call gave; take it from the page before as it stands.'
  throw new HubError('request-invalid', detail)
}
