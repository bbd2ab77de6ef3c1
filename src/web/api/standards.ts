/** The catalogue: standards with their versions, schemas and types; code lists, crosswalks. Open to anybody: it holds no record. */
import type { FastifyInstance } from 'fastify'
import { codesOn, editionOf } from '../../code-periods.ts'
import { HubError } from '../../errors.ts'
import type { Hub } from '../../exchange/hub.ts'
import { compareVersions, newest } from '../../versions.ts'
import type { CodeList } from '../../standard.ts'

const id = { type: 'string', description: 'Standard, such as enterprise-registration.' } as const
const version = { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+$', description: 'major.minor.patch' } as const
const params = { type: 'object', properties: { id } } as const
const versionParams = { type: 'object', properties: { id, v: version } } as const

const listParams = {
  type: 'object',
  properties: { id: { type: 'string', description: 'Code list or crosswalk, such as division.' } },
} as const
const querystring = {
  type: 'object',
  additionalProperties: false,
  properties: {
    edition: { type: 'string', description: 'Only the codes of this edition, as they were called in it.' },
    on: {
      type: 'string',
      pattern: '^\\d{4}-\\d{2}-\\d{2}$',
      description: 'Only the codes in force on this day, as they were called then.',
    },
  },
} as const

export function standards(app: FastifyInstance, hub: Hub): void {
  app.get('/v1/standards', { schema: { tags: ['catalogue'], summary: 'The published standards' } }, async () => {
    const { index } = await hub.published.configuration()
    const ids = [...new Set(index.standards.map(row => row.standard))].sort()
    return { standards: await Promise.all(ids.map(standard => describe(hub, standard))) }
  })

  app.get<{ Params: { id: string } }>(
    '/v1/standards/:id',
    { schema: { tags: ['catalogue'], summary: 'A standard: what it is, its fields, its versions', params } },
    async request => {
      const { standard } = await hub.published.standard(request.params.id)
      return {
        ...(await describe(hub, request.params.id)),
        fields: standard.fields.map(({ path, titles, level, sharing, indexed, required, schema }) => ({
          path,
          titles,
          level,
          sharing,
          required,
          indexed,
          ...(schema.codes === undefined ? {} : { codes: schema.codes }),
          ...(schema.codesOn === undefined ? {} : { codesOn: schema.codesOn }),
          ...(schema.unit === undefined ? {} : { unit: schema.unit }),
        })),
      }
    },
  )

  app.get<{ Params: { id: string; v: string } }>(
    '/v1/standards/:id/versions/:v',
    { schema: { tags: ['catalogue'], summary: 'A version of a standard, whole', params: versionParams } },
    async request => (await hub.published.standard(request.params.id, request.params.v)).standard.document,
  )

  app.get<{ Params: { id: string; v: string } }>(
    '/v1/standards/:id/versions/:v/schema',
    { schema: { tags: ['catalogue'], summary: 'The JSON Schema of a version', params: versionParams } },
    async (request, reply) => {
      const { standard } = await hub.published.standard(request.params.id, request.params.v)
      return reply.type('application/schema+json').send(JSON.stringify(standard.document, null, 2))
    },
  )

  app.get<{ Params: { id: string; v: string } }>(
    '/v1/standards/:id/versions/:v/types',
    { schema: { tags: ['catalogue'], summary: 'TypeScript types of a version', params: versionParams } },
    async (request, reply) => {
      const { types } = await hub.published.standard(request.params.id, request.params.v)
      return reply.type('application/typescript; charset=utf-8').send(types)
    },
  )

  app.get<{ Params: { id: string }; Querystring: { edition?: string; on?: string } }>(
    '/v1/code-lists/:id',
    { schema: { tags: ['catalogue'], summary: 'A code list, whole or as it was', params: listParams, querystring } },
    async request => {
      const list = await hub.published.codeList(request.params.id)
      if (list === undefined) throw new HubError('code-list-unknown', 'No code list has this id.')
      const day = dayAsked(list, request.query)
      return day === undefined ? list : { ...list, on: day, codes: codesOn(list.codes, day) }
    },
  )

  app.get<{ Params: { id: string } }>(
    '/v1/crosswalks/:id',
    {
      schema: {
        tags: ['catalogue'],
        summary: 'Which codes of one list stand for which of another',
        params: listParams,
      },
    },
    async request => {
      const crosswalk = await hub.published.crosswalk(request.params.id)
      if (crosswalk === undefined) throw new HubError('crosswalk-unknown', 'No crosswalk has this id.')
      return crosswalk
    },
  )
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

async function describe(hub: Hub, standard: string): Promise<object> {
  const { index } = await hub.published.configuration()
  const rows = index.standards.filter(row => row.standard === standard)
  const current = newest(rows)
  const { document } = (await hub.published.standard(standard)).standard
  return {
    ...document.standard,
    ...(current ? { publishedAt: current.publishedAt } : {}),
    versions: rows.map(row => row.version).sort(compareVersions),
  }
}
