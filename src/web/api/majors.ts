/** The end of a major: who uses it, deprecated, restored, retired. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Hub } from '../../exchange/hub.ts'
import { deprecateMajor, restoreMajor, retireMajor, showMajor, tryDeprecation } from '../../exchange/majors.ts'
import { readUses } from '../../exchange/uses.ts'
import { beginningOf } from '../../instants.ts'
import { byOf, callerOf } from '../authenticate.ts'
import { standardParams } from '../purpose.ts'
import { majorView, usesView } from '../reply-docs-majors.ts'
import { instant } from './agreements.ts'

type MajorParams = { id: string; major: number }

const major = { type: 'integer', minimum: 1, maximum: 100_000, description: 'Major of the standard.' } as const

const params = { type: 'object', properties: { ...standardParams.properties, major } } as const

const reason = {
  type: 'string',
  minLength: 1,
  maxLength: 1000,
  description: 'Why, for whoever uses it. It stands in the catalogue, and in no log.',
} as const

const deprecation = {
  type: 'object',
  additionalProperties: false,
  required: ['sunset', 'reason'],
  properties: {
    sunset: {
      type: 'string',
      minLength: 1,
      maxLength: 100,
      description: 'The day, from its beginning (UTC), or the instant (RFC 3339) from which it may be retired.',
    },
    reason,
    dryRun: { type: 'boolean', default: false, description: 'Whether to be told who uses it, and do nothing.' },
    uses: {
      type: 'string',
      minLength: 1,
      maxLength: 100,
      description: 'The digest of the uses that a dry run has shown: nobody deprecates without having seen them.',
    },
  },
  examples: [{ sunset: '2027-06-01', reason: 'Major 2 tells branches from enterprises.', dryRun: true }],
} as const

type Deprecation = { sunset: string; reason: string; dryRun?: boolean; uses?: string }

const reasoned = { type: 'object', additionalProperties: false, properties: { reason } } as const

const retirement = {
  ...reasoned,
  required: ['reason'],
  properties: {
    reason,
    leaveRecords: {
      type: 'boolean',
      default: false,
      description: 'Whether records that stand in this major only may be left where nobody reads them.',
    },
  },
} as const

const json = (description: string, schema: object) => ({ description, content: { 'application/json': { schema } } })

export function majors(app: FastifyInstance, hub: Hub): void {
  app.get<{ Params: { id: string }; Querystring: { major?: number } }>(
    '/v1/standards/:id/uses',
    {
      schema: {
        tags: ['catalogue'],
        summary: 'Who uses a major: agreements, adapters, calls of the last 30 days',
        description: 'For the department that owns the standard, and for auditors. That it was looked at is an entry.',
        params: standardParams,
        querystring: {
          type: 'object',
          additionalProperties: false,
          properties: { major: { ...major, description: 'The newest where it is left out.' } },
        },
        response: { 200: json('Who uses it.', usesView) },
      },
    },
    async (request, reply) => {
      void reply.header('Cache-Control', 'private, no-store')
      const of = { standard: request.params.id, major: request.query.major }
      return readUses(hub, byOf(request), of, { isAll: isAuditor(request) })
    },
  )

  app.get<{ Params: MajorParams }>(
    '/v1/standards/:id/majors/:major',
    {
      schema: {
        tags: ['catalogue'],
        summary: 'A major: whether it is deprecated or retired, why, and what comes after it',
        params,
        response: { 200: json('The major.', majorView) },
      },
    },
    request => showMajor(hub, majorOf(request)),
  )

  app.post<{ Params: MajorParams; Body: Deprecation }>(
    '/v1/standards/:id/majors/:major/deprecate',
    {
      schema: {
        tags: ['catalogue'],
        summary: 'Deprecate a major, or set another sunset',
        description:
          'In two calls: with `dryRun` it shows who uses the major; what it shows has a digest, which the act takes as `uses`. 409 `uses-changed` where there is another now. Its consumers are told in the change feed, and by every reply (Deprecation, Sunset, Link).',
        params,
        body: deprecation,
        response: { 200: json('The major, or with `dryRun` who uses it.', { anyOf: [majorView, usesView] }) },
      },
    },
    async request => {
      const { sunset, dryRun = false, uses, reason: why } = request.body
      const asked = { ...majorOf(request), sunset: instant('sunset', beginningOf(sunset)), reason: why }
      return dryRun ? tryDeprecation(hub, byOf(request), asked) : deprecateMajor(hub, byOf(request), { ...asked, uses })
    },
  )

  app.post<{ Params: MajorParams; Body: { reason?: string } }>(
    '/v1/standards/:id/majors/:major/restore',
    {
      schema: {
        tags: ['catalogue'],
        summary: 'Take a deprecation back',
        description: ownerDecides,
        params,
        body: reasoned,
        response: { 200: json('The major.', majorView) },
      },
    },
    request => restoreMajor(hub, byOf(request), { ...majorOf(request), reason: request.body.reason }),
  )

  app.post<{ Params: MajorParams; Body: { reason: string; leaveRecords?: boolean } }>(
    '/v1/standards/:id/majors/:major/retire',
    {
      schema: {
        tags: ['catalogue'],
        summary: 'Retire a deprecated major, for good',
        description: `From its sunset on, or before where nothing uses it: no agreement in force, no adapter. Then calls under its agreements and deliveries to it are refused with 410 \`major-retired\`; its versions stay in the catalogue. Records that stand in it only are in nobody’s reach then: where there are any, it is refused with their number (409, major-state) unless \`leaveRecords\` says that they may be left. ${ownerDecides}`,
        params,
        body: retirement,
        response: { 200: json('The major.', majorView) },
      },
    },
    request => retireMajor(hub, byOf(request), { ...majorOf(request), ...request.body }),
  )
}

const ownerDecides = 'A steward of the department that owns the standard does so.'

function majorOf({ params: { id, major: number } }: FastifyRequest<{ Params: MajorParams }>) {
  return { standard: id, major: number }
}

function isAuditor(request: FastifyRequest): boolean {
  const { scopes, roles } = callerOf(request)
  return scopes.has('audit') || roles.has('auditor')
}
