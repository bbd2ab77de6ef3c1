/** Publishing standards and code lists to a running hub: drafts, versions, and comparisons beforehand. */
import type { FastifyInstance } from 'fastify'
import { HubError } from '../../errors.ts'
import { compareVersionsOf, tryDocument } from '../../exchange/compare-versions.ts'
import type { Hub } from '../../exchange/hub.ts'
import { publishCodeList, publishCodeListDraft } from '../../exchange/publish-code-list.ts'
import { deleteStandardDraft, publishDraft, publishStandard } from '../../exchange/publish.ts'
import { deleteOrWithdraw } from '../../exchange/withdraw-code-list.ts'
import { byDepartment, byOf } from '../authenticate.ts'
import {
  asDraft,
  comparison,
  documentBytes,
  gives,
  ofCodeListVersion,
  ofStandard,
  ofVersion,
  publication,
  twoVersions,
} from './catalogue-docs.ts'

const tags = ['publishing']
const bodyLimit = documentBytes

/** The largest standards have some tens of kilobytes; whoever may publish may have these bytes looked into. */
const standardBytes = 1024 * 1024

type OfVersion = { Params: { id: string; v: string } }
type Put = OfVersion & { Querystring: { draft: boolean }; Body: unknown }

export function publishing(app: FastifyInstance, hub: Hub): void {
  const published = gives('What came of it.', publication)
  const deleted = { 204: { description: 'It is gone.', type: 'null' } }

  app.put<Put>(
    '/v1/standards/:id/versions/:v',
    {
      bodyLimit: standardBytes,
      schema: {
        tags,
        summary: 'Publish a version of a standard, or keep a draft of it',
        description:
          'For the department that owns the standard. The number must fit what changes since the version before: a wrong one is refused (422, version-unfit) with the comparison, each breaking change with a witness. A published version never changes: the same again is `unchanged`.',
        params: ofVersion,
        querystring: asDraft,
        body: document('schemas/meta/standard.json'),
        response: published,
      },
    },
    async request => {
      requireAddress(request.params, memberOf(request.body, 'standard'))
      return publishStandard(hub, byDepartment(request), request.body, { isDraft: request.query.draft })
    },
  )

  app.post<OfVersion>(
    '/v1/standards/:id/versions/:v/publish',
    { schema: { tags, summary: 'Publish a draft as it stands', params: ofVersion, response: published } },
    async request => publishDraft(hub, byDepartment(request), request.params.id, request.params.v),
  )

  app.delete<OfVersion>(
    '/v1/standards/:id/versions/:v',
    { schema: { tags, summary: 'Delete a draft', params: ofVersion, response: deleted } },
    async (request, reply) => {
      await deleteStandardDraft(hub, byDepartment(request), request.params.id, request.params.v)
      return reply.status(204).send()
    },
  )

  app.get<{ Params: { id: string }; Querystring: { from: string; to: string } }>(
    '/v1/standards/:id/compare',
    {
      schema: {
        tags,
        summary: 'Compare two versions of a standard, drafts too',
        params: ofStandard,
        querystring: twoVersions,
        response: gives('What changes, and the verdict.', comparison),
      },
    },
    async request => compareVersionsOf(hub, byOf(request), { id: request.params.id, ...request.query }),
  )

  app.post<{ Params: { id: string }; Body: unknown }>(
    '/v1/standards/:id/compare',
    {
      bodyLimit: standardBytes,
      schema: {
        tags,
        summary: 'Compare a document that is not published with the version that it would follow',
        description: 'Writes nothing but its entry. `fault` says why its number does not fit, and which would.',
        params: ofStandard,
        body: document('schemas/meta/standard.json'),
        response: gives('What changes, the verdict, and whether the number fits.', {
          type: 'object',
          required: ['comparison', 'fault'],
          properties: { comparison, fault: { type: ['string', 'null'] } },
        }),
      },
    },
    async request => {
      requireAddress({ id: request.params.id }, memberOf(request.body, 'standard'))
      return tryDocument(hub, byOf(request), request.body)
    },
  )

  app.put<Put>(
    '/v1/code-lists/:id/versions/:v',
    {
      bodyLimit,
      schema: {
        tags,
        summary: 'Publish a version of a code list, or keep a draft of it',
        description:
          'For the department that published the list first. By `effectiveFrom` it is in use from a day on, at most two years ahead. A change that would break a standard which draws from the list is refused (409, code-list-in-use).',
        params: ofCodeListVersion,
        querystring: asDraft,
        body: document('schemas/meta/code-list.json'),
        response: gives('What came of it.', { ...publication, additionalProperties: true }),
      },
    },
    async request => {
      requireAddress(request.params, request.body)
      return publishCodeList(hub, byDepartment(request), request.body, { isDraft: request.query.draft })
    },
  )

  app.post<OfVersion>(
    '/v1/code-lists/:id/versions/:v/publish',
    {
      schema: {
        tags,
        summary: 'Publish a draft of a code list as it stands',
        params: ofCodeListVersion,
        response: gives('What came of it.', { ...publication, additionalProperties: true }),
      },
    },
    async request => publishCodeListDraft(hub, byDepartment(request), request.params.id, request.params.v),
  )

  app.delete<OfVersion>(
    '/v1/code-lists/:id/versions/:v',
    {
      schema: {
        tags,
        summary: 'Delete a draft of a code list, or withdraw a version whose day has not come',
        description:
          'A version with `effectiveFrom` in the future is withdrawn, and its number is free again. One whose day has come, or that a later version follows, is refused (409, version-published).',
        params: ofCodeListVersion,
        response: deleted,
      },
    },
    async (request, reply) => {
      await deleteOrWithdraw(hub, byDepartment(request), request.params.id, request.params.v)
      return reply.status(204).send()
    },
  )
}

/** What the body is, for a reader; whether it is one, the exchange says, with everything that is wrong. */
function document(schema: string): object {
  return { type: 'object', additionalProperties: true, description: `A document by ${schema}.` }
}

function memberOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? (body as { readonly [name: string]: unknown })[name] : undefined
}

/** That the address and the document name the same. @throws {HubError} `request-invalid` */
function requireAddress({ id, v }: { readonly id: string; readonly v?: string }, named: unknown): void {
  const [ownId, ownVersion] = [memberOf(named, 'id'), memberOf(named, 'version')]
  // What has neither is no document, and is refused as such.
  const agrees = (own: unknown, asked: string | undefined): boolean =>
    own === undefined || asked === undefined || own === asked
  if (agrees(ownId, id) && agrees(ownVersion, v)) return
  const detail = 'The address names another id or version than the document: make the two agree.'
  throw new HubError('request-invalid', detail)
}
