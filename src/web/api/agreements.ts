/** Agreements: asked for by the department that needs records, decided by the owner of the standard, explained to both. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RowFilter } from '../../agreement/agreement.ts'
import { HubError } from '../../errors.ts'
import {
  approveAgreement,
  rejectAgreement,
  resumeAgreement,
  revokeAgreement,
  suspendAgreement,
} from '../../exchange/agreement-acts.ts'
import { requestAgreement } from '../../exchange/agreements.ts'
import {
  listAgreements,
  showAgreement,
  states,
  viewOf,
  type Reach,
  type ShownState,
} from '../../exchange/find-agreement.ts'
import type { Hub } from '../../exchange/hub.ts'
import { beginningOf, endOf } from '../../instants.ts'
import { operations, type Operation } from '../../record.ts'
import { byDepartment, byOf, callerOf } from '../authenticate.ts'

type Filter = { standard?: string; department?: string; state?: ShownState; limit: number; cursor?: string }

type Asked = {
  standard: string
  major?: number
  fields: string[]
  operations?: Operation[]
  rows?: RowFilter
  matters: string[]
  caseRequired?: boolean
  dailyQuota?: number
  legalBasis: string
  from?: string
  until: string
}

const params = {
  type: 'object',
  properties: { id: { type: 'string', maxLength: 64, description: 'Agreement.' } },
} as const

const text = { type: 'string', minLength: 1, maxLength: 400 } as const

const asked = {
  type: 'object',
  additionalProperties: false,
  required: ['standard', 'fields', 'matters', 'legalBasis', 'until'],
  properties: {
    standard: { ...text, description: 'Whose records are asked for.' },
    major: { type: 'integer', minimum: 1, description: 'Of the standard; the newest where it is left out.' },
    fields: {
      type: 'array',
      minItems: 1,
      maxItems: 1000,
      items: text,
      description: 'Fields, the key’s among them; investors stands for all below it.',
    },
    operations: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'string', enum: operations },
      description: 'Left out: verify for a standard that is for comparing only, and else read.',
    },
    rows: {
      type: 'object',
      maxProperties: 20,
      additionalProperties: { type: 'array', minItems: 1, maxItems: 1000, items: text },
      description: 'Records asked for: each of these indexed, unsealed fields has one of its values. Left out: all.',
    },
    matters: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      uniqueItems: true,
      items: { type: 'string', minLength: 1, maxLength: 100 },
      description: 'Matter codes (事项编码) that calls will serve.',
    },
    caseRequired: { type: 'boolean', description: 'Whether every call names the case that it serves.' },
    dailyQuota: { type: 'integer', minimum: 1, description: 'Records a day (UTC).' },
    legalBasis: { type: 'string', minLength: 1, maxLength: 2000, description: 'A law and its article.' },
    from: { ...text, description: 'A day or an instant (RFC 3339) from which it holds; now where it is left out.' },
    until: { ...text, description: 'A day, to whose end (UTC) it holds, or an instant (RFC 3339).' },
  },
} as const

const reason = {
  type: 'object',
  additionalProperties: false,
  required: ['reason'],
  properties: { reason: { type: 'string', minLength: 1, maxLength: 1000, description: 'Why, for people.' } },
} as const

/** A request without a body approves too: then it is null here. */
const approval = {
  type: ['object', 'null'],
  additionalProperties: false,
  properties: {
    replaces: { ...text, maxLength: 64, description: 'The agreement that this one takes the place of.' },
  },
} as const

const nothing = { type: 'object', additionalProperties: false } as const

export function agreements(app: FastifyInstance, hub: Hub): void {
  app.get<{ Querystring: Filter }>(
    '/v1/agreements',
    {
      schema: {
        tags: ['agreements'],
        summary: 'Agreements of your department and on its standards, in the order in which they were asked for',
        description: 'Administrators and auditors see all. That they were looked at is an entry.',
        querystring: {
          type: 'object',
          additionalProperties: false,
          properties: {
            standard: { ...text, description: 'On this standard only.' },
            department: { ...text, description: 'Of this consuming department only.' },
            state: { type: 'string', enum: states },
            limit: { type: 'integer', minimum: 1, maximum: 1000, default: 100, description: 'Agreements a page.' },
            cursor: { ...text, description: 'From the page before; null on the last one.' },
          },
        },
      },
    },
    async request => {
      const { cursor: after, ...filter } = request.query
      const found = await listAgreements(hub, byOf(request), { ...filter, after, reach: reachOf(request) })
      return { agreements: found, cursor: found.length === filter.limit ? (found.at(-1)?.id ?? null) : null }
    },
  )

  app.get<{ Params: { id: string } }>(
    '/v1/agreements/:id',
    {
      schema: {
        tags: ['agreements'],
        summary: 'An agreement: its terms, what it is at this moment, and what was done about it',
        params,
      },
    },
    request => showAgreement(hub, byOf(request), { id: request.params.id, reach: reachOf(request) }),
  )

  app.post<{ Body: Asked }>(
    '/v1/agreements',
    {
      schema: {
        tags: ['agreements'],
        summary: 'Ask for an agreement, for your department',
        description:
          'The owner of the standard decides, and never who asked. Fields of level L1 and L2 that are shared without condition, of a standard that is, are approved at once; fields that are not shared cannot be asked for.',
        body: asked,
      },
    },
    async (request, reply) => {
      const by = byDepartment(request)
      const { from, until, ...terms } = request.body
      const made = await requestAgreement(hub, by, {
        ...terms,
        department: by.department,
        ...(from !== undefined && { from: instant('from', beginningOf(from)) }),
        until: instant('until', endOf(until)),
      })
      return reply
        .status(201)
        .header('Location', `/v1/agreements/${made.id}`)
        .send(await viewOf(hub, made))
    },
  )

  app.post<{ Params: { id: string }; Body: { replaces?: string } | undefined }>(
    '/v1/agreements/:id/approve',
    {
      schema: {
        tags: ['agreements'],
        summary: 'Approve an agreement as it was asked for, or again after a level was raised',
        description: `${ownerDecides} With \`replaces\`, the agreement that is named there ends with the same act: so a consumer goes over to another major.`,
        params,
        querystring: nothing,
        body: approval,
      },
    },
    async request => {
      const { params: of, body } = request
      return viewOf(hub, await approveAgreement(hub, byDepartment(request), of.id, body ?? {}))
    },
  )

  app.post<{ Params: { id: string } }>(
    '/v1/agreements/:id/resume',
    {
      schema: {
        tags: ['agreements'],
        summary: 'Let a suspended agreement allow calls again',
        description: ownerDecides,
        params,
      },
    },
    async request => viewOf(hub, await resumeAgreement(hub, byDepartment(request), request.params.id)),
  )

  for (const [verb, act, summary, description] of [
    ['reject', rejectAgreement, 'Reject what was asked for', ownerDecides],
    ['suspend', suspendAgreement, 'Keep an agreement from allowing calls until it is resumed', ownerDecides],
    [
      'revoke',
      revokeAgreement,
      'End an agreement for good, within a second',
      'The owner of the standard may, and the department that has the agreement, which takes a request back so.',
    ],
  ] as const) {
    app.post<{ Params: { id: string }; Body: { reason: string } }>(
      `/v1/agreements/:id/${verb}`,
      { schema: { tags: ['agreements'], summary, description, params, body: reason } },
      async request => viewOf(hub, await act(hub, byDepartment(request), request.params.id, request.body.reason)),
    )
  }
}

const ownerDecides = 'The owner of the standard does so, and never who asked for it.'

/** Whoever keeps or audits the hub sees all agreements; everybody else those of their department. */
export function reachOf(request: FastifyRequest): Reach {
  const { scopes, roles, department } = callerOf(request)
  const seesAll = scopes.has('audit') || scopes.has('administer') || roles.has('auditor') || roles.has('administrator')
  // Who is nobody's sees nothing: `''` is no department's id.
  return seesAll ? {} : { department: department ?? '' }
}

/** @throws {HubError} `request-invalid` */
export function instant(name: string, read: Date | undefined): Date {
  if (read !== undefined) return read
  const detail = `\`${name}\` is a day (2026-12-31), or an instant with its offset (2026-12-31T18:00:00+08:00).`
  throw new HubError('request-invalid', detail)
}
