/** Code lists with their versions, and crosswalks. Open to anybody: the catalogue holds no record. */
import type { FastifyInstance } from 'fastify'
import { codesOn, editionOf } from '../../code-periods.ts'
import { HubError } from '../../errors.ts'
import type { Hub } from '../../exchange/hub.ts'
import {
  codeListOn,
  codeListVersions,
  compareCodeListVersions,
  listCodeLists,
  showCodeListVersion,
} from '../../exchange/list-code-lists.ts'
import type { CodeList } from '../../code-list.ts'
import { gives, ofCodeList, ofCodeListVersion, paging, twoVersions, version } from './catalogue-docs.ts'

const tags = ['catalogue']

const codes = { type: 'array', items: { type: 'string' } } as const

const querystring = {
  type: 'object',
  additionalProperties: false,
  properties: {
    edition: { type: 'string', description: 'Only the codes of this edition, as they were called in it.' },
    on: {
      type: 'string',
      pattern: '^\\d{4}-\\d{2}-\\d{2}$',
      description:
        'Only the codes in force on this day, as they were called then, by the version in use on it; also of a day to come.',
    },
  },
} as const

export function codeLists(app: FastifyInstance, hub: Hub): void {
  app.get<{ Querystring: { limit: number; cursor?: string } }>(
    '/v1/code-lists',
    {
      schema: {
        tags,
        summary: 'The published code lists, by id, in pages: which version is in use, and which will be',
        querystring: { type: 'object', additionalProperties: false, properties: paging },
      },
    },
    async request => {
      const { limit, cursor: after } = request.query
      const { codeLists: found, next } = await listCodeLists(hub, { limit, after })
      return { codeLists: found, cursor: next ?? null }
    },
  )

  app.get<{ Params: { id: string }; Querystring: { edition?: string; on?: string } }>(
    '/v1/code-lists/:id',
    {
      schema: {
        tags,
        summary: 'A code list in the version in use, whole or as it was',
        params: ofCodeList,
        querystring,
      },
    },
    async request => {
      const { id } = request.params
      const { edition, on } = request.query
      const list = await (on === undefined || edition !== undefined
        ? hub.published.codeList(id)
        : codeListOn(hub, id, on))
      if (list === undefined) throw await unknownList(hub, id)
      const day = dayAsked(list, request.query)
      return day === undefined ? list : { ...list, on: day, codes: codesOn(list.codes, day) }
    },
  )

  app.get<{ Params: { id: string } }>(
    '/v1/code-lists/:id/versions',
    { schema: { tags, summary: 'The published versions of a code list, oldest first', params: ofCodeList } },
    async request => ({ id: request.params.id, versions: await codeListVersions(hub, request.params.id) }),
  )

  app.get<{ Params: { id: string; v: string } }>(
    '/v1/code-lists/:id/versions/:v',
    {
      schema: {
        tags,
        summary: 'A version of a code list, whole',
        description: 'Also a draft, by its number; Concord-Status in the reply says which it is.',
        params: ofCodeListVersion,
      },
    },
    async (request, reply) => {
      const { document, status } = await showCodeListVersion(hub, request.params.id, request.params.v)
      void reply.header('Concord-Status', status)
      return document
    },
  )

  app.get<{ Params: { id: string }; Querystring: { from: string; to: string } }>(
    '/v1/code-lists/:id/compare',
    {
      schema: {
        tags,
        summary: 'What changes from one version of a code list to another, and the verdict',
        params: ofCodeList,
        querystring: twoVersions,
        response: gives('The codes by what has become of them.', {
          type: 'object',
          properties: {
            codeList: { type: 'string' },
            from: version,
            to: version,
            verdict: { type: 'string', enum: ['same', 'patch', 'minor', 'major'] },
            added: codes,
            removed: codes,
            ended: codes,
            renamed: codes,
          },
        }),
      },
    },
    async request => compareCodeListVersions(hub, { id: request.params.id, ...request.query }),
  )

  app.get<{ Params: { id: string } }>(
    '/v1/crosswalks/:id',
    {
      schema: {
        tags,
        summary: 'Which codes of one list stand for which of another',
        params: { type: 'object', properties: { id: { type: 'string', description: 'Crosswalk.' } } },
      },
    },
    async request => {
      const crosswalk = await hub.published.crosswalk(request.params.id)
      if (crosswalk === undefined) throw new HubError('crosswalk-unknown', 'No crosswalk has this id.')
      return crosswalk
    },
  )
}

async function unknownList(hub: Hub, id: string): Promise<HubError> {
  const { index } = await hub.published.configuration()
  const first = index.codeLists.find(row => row.id === id)
  const detail =
    first === undefined
      ? 'No code list has this id; GET /v1/code-lists shows those that there are.'
      : `The list ${id} is in use from ${first.effectiveFrom} on; GET /v1/code-lists/${id}/versions/${first.version} shows it.`
  return new HubError('code-list-unknown', detail)
}

/** The day as of which a list is asked for; an edition stands for the first day on which it was in force. */
function dayAsked(list: CodeList, { edition: name, on }: { edition?: string; on?: string }): string | undefined {
  if (name === undefined) return on
  if (on !== undefined)
    throw new HubError('request-invalid', 'Give an edition or a day, not both: an edition is a day.')
  const edition = editionOf(list, name)
  if (edition !== undefined) return edition.from
  const known = (list.editions ?? []).map(each => each.name).join(', ') || 'none'
  throw new HubError('code-list-unknown', `The list ${list.id} holds no such edition; it holds: ${known}.`)
}
